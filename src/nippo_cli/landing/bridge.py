"""The bridge: what made the months' sum on one day the sum on another, deal by deal, to the yen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias, get_args

from nippo_cli.base.dates import month_start
from nippo_cli.base.frozen import NamedTuple, maker
from nippo_cli.landing.cells import CellMonth, LiveCell, LiveCells
from nippo_cli.landing.facts import LandingFacts, sold_money
from nippo_cli.landing.shares import RankRecord
from nippo_cli.line.facts import DealAt, DealSummary
from nippo_cli.line.promised import Basis, won_in

# What happened to a deal, in the order in which a bridge names it. `booked`: the ledger shows more or less of it.
BridgeChange: TypeAlias = Literal[
    "new", "won", "booked", "lost", "withdrawn", "reopened", "filled", "amount", "moved_in", "moved_out", "moved", "overdue", "rank",
    "fizzled", "revived",
]  # fmt: skip
BRIDGE_CHANGES: tuple[BridgeChange, ...] = get_args(BridgeChange)


class Stand(NamedTuple):
    """A deal on a day: its place if it was live; if it was won the month of its order, or (on the basis of sales) of the acceptance
    that what is left of it waits for, None where nothing is; what it adds to the months' sum, and what of that the ledger shows."""

    head: DealSummary | DealAt
    place: LiveCell | None
    certain_in: CellMonth | None
    adds: int
    booked: int = 0

    @property
    def month(self) -> CellMonth | None:
        """The month that it is in."""
        return self.place.month if self.place is not None else self.certain_in


_stand = maker(Stand)


class Stands(NamedTuple):
    """A day: its deals by their ids, and what the ledger shows in the months of none of them."""

    as_of: date
    deals: Mapping[int, Stand]
    unowned: int = 0

    @property
    def total(self) -> int:
        """The months' sum."""
        return sum(one.adds for one in self.deals.values()) + self.unowned


class BridgePart(NamedTuple):
    """What happened to a deal (None: to the ledger's rows of no deal), and by how much it moves the sum (0 for what moves nothing,
    such as another rank). `before` and `after`: the months, ranks or amounts that it went from and to, where the change is of one."""

    change: BridgeChange
    deal: int | None
    amount: int
    before: object = None
    after: object = None


class ChangeSum(NamedTuple):
    """All parts of a bridge that are of one change: how many, and what they come to."""

    change: BridgeChange
    parts: int
    amount: int


class Bridge(NamedTuple):
    """From the sum of one day to that of another: on the basis of orders what is ordered in these months, or live and promised for
    them (the fizzled and those on hold among them); on that of sales what the ledger shows in them, or is won and waits for its
    acceptance in them, or live and promised to be accepted in them."""

    since: date
    until: date
    months: Sequence[int]
    before: int
    after: int
    parts: Sequence[BridgePart]

    def by_change(self) -> list[ChangeSum]:
        """What each change that moves the sum comes to, in the order in which a bridge names them."""
        changes: dict[BridgeChange, list[int]] = {}
        for part in self.parts:
            if part.amount:
                changes.setdefault(part.change, []).append(part.amount)
        return [ChangeSum(change, len(amounts), sum(amounts)) for change, amounts in changes.items()]


def stands(
    facts: LandingFacts, months: Sequence[int], record: RankRecord, basis: Basis, cells: LiveCells | None = None
) -> Stands:
    """Every deal that was live on the day, or won and in the months or waiting for its acceptance.

    Args:
        cells: the live deals in their cells, where they stand in them already.
    """
    inside = frozenset(months)
    first = month_start(months[0])
    cells = cells or LiveCells(facts, facts.placed_live(), record, basis)
    deals = {
        head.id: _stand((head, place, None, (head.amount or 0) if place.month in inside else 0, 0))
        for place, heads in cells.deals.items()
        for head in heads
    }
    if basis == "sale":
        return _with_sales(facts, first, inside, deals)
    for head in facts.placed_won(first):
        month = won_in(head)
        deals[head.id] = Stand(head, None, month, (head.amount or 0) if month in inside else 0)
    return Stands(facts.as_of, deals)


def _with_sales(facts: LandingFacts, first: date, inside: frozenset[int], deals: dict[int, Stand]) -> Stands:
    """The live deals, with what the ledger shows from a day on and what is won and waits for its acceptance."""
    booked = Counter[int | None]()
    for row in sold_money(facts.revenue(first)):
        if row.month in inside:
            booked[row.deal] += row.amount or 0
    waits = {one.deal: one for one in facts.backlog() or ()}
    heads = facts.heads([deal for deal in {*booked, *waits} if deal is not None and deal not in deals])
    for deal, head in heads.items():
        waiting = waits.get(deal)
        month: CellMonth | None = None
        if waiting is not None:
            month = "undated" if waiting.accepts_last is None or waiting.month is None else waiting.month
            month = "overdue" if waiting.accepts_last is not None and waiting.accepts_last < facts.as_of else month
        left = waiting.remaining if waiting is not None and month in inside else 0
        deals[deal] = Stand(head, None, month, left)
    for deal, stood in deals.items():
        if amount := booked.pop(deal, 0):
            deals[deal] = stood._replace(adds=stood.adds + amount, booked=amount)
    # What is left is of no deal.
    return Stands(facts.as_of, deals, booked.total())


def bridge(earlier: LandingFacts, later: LandingFacts, months: Sequence[int], before: Stands, after: Stands) -> Bridge:
    """What happened between two days, each with how its deals stood."""
    inside: frozenset[CellMonth | None] = frozenset(months)
    became = later.became(before.deals.keys() - after.deals.keys())
    parts: list[BridgePart] = []
    for deal, stood in before.deals.items():
        now = after.deals.get(deal)
        if now is None:
            parts.append(_left(stood, became.get(deal)))
        # Most stand as they stood: in the same cell, with the same money.
        elif stood[1:] != now[1:] or stood.head.amount != now.head.amount:
            parts += _changes(stood, now, inside)
    arrived = [deal for deal in after.deals if deal not in before.deals]
    there_before = earlier.heads(arrived)
    parts += [_arrived(after.deals[deal], there_before.get(deal)) for deal in arrived]
    if after.unowned != before.unowned:
        parts.append(BridgePart("booked", None, after.unowned - before.unowned))
    # What moved nothing and went nowhere near these months is of another page.
    named = [one for one in parts if one.amount or any(_month_of(one.deal, on) in inside for on in (before, after))]
    named.sort(key=lambda one: (BRIDGE_CHANGES.index(one.change), -abs(one.amount), one.deal or 0))
    return Bridge(before.as_of, after.as_of, months, before.total, after.total, named)


def _month_of(deal: int | None, on: Stands) -> CellMonth | None:
    return on.deals[deal].month if deal is not None and deal in on.deals else None


def _left(stood: Stand, head: DealSummary | None) -> BridgePart:
    """What became of a deal that the later day has neither in the months nor live."""
    deal = stood.head.id
    if head is None:
        return BridgePart("withdrawn", deal, -stood.adds)
    if head.id != deal:
        # Merged: what it added goes over to the other.
        return BridgePart("withdrawn", deal, -stood.adds, after=head.id)
    if head.fate != "won":
        return BridgePart("lost", deal, -stood.adds)
    if stood.place is not None:
        return BridgePart("won", deal, -stood.adds)
    # Its order is of another month than was said, or the ledger shows all that was waited for elsewhere.
    return BridgePart("moved_out", deal, -stood.adds, stood.month, won_in(head))


def _arrived(now: Stand, was: DealSummary | None) -> BridgePart:
    """What made a deal that the earlier day had neither in the months nor live."""
    deal = now.head.id
    if was is None:
        return BridgePart("new", deal, now.adds)
    if now.place is not None or was.fate != "won":
        # One that the earlier day knew as lost, or as over, came back.
        return BridgePart("reopened", deal, now.adds)
    if now.booked:
        return BridgePart("booked", deal, now.adds)
    if was.amount != now.head.amount:
        change: BridgeChange = "amount" if was.amount else "filled"
        return BridgePart(change, deal, now.adds, was.amount, now.head.amount)
    return BridgePart("moved_in", deal, now.adds, won_in(was), now.month)


def _changes(was: Stand, now: Stand, months: frozenset[CellMonth | None]) -> list[BridgePart]:
    """What happened to a deal that stood on both days. Their amounts add up to the difference."""
    deal, difference = now.head.id, now.adds - was.adds
    if was.place is None or now.place is None:
        return _changes_of_won(was, now, months)
    parts: list[BridgePart] = []
    if booked := now.booked - was.booked:
        parts.append(BridgePart("booked", deal, booked))
        difference -= booked
    parts += _moves(was, now, months, difference)
    if was.place.rank != now.place.rank:
        parts.append(BridgePart("rank", deal, 0, was.place.rank, now.place.rank))
    if (was.place.state == "fizzled") != (now.place.state == "fizzled"):
        parts.append(BridgePart("revived" if was.place.state == "fizzled" else "fizzled", deal, 0))
    return parts


def _changes_of_won(was: Stand, now: Stand, months: frozenset[CellMonth | None]) -> list[BridgePart]:
    """The same of a deal that was won on one of the days, or on both."""
    deal, difference = now.head.id, now.adds - was.adds
    if was.place is not None:
        return [BridgePart("won", deal, difference, was.month, now.month)]
    if now.place is not None:
        return [BridgePart("reopened", deal, difference, was.month, now.month)]
    if now.booked != was.booked:
        return [BridgePart("booked", deal, difference)]
    parts = _moves(was, now, months, difference)
    # What is left of a deal may be other than its amount.
    if difference and not any(part.amount for part in parts):
        parts.append(BridgePart("amount", deal, difference, was.head.amount, now.head.amount))
    return parts


def _moves(was: Stand, now: Stand, months: frozenset[CellMonth | None], difference: int) -> list[BridgePart]:
    """Another amount, another month."""
    deal, parts = now.head.id, list[BridgePart]()
    inside_before, inside_after = was.month in months, now.month in months
    if inside_before and inside_after:
        if was.head.amount != now.head.amount:
            change: BridgeChange = "filled" if was.head.amount is None else "amount"
            parts.append(BridgePart(change, deal, difference, was.head.amount, now.head.amount))
        if was.month != now.month:
            parts.append(BridgePart("moved", deal, 0, was.month, now.month))
    elif inside_before or inside_after:
        change = "moved_in" if inside_after else "overdue" if now.month == "overdue" else "moved_out"
        parts.append(BridgePart(change, deal, difference, was.month, now.month))
    return parts
