"""`nippo gap`: what the diary says against what happened."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nippo_cli.base.dates import month_name
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.gaps import KINDS, GapModule, module_of
from nippo_cli.gaps.activity import ActivityCount
from nippo_cli.gaps.finding import Findings
from nippo_cli.gaps.promises import PromiseCount
from nippo_cli.gaps.unlinked import Balance
from nippo_cli.journal.facts import GapScope, JournalGapFacts, JournalLandingFacts
from nippo_cli.journal.read import DealFilter
from nippo_cli.line.facts import AsOf, DealSummary
from nippo_cli.line.quiet import silence_days
from nippo_cli.render.parts import MOST_LISTED
from nippo_cli.results.entries import LeftOutBehind
from nippo_cli.results.gap import DealsBehind, GapPage, GapRow
from nippo_cli.services.context import (
    GapQuery,
    Scope,
    Workspace,
    begins,
    ends,
    looked_at,
    reading,
    within,
)

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader


def page(workspace: Workspace, kind: str, asked: GapQuery, *, limit: int = 0) -> GapPage:
    """All that a gap finds; `limit` rows of it (0: all).

    Raises:
        UsageError: there is no such gap; the window ends before it begins, or after the day asked about; or the stage
            is not in the schema.
        NotFound, Ambiguous: no owner or customer, or several, answer to the name.
    """
    kind = kind_meant(kind)
    with reading(workspace) as (reader, as_of):
        day = ends(as_of, asked.until)
        if KINDS[kind].asks_stage:
            facts = gap_facts(reader, day, asked.everywhere, looked_at(reader, day, asked.scope))
        else:
            facts = gap_facts(reader, day, asked)
        shown = answered(kind, module_of(kind), facts, limit, opens=asked.opens)
        if shown.behind is not None:
            from nippo_cli.services.context import entries_left_out

            apart = shown.behind.left_out._replace(entries=entries_left_out(reader, day))
            shown = shown._replace(behind=shown.behind._replace(left_out=apart))
        return _with_cohorts(shown, facts) if isinstance(shown.counted, ActivityCount) else shown


def gap_facts(reader: "JournalReader", day: AsOf, asked: GapQuery, stage: str | None = None) -> JournalGapFacts:
    """The facts that are asked for: names as they are stored, stages by key.

    Args:
        stage: the key of one to look at closely.
    """
    return JournalGapFacts(reader, day, _scope(reader, day, asked, stage))


def landing_facts(reader: "JournalReader", day: AsOf, asked: GapQuery) -> JournalLandingFacts:
    """The same, with what a landing asks besides."""
    return JournalLandingFacts(reader, day, _scope(reader, day, asked, None))


def _scope(reader: "JournalReader", day: AsOf, asked: GapQuery, stage: str | None) -> GapScope:
    filtered = asked.scope != Scope() or asked.min_stay > 0
    deals = DealFilter(**within(reader, day, asked.scope))
    return GapScope(begins(reader, day, asked.since), deals, asked.min_stay, stage, filtered, asked.basis)


def answered(
    kind: str,
    gap: GapModule,
    facts: JournalGapFacts,
    limit: int,
    findings: Findings | None = None,
    *,
    opens: bool = False,
) -> GapPage:
    """What a gap's module finds in the facts, with what is worth knowing of the rows that are shown.

    Args:
        limit: how many rows are shown (0: all).
        findings: what was found already.
        opens: its counts are to open to their deals.
    """
    findings = gap.find(facts) if findings is None else findings
    shown = findings.findings[:limit] if limit else findings.findings
    details = gap.look(facts, shown)
    heads = facts.heads([one.deal for one in shown if one.deal is not None])
    left_out = {**facts.left_out, **findings.left_out}
    return GapPage(
        kind=kind,
        as_of=facts.as_of,
        since=facts.since,
        schema=facts.schema,
        norms=facts.norms.used(),
        rows=[_row(one, heads, facts, detail) for one, detail in zip(shown, details, strict=True)],
        total=len(findings.findings),
        counted=findings.counted,
        left_out={reason: n for reason, n in left_out.items() if n},
        filtered=facts.filtered,
        figures=findings.figures,
        behind=_behind(facts, findings) if opens else None,
    )


def _behind(facts: JournalGapFacts, findings: Findings) -> DealsBehind:
    """The deals behind the counts."""
    heads = facts.heads([one.deal for one in findings.findings if one.deal is not None])
    of_deals = [(one, heads[one.deal]) for one in findings.findings if one.deal is not None]
    closed = [head for fate in ("won", "lost") for head in facts.closed(fate, facts.since)]
    months = (*findings.counted.months, findings.counted.total) if isinstance(findings.counted, PromiseCount) else ()
    piles = (p for one in months for p in (one.promised, one.in_time, one.unpromised, *one.became.values()))
    parts = findings.counted.behind.values() if isinstance(findings.counted, Balance) else ()
    named = {deal for pile in piles for deal in pile.deals[:MOST_LISTED]}
    piled = facts.heads(sorted(named | {one for part in parts for one in part[:MOST_LISTED] if isinstance(one, int)}))
    apart = LeftOutBehind(deals=_apart(facts, findings))
    return DealsBehind(_by_money(facts.live()), _by_money(closed), of_deals, piled, left_out=apart)


def _apart(facts: JournalGapFacts, findings: Findings) -> dict[str, list[DealSummary]]:
    """The deals of each reason for which they are left out, where it counts deals alone and all are known."""
    apart = {reason: sorted(deals) for reason, deals in findings.apart.items() if deals}
    known = {reason: deals for reason, deals in apart.items() if len(deals) == findings.left_out[reason]}
    heads = facts.heads({deal for deals in known.values() for deal in deals[:MOST_LISTED]})
    return {reason: [heads[deal] for deal in deals[:MOST_LISTED]] for reason, deals in known.items()}


def _with_cohorts(shown: GapPage, facts: JournalGapFacts) -> GapPage:
    """The page with the deals of its cohorts, where its figures open."""
    cohorts = shown.counted.triangle.cohorts
    deals = facts.cohort_deals(month_name(cohorts[0].month)) if shown.behind is not None and cohorts else None
    if shown.behind is None or not deals:
        return shown
    heads = facts.heads(sorted({deal for several in deals.values() for _, deal in several}))
    return shown._replace(behind=shown.behind._replace(cohorts=deals, piled=heads))


def _by_money(deals: Iterable[DealSummary]) -> list[DealSummary]:
    return sorted(deals, key=lambda head: (head.amount is None, -(head.amount or 0), head.id))


def _row(one: Any, heads: Mapping[int, DealSummary], facts: JournalGapFacts, detail: Any) -> GapRow:
    head = heads[one.deal] if one.deal is not None else None
    return GapRow(one, head, silence_days(head, facts.as_of) if head is not None else 0, detail)


def kind_meant(said: str) -> str:
    """The gap of a key, or of a word that the screen has for it.

    Raises:
        UsageError: there is none of that name.
    """
    if said in KINDS:
        return said
    from nippo_cli.services.context import key_meant, shown

    kind = key_meant("gap", said, KINDS)
    if kind is None:
        raise UsageError(msg("desk.no_gap", said=said, allowed=shown("gap", KINDS)))
    return kind
