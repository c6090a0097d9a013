"""`nippo gap --compare`: two days' findings held against each other."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from nippo_cli.gaps import KINDS, module_of
from nippo_cli.journal.facts import JournalGapFacts
from nippo_cli.line.facts import AsOf, DealSummary
from nippo_cli.results.gap import Change, ComparePage
from nippo_cli.services.context import GapQuery, StatusJudge, Workspace, ends, reading
from nippo_cli.services.gaps.kind import gap_facts, kind_meant


def compared(workspace: Workspace, kind: str, asked: GapQuery) -> ComparePage:
    """The window against the one before it: today's findings, and those of the day before the window as known then. A
    day that is asked about is held against today.

    Args:
        kind: one gap; empty is all.

    Raises: as `gap.page`.
    """
    kind = kind_meant(kind) if kind else ""
    with reading(workspace) as (reader, as_of):
        if as_of.known:
            later, earlier = AsOf(workspace.today(reader.time_zone)), as_of
            facts = gap_facts(reader, later, asked)
        else:
            later = ends(as_of, asked.until)
            facts = gap_facts(reader, later, asked)
            earlier = AsOf(facts.since - timedelta(days=1), known=True)
        kinds = [kind] if kind else list(KINDS)
        # The reader keeps one day at a time, so one day is asked everything before the other.
        after = {one: _by_deal(one, facts) for one in kinds}
        outcomes = _Outcomes(facts)
        begins = earlier.on - (facts.as_of - facts.since)
        was = gap_facts(reader, earlier, asked._replace(since=begins.isoformat(), until=None))
        before = {one: _by_deal(one, was) for one in kinds}
        changes = [change for one in kinds for change in _changes(one, before[one], after[one])]
        heads = {**_heads(was, changes), **_heads(facts, changes)}
        judged = outcomes.of(heads)
        return ComparePage(
            earlier=was.as_of,
            as_of=facts.as_of,
            schema=facts.schema,
            kinds=kinds,
            changes=sorted(
                (
                    Change(one, what, heads[deal], first, last, judged[deal])
                    for one, deal, what, first, last in changes
                    if deal in heads
                ),
                key=_weight,
            ),
            filtered=facts.filtered,
        )


class _Outcomes:
    """What became of deals by the later day."""

    def __init__(self, facts: JournalGapFacts) -> None:
        self._judge = StatusJudge(facts.schema, facts.norms, facts.as_of)

    def of(self, heads: Mapping[int, DealSummary]) -> dict[int, str]:
        return {deal: self._judge.outcome(head) for deal, head in heads.items()}


_Changed = tuple[str, int, str, int | None, int | None]


def _by_deal(kind: str, facts: JournalGapFacts) -> dict[int, Any]:
    """The findings of a kind by deal; the first of each."""
    by_deal: dict[int, Any] = {}
    for one in module_of(kind).find(facts).findings:
        if one.deal:
            by_deal.setdefault(one.deal, one)
    return by_deal


def _changes(kind: str, before: Mapping[int, Any], after: Mapping[int, Any]) -> Iterator[_Changed]:
    """For each deal of either day: the kind, the deal, what became of it (`new`, `gone`, `worse` …), its measure before and after."""
    for deal in sorted(before.keys() | after.keys()):
        first = before[deal].measure if deal in before else None
        last = after[deal].measure if deal in after else None
        if first is None:
            what = "new"
        elif last is None:
            what = "gone"
        else:
            what = "worse" if last > first else "better" if last < first else "same"
        yield kind, deal, what, first, last


def _heads(facts: JournalGapFacts, changes: Sequence[_Changed]) -> Mapping[int, DealSummary]:
    return facts.heads({deal for _, deal, *_ in changes})


def _weight(change: Change) -> tuple[int, bool, int, int]:
    amount = change.head.amount
    return (list(KINDS).index(change.kind), amount is None, -(amount or 0), change.head.id)
