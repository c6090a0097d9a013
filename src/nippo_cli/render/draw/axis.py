"""A time axis: which column a day stands in, and where the ticks are.

Days are numbers: `date.toordinal()` on a calendar axis, days since the line began on an aligned one.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

Unit: TypeAlias = Literal["day", "week", "month", "quarter", "half", "year"]

LEAST_DAYS = 14
_WEEK = 7
# The columns that a tick's label and a gap after it need.
_ROOM_DAY, _ROOM_MONTH, _ROOM_YEAR = 8, 6, 8
_SHORTEST_MONTH, _SHORTEST_YEAR = 28, 365


class Scale(NamedTuple):
    """`days` days from day `first` on, spread over `columns` columns."""

    first: int
    days: int
    columns: int

    @property
    def last(self) -> int:
        """The last day on the axis."""
        return self.first + self.days - 1

    def column(self, day: int) -> int:
        """The column in which a day begins, from 0; a day off the axis stands at its edge."""
        inside = min(max(day, self.first), self.last)
        return (inside - self.first) * self.columns // self.days


def scale(first: int, last: int, columns: int) -> Scale:
    """An axis from `first` to `last`, both on it. One of a few days is stretched to `LEAST_DAYS`.

    Raises:
        ValueError: it ends before it begins, or has no column.
    """
    if last < first or columns < 1:
        raise ValueError(first, last, columns)
    return Scale(first, max(last - first + 1, LEAST_DAYS), columns)


class Tick(NamedTuple):
    """A mark on the axis. `unit` tells how its label reads: a day, a month, a year, or a count of days."""

    column: int
    day: int
    unit: Literal["day", "month", "year", "count"]


def calendar_unit(axis: Scale) -> tuple[Unit, int]:
    """The finest unit whose labels have room, and how many of it lie between two ticks."""
    per_day = axis.columns / axis.days
    if per_day >= _ROOM_DAY:
        return "day", 1
    if per_day * _WEEK >= _ROOM_DAY:
        return "week", 1
    months: tuple[tuple[Unit, int], ...] = (("month", 1), ("quarter", 3), ("half", 6))
    for unit, count in months:
        if per_day * _SHORTEST_MONTH * count >= _ROOM_MONTH:
            return unit, 1
    for count in (1, 2, 5, 10, 20, 50):
        if per_day * _SHORTEST_YEAR * count >= _ROOM_YEAR:
            return "year", count
    return "year", 100


def calendar_ticks(axis: Scale) -> list[Tick]:
    """Ticks on days, Mondays, months, quarters, half-years or years: the finest that leaves room for its labels."""
    unit, count = calendar_unit(axis)
    if unit in ("day", "week"):
        step = 1 if unit == "day" else _WEEK
        # Day 1 of the calendar is a Monday, so a Monday's ordinal leaves 1.
        first = axis.first if unit == "day" else axis.first + (1 - axis.first) % _WEEK
        return [Tick(axis.column(d), d, "day") for d in range(first, axis.last + 1, step)]
    months = {"month": 1, "quarter": 3, "half": 6}.get(unit, 12 * count)
    return [Tick(axis.column(d), d, "year" if unit == "year" else "month") for d in _month_starts(axis, months)]


def count_ticks(axis: Scale) -> list[Tick]:
    """Ticks of an aligned axis: day 0, and round numbers of days after it."""
    per_day = axis.columns / axis.days
    for step in (1, 2, 5, 10, 15, 30, 60, 90, 180, 365, 730, 1825, 3650):
        if per_day * step >= _ROOM_YEAR:
            break
    return [Tick(axis.column(d), d, "count") for d in range(axis.first, axis.last + 1, step)]


def year_ticks(axis: Scale) -> list[Tick]:
    """Where each year begins on a calendar axis; the first at the left edge."""
    starts = [d for d in _month_starts(axis, 12) if d > axis.first]
    return [Tick(axis.column(d), d, "year") for d in (axis.first, *starts)]


def _month_starts(axis: Scale, step: int) -> Iterator[int]:
    """The first of every `step`-th month, counted from January of year 0, that lies on the axis."""
    begins = date.fromordinal(axis.first)
    index = begins.year * 12 + begins.month - 1
    index += -index % step
    while index // 12 <= date.max.year:
        day = date(index // 12, index % 12 + 1, 1).toordinal()
        if day > axis.last:
            return
        if day >= axis.first:
            yield day
        index += step
