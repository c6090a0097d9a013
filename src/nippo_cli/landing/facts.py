"""The facts that a landing may ask for: what the journal knew on a day, of the deals that are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.promised import MonthMoney

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from nippo_cli.base.progress import Progress
    from nippo_cli.line.facts import DealAt, DealSummary
    from nippo_cli.line.metrics import Metric, MetricKind
    from nippo_cli.line.norm import Norms
    from nippo_cli.line.promised import Promised, Target
    from nippo_cli.line.span import ClosedDays
    from nippo_cli.schema.schema import Schema


class Declaration(NamedTuple):
    """What somebody said would be sold in a month, by its number: an owner of their own, or (`team`) a lead for all.
    `known_on` is the day on which it was said."""

    id: int
    month: int
    owner: str
    amount: int
    team: bool
    note: str
    known_on: date


class Backlog(NamedTuple):
    """A won deal that is not yet invoiced in full: what is left of it, and the month and last day of its promised
    acceptance (None where none was promised)."""

    deal: int
    remaining: int
    month: int | None
    accepts_last: date | None


class Revenue(NamedTuple):
    """A row of the ledger: the month of its day, and the deal that it belongs to, if any. `advance`: money taken before the
    acceptance (着手金・前受金), which is no revenue."""

    month: int
    amount: int
    deal: int | None
    customer: str
    advance: bool = False


def sold_money(rows: Iterable[Revenue]) -> Iterator[MonthMoney]:
    """What of the ledger's rows is revenue: all but advances."""
    return (MonthMoney(row.month, row.deal, row.amount) for row in rows if not row.advance)


class LandingFacts(Protocol):
    """A day, and the journal as it stood then."""

    @property
    def as_of(self) -> date:
        """The day that is asked about."""

    @property
    def filtered(self) -> bool:
        """Whether some deals are left aside."""

    @property
    def schema(self) -> Schema:
        """The schema in force."""

    @property
    def norms(self) -> Norms:
        """The norms and the quiet limit of the day."""

    @property
    def quiet_days(self) -> int:
        """The quiet limit of the day."""

    @property
    def rest(self) -> ClosedDays:
        """The schema's closed days."""

    def live(self) -> Sequence[DealSummary]:
        """Every live deal."""

    def closed(self, fate: str, since: date | None = None) -> Sequence[DealSummary]:
        """Deals won or lost (`won`, `lost`), closed on `since` or later."""

    def placed_live(self) -> Sequence[DealAt | DealSummary]:
        """Every live deal, and as much of it as says where its money stands."""

    def placed_won(self, since: date) -> Sequence[DealAt | DealSummary]:
        """The deals won on `since` or later, and as much of them as says where their money stands."""

    def heads(self, deals: Collection[int]) -> Mapping[int, DealSummary]:
        """The deals of these ids."""

    def became(self, deals: Collection[int]) -> Mapping[int, DealSummary]:
        """What each of these deals is on the day: its head, or that of the deal that it was merged into; one that was taken
        back is left out."""

    def ordered(self, since: date) -> Mapping[int, int]:
        """What was ordered in each month from a day on, by its number."""

    def won_months(self, deals: Collection[int], first: int) -> Mapping[int, int]:
        """The month that each of these deals was won in, through merges; of those that were won in a first month or later."""

    def counters_of_all(self, what: MetricKind) -> Mapping[Metric, int]:
        """What all lines add up to of one kind, whichever deals are asked about."""

    def ranks_closed(self) -> Mapping[Metric, int]:
        """The rank that each closed deal had some while before its end (`rank` of `line.metrics`), whosever; of all deals."""

    def promised_for(self, months: Sequence[int], progress: Progress | None = None) -> Mapping[int, Sequence[Promised]]:
        """What was promised for each of these months on the day before it began, as known then."""

    def fizzled_then(
        self, promised: Mapping[int, Sequence[Promised]], progress: Progress | None = None
    ) -> Mapping[int, Collection[int]]:
        """The fizzled among the deals promised for each month, on the day before it began and as known then."""

    def targets(self) -> Sequence[Target]:
        """The targets that stand, whosever they are."""

    def declarations(self) -> Sequence[Declaration]:
        """All declarations, oldest first."""

    def revenue(self, since: date) -> Sequence[Revenue]:
        """The ledger's rows dated from a day on, advances among them, oldest first."""

    def backlog(self) -> Sequence[Backlog] | None:
        """Won deals of the last year that are not yet invoiced in full; None where there is no ledger."""
