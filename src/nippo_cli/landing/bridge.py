"""The bridge: what made the months' sum on one day the sum on another, deal by deal, to the yen."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias, get_args

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.landing.cells import LiveCell, LiveCells
from nippo_cli.landing.facts import LandingFacts
from nippo_cli.landing.parts import whole_part
from nippo_cli.landing.shares import RankRecord
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.promised import won_in

# What happened to a deal, in the order in which a bridge names it.
BridgeChange: TypeAlias = Literal[
    "new", "won", "lost", "withdrawn", "reopened", "filled", "amount", "moved_in", "moved_out", "moved", "overdue", "rank",
    "fizzled", "revived",
]  # fmt: skip
BRIDGE_CHANGES: tuple[BridgeChange, ...] = get_args(BridgeChange)


class Stand(NamedTuple):
    """A deal on a day: its place if it was live, the month of its order if it was won; what it adds to the months' sum."""

    head: DealSummary
    place: LiveCell | None
    won_in: int | None
    adds: int


class BridgePart(NamedTuple):
    """What happened to a deal, and by how much it moves the sum (0 for what moves nothing, such as another rank). `before`
    and `after`: the months, ranks or amounts that it went from and to, where the change is of one."""

    change: BridgeChange
    deal: int
    amount: int
    before: object = None
    after: object = None


class Bridge(NamedTuple):
    """From the sum of one day to that of another: ordered in these months, or live and promised for them (the fizzled and
    those on hold among them)."""

    since: date
    until: date
    months: Sequence[int]
    before: int
    after: int
    parts: Sequence[BridgePart]


def stands(facts: LandingFacts, months: Sequence[int], record: RankRecord) -> Mapping[int, Stand]:
    """Every deal that was live on the day, or won in the months."""
    inside = frozenset(months)
    part = whole_part(facts, months, "order")
    cells = LiveCells(facts, part.live, record, "order")
    by_deal: dict[int, Stand] = {}
    for place, heads in cells.deals.items():
        for head in heads:
            by_deal[head.id] = Stand(head, place, None, (head.amount or 0) if place.month in inside else 0)
    for head in part.won:
        month = won_in(head)
        by_deal[head.id] = Stand(head, None, month, (head.amount or 0) if month in inside else 0)
    return by_deal


def bridge(
    earlier: LandingFacts, later: LandingFacts, months: Sequence[int], before: Mapping[int, Stand],
    after: Mapping[int, Stand],
) -> Bridge:  # fmt: skip
    """What happened between two days.

    Args:
        before: how the deals stood on the earlier day (`stands`), by their ids.
        after: the same of the later day.
    """
    became = later.became(before.keys() - after.keys())
    parts: list[BridgePart] = []
    for deal, stood in before.items():
        if deal in after:
            parts += _changes(stood, after[deal], frozenset(months))
        elif (head := became.get(deal)) is None:
            parts.append(BridgePart("withdrawn", deal, -stood.adds))
        elif head.id == deal:
            parts.append(BridgePart("won" if head.fate == "won" else "lost", deal, -stood.adds))
        else:
            # Merged: what it added goes over to the other.
            parts.append(BridgePart("withdrawn", deal, -stood.adds, after=head.id))
    arrived = [deal for deal in after if deal not in before]
    there_before = earlier.heads(arrived)
    for deal in arrived:
        # One that the earlier day knew as lost came back.
        parts.append(BridgePart("reopened" if deal in there_before else "new", deal, after[deal].adds))
    # What moved nothing and went nowhere near these months is of another page.
    named = [one for one in parts if one.amount or _inside(one.deal, before, after, frozenset(months))]
    named.sort(key=lambda one: (BRIDGE_CHANGES.index(one.change), -abs(one.amount), one.deal))
    return Bridge(
        earlier.as_of, later.as_of, months, sum(one.adds for one in before.values()),
        sum(one.adds for one in after.values()), named,
    )  # fmt: skip


def _inside(deal: int, before: Mapping[int, Stand], after: Mapping[int, Stand], months: frozenset[int]) -> bool:
    """Whether a deal stood in the months on either day."""
    for stood in (before.get(deal), after.get(deal)):
        if stood is not None and (stood.won_in in months or (stood.place and stood.place.month in months)):
            return True
    return False


def _changes(was: Stand, now: Stand, months: frozenset[int]) -> list[BridgePart]:
    """What happened to a deal that stood on both days. Their amounts add up to the difference."""
    deal, difference = now.head.id, now.adds - was.adds
    if was.place is None or now.place is None:
        if was.place is not None:
            return [BridgePart("won", deal, difference, was.place.month, now.won_in)]
        if now.place is not None:
            return [BridgePart("reopened", deal, difference, was.won_in, now.place.month)]
        return [BridgePart("amount", deal, difference, was.head.amount, now.head.amount)] if difference else []
    parts: list[BridgePart] = []
    inside_before, inside_after = was.place.month in months, now.place.month in months
    if inside_before and inside_after:
        if was.head.amount != now.head.amount:
            change: BridgeChange = "filled" if was.head.amount is None else "amount"
            parts.append(BridgePart(change, deal, difference, was.head.amount, now.head.amount))
        if was.place.month != now.place.month:
            parts.append(BridgePart("moved", deal, 0, was.place.month, now.place.month))
    elif inside_before or inside_after:
        change = "moved_in" if inside_after else "overdue" if now.place.month == "overdue" else "moved_out"
        parts.append(BridgePart(change, deal, difference, was.place.month, now.place.month))
    if was.place.rank != now.place.rank:
        parts.append(BridgePart("rank", deal, 0, was.place.rank, now.place.rank))
    if (was.place.state == "fizzled") != (now.place.state == "fizzled"):
        parts.append(BridgePart("revived" if was.place.state == "fizzled" else "fizzled", deal, 0))
    return parts
