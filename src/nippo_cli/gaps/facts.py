"""The facts that a gap may ask for: what the journal knew on a day, of the deals that are asked about.

Nothing is read until it is asked for, and nothing twice. `journal/facts/` answers for a journal, by SQL; a test may answer
by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Mapping, Sequence
    from datetime import date

    from nippo_cli.base.dates import When
    from nippo_cli.base.progress import Progress
    from nippo_cli.line.facts import BallTurn, DealHistory, DealSummary, Promise, Revisit, Stay, StayArrival
    from nippo_cli.line.metrics import Metric, MetricKind
    from nippo_cli.line.norm import Norms
    from nippo_cli.line.promised import Basis, MonthMoney, Promised, Target
    from nippo_cli.line.span import ClosedDays, Hold
    from nippo_cli.schema.schema import Schema


class LiveStay(NamedTuple):
    """The stay that a live deal is in, as much of it as a question about stays needs. `id` is the deal's; `arrival` how it came there."""

    id: int
    stage: str
    kind: str
    entered_on: date
    amount: int | None
    holds: tuple[Hold, ...]
    arrival: StayArrival = "known"


class Contact(NamedTuple):
    """A contact with the customer: its day and its entry."""

    on: date
    entry: int


class WonDeal(NamedTuple):
    """A won deal, as much of it as a question about after-care needs. `id` is the deal's; `heard_on` the day of the last
    contact, or the first day in the stage that it is in (that of the order where it never left `won`), if that is later. `is_listed`:
    a list alone tells of its order, so that whether anybody was spoken to since is not known."""

    id: int
    stage: str
    kind: str
    customer: str
    heard_on: date
    amount: int | None
    holds: tuple[Hold, ...]
    is_listed: bool = False


def won_deal_of(head: DealSummary) -> WonDeal:
    """A won deal as after-care sees it."""
    heard_on = max(head.entered_on, head.heard_on or head.entered_on)
    is_listed = head.arrival != "known" and heard_on == head.entered_on
    return WonDeal(head.id, head.stage, head.kind, head.customer, heard_on, head.amount, head.holds, is_listed)


class EntryText(NamedTuple):
    """What an entry told: its day, its facts as they were written, the choice given as why a date was put off, the activity, and why
    the deal was lost; choices by their keys of today."""

    entry: int
    on: date
    facts: str
    push_reason: str | None
    activity: str = ""
    lost_reasons: tuple[str, ...] = ()


# What a row of the ledger is. An advance (前受金) is money that came before the goods: it is never revenue.
SaleKind: TypeAlias = Literal["sale", "advance"]


class Sale(NamedTuple):
    """A row of the real ledger. `deal` is the one that it belongs to, through merges: named by the row or confirmed by a
    person; None where there is none. `names` says that the row itself names a deal.

    `amount` is without tax where nippo took one off: `gross` is then what the row said, `tax` the rate (`base.tax`)."""

    id: int
    on: date
    customer: str
    amount: int
    deal: int | None
    reference: str
    note: str
    names: bool = False
    kind: SaleKind = "sale"
    gross: int | None = None
    tax: int = 0


class Match(NamedTuple):
    """What a person said of a sale and a deal: that they belong together, or (`confirmed` false) that they never do."""

    id: int
    sale: int
    deal: int
    confirmed: bool


class Order(NamedTuple):
    """A won deal, as much of it as a question about its revenue needs. `id` is the deal's; `billed_to` whom the invoice goes
    to and `site` the plant, where the diary says it."""

    id: int
    stage: str
    customer: str
    won_on: date
    accepts: When | None
    kind: str
    amount: int | None
    billed_to: str = ""
    site: str = ""


class PlannedCall(NamedTuple):
    """A call that an entry of a lost deal plans: the deal, the day, what is written of it, and the entry."""

    deal: int
    on: date
    text: str
    entry: int | None


class DealDay(NamedTuple):
    """A deal, and a day of it."""

    deal: int
    on: date


class CallFacts(Protocol):
    """Who is to be called again, of the deals and customers that are asked about."""

    def revisits(self) -> Sequence[Revisit]:
        """The days that stand on which a deal or a customer is to be called again, the soonest first."""

    def planned(self, first: date, last: date) -> Sequence[PlannedCall]:
        """The next steps of lost deals whose first day lies within, both ends included."""

    def next_year(self) -> Sequence[PlannedCall]:
        """Deals lost in the last two years whose closing entry puts something off to next year, with the first day of that."""

    def worn_out(self, first: date, last: date) -> Sequence[DealDay]:
        """The won deals whose lifetime ends within, and the day on which it does."""

    def met_again(self) -> Sequence[DealDay]:
        """The lost deals with an amount that were met in the window after their loss, and the day of the last contact."""


class GapLedgerFacts(Protocol):
    """The real ledger of the day. Where only some deals are asked about, a sale counts if it belongs to one of them; one that
    belongs to none counts by its customer alone, and where owners or stages are asked about not at all."""

    @property
    def apart(self) -> Container[str]:
        """The names of customers of which two legal forms are known, as `same_customer` asks for them."""

    def sales(self, since: date | None = None) -> Sequence[Sale]:
        """What is revenue: the ledger's rows dated from `since` to `as_of` but advances, oldest first."""

    def advances(self, since: date | None = None) -> Sequence[Sale]:
        """The advances dated from `since` to `as_of`, oldest first."""

    def unowned(self, since: date) -> int:
        """How many sales from a day on are left aside because they belong to no deal."""

    def advances_of(self, deals: Collection[int]) -> Mapping[int, Sequence[Sale]]:
        """All advances of these deals dated up to `as_of`, oldest first; a deal without any is left out."""

    def sales_of(self, deals: Collection[int]) -> Mapping[int, Sequence[Sale]]:
        """All sales of these deals dated up to `as_of`, oldest first; a deal without any is left out."""

    def matches(self) -> Sequence[Match]:
        """All that people said of sales and deals and stands, oldest first."""

    def uninvoiced(self, since: date, before: date) -> tuple[Sequence[Order], int]:
        """Won deals closed before a day that no sale belongs to: those closed since another, or with an acceptance
        promised for then or later; and how many there are besides."""

    def targets(self) -> Sequence[Target]:
        """The targets that stand, the last recorded of each owner and month; by month, then by owner."""

    def by_month(self) -> Mapping[int, int]:
        """The ledger's total of each month that has any, by the month's number."""

    def by_cohort(self) -> Mapping[tuple[str, int], int]:
        """What the ledger shows of deals begun in a month: by the month of their first contact (`2026-03`) and the months
        from then to the sale (0 for an earlier one)."""


class GapFacts(Protocol):
    """A day, the window before it, and the journal as it stood then.

    `since` and `as_of` are the window's ends, both in it; `min_stay` (days) leaves out shorter stays; `filtered` says
    whether only some deals are asked about.
    """

    @property
    def as_of(self) -> date:
        """The day that is asked about."""

    @property
    def since(self) -> date:
        """The window's first day."""

    @property
    def min_stay(self) -> int:
        """The shortest stay that is asked for, in days."""

    @property
    def basis(self) -> Basis:
        """What months are filled with."""

    @property
    def filtered(self) -> bool:
        """Whether some deals are left aside."""

    @property
    def stage(self) -> str | None:
        """The stage to look at closely, for a kind that asks which (`GapKind.asks_stage`)."""

    @property
    def schema(self) -> Schema:
        """The schema in force."""

    @property
    def norms(self) -> Norms:
        """The norms and the quiet limit of the day."""

    @property
    def rest(self) -> ClosedDays:
        """The schema's closed days."""

    @property
    def ledger(self) -> GapLedgerFacts:
        """The real ledger."""

    @property
    def calls(self) -> CallFacts:
        """Who is to be called again."""

    def live_stays(self) -> Iterable[LiveStay | DealSummary]:
        """The stay of every live deal."""

    def live(self) -> Sequence[DealSummary]:
        """Every live deal."""

    def closed(self, fate: str, since: date | None = None) -> Sequence[DealSummary]:
        """Deals won or lost (`won`, `lost`), closed on `since` or later."""

    def heads(self, deals: Collection[int]) -> Mapping[int, DealSummary]:
        """The deals of these ids."""

    def lines(self, deals: Collection[int]) -> Mapping[int, DealHistory]:
        """The whole lines of these deals."""

    def stays(self, deals: Collection[int]) -> Mapping[int, Sequence[Stay]]:
        """The stays of these deals, in order: cheaper than whole lines."""

    def balls(self, deals: Collection[int]) -> Mapping[int, Sequence[BallTurn]]:
        """Who had to move next in each of these deals, one turn after the other; none where nothing says so."""

    def contacts(self, deals: Collection[int]) -> Mapping[int, Sequence[Contact]]:
        """The contacts of these deals, oldest first; entries of one meeting are one."""

    def forward(self) -> Mapping[str, int]:
        """How often a stage was entered by a step forward within the window, by stage; a loss is none."""

    def counters(self, what: MetricKind) -> Mapping[Metric, int]:
        """What all lines add up to of one kind; of the deals asked about alone where `filtered`."""

    def counters_of_all(self, what: MetricKind) -> Mapping[Metric, int]:
        """What all lines add up to of one kind, whichever deals are asked about: what deals are held against."""

    def live_of_all(self) -> Sequence[DealSummary]:
        """Every live deal, whichever are asked about."""

    def closes(self, deals: Collection[int]) -> Mapping[int, Sequence[Promise]]:
        """The expected closes that were promised of these deals, oldest first."""

    def entry_texts(self, entries: Collection[int]) -> Mapping[int, EntryText]:
        """What these entries told; those not known are left out."""

    def won_deals(self) -> Iterable[WonDeal]:
        """Every won deal."""

    def last_contacts(self, since: date) -> Mapping[str, date]:
        """The last contact of each customer who was met on `since` or later, in a deal or in none, whichever deals are
        asked about; by `customers.by_contact_keys`."""

    def orders(self, since: date) -> Sequence[MonthMoney]:
        """The orders from a day on, each in its month, and no more of their deals."""

    def promised_for(self, months: Sequence[int], progress: Progress | None = None) -> Mapping[int, Sequence[Promised]]:
        """What was promised for each of these months, by their numbers (ascending), on the day before it began: the live
        deals whose expected close, or its last day, lay in it."""

    def became(self, deals: Collection[int]) -> Mapping[int, DealSummary]:
        """What each of these deals is today: its head, or that of the deal that it was merged into; one that was taken
        back is left out."""
