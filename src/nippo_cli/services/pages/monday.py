"""`nippo report`: Monday's page from what the other pages say, and the deals that it names."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.errors import msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.unlinked import Unlinked
from nippo_cli.landing.bridge import Bridge
from nippo_cli.lessons.anonymize import NamesToHide
from nippo_cli.line.promised import Basis
from nippo_cli.results.monday import Failure, Forward, MondayReport
from nippo_cli.services.context import GapQuery, Scope, Workspace, begins, reading, within
from nippo_cli.services.gaps import whole_of
from nippo_cli.services.landing import LandingQuery, landing_of
from nippo_cli.services.pages.deals import pages_of
from nippo_cli.services.pages.names_to_hide import names_to_hide
from nippo_cli.services.pages.past_losses import PastLosses
from nippo_cli.services.pages.steps import StepsAsked, steps_of

if TYPE_CHECKING:
    from nippo_cli.journal.read import DealScope, JournalReader
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.results.gap import GapRow, WholePage
    from nippo_cli.results.landing import LandingPage
    from nippo_cli.results.remarks import Comment

ROWS_A_KIND = 4
_TALK, _WITHOUT_AMOUNT = 3, 10
# Of so many live deals, those with most money, it is asked whether a loss is being repeated.
_AMONG = 30
# So many deals of a stage stand behind its figures.
_BEHIND = 100
# More deals than this have no section of their own, and are counted.
_MOST_DEALS = 1000


class ReportQuery(NamedTuple):
    """What is asked. `since` is the day of the last meeting as typed: None is the last Monday before the day. `limit` is how many
    findings of a kind are named (0: all); `anonymous`: names are to be replaced, and who may stand there is looked up; `opens`: its
    figures are to open to their deals; `basis`: what months are filled with."""

    scope: Scope = Scope()
    since: str | None = None
    limit: int = ROWS_A_KIND
    anonymous: bool = False
    opens: bool = False
    basis: Basis = "order"


def monday_report(workspace: Workspace, asked: ReportQuery) -> MondayReport:
    """Monday's page of the day, and all that it opens to.

    Raises:
        UsageError: the day of the last meeting can't be read, or is not before the day that is asked about.
        NotFound, Ambiguous: no owner or customer, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        report, order = _with_deals(reader, as_of, _without_deals(reader, as_of, asked, workspace.places.name))
        if not asked.anonymous:
            return report
        workspace.notices.append(msg("story.read_first"))
        return _nameless(reader, as_of, report, order[_MOST_DEALS:])


def _without_deals(reader: "JournalReader", as_of: "AsOf", asked: ReportQuery, journal: str) -> MondayReport:
    """All that the page says, before it is known which deals it names."""
    compared = begins(reader, as_of, asked.since).isoformat() if asked.since is not None else None
    query = LandingQuery(basis=asked.basis, scope=asked.scope, compare=compared, unit=0, opens=True)
    landing = landing_of(reader, as_of, query)
    since = landing.bridge.since if landing.bridge is not None else as_of.on
    # Whoever stands behind a figure of a nameless page would have to be named there.
    opens = asked.opens and not asked.anonymous
    whole = whole_of(reader, as_of, GapQuery(scope=asked.scope, basis=asked.basis, opens=opens), limit=asked.limit)
    steps = StepsAsked(owner=asked.scope.owner, customer=asked.scope.customer)
    picked = within(reader, as_of, asked.scope)
    live = _live_behind(whole) or list(reader.heads(as_of, live=True, **picked))
    landing = _sharing(landing, live)
    lacking = sorted(landing.table.without_amount.deals)
    return MondayReport(
        as_of=as_of.on,
        since=since,
        schema=landing.schema,
        journal=journal,
        owner=picked["owner"] or "",
        customer=picked["customer"] or "",
        landing=landing,
        whole=whole,
        steps=steps_of(reader, as_of, steps, opens=_BEHIND if opens else 0),
        talk=[talk for part in whole.parts for talk in part.talk][:_TALK],
        forward=_forward(reader, as_of, live, since),
        orders=_orders(reader, as_of, since, picked),
        decided=_decided(reader, as_of, since, picked),
        failure=_failure(reader, as_of, live, whole),
        calls=next(kind for kind in whole.kinds if kind.kind == "revisit"),
        without_amount=list(reader.heads(as_of, ids=lacking[:_WITHOUT_AMOUNT])),
        without_amount_total=len(lacking),
        deals=(),
        deals_total=0,
    )


def _with_deals(
    reader: "JournalReader", as_of: "AsOf", report: MondayReport
) -> "tuple[MondayReport, Sequence[DealSummary]]":
    """The report with the pages of the deals that it names, of the weightiest of them; and all of these."""
    named = set(_named(report))
    known = {head.id: head for head in _live_behind(report.whole) if head.id in named}
    order = report.by_weight([*known.values(), *reader.heads(as_of, ids=sorted(named - known.keys()))])
    shown = sorted(order[:_MOST_DEALS], key=lambda h: (h.owner, h.fate != "live", -(h.amount or 0), h.id))
    pages = pages_of(reader, as_of, [head.id for head in shown])
    signed = [page._replace(signs=report.whole.signs.get(page.line.head.id, ())) for page in pages]
    return report._replace(deals=signed, deals_total=len(order)), order


def _sharing(landing: "LandingPage", live: "Sequence[DealSummary]") -> "LandingPage":
    """The landing with the same live deals as the rest of the page, so that some thousands are held once."""
    known = {head.id: head for head in live}
    heads, outside = (
        {deal: known.get(head.id, head) for deal, head in of.items()} for of in (landing.heads, landing.outside)
    )
    return landing._replace(heads=heads, outside=outside)


def _live_behind(whole: "WholePage") -> "Sequence[DealSummary]":
    """Every live deal, where the figures of the page open to them."""
    return next((kind.behind.live for kind in whole.kinds if kind.behind is not None), ())


def _nameless(
    reader: "JournalReader", as_of: "AsOf", report: MondayReport, others: "Sequence[DealSummary]"
) -> MondayReport:
    """The report with all names that it is to hide, and without what could be looked up.

    Args:
        others: deals that it names and has no page of.
    """
    at_risk = (head for part in report.whole.parts for risk in part.risks for head in risk.heads)
    names = _names(reader, as_of, report, [*report.landing.heads.values(), *others, *at_risk, *report.steps.longest])
    kinds = [kind._replace(rows=[_without_references(row) for row in kind.rows]) for kind in report.whole.kinds]
    return report._replace(
        names=names,
        landing=report.landing._replace(bridge=_without_merges(report.landing.bridge)),
        whole=report.whole._replace(kinds=kinds),
    )


def _without_merges(crossed: Bridge | None) -> Bridge | None:
    """A bridge that names no deal that another was merged into: it goes by its number alone."""
    if crossed is None:
        return None
    parts = [part._replace(after=None) if part.change == "withdrawn" else part for part in crossed.parts]
    return crossed._replace(parts=parts)


def _without_references(row: "GapRow") -> "GapRow":
    """A finding whose sales have no reference and no note: by an invoice's number whoever it went to can be looked up."""
    if not isinstance(row.finding, Unlinked):
        return row
    sales = tuple(sale._replace(reference="", note="") for sale in row.finding.sales)
    return row._replace(finding=row.finding._replace(sales=sales))


def _names(reader: "JournalReader", as_of: "AsOf", report: MondayReport, named: Iterable["DealSummary"]) -> NamesToHide:
    """Who may stand on it beside the people of its deals: the other deals that are named, who decided and who has to carry it out,
    customers of the ledger."""
    comments = [one for of_deal in report.decided.values() for one in of_deal]
    findings = [row.finding for kind in report.whole.kinds for row in kind.rows]
    return names_to_hide(
        reader, as_of, report.deals, named,
        customers=[str(name) for one in findings if (name := getattr(one, "customer", ""))],
        reps=[name for one in comments for name in (one.author, one.who)] + [one.owner for one in report.landing.declarations],
        beside=report._replace(deals=()),
    )  # fmt: skip


def _forward(reader: "JournalReader", as_of: "AsOf", live: Iterable["DealSummary"], since: date) -> list[Forward]:
    """The live deals that moved on since the last meeting, after the longest time first, those last of which nobody knows since
    when they had stood where they were."""
    heads = {head.id: head for head in live if since < head.entered_on <= as_of.on}
    moves = []
    for deal, stays in reader.line_reader(as_of).stays(sorted(heads)).items():
        steps = [stay.entered_on for stay in stays if stay.step > 0]
        if steps and steps[-1] > since and stays[-1].step > 0:
            before = steps[-2] if len(steps) > 1 else stays[0].entered_on
            known = all(stay.arrival != "unknown" for stay in stays if stay.entered_on >= before)
            moves.append(Forward(heads[deal], stays[-1].stage, steps[-1], (steps[-1] - before).days if known else None))
    return sorted(moves, key=lambda one: (-(one.after_days or 0), -(one.head.amount or 0), one.head.id))


def _orders(reader: "JournalReader", as_of: "AsOf", since: date, picked: "DealScope") -> list["DealSummary"]:
    closed = reader.heads(as_of, fate="won", closed_since=since, **picked)
    won = [head for head in closed if head.closed_on and since < head.closed_on <= as_of.on]
    return sorted(won, key=lambda head: (-(head.amount or 0), head.id))


def _decided(reader: "JournalReader", as_of: "AsOf", since: date, picked: "DealScope") -> dict[int, list["Comment"]]:
    """What was decided and is open, or was done since the last meeting, of the deals that are asked about."""
    decided = reader.decisions(as_of, since)
    if not any(picked.values()):
        return decided
    asked = {head.id for head in reader.heads(as_of, ids=list(decided), **picked)}
    return {deal: comments for deal, comments in decided.items() if deal in asked}


def _failure(
    reader: "JournalReader", as_of: "AsOf", live: Sequence["DealSummary"], whole: "WholePage"
) -> Failure | None:
    """A loss that a live deal may repeat, of those with most money; else the case of the week, and the largest live deal that
    stands where it ended, of its kind before others."""
    largest = sorted(live, key=lambda head: (-(head.amount or 0), head.id))
    losses = PastLosses(reader, as_of)
    for head in largest[:_AMONG]:
        if (repeated := losses.repeated_by(head)) is not None:
            return Failure(None, repeated, head)
    if whole.case is None:
        return None
    ended = reader.head(as_of, whole.case.deal)
    there = [head for head in largest if head.stage == whole.case.stage]
    alike = [head for head in there if ended is not None and head.kind == ended.kind]
    return Failure(whole.case, None, next(iter((*alike, *there)), None))


def _named(report: MondayReport) -> Iterator[int]:
    """The deals that anything on the report names, some more than once."""
    yield from report.landing.heads
    yield from (head.id for head in report.whole.good.orders)
    yield from (talk.head.id for part in report.whole.parts for talk in part.talk)
    yield from (row.about.id for kind in report.whole.kinds for row in kind.rows if row.about is not None)
    yield from (one.head.id for one in report.forward)
    yield from report.decided
    yield from (head.id for head in (*report.orders, *report.without_amount))
    if report.failure is not None:
        case, repeated, fits = report.failure
        yield from (case.deal,) if case is not None else ()
        yield from (repeated.loss.deal,) if repeated is not None else ()
        yield from (fits.id,) if fits is not None else ()
