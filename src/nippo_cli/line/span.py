"""Counting days: stays, silences, holds and closures.

A day d counts towards what began on `after` and is looked at on `upto` when after < d ≤ upto, so that the
count of plain days is the difference of the two dates.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema.schema import Closure


class Hold(NamedTuple):
    """A stop with a reason, from `first` to `last`, both included."""

    id: int
    first: date
    last: date
    why: str
    author: str = ""


def on_hold(holds: Collection[Hold], on: date) -> bool:
    """Whether any hold covers the day."""
    return bool(holds) and any(h.first <= on <= h.last for h in holds)


def held_days(holds: Sequence[Hold], after: date, upto: date) -> int:
    """Days d with after < d ≤ upto on which any hold stands; a day under two holds counts once."""
    if not holds:
        return 0
    total, reached = 0, after
    for hold in sorted(holds, key=lambda h: h.first):
        first = max(hold.first - _DAY, reached)
        last = min(hold.last, upto)
        if last > first:
            total += (last - first).days
            reached = last
    return total


def net_days(holds: Sequence[Hold], after: date, upto: date) -> int:
    """Days from `after` to `upto`, those on hold taken off."""
    days = (upto - after).days
    return days - held_days(holds, after, upto) if holds else days


class ClosedDays:
    """The days of the schema's closures, countable between any two dates."""

    def __init__(self, closures: Sequence[Closure]) -> None:
        self._yearly = [c for c in closures if len(c.first) == len("MM-DD")]
        self._days: list[int] = []
        self._years = range(0)
        self._once = {
            day
            for c in closures
            if len(c.first) != len("MM-DD")
            for day in _days(date.fromisoformat(c.first), date.fromisoformat(c.last))
        }
        self.any = bool(closures)
        self._passed: dict[tuple[date, int], date] = {}
        self._counted: dict[tuple[date, date], int] = {}

    def count(self, after: date, upto: date, holds: Sequence[Hold] = ()) -> int:
        """Closed days d with after < d ≤ upto; a closed day on hold is left to the hold."""
        if not self.any or upto <= after:
            return 0
        # Deals share their days, so what lies between two is counted once.
        counted = None if holds else self._counted.get((after, upto))
        if counted is None:
            counted = self._count(after, upto, holds)
            if not holds:
                self._counted[after, upto] = counted
        return counted

    def _count(self, after: date, upto: date, holds: Sequence[Hold]) -> int:
        self._reach(after.year, upto.year)
        low, high = bisect_right(self._days, after.toordinal()), bisect_right(self._days, upto.toordinal())
        if not holds:
            return high - low
        return sum(not on_hold(holds, date.fromordinal(day)) for day in self._days[low:high])

    def passes_on(self, after: date, limit_days: int) -> date:
        """The first day beyond a limit, without holds. Deals share their days, so each is reckoned once."""
        passed = self._passed.get((after, limit_days))
        if passed is None:
            passed = self._passed[after, limit_days] = _passes_on(after, limit_days, self, ())
        return passed

    def __contains__(self, on: date) -> bool:
        return self.count(on - _DAY, on) == 1

    def _reach(self, first_year: int, last_year: int) -> None:
        """Know the closed days of these years, too: they are listed as far as anybody has asked."""
        if first_year in self._years and last_year in self._years:
            return
        first = min(first_year, self._years.start) if self._years else first_year
        last = max(last_year, self._years.stop - 1) if self._years else last_year
        self._years = range(first, last + 1)
        days = set(self._once)
        # From the year before: a closure may run over New Year.
        for year in range(first - 1, last + 1):
            for closure in self._yearly:
                days.update(_yearly_days(closure, year))
        self._days = sorted(days)


def passes_on(after: date, limit_days: int, rest: ClosedDays, holds: Sequence[Hold]) -> date:
    """The first day on which what began on `after` has lasted longer than its limit.

    Without holds and closures that is after + limit + 1; each held or closed day on the way moves it on.
    """
    return _passes_on(after, limit_days, rest, holds) if holds else rest.passes_on(after, limit_days)


def _passes_on(after: date, limit_days: int, rest: ClosedDays, holds: Sequence[Hold]) -> date:
    on = after + timedelta(days=limit_days + 1)
    if not holds and not rest.count(after, on):
        return on
    while True:
        pause = held_days(holds, after, on) + rest.count(after, on, holds)
        moved = after + timedelta(days=limit_days + 1 + pause)
        if moved <= on:
            return on
        on = moved


_DAY = timedelta(days=1)


def _days(first: date, last: date) -> range:
    return range(first.toordinal(), last.toordinal() + 1)


def _yearly_days(closure: Closure, year: int) -> range:
    first = _month_day(year, closure.first)
    last = _month_day(year, closure.last)
    return _days(first, last if last >= first else _month_day(year + 1, closure.last))


def _month_day(year: int, text: str) -> date:
    """`MM-DD` of a year; 29 February is the 28th where there is none."""
    month, day = int(text[:2]), int(text[3:])
    if (month, day) == (2, 29) and not (year % 4 == 0 and (year % 100 or year % 400 == 0)):
        day = 28
    return date(year, month, day)
