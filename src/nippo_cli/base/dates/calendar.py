"""What all rules for dates stand on: which way a date leans, what can't be read, and counting months."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from nippo_cli.base.errors import Message, UsageError, msg

Lean: TypeAlias = Literal["past", "future"]
# Outside of these a window, a deadline or another time zone would fall out of the calendar.
FIRST_YEAR, LAST_YEAR = 1000, 8999
# The month that each season of three begins with.
SEASONS: Final[Mapping[str, int]] = {
    "春": 3, "夏": 6, "秋": 9, "冬": 12, "spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12,
}  # fmt: skip


class UnreadableDate(UsageError, ValueError):
    """A date that can't be read, or that no calendar has; `needs` names what can."""

    def __init__(self, said: str, needs: Message) -> None:
        self.said = said
        self.needs = needs
        super().__init__(msg("date.unreadable", said=said, needs=needs))


def in_years(on: date) -> bool:
    """Whether a day is of a year that is reckoned with."""
    return FIRST_YEAR <= on.year <= LAST_YEAR


def add_months(day: date, months: int) -> date:
    """The same day so many months on (back where negative), or that month's last where it has none.

    Raises:
        OverflowError: no calendar goes so far.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= date.max.year:
        raise OverflowError(months)
    return date(year, month + 1, min(day.day, last_of_month(year, month + 1)))


def last_of_month(year: int, month: int) -> int:
    """The last day of a month, 28 to 31."""
    # The standard calendar module loads locale, and every hot command would pay for it.
    return 31 if month == 12 else (date(year, month + 1, 1) - timedelta(1)).day


def month_number(on: date) -> int:
    """A month as one number, so that months can be counted: 0 is January of the year 0."""
    return on.year * 12 + on.month - 1


@lru_cache(maxsize=8192)
def month_of_iso(said: str) -> int:
    """The number of a month, or of a day's month, as ISO 8601 has it: `2026-03`, `2026-03-14`. Whole ledgers are read by it."""
    return int(said[:4]) * 12 + int(said[5:7]) - 1


def month_start(number: int) -> date:
    """The first day of a numbered month."""
    return date(number // 12, number % 12 + 1, 1)


def month_name(number: int) -> str:
    """A numbered month as ISO 8601 has it: `2026-03`."""
    return f"{number // 12:04}-{number % 12 + 1:02}"
