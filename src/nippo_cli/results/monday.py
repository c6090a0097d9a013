"""`nippo report`: Monday as one page, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from nippo_cli.lessons.anonymize import NamesToHide
    from nippo_cli.lessons.facts import Case
    from nippo_cli.lessons.repeated_loss import RepeatedLoss
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.deals import DealPage
    from nippo_cli.results.gap import GapPage, Talk, WholePage
    from nippo_cli.results.landing import LandingPage
    from nippo_cli.results.remarks import Comment
    from nippo_cli.results.steps import StepsPage
    from nippo_cli.schema.schema import Schema


class Forward(NamedTuple):
    """A deal that moved on to a stage since the last meeting: when, and how many days after it last moved on, or began;
    None where nobody knows when that was."""

    head: DealSummary
    stage: str
    on: date
    after_days: int | None


class Failure(NamedTuple):
    """A deal that failed, of which something was learned, and a live deal that it fits: one that stands where that was lost, of the
    same kind, to the same rival where both name one (`repeated`); None where no live deal is like it."""

    case: Case | None
    repeated: RepeatedLoss | None
    fits: DealSummary | None


class MondayReport(NamedTuple):
    """`nippo report`. `since` is the day of the last meeting: what moved, what was decided and what went well is told since then.

    `talk` are the three deals to talk about; `forward` those that moved on, after the longest time first; `orders` those won;
    `decided` what was decided, by deal; `calls` who is to be called again; `without_amount` live deals that name no amount, the
    first of `without_amount_total`. `deals` has the page of each deal that anything here names, by owner and money, the first of
    `deals_total`. `journal` is what the journal is called. `unfolded`: the lines of the deals lie open.
    `names` is who may stand on it, for a report that names nobody; None where it names all.
    """

    as_of: date
    since: date
    schema: Schema
    journal: str
    owner: str
    customer: str
    landing: LandingPage
    whole: WholePage
    steps: StepsPage
    talk: Sequence[Talk]
    forward: Sequence[Forward]
    orders: Sequence[DealSummary]
    decided: Mapping[int, Sequence[Comment]]
    failure: Failure | None
    calls: GapPage
    without_amount: Sequence[DealSummary]
    without_amount_total: int
    deals: Sequence[DealPage]
    deals_total: int
    unfolded: bool = False
    names: NamesToHide | None = None

    @property
    def pages(self) -> Mapping[int, DealPage]:
        """The page of each deal that has one, by its id."""
        return {page.line.head.id: page for page in self.deals}

    def by_weight(self, heads: Iterable[DealSummary]) -> list[DealSummary]:
        """Deals by what the meeting needs first: those of page one, then live ones, those with most money before others."""
        named = [
            *(one.head for one in self.talk),
            *(one.head for one in self.forward),
            *self.orders,
            *self.without_amount,
        ]
        if self.failure is not None and self.failure.fits is not None:
            named.append(self.failure.fits)
        first = {head.id for head in named} | self.decided.keys()
        return sorted(heads, key=lambda head: (head.id not in first, head.fate != "live", -(head.amount or 0), head.id))
