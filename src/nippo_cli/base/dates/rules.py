"""What the date rules are made of: a rule's shape, the words that dates are typed with, and how one is tried."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeAlias

from nippo_cli.base.dates.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    Lean,
    UnreadableDate,
    in_years,
    last_of_month,
)
from nippo_cli.base.dates.when import When
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form


class DateContext(NamedTuple):
    """The day it is, which way a date without a year leans, and the month that a fiscal year begins with."""

    today: date
    lean: Lean
    fiscal: int = 1


class RuleRefused(Exception):
    """A rule knows the text but can't take it; its message says why."""

    def __init__(self, needs: Message) -> None:
        super().__init__(needs.key)
        self.needs = needs


Parts: TypeAlias = re.Match[str]
# A pattern over the folded text, and what it means.
DateRule: TypeAlias = tuple[str, Callable[[Parts, DateContext], When]]

_LONGEST = 40
_WITH_WEEKDAY = r"(.+?) ?\(([月火水木金土日])(?:曜日?)?\)"


def read(text: str, rules: Sequence[DateRule], asked: DateContext, needs: Message) -> When:
    """What the first rule that knows the text makes of it. A weekday behind it, `9/1(火)`, must agree.

    Raises:
        Unreadable: none knows it, or the one that does refuses it.
    """
    plain = re.sub(r"\s+", " ", normal_form(text))
    if len(plain) > _LONGEST:
        raise UnreadableDate(text, needs)
    tail = re.fullmatch(_WITH_WEEKDAY, plain)
    if tail:
        plain = tail[1]
    if not plain.isascii():
        plain = plain.replace(" ", "")
    try:
        when = by_rule(plain, rules, asked)
    except RuleRefused as refused:
        raise UnreadableDate(text, refused.needs) from None
    except (OverflowError, ValueError):
        # It is written as dates are, of a day that no calendar has.
        raise UnreadableDate(text, msg("date.needs.years", first=FIRST_YEAR, last=LAST_YEAR)) from None
    if when is None:
        raise UnreadableDate(text, needs)
    if not (in_years(when.first) and in_years(when.last)):
        raise UnreadableDate(text, msg("date.needs.years", first=FIRST_YEAR, last=LAST_YEAR))
    if tail and not (when.exact and when.first.weekday() == WEEKDAYS[tail[2]]):
        raise UnreadableDate(text, msg("date.other_weekday", date=when))
    return when


def by_rule(plain: str, rules: Sequence[DateRule], asked: DateContext) -> When | None:
    """What the first rule that knows a text in its normal form makes of it; None where none does."""
    for pattern, rule in rules:
        match = re.fullmatch(pattern, plain)
        if match is not None:
            return rule(match, asked)
    return None


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_KANJI = "〇一二三四五六七八九"
ERAS = {
    "令和": (date(2019, 5, 1), date.max),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
}
YEARS = {"今年": 0, "本年": 0, "昨年": -1, "去年": -1, "来年": 1, "再来年": 2}
WEEKS = {
    "先々週": -2, "先週": -1, "今週": 0, "来週": 1, "翌週": 1, "再来週": 2, "last": -1, "this": 0, "next": 1,
}  # fmt: skip
MONTHS = {
    "先々月": -2, "先月": -1, "前月": -1, "今月": 0, "当月": 0, "来月": 1, "翌月": 1, "再来月": 2, "翌々月": 2,
    "last month": -1, "this month": 0, "next month": 1,
}  # fmt: skip
WEEKDAYS = {name: i for i, name in enumerate("月火水木金土日")}
ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
# The days of a month's parts; what the month hasn't of the last is left out.
MONTH_PARTS = {
    "上": (1, 10), "初": (1, 10), "頭": (1, 10), "中": (11, 20), "下": (21, 31), "early": (1, 10), "mid": (11, 20),
    "late": (21, 31),
}  # fmt: skip

# Pieces of patterns.
NUMBER = rf"(?:[0-9]{{1,4}}|[{_KANJI}十]{{1,3}})"
ERA_YEAR = rf"(?:{any_of(ERAS)})(?:元|{NUMBER})"
YEAR = rf"(?P<year>(?:[0-9]{{4}}|{ERA_YEAR})年|{any_of(YEARS)})の?"
MONTH = rf"(?P<m>{NUMBER})月"
MONTH_NAME = rf"(?P<name>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in ENGLISH_MONTHS)}|sept)\.?"
THAT_MONTH = rf"(?P<month>{any_of(w for w in MONTHS if not w.isascii())})の?"


def number(text: str) -> int:
    """`12`, `元` (1), `十二`, `二十三`."""
    if text == "元":
        return 1
    if text.isascii():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_KANJI.index(c)) for c in text))
    return (number(tens) if tens else 1) * 10 + (number(ones) if ones else 0)


def day_of(year: int, month: int, day: int) -> When:
    """A day that the calendar has; `RuleRefused` for one that it has not."""
    try:
        return When.day(date(year, month, day))
    except ValueError:
        raise RuleRefused(msg("date.no_such_day", said=f"{year}-{month:02}-{day:02}")) from None


def month_of(year: int, month: int) -> When:
    """A whole month; `RuleRefused` for a thirteenth."""
    if not 1 <= month <= 12:
        raise RuleRefused(msg("date.no_such_day", said=f"{year}-{month:02}"))
    return When(date(year, month, 1), date(year, month, last_of_month(year, month)))


def year_of(said: str, asked: DateContext) -> int:
    """`2026年`, `令和8年`, `来年`."""
    if said in YEARS:
        return asked.today.year + YEARS[said]
    return era_year(said.removesuffix("年"))


def era_year(said: str) -> int:
    """`2026`, `令和8`, `令和元`."""
    return ERAS[said[:2]][0].year + number(said[2:]) - 1 if said[:2] in ERAS else int(said)


def named_month(parts: Parts, asked: DateContext) -> When:
    """`3月`, `2027年3月`, `mar 2027`. Without a year, the nearest on the side that the date leans to."""
    names = parts.groupdict()
    month = _index(names["name"]) if names.get("name") else number(names["m"])
    if names.get("year") or names.get("y"):
        return month_of(year_of(names["year"], asked) if names.get("year") else int(names["y"]), month)
    today = asked.today
    return month_of(today.year + (-(month > today.month) if asked.lean == "past" else month < today.month), month)


def english_month(name: str) -> int:
    """1 for `jan` and `january`."""
    return _index(name)


def _index(name: str) -> int:
    return [month[:3] for month in ENGLISH_MONTHS].index(name[:3]) + 1
