"""A line cut off at past days: what it tells of them without being built again."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias, TypeVar

from nippo_cli.base.dates import When, read_when
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.facts import DealHistory, DealSummary, Stay
from nippo_cli.schema.schema import Schema

_T = TypeVar("_T")
# What was said, and the day since which it stands; oldest first.
Dated: TypeAlias = Sequence[tuple[date, _T]]


class Trail(NamedTuple):
    """A deal's stays and what was promised on the way. It may know more than a day it is asked about: `days` are the
    places, in whatever list of days was asked for, of those that it tells of; customer, kind, owner and source are
    the same on all of them. `closes` holds dates as they are stored (`when.read_when`)."""

    deal: int
    customer: str
    kind: str
    owner: str
    source: str
    stays: Sequence[Stay]
    amounts: Dated[int]
    closes: Dated[str]
    ranks: Dated[str]
    days: Sequence[int]


class LiveDealAt(NamedTuple):
    """A live deal as it stood at the end of a day: its stage, its amount (smallest unit) and confidence, and the
    expected close that it promised."""

    deal: int
    stage: str
    amount: int | None
    closes: When | None
    confidence: str
    owner: str
    kind: str
    source: str
    customer: str


def upto(said: Dated[_T], on: date) -> _T | None:
    """What stood at the end of a day; None where nothing had been said."""
    return next((value for since, value in reversed(said) if since <= on), None)


def stage_at(stays: Sequence[Stay], schema: Schema, on: date) -> str | None:
    """The stage that a live deal was in at the end of a day, `""` where nobody knows which; None where it had not begun, or had
    ended."""
    by_key = schema.stage_by_key
    stood: str | None = None
    for stay in reversed(stays):
        if stay.entered_on > on:
            continue
        stood = stay.stage if stood is None else stood
        stage = by_key.get(stay.stage)
        # A stage after `won` neither ends a deal nor reopens it.
        if stage is None or not stage.after:
            return None if stage is not None and stage.ends else stood
    return stood


def is_order(left: Stay, reached: Stay, schema: Schema) -> bool:
    """Whether the move from one stay to the next won the deal: out of `lost` too, or out of a stage that nobody knows, but not
    from a stage behind the order back to it."""
    by_key = schema.stage_by_key
    if (stage := by_key.get(reached.stage)) is None or stage.ends != "won":
        return False
    before = by_key.get(left.stage)
    return reached.step > 0 or not left.stage or (before is not None and before.ends == "lost")


def deal_at(trail: Trail, schema: Schema, on: date) -> LiveDealAt | None:
    """The deal at the end of a day that its trail tells of; None where it was not live."""
    stage = stage_at(trail.stays, schema, on)
    if stage is None:
        return None
    closes = upto(trail.closes, on)
    return LiveDealAt(
        trail.deal,
        stage,
        upto(trail.amounts, on),
        read_when(closes) if closes else None,
        upto(trail.ranks, on) or "",
        trail.owner,
        trail.kind,
        trail.source,
        trail.customer,
    )


def trail_of(line: DealHistory, days: Sequence[int]) -> Trail:
    """The trail of a line that was built for one day, or of one that nothing happened to since."""
    head = line.head
    return of_head(head, line.stays, days)


def of_head(head: DealSummary, stays: Iterable[Stay], days: Sequence[int]) -> Trail:
    """A trail that says of all its days what the head says."""
    always = date.min
    return Trail(
        head.id,
        head.customer,
        head.kind,
        head.owner,
        head.source,
        tuple(stays),
        ((always, head.amount),) if head.amount is not None else (),
        ((always, str(head.closes)),) if head.closes else (),
        ((always, head.confidence),) if head.confidence else (),
        days,
    )
