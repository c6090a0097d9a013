"""Deals: one, several, a customer's, and the count of all."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.base.person_names import Tenure
    from nippo_cli.lessons.precedents import Like
    from nippo_cli.lessons.repeated_loss import RepeatedLoss
    from nippo_cli.line.facts import DealHistory, DealRecord, DealSummary, Outcome, Review, Revisit
    from nippo_cli.line.norm import Quiet
    from nippo_cli.results.deal_status import DealRow, DealStatus, Sign
    from nippo_cli.results.entries import EntryView, Version
    from nippo_cli.results.remarks import Comment
    from nippo_cli.schema.schema import Currency, Schema


class Precedents(NamedTuple):
    """Past deals of the same kind that stood in the same `stage` when they were as old (`age_days` since the first
    contact), with a similar amount and silence: by fate, all of them in `alike`, the nearest first, and the nearest by
    name. They are looked for among the `looked_at` deals that ended last, at most `most`."""

    age_days: int
    stage: str
    amount: int | None
    silence_days: int
    fates: Mapping[Outcome, int]
    alike: Sequence[Like]
    nearest: Sequence[tuple[Like, DealSummary]]
    looked_at: int
    most: int

    @property
    def n(self) -> int:
        """How many there are."""
        return sum(self.fates.values())


class DealPage(NamedTuple):
    """A deal's whole line, oldest point first; those dated after `as_of` come last and are in no line. `children` are the
    deals begun from it (up-sells); `corrections` are the later versions of its entries, by entry id, oldest first;
    `comments` those on them; `signs` what the gaps find of it (`gap.Sign`); `reviews` what was learned of it, oldest first:
    the last one counts; `precedents` what became of others like it, where it is live; `revisit` when the
    customer is to be called again; `lesson` a loss that it may repeat."""

    as_of: date
    schema: Schema
    status: DealStatus
    record: DealRecord
    line: DealHistory
    points: Sequence[EntryView]
    quiet: Quiet
    parent: DealSummary | None
    children: Sequence[DealSummary]
    corrections: Mapping[int, Sequence[Version]] = MappingProxyType({})
    comments: Sequence[Comment] = ()
    signs: Sequence[Sign] = ()
    reviews: Sequence[Review] = ()
    precedents: Precedents | None = None
    revisit: Revisit | None = None
    lesson: RepeatedLoss | None = None

    @property
    def givers(self) -> list[str]:
        """Whose the deal was before each of its handovers."""
        return [self.points[0].author, *(one.owner for one in self.record.handovers)][:-1]


class DealLine(NamedTuple):
    """A deal as a timeline draws it: its whole line, its entries, oldest first, and the deals begun from it."""

    as_of: date
    schema: Schema
    status: DealStatus
    line: DealHistory
    points: Sequence[EntryView]
    children: Sequence[DealSummary]


class TimelinePage(NamedTuple):
    """Several lines on one axis, in the order asked for; `aligned` puts each at its own day 0."""

    as_of: date
    schema: Schema
    lines: Sequence[DealLine]
    aligned: bool


Asked = Literal["live", "all", "some"]


class DealList(NamedTuple):
    """Deals, those that matter most first. `total` counts all that match. `asked`: for the live ones, for all, or for
    some of these. Of a long list that is to be drawn `rows` has as much as a table says, in place of `deals`."""

    as_of: date
    schema: Schema
    deals: Sequence[DealStatus]
    total: int
    asked: Asked = "some"
    rows: Sequence[DealRow] = ()


class LeadTime(NamedTuple):
    """Days from the first entry to the closing one. None of nothing."""

    n: int
    median: float | None
    mean: float | None


_NO_DEALS: Mapping[Outcome, Sequence[DealSummary]] = MappingProxyType({})


class Summary(NamedTuple):
    """All deals counted: four fates that add up to `deals`. `win_rate` is won over won and lost (None of nothing);
    amounts are in the currency's smallest unit, those unknown counted in `without_amount`. `narrowed` to an owner, a
    customer or a stage; `behind` has the deals of each fate where figures are to open to them."""

    as_of: date
    currency: Currency
    deals: int
    fates: Mapping[Outcome, int]
    win_rate: float | None
    lead_time: Mapping[Literal["won", "lost"], LeadTime]
    amounts: Mapping[Outcome, int]
    without_amount: int
    quiet: Quiet
    narrowed: bool = False
    behind: Mapping[Outcome, Sequence[DealSummary]] = _NO_DEALS


class Person(NamedTuple):
    """Someone met: as last written, with the days of the first and the last meeting; every title since the day on which it was
    first written; who wrote the entries; an entry of each meeting, the latest first (`met_in`). Of one of whom records tell also
    all names, where they are and were, the last place last, which of these the page is about (`here`), and from which customer
    they came there."""

    name: str
    title: str
    decides: bool | None
    first_met_on: date
    last_met_on: date
    entries: int
    customer: str = ""
    titles: Sequence[tuple[str, date]] = ()
    met_by: Sequence[str] = ()
    names: Sequence[str] = ()
    places: Sequence[Tenure] = ()
    here: Tenure | None = None
    came_from: str = ""
    met_in: Sequence[int] = ()


class CustomerPage(NamedTuple):
    """All of a customer: live deals first, those of others that are billed to it, people, the latest contacts. Amounts won are
    summed; `revisit` is when the customer itself is to be called again. `met` are the entries of people's meetings, by id, where these are
    to open."""

    as_of: date
    schema: Schema
    name: str
    deals: Sequence[DealStatus]
    people: Sequence[Person]
    contacts: Sequence[EntryView]
    total_contacts: int
    last_contact_on: date | None
    won_amount: int
    revisit: Revisit | None = None
    billed: Sequence[DealStatus] = ()
    contact_unknown: bool = False
    met: Mapping[int, EntryView] = MappingProxyType({})


class PrecedentsPage(NamedTuple):
    """A deal and the nearest of its precedents, each a whole line."""

    as_of: date
    schema: Schema
    deal: DealSummary
    precedents: Precedents | None
    lines: Sequence[DealLine]
