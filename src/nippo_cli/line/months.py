"""Stages at the ends of months: who stood there then, and who came and went in the month."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import TypeAlias

from nippo_cli.base.dates import month_number, month_start
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.trail import Trail, is_order, upto
from nippo_cli.schema.schema import Schema


class MonthCell(NamedTuple):
    """A stage at a month's end: deals `live` there and their money (smallest unit), stays that began and that
    ended in the month, and those of them that ended in an order."""

    live: int
    amount: int
    entered: int
    left: int
    won: int


NOTHING = MonthCell(0, 0, 0, 0, 0)


# Of a stage and a figure the deals that it counts, one that came twice being there twice.
CellDeals: TypeAlias = Mapping[tuple[str, str], Sequence[int]]
NO_DEALS: CellDeals = MappingProxyType({})


class MonthEnd(NamedTuple):
    """A month's last day, and each stage of it by key; a stage without anything is left out. `deals` are those behind the figures, where
    they are to be named."""

    on: date
    stages: dict[str, MonthCell]
    deals: CellDeals = NO_DEALS

    def of(self, stage: str) -> MonthCell:
        """A stage's cell."""
        return self.stages.get(stage, NOTHING)

    @property
    def live(self) -> int:
        """Deals live at the month's end."""
        return sum(cell.live for cell in self.stages.values())

    @property
    def amount(self) -> int:
        """Their money."""
        return sum(cell.amount for cell in self.stages.values())


def month_ends(until: date, count: int) -> list[date]:
    """The last `count` ends of months, up to a day, oldest first.

    Raises:
        OverflowError: no calendar goes so far back.
    """
    # The month that ends on the day itself is over.
    over = month_number(until + timedelta(days=1))
    if over - count < month_number(date.min):
        raise OverflowError(count)
    return [month_start(over - n) - timedelta(days=1) for n in reversed(range(count))]


def by_month(
    trails: Iterable[Trail], days: Sequence[date], agreements: Sequence[Schema], *, named: bool = False
) -> list[MonthEnd]:
    """Each month's end as it was known then.

    Args:
        trails: what deals tell of the days (`Trail.days` are places in `days`).
        days: ends of months, one after the other, oldest first.
        agreements: the one in force on each of them.
        named: the deals behind the figures are told.
    """
    count = _Count(days, agreements, named=named)
    for trail in trails:
        count.add(trail)
    return count.ends()


class _Count:
    def __init__(self, days: Sequence[date], agreements: Sequence[Schema], *, named: bool) -> None:
        self._named = named
        self._deals: list[defaultdict[tuple[str, str], list[int]]] = [defaultdict(list) for _ in days]
        self._days = days
        self._begins = days[0].replace(day=1)
        self._agreements = agreements
        # Stages in which a stay is no live deal's, and those of them behind an order, day by day.
        self._over = [{s.key for s in a.stages if s.ends or s.after} for a in agreements]
        self._after = [{s.key for s in a.stages if s.after} for a in agreements]
        self._cells: list[defaultdict[str, list[int]]] = [
            defaultdict(lambda: [0] * len(MonthCell._fields)) for _ in days
        ]

    def add(self, trail: Trail) -> None:
        days, begins, places = self._days, self._begins, trail.days
        stays, last = trail.stays, len(trail.stays) - 1
        for n, stay in enumerate(stays):
            left_on = stays[n + 1].entered_on if n < last else None
            if left_on is not None and left_on < begins:
                continue
            entered = bisect_left(days, stay.entered_on)
            if entered == len(days):
                return
            if stay.entered_on >= begins and entered in places and stay.arrival != "unknown":
                self._count(entered, stay.stage, "entered", trail.deal)
            left = len(days) if left_on is None else bisect_left(days, left_on)
            if left < len(days) and left in places:
                self._count(left, stay.stage, "left", trail.deal)
                if is_order(stay, stays[n + 1], self._agreements[left]):
                    self._count(left, stay.stage, "won", trail.deal)
            for place in range(entered, left):
                if place in places and self._lives(trail, n, place):
                    self._count(place, stay.stage, "live", trail.deal)
                    self._cells[place][stay.stage][1] += upto(trail.amounts, days[place]) or 0

    def _count(self, place: int, stage: str, figure: str, deal: int) -> None:
        self._cells[place][stage][MonthCell._fields.index(figure)] += 1
        if self._named:
            self._deals[place][stage, figure].append(deal)

    def _lives(self, trail: Trail, n: int, place: int) -> bool:
        """Whether the deal, in its n-th stay, was neither won nor lost."""
        if trail.stays[n].stage not in self._over[place]:
            return True
        # A stage after `won` says nothing of that itself: what came before it does.
        before = next((s.stage for s in reversed(trail.stays[: n + 1]) if s.stage not in self._after[place]), None)
        return before is None or before not in self._over[place]

    def ends(self) -> list[MonthEnd]:
        return [
            MonthEnd(day, {stage: MonthCell(*cell) for stage, cell in cells.items()}, deals)
            for day, cells, deals in zip(self._days, self._cells, self._deals, strict=True)
        ]
