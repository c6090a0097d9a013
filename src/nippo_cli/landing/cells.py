"""Where live money stands: each live deal in exactly one cell, by the month it is promised for and by its rank."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, TypeAlias

from nippo_cli.base.dates import month_number
from nippo_cli.base.frozen import NamedTuple, maker
from nippo_cli.landing.facts import LandingFacts
from nippo_cli.landing.shares import RankRecord
from nippo_cli.line.facts import DealAt, DealSummary
from nippo_cli.line.promised import Basis, Pile, pile_of_deals
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import on_hold

# Whether its money is reckoned with: `live`, or kept apart for being `on_hold` or `fizzled`.
CellState: TypeAlias = Literal["live", "on_hold", "fizzled"]
# A month by its number; the promised day is over; no month is promised.
CellMonth: TypeAlias = int | Literal["overdue", "undated"]


class LiveCell(NamedTuple):
    """A live deal's cell: its month, its state, and the key of its rank (empty: none was stated)."""

    month: CellMonth
    state: CellState
    rank: str


_cell = maker(LiveCell)


class LiveCells:
    """The live deals of a day, each in one cell; piles of any of them.

    Args:
        live: the deals.
        basis: `order` puts a deal into the month of its expected close, `sale` into that of its promised acceptance, or of
            its expected close where none is promised. Of a span (`上期`) the last day counts.
    """

    def __init__(
        self, facts: LandingFacts, live: Iterable[DealSummary | DealAt], record: RankRecord, basis: Basis
    ) -> None:
        self._on, self._rest = facts.as_of, facts.rest
        self._key = record.key
        self._basis = basis
        self._quiet = facts.quiet_days
        self.deals: Mapping[LiveCell, list[DealSummary | DealAt]] = self._placed(live)

    def place(self, head: DealSummary | DealAt) -> LiveCell:
        """A live deal's cell."""
        state: CellState = "live"
        if head.holds and on_hold(head.holds, self._on):
            state = "on_hold"
        # The plain difference here, too: by the ten thousand, most are not worth the call.
        elif (self._on - (head.heard_on or head.began_on)).days > self._quiet and is_fizzled(
            head, self._quiet, self._rest, self._on
        ):
            state = "fizzled"
        return _cell((month_promised(head, self._on, self._basis), state, self._key(head.confidence)))

    def pile(self, *, month: CellMonth | None = None, state: CellState | None = None, rank: str | None = None) -> Pile:
        """The deals of these cells; None is any."""
        return pile_of_deals(
            head
            for place, heads in self.deals.items()
            if month in (None, place.month) and state in (None, place.state) and rank in (None, place.rank)
            for head in heads
        )

    def later_than(self, month: int) -> list[int]:
        """The months behind one that any deal is promised for, ascending."""
        return sorted({place.month for place in self.deals if isinstance(place.month, int) and place.month > month})

    def ranks(self) -> set[str]:
        """The ranks that live deals stand at; empty for none."""
        return {place.rank for place in self.deals}

    def _placed(self, live: Iterable[DealSummary | DealAt]) -> Mapping[LiveCell, list[DealSummary | DealAt]]:
        placed: defaultdict[LiveCell, list[DealSummary | DealAt]] = defaultdict(list)
        for head in live:
            placed[self.place(head)].append(head)
        return placed


def month_promised(head: DealSummary | DealAt, as_of: date, basis: Basis) -> CellMonth:
    """The month that a live deal is promised for: by the last day of what was promised, `overdue` once that is over."""
    promised = (head.accepts or head.closes) if basis == "sale" else head.closes
    if promised is None:
        return "undated"
    return month_number(promised.last) if promised.last >= as_of else "overdue"
