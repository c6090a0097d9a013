"""The rules for spans that people promise by: a week, part of a month, a month, a quarter, a half, a year."""

from datetime import date, timedelta

from nippo_cli.base.dates.calendar import SEASONS, add_months
from nippo_cli.base.dates.day_rules import DAYS, ERA_LETTERS
from nippo_cli.base.dates.rules import (
    ERA_YEAR,
    ERAS,
    MONTH,
    MONTH_NAME,
    MONTH_PARTS,
    MONTHS,
    NUMBER,
    THAT_MONTH,
    WEEKS,
    YEAR,
    DateContext,
    DateRule,
    Parts,
    RuleRefused,
    any_of,
    by_rule,
    era_year,
    month_of,
    named_month,
    number,
    year_of,
)
from nippo_cli.base.dates.when import When
from nippo_cli.base.errors import msg

_HALVES = {"上": 0, "下": 1, "1": 0, "2": 1}
_FISCAL_YEARS = {"前": -1, "昨": -1, "今": 0, "本": 0, "当": 0, "来": 1, "last": -1, "this": 0, "next": 1}
_QUARTERS = {"前": -1, "今": 0, "当": 0, "来": 1, "次の": 1, "last": -1, "this": 0, "the": 0, "next": 1}
# So many days either way of a day that is meant roughly.
_ABOUT = timedelta(3)


def _that_month(parts: Parts, asked: DateContext) -> When:
    first = add_months(asked.today.replace(day=1), MONTHS[parts["month"] or "今月"])
    return month_of(first.year, first.month)


def _month_of_era(parts: Parts, _asked: DateContext) -> When:
    """`R8.11`, `R8.11月`, `令和8/11`."""
    era = ERA_LETTERS.get(parts["era"], parts["era"])
    return month_of(era_year(era + parts["y"]), int(parts["m"]))


def _part_of_month(parts: Parts, asked: DateContext) -> When:
    """`3月上旬` is its first ten days, `中旬` the next ten, `下旬` the rest."""
    whole = _that_month(parts, asked) if parts.groupdict().get("month") else named_month(parts, asked)
    first, last = MONTH_PARTS[parts["part"]]
    return When(whole.first.replace(day=first), whole.first.replace(day=min(last, whole.last.day)))


def _months_to(parts: Parts, asked: DateContext) -> When:
    """`4-6月`; the first month may lie in the year before, as in `12-2月`."""
    if parts["year"]:
        first = named_month(parts, asked).first
    else:
        this_year = month_of(asked.today.year, number(parts["m"])).first
        first = add_months(this_year, -12)
    months = (number(parts["to"]) - first.month) % 12 + 1
    whole = _from(first, months)
    while not parts["year"] and whole.last < asked.today:
        whole = _from(add_months(whole.first, 12), months)
    month_of(whole.first.year, number(parts["to"]))
    return whole


def _from(first: date, months: int) -> When:
    return When(first, add_months(first, months) - timedelta(1))


def _week_of_month(parts: Parts, asked: DateContext) -> When:
    """Weeks of a month are counted as ISO 8601 counts those of a year: the first has its first Thursday."""
    whole = _that_month(parts, asked) if parts.groupdict().get("month") else named_month(parts, asked)
    thursday = whole.first + timedelta((3 - whole.first.weekday()) % 7 + 7 * (number(parts["nth"]) - 1))
    if thursday > whole.last:
        raise RuleRefused(msg("date.no_such_day", said=parts[0]))
    return When(thursday - timedelta(3), thursday + timedelta(3))


def _week_of_year(parts: Parts, _asked: DateContext) -> When:
    monday = date.fromisocalendar(int(parts["y"]), int(parts["week"]), 1)
    return When(monday, monday + timedelta(6))


def _about(parts: Parts, asked: DateContext) -> When:
    """`12/20頃` is three days before to three days after."""
    day = by_rule(parts["said"], DAYS, asked)
    if day is None:
        raise RuleRefused(msg("date.needs.promise"))
    return When(day.first - _ABOUT, day.first + _ABOUT)


def _begin_of_year(_parts: Parts, asked: DateContext) -> When:
    """The first ten days of January: of this one until they are over."""
    year = asked.today.year + ((asked.today.month, asked.today.day) > (1, 10))
    return When(date(year, 1, 1), date(year, 1, 10))


def _early_next_year(_parts: Parts, asked: DateContext) -> When:
    return _from(date(asked.today.year + 1, 1, 1), 3)


def _after_holidays(parts: Parts, asked: DateContext) -> When:
    """The first ten days behind the usual days of the Bon festival, or of the holidays in May: the next that are not over."""
    month, day = (8, 17) if "盆" in parts[0] else (5, 7)
    spans = (When(first, first + timedelta(9)) for first in (date(asked.today.year + n, month, day) for n in (0, 1)))
    return next(span for span in spans if span.last >= asked.today)


def _season(parts: Parts, asked: DateContext) -> When:
    """The three months of a season; winter is called by the year of its December. Without a year it is the next that is not over."""
    names = parts.groupdict()
    first = SEASONS[names["season"]]
    if said := names.get("year") or names.get("y") or ("来年" if names.get("next") else ""):
        return _from(date(year_of(said, asked), first, 1), 3)
    spans = [_from(date(asked.today.year + n, first, 1), 3) for n in (-1, 0, 1)]
    if names.get("this"):
        del spans[-1]
    return next((span for span in spans if span.last >= asked.today), spans[-1])


def _that_week(parts: Parts, asked: DateContext) -> When:
    """From Monday to Sunday."""
    monday = asked.today + timedelta(7 * WEEKS[parts["week"] or "今週"] - asked.today.weekday())
    return When(monday, monday + timedelta(6))


def _that_year(parts: Parts, asked: DateContext) -> When:
    said = parts.groupdict().get("year") or {"next year": "来年", "last year": "昨年"}.get(parts[0], "今年")
    year = year_of(said, asked)
    return When(date(year, 1, 1), date(year, 12, 31))


def _fiscal(parts: Parts, asked: DateContext) -> When:
    """A fiscal year, or its half or quarter; without a year, the next that is not over, in the past the last begun."""
    names = parts.groupdict()
    months, nth = 12, 0
    if names.get("half"):
        months, nth = 6, _HALVES[names["half"]]
    elif names.get("quarter"):
        months, nth = 3, number(names["quarter"]) - 1
    this = asked.today.year - (asked.today.month < asked.fiscal)
    if names.get("fy"):
        return _months(_fiscal_year(names["fy"], this), months, nth, asked)
    when = _months(this, months, nth, asked)
    if asked.lean == "past":
        return when if when.first <= asked.today else _months(this - 1, months, nth, asked)
    return when if when.last >= asked.today else _months(this + 1, months, nth, asked)


def _end_of_fiscal(parts: Parts, asked: DateContext) -> When:
    return When.day(_fiscal(parts, asked).last)


def _that_quarter(parts: Parts, asked: DateContext) -> When:
    """This quarter of the fiscal year, or the one before or after it."""
    since = (asked.today.month - asked.fiscal) % 3
    return _from(add_months(asked.today.replace(day=1), 3 * _QUARTERS[parts["which"] or "this"] - since), 3)


def _end_of_quarter(parts: Parts, asked: DateContext) -> When:
    return When.day(_that_quarter(parts, asked).last)


def _months(year: int, months: int, nth: int, asked: DateContext) -> When:
    return _from(add_months(date(year, asked.fiscal, 1), months * nth), months)


def _fiscal_year(said: str, this: int) -> int:
    """A fiscal year is called after the year that it begins in."""
    if said in _FISCAL_YEARS:
        return this + _FISCAL_YEARS[said]
    return 2000 + int(said[-2:]) if said.startswith("fy") else era_year(said)


_FY = rf"(?P<fy>[0-9]{{4}}|{ERA_YEAR}|前|昨|今|本|当|来)年度の?"
_TERM = r"(?P<fy>今|当|来)期"
_PART = r"(?P<part>[上初中下](?=旬)|初(?=め?$)|頭(?=$))(?:旬|め)?"
_ENGLISH_PART = r"(?P<part>early|mid|late)[ -]"
_NAMED = rf"{MONTH_NAME}(?: (?P<y>[0-9]{{4}}))?"
_SHORT_YEAR = r"fy ?'?[0-9]{2}(?![0-9])"
_YEAR_BEFORE = rf"(?:(?:fy ?(?=[0-9]{{4}}))?(?P<fy>{_SHORT_YEAR}|[0-9]{{4}}) )?"
_YEAR_BEHIND = rf" (?:of )?(?:fy ?(?=[0-9]{{4}}))?(?P<fy>{_SHORT_YEAR}|[0-9]{{4}})"

# What a promise may name and what a window may begin with.
_EITHER: tuple[DateRule, ...] = (
    (rf"(?:{YEAR})?{MONTH}中?", named_month),
    (r"(?P<y>[0-9]{4})[-/](?P<m>[0-9]{1,2})月?", named_month),
    # Without 月 it may be a number, whose last zero is gone: 2026.1 of 2026.10.
    (r"(?P<y>[0-9]{4})\.(?P<m>[0-9]{1,2})月", named_month),
    (rf"(?P<era>[rhs]|{any_of(ERAS)})(?P<y>元|[0-9]{{1,2}})[-/.年](?P<m>[0-9]{{1,2}})月?", _month_of_era),
    (_NAMED, named_month),
    (rf"{THAT_MONTH}中?", _that_month),
    (r"(?P<month>last month|this month|next month)", _that_month),
    (rf"(?P<week>{any_of(w for w in WEEKS if not w.isascii())})中?", _that_week),
    (r"(?P<week>last|this|next) week", _that_week),
    (r"(?P<y>[0-9]{4})-?w(?P<week>[0-9]{2})", _week_of_year),
    (rf"(?:{_FY})?(?P<half>[上下])(?:半)?期", _fiscal),
    (rf"(?:{_FY})?第?(?P<quarter>[1-4一二三四])四半期", _fiscal),
    (rf"(?:{_FY})?(?:q(?P<quarter>[1-4]))", _fiscal),
    (r"(?P<quarter>[1-4])q", _fiscal),
    (rf"{_YEAR_BEFORE}h(?P<half>[12])", _fiscal),
    (rf"{_YEAR_BEFORE}q(?P<quarter>[1-4])", _fiscal),
    (rf"h(?P<half>[12]){_YEAR_BEHIND}", _fiscal),
    (rf"q(?P<quarter>[1-4]){_YEAR_BEHIND}", _fiscal),
    (r"(?P<which>[前今当来]|次の)四半期", _that_quarter),
    (r"(?P<which>last|this|next) quarter", _that_quarter),
    (_FY, _fiscal),
    (_TERM, _fiscal),
    (r"fy ?(?P<fy>[0-9]{4})", _fiscal),
    (rf"(?P<fy>{_SHORT_YEAR})", _fiscal),
    (r"(?P<fy>last|this|next) fiscal year", _fiscal),
    (YEAR, _that_year),
    (r"(?:last|this|next) year", _that_year),
)

SPANS: tuple[DateRule, ...] = (
    *_EITHER,
    (rf"(?:{YEAR})?{MONTH}{_PART}", _part_of_month),
    (rf"{THAT_MONTH}{_PART}", _part_of_month),
    (rf"{_ENGLISH_PART}(?:{_NAMED}|(?P<month>this month|next month))", _part_of_month),
    (rf"(?:{YEAR})?(?P<m>{NUMBER})月?(?:[-~]|から)(?P<to>{NUMBER})月", _months_to),
    (rf"(?:{YEAR})?{MONTH}第(?P<nth>{NUMBER})週", _week_of_month),
    (rf"{THAT_MONTH}第(?P<nth>{NUMBER})週", _week_of_month),
    (rf"{THAT_MONTH}内|月内", _that_month),
    (r"(?P<week>今週|来週)内|週内", _that_week),
    (r"年明け|年始|年初|(?:the )?new year", _begin_of_year),
    (r"お?盆明け|(?:gw|ゴールデンウィーク)明け", _after_holidays),
    (rf"(?:{YEAR})?(?P<season>[春夏秋冬])", _season),
    (r"(?P<this>今|この)(?P<season>[春夏秋冬])", _season),
    (r"(?P<next>来)(?P<season>[春夏秋冬])", _season),
    (r"(?:(?P<this>this) )?(?P<season>spring|summer|autumn|fall|winter)", _season),
    (r"(?P<season>spring|summer|autumn|fall|winter) (?P<y>[0-9]{4})", _season),
    (r"early next year", _early_next_year),
    (rf"年度内|{_FY}[中内]", _fiscal),
    (rf"{_TERM}[中内]", _fiscal),
    (rf"年度末|期末|{_FY}末", _end_of_fiscal),
    (rf"{_TERM}末", _end_of_fiscal),
    (rf"(?:{_FY})?(?P<half>[上下])(?:半)?期末", _end_of_fiscal),
    (rf"(?:{_FY})?第?(?P<quarter>[1-4一二三四])四半期末", _end_of_fiscal),
    (r"(?:the )?end of q(?P<quarter>[1-4])(?: (?:fy ?)?(?P<fy>[0-9]{4}))?", _end_of_fiscal),
    (r"(?:the )?end of (?:the |(?P<fy>this|next) )?fiscal year", _end_of_fiscal),
    (r"(?:the )?end of (?:(?P<which>the|this|next) )?quarter|eoq", _end_of_quarter),
    (rf"年内|{YEAR}[中内]", _that_year),
    (r"(?P<said>.{2,12}?)(?:頃|ごろ|前後)", _about),
    (r"(?:around|about) (?P<said>.{2,20})", _about),
)

# What a window may begin with: the first day of such a span.
BEGINNINGS = _EITHER
