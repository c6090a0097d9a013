"""The rules for spans that people promise by: a week, part of a month, a month, a quarter, a half, a year."""

from datetime import date, timedelta

from nippo_cli.base.dates.calendar import add_months
from nippo_cli.base.dates.rules import (
    ERA_YEAR,
    MONTH,
    MONTH_NAME,
    MONTHS,
    THAT_MONTH,
    WEEKS,
    YEAR,
    DateContext,
    DateRule,
    Parts,
    era_year,
    month_of,
    named_month,
    number,
    year_of,
)
from nippo_cli.base.dates.when import When

_HALVES = {"上": 0, "下": 1, "1": 0, "2": 1}
_PARTS = {"上": (1, 10), "初": (1, 10), "中": (11, 20), "下": (21, 31)}


def _that_month(parts: Parts, asked: DateContext) -> When:
    first = add_months(asked.today.replace(day=1), MONTHS[parts["month"]])
    return month_of(first.year, first.month)


def _part_of_month(parts: Parts, asked: DateContext) -> When:
    """`3月上旬` is its first ten days, `中旬` the next ten, `下旬` the rest."""
    whole = named_month(parts, asked) if parts.groupdict().get("m") else _that_month(parts, asked)
    first, last = _PARTS[parts["part"]]
    return When(whole.first.replace(day=first), whole.first.replace(day=min(last, whole.last.day)))


def _that_week(parts: Parts, asked: DateContext) -> When:
    """From Monday to Sunday."""
    monday = asked.today + timedelta(7 * WEEKS[parts["week"]] - asked.today.weekday())
    return When(monday, monday + timedelta(6))


def _that_year(parts: Parts, asked: DateContext) -> When:
    said = parts.groupdict().get("year") or {"next year": "来年"}.get(parts[0], "今年")
    year = year_of(said, asked)
    return When(date(year, 1, 1), date(year, 12, 31))


def _fiscal(parts: Parts, asked: DateContext) -> When:
    """A fiscal year, or its half or quarter; without a year, the next that is not over."""
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
    return when if when.last >= asked.today else _months(this + 1, months, nth, asked)


def _end_of_fiscal_year(parts: Parts, asked: DateContext) -> When:
    return When.day(_fiscal(parts, asked).last)


def _months(year: int, months: int, nth: int, asked: DateContext) -> When:
    first = add_months(date(year, asked.fiscal, 1), months * nth)
    return When(first, add_months(first, months) - timedelta(1))


def _fiscal_year(said: str, this: int) -> int:
    """A fiscal year is called after the year that it begins in."""
    if said in ("今", "本", "this"):
        return this
    return this + 1 if said in ("来", "next") else era_year(said)


_FY = rf"(?P<fy>[0-9]{{4}}|{ERA_YEAR}|今|本|来)年度の?"
_YEAR_BEFORE = r"(?:(?:fy ?)?(?P<fy>[0-9]{4}) )?"
_YEAR_BEHIND = r" (?:of )?(?:fy ?)?(?P<fy>[0-9]{4})"

SPANS: tuple[DateRule, ...] = (
    (rf"(?:{YEAR})?{MONTH}中?", named_month),
    (r"(?P<y>[0-9]{4})[-/](?P<m>[0-9]{1,2})", named_month),
    (rf"{MONTH_NAME}(?: (?P<y>[0-9]{{4}}))?", named_month),
    (rf"{THAT_MONTH}中?", _that_month),
    (r"(?P<month>this month|next month)", _that_month),
    (rf"(?:{YEAR})?{MONTH}(?P<part>[上初中下])旬", _part_of_month),
    (rf"{THAT_MONTH}(?P<part>[上初中下])旬", _part_of_month),
    (r"(?P<week>今週|来週|再来週)中?", _that_week),
    (r"(?P<week>this|next) week", _that_week),
    (rf"(?:{_FY})?(?P<half>[上下])(?:半)?期", _fiscal),
    (rf"(?:{_FY})?第?(?P<quarter>[1-4一二三四])四半期", _fiscal),
    (rf"(?:{_FY})?(?:q(?P<quarter>[1-4]))", _fiscal),
    (r"(?P<quarter>[1-4])q", _fiscal),
    (rf"{_YEAR_BEFORE}h(?P<half>[12])", _fiscal),
    (rf"{_YEAR_BEFORE}q(?P<quarter>[1-4])", _fiscal),
    (rf"h(?P<half>[12]){_YEAR_BEHIND}", _fiscal),
    (rf"q(?P<quarter>[1-4]){_YEAR_BEHIND}", _fiscal),
    (rf"年度内|{_FY}[中内]?", _fiscal),
    (r"fy ?(?P<fy>[0-9]{4})", _fiscal),
    (r"(?P<fy>this|next) fiscal year", _fiscal),
    (rf"年度末|{_FY}末", _end_of_fiscal_year),
    (rf"年内|{YEAR}[中内]?", _that_year),
    (r"this year|next year", _that_year),
)
