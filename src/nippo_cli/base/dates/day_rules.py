"""The rules for single days, and for spans of days counted from today."""

from datetime import date, timedelta

from nippo_cli.base.dates.calendar import add_months
from nippo_cli.base.dates.rules import (
    ENGLISH_DAYS,
    ERA_YEAR,
    ERAS,
    MONTH,
    MONTH_NAME,
    MONTHS,
    NUMBER,
    THAT_MONTH,
    WEEKDAYS,
    WEEKS,
    YEAR,
    DateContext,
    DateRule,
    Parts,
    RuleRefused,
    any_of,
    day_of,
    english_month,
    era_year,
    month_of,
    named_month,
    number,
    year_of,
)
from nippo_cli.base.dates.when import When
from nippo_cli.base.errors import msg

ERA_LETTERS = {"r": "令和", "h": "平成", "s": "昭和"}
_OFF = {
    "一昨日": -2, "おととい": -2, "昨日": -1, "きのう": -1, "今日": 0, "本日": 0, "きょう": 0, "明日": 1, "翌日": 1,
    "あした": 1, "あす": 1, "明後日": 2, "あさって": 2, "the day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1,
    "the day after tomorrow": 2, "day before yesterday": -2, "day after tomorrow": 2,
}  # fmt: skip
_DAY = rf"(?P<day>{NUMBER})日"
_WEEKDAY = r"(?P<weekday>[月火水木金土日])(?:曜日?)?"
_DAY_NAME = rf"(?P<weekday>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in ENGLISH_DAYS)}|tues|thurs?)"
_ORDINAL = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"


def _full(parts: Parts, _asked: DateContext) -> When:
    return day_of(int(parts["y"]), int(parts["m"]), int(parts["day"]))


def _no_year(parts: Parts, asked: DateContext) -> When:
    return _leaning(number(parts["m"]), number(parts["day"]), asked)


def _with_year(parts: Parts, asked: DateContext) -> When:
    when = day_of(year_of(parts["year"], asked), number(parts["m"]), number(parts["day"]))
    return _in_era(parts["year"][:2], when)


def _short_era(parts: Parts, _asked: DateContext) -> When:
    era = ERA_LETTERS[parts["era"]]
    return _in_era(era, day_of(era_year(era + parts["y"]), int(parts["m"]), int(parts["day"])))


def _long_era(parts: Parts, _asked: DateContext) -> When:
    return _in_era(parts["y"][:2], day_of(era_year(parts["y"]), int(parts["m"]), int(parts["day"])))


def _english(parts: Parts, asked: DateContext) -> When:
    month, day = english_month(parts["name"]), int(parts["day"])
    return day_of(int(parts["y"]), month, day) if parts["y"] else _leaning(month, day, asked)


def _leaning(month: int, day: int, asked: DateContext) -> When:
    """A day without a year: on the side that the date leans to, today included."""
    year, today = asked.today.year, (asked.today.month, asked.today.day)
    if asked.lean == "past":
        return day_of(year - ((month, day) > today), month, day)
    return day_of(year + ((month, day) < today), month, day)


def _in_era(era: str, when: When) -> When:
    if era in ERAS and not ERAS[era][0] <= when.first <= ERAS[era][1]:
        raise RuleRefused(msg("date.not_in_era", era=era, date=when.first))
    return when


def _relative(parts: Parts, asked: DateContext) -> When:
    return When.day(asked.today + timedelta(_OFF[parts[0]]))


def _counted(parts: Parts, asked: DateContext) -> When:
    """`三日前`, `2週間後`, `3 days ago`, `in 2 weeks`."""
    days = number(parts["n"]) * (7 if parts["unit"][0] in "週w" else 1)
    return When.day(asked.today + timedelta(-days if parts[0].endswith(("前", "ago")) else days))


def _of_week(parts: Parts, asked: DateContext) -> When:
    said = parts["weekday"]
    monday = asked.today - timedelta(asked.today.weekday())
    return When.day(monday + timedelta(7 * WEEKS[parts["week"]] + _weekday(said)))


def _weekday(said: str) -> int:
    """0 for `月` and `monday`."""
    return WEEKDAYS[said] if said in WEEKDAYS else [day[:3] for day in ENGLISH_DAYS].index(said[:3])


def _bare_weekday(parts: Parts, asked: DateContext) -> When:
    """A promise for Thursday is for the next one after today; in the past it may be any."""
    if asked.lean == "past":
        raise RuleRefused(msg("date.needs.week"))
    return When.day(_next_weekday(_weekday(parts["weekday"]), asked))


def _begin_of_week(_parts: Parts, asked: DateContext) -> When:
    return When.day(_next_weekday(0, asked))


def _next_weekday(index: int, asked: DateContext) -> date:
    return asked.today + timedelta((index - asked.today.weekday() - 1) % 7 + 1)


def _end_of_year(parts: Parts, asked: DateContext) -> When:
    said = parts.groupdict().get("year")
    return When.day(date(year_of(said, asked) if said else asked.today.year, 12, 31))


def _that_month(parts: Parts, asked: DateContext) -> date:
    return add_months(asked.today.replace(day=1), MONTHS[parts["month"] or "今月"])


def _of_month(parts: Parts, asked: DateContext) -> When:
    first = _that_month(parts, asked)
    return day_of(first.year, first.month, number(parts["day"]))


def _end_of_month(parts: Parts, asked: DateContext) -> When:
    first = _that_month(parts, asked)
    return When.day(month_of(first.year, first.month).last)


def _end_of_named_month(parts: Parts, asked: DateContext) -> When:
    return When.day(named_month(parts, asked).last)


def _shifted(parts: Parts, asked: DateContext) -> When:
    return When.day(_shift(asked.today, int(parts["n"]), parts["unit"]))


def _long_ago(parts: Parts, asked: DateContext) -> When:
    return When.day(_shift(asked.today, -number(parts["n"]), _UNITS.get(parts["unit"][0], "m")))


def _no_sign(parts: Parts, _asked: DateContext) -> When:
    raise RuleRefused(msg("date.needs.sign", said=parts[0]))


# Every way to write か月 that is neither 日, 週 nor 年 counts months.
_UNITS = {"d": "d", "w": "w", "m": "m", "y": "y", "日": "d", "週": "w", "年": "y"}


def _shift(day: date, n: int, unit: str) -> date:
    if unit in "dw":
        return day + timedelta(n * (7 if unit == "w" else 1))
    return add_months(day, n * (12 if unit == "y" else 1))


DAYS: tuple[DateRule, ...] = (
    (r"(?P<y>[0-9]{4})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})", _full),
    (r"(?P<m>[0-9]{1,2})/(?P<day>[0-9]{1,2})", _no_year),
    (MONTH + _DAY, _no_year),
    (YEAR + MONTH + _DAY, _with_year),
    (any_of(_OFF), _relative),
    (r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<day>[0-9]{2})", _full),
    (r"(?P<era>[rhs])(?P<y>[0-9]{1,2})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})", _short_era),
    (rf"(?P<y>{ERA_YEAR})(?P<sep>[-/.])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<day>[0-9]{{1,2}})", _long_era),
    (rf"(?P<n>{NUMBER})(?P<unit>日|週間?)[前後]", _counted),
    (r"(?P<n>[0-9]{1,4}) (?P<unit>days?|weeks?) ago", _counted),
    (r"in (?P<n>[0-9]{1,4}) (?P<unit>days?|weeks?)", _counted),
    (rf"(?P<week>{any_of(w for w in WEEKS if not w.isascii())})の?{_WEEKDAY}", _of_week),
    (rf"(?P<week>last|this|next) {_DAY_NAME}", _of_week),
    (r"(?P<weekday>[月火水木金土日])曜日?", _bare_weekday),
    (_DAY_NAME, _bare_weekday),
    (THAT_MONTH + _DAY, _of_month),
    (rf"(?:{THAT_MONTH}末|月末)日?", _end_of_month),
    (r"(?:the )?end of (?:the |this )?month|eom|(?:the )?end of (?P<month>last month|next month)", _end_of_month),
    (rf"年末|{YEAR}末", _end_of_year),
    (r"(?:the )?end of (?:the |this )?year|eoy", _end_of_year),
    (rf"(?:{YEAR})?{MONTH}末日?", _end_of_named_month),
    (rf"(?:the )?end of {MONTH_NAME}(?: (?P<y>[0-9]{{4}}))?", _end_of_named_month),
    (rf"{MONTH_NAME} {_ORDINAL}(?:,? (?P<y>[0-9]{{4}}))?", _english),
    (rf"{_ORDINAL} {MONTH_NAME}(?: (?P<y>[0-9]{{4}}))?", _english),
)  # fmt: skip

# Only a promise looks ahead of today by a count, or to the next Monday.
AHEAD: tuple[DateRule, ...] = (
    (r"週明け|(?:来週|翌週)の?(?:頭|初め)", _begin_of_week),
    (r"\+(?P<n>[0-9]{1,4})(?P<unit>[dwmy])", _shifted),
    (r"[0-9]{1,4}[dwmy]", _no_sign),
)

# Only a window looks back by one.
AGO: tuple[DateRule, ...] = (
    (r"(?P<n>[0-9]{1,5})(?P<unit>[dwmy])", _long_ago),
    # A bare 10日 may as well be the tenth.
    (rf"(?P<n>{NUMBER})(?P<unit>日(?=[間前])|週|[かヶケカヵ箇]月|(?<![0-9]{{4}})年)間?前?", _long_ago),
    (r"(?P<n>[0-9]{1,5}) (?P<unit>days?|weeks?|months?|years?)(?: ago)?", _long_ago),
)
