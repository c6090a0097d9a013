"""The gap pages."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.results.entries import NOTHING_LEFT_OUT, LeftOutBehind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.landing.table import LandingTable
    from nippo_cli.lessons.facts import Case
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.line.norm import Norm
    from nippo_cli.line.promised import Basis
    from nippo_cli.results.deal_status import Sign
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Schema


class GapRow(NamedTuple):
    """A finding (`gaps.finding.Finding`) with the deal it is about (None where it is about none), how long that has been
    silent (days, held ones taken off), and what else its kind had looked up for it."""

    finding: Any
    about: DealSummary | None
    silence_days: int
    detail: Any = None

    @property
    def head(self) -> DealSummary:
        """The deal, of a kind whose findings are all about one.

        Raises:
            LookupError: it is about none.
        """
        if self.about is None:
            raise LookupError("deal")
        return self.about


class DealsBehind(NamedTuple):
    """The deals behind a page's counts: the `live` ones that were looked at and those that `closed` in the window, with most money
    first, and every finding with its deal, in the order of the page. `piled` are those of a kind that counts by months, or
    adds up the ledger, by id. `cohorts` are those first met in a month (`2026-03`) that reached a stage (empty: all), each with how many
    months it took; none where there are too many. `left_out` is what the counts do not hold."""

    live: Sequence[DealSummary]
    closed: Sequence[DealSummary]
    findings: Sequence[tuple[Any, DealSummary]]
    piled: Mapping[int, DealSummary]
    cohorts: Mapping[tuple[str, str], Sequence[tuple[int, int]]] = MappingProxyType({})
    left_out: LeftOutBehind = NOTHING_LEFT_OUT


class GapPage(NamedTuple):
    """`nippo gap KIND`. `rows` are the first of `total` findings; `counted` is the kind's own count of what was looked
    at; `norms` are those that deals were held against.

    `figures` is what a kind tells beside its findings, None where it tells nothing. `left_out` counts by reason:
    `incomplete`, `rejected`, `future` of the diary, and the kind's own such as `on_hold`. `behind` has the deals that its counts open to,
    None where they don't.
    """

    kind: str
    as_of: date
    since: date
    schema: Schema
    norms: Sequence[Norm]
    rows: Sequence[GapRow]
    total: int
    counted: Any
    left_out: Mapping[str, int]
    filtered: bool
    figures: Any = None
    behind: DealsBehind | None = None


class Talk(NamedTuple):
    """A deal worth talking about: all its signs, the gravest first. `forward`: the stage that it last moved on to, and when."""

    head: DealSummary
    signs: Sequence[Sign]
    silence_days: int
    forward: tuple[str, date] | None = None


class Risk(NamedTuple):
    """Live deals and their money under one sign; each deal stands under its gravest alone, those with most money first. An
    empty `kind` is those without any. `heads` are the first of `deals`."""

    kind: str
    deals: int
    amount: int
    heads: Sequence[DealSummary] = ()


class PagePart(NamedTuple):
    """Live deals, of everyone or of one owner: their money, where it is at risk, and the deals to talk about, the first
    of `talk_total`."""

    owner: str
    deals: int
    amount: int
    risks: Sequence[Risk]
    talk: Sequence[Talk]
    talk_total: int


class GoodNews(NamedTuple):
    """What went well with a deal on a day: a move to a stage, or what an entry told."""

    head: DealSummary
    on: date
    stage: str = ""
    entry: int | None = None


class Good(NamedTuple):
    """What went well in the window: orders, the first of `orders_total` with most money; how often each stage was entered
    by a step forward, in the order of the stages; how many pushes were told early, and why. Where counts are to open, `behind` are all
    orders, `moves` the last steps forward to each stage and `notices` the early ones, the latest first."""

    orders: Sequence[DealSummary]
    orders_total: int
    orders_amount: int
    forward: Mapping[str, int]
    early_notices: int = 0
    behind: Sequence[DealSummary] = ()
    moves: Sequence[GoodNews] = ()
    notices: Sequence[GoodNews] = ()


class WholePage(NamedTuple):
    """`nippo gap`: what went well, money live and at risk, the deals to talk about, then each kind.

    `landing` is that of this month and the next two by the `basis`, None where nothing is live or ordered; `parts` is one part of
    all, or one an owner with `by_owner`; `findings` the findings of all kinds; `case` one finished deal to learn from, another each week;
    `signs` those of every live deal that has any, the gravest first; `entries_left_out` the first entries of each reason for which some
    are, where figures open.
    """

    as_of: date
    since: date
    schema: Schema
    good: Good
    parts: Sequence[PagePart]
    kinds: Sequence[GapPage]
    norms: Sequence[Norm]
    left_out: Mapping[str, int]
    filtered: bool
    by_owner: bool
    case: Case | None = None
    landing: LandingTable | None = None
    basis: Basis = "order"
    signs: Mapping[int, Sequence[Sign]] = MappingProxyType({})
    entries_left_out: Mapping[str, Sequence[EntryView]] = MappingProxyType({})

    @property
    def left_out_behind(self) -> LeftOutBehind:
        """What is behind the counts of what is left out: of each reason the deals of the kind that leaves out most,
        the first of several."""
        deals: dict[str, Sequence[DealSummary]] = {}
        for kind in self.kinds:
            apart = kind.behind.left_out if kind.behind is not None else NOTHING_LEFT_OUT
            deals = {r: of for r, of in apart.deals.items() if kind.left_out.get(r) == self.left_out.get(r)} | deals
        return LeftOutBehind(self.entries_left_out, deals)

    @property
    def opens(self) -> bool:
        """Whether its figures open to their deals."""
        return any(kind.behind is not None for kind in self.kinds)


class Change(NamedTuple):
    """A finding on two days: `new`, `gone`, `worse`, `better` or the `same`. `before` and `after` are its measures, None
    where there was no finding; `became` is the deal's outcome on the later day."""

    kind: str
    what: str
    head: DealSummary
    before: int | None
    after: int | None
    became: str


class ComparePage(NamedTuple):
    """`nippo gap --compare`: the findings of `as_of` against those of `earlier`, as known then."""

    earlier: date
    as_of: date
    schema: Schema
    kinds: Sequence[str]
    changes: Sequence[Change]
    filtered: bool
