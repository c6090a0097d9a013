"""滞留: live deals that have stayed in their stage longer than its norm."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.finding import Findings, no_details
from nippo_cli.line.ball import BallSplit, ball_split
from nippo_cli.line.norm import Norm, Norms
from nippo_cli.line.span import ClosedDays, held_days, on_hold, passes_on

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import GapFacts, LiveStay
    from nippo_cli.line.facts import DealSummary


class Stalled(NamedTuple):
    """A stay beyond its norm. `began_on` is the first day beyond it; `new` when that lies in the window. `limit_days` is the norm
    with the closed days inside the stay."""

    deal: int
    stage: str
    stay_days: int
    norm: Norm
    began_on: date
    new: bool
    amount: int | None
    limit_days: int

    @property
    def measure(self) -> int:
        """Its days."""
        return self.stay_days


class StalledCount(NamedTuple):
    """What was looked at. Money is in the currency's smallest unit and counts the amounts that are known."""

    live: int
    live_amount: int
    stalled: int
    stalled_amount: int
    new: int
    new_amount: int
    on_hold: int
    never_stalls: int
    stage_unknown: int = 0
    apart: Mapping[str, Sequence[int]] = MappingProxyType({})

    @property
    def share(self) -> float | None:
        """Stalled deals over live ones; None where none is live."""
        return self.stalled / self.live if self.live else None


def look(facts: "GapFacts", findings: Sequence[Stalled]) -> Sequence[BallSplit | None]:
    """Who has to move next in each, and whose the days of its stay were; None where nothing says so."""
    if facts.schema.key("ball") is None:
        return no_details(facts, findings)
    deals = [one.deal for one in findings]
    heads, turns = facts.heads(deals), facts.balls(deals)
    return [ball_split(turns[d], heads[d].holds, heads[d].entered_on, facts.as_of) for d in deals]


def find(facts: "GapFacts") -> Findings:
    """Every stalled deal. Rule: docs/gaps.md#stalled"""
    findings, count = stalled(
        facts.live_stays(), facts.norms, facts.rest, as_of=facts.as_of, since=facts.since, min_stay=facts.min_stay
    )
    unknown = {"stage_unknown": count.stage_unknown} if count.stage_unknown else {}
    left_out = {"on_hold": count.on_hold, "never_stalls": count.never_stalls, **unknown}
    return Findings(findings, count, left_out, apart=count.apart)


def stalled(
    stays: "Iterable[LiveStay | DealSummary]",
    norms: Norms,
    rest: ClosedDays,
    *,
    as_of: date,
    since: date,
    min_stay: int = 0,
) -> tuple[list[Stalled], StalledCount]:
    """Live deals whose stay is longer than its norm, and the count of all that were looked at.

    The stay runs from its first entry to `as_of` in calendar days, held days taken off; closed days inside it
    lengthen the limit. A deal on hold on `as_of`, one whose kind never stalls, and one whose stage nobody knows is left out and
    counted.
    `min_stay` (days) leaves out shorter stays. Sorted by amount, largest first and unknown last, then by days
    beyond the norm.

    Rule: docs/gaps.md#stalled
    """
    findings, live, live_amount = list[Stalled](), 0, 0
    held, never, unknown = list[int](), list[int](), list[int]()
    for stay in stays:
        live += 1
        live_amount += stay.amount or 0
        norm = norms.of(stay.stage, stay.kind)
        if norm is None:
            (never if stay.stage else unknown).append(stay.id)
            continue
        if stay.holds and on_hold(stay.holds, as_of):
            held.append(stay.id)
            continue
        days = (as_of - stay.entered_on).days
        if days <= norm.days or days < min_stay:
            continue
        days -= held_days(stay.holds, stay.entered_on, as_of)
        limit = norm.days + rest.count(stay.entered_on, as_of, stay.holds)
        if days <= limit or days < min_stay:
            continue
        began_on = passes_on(stay.entered_on, norm.days, rest, stay.holds)
        findings.append(Stalled(stay.id, stay.stage, days, norm, began_on, began_on >= since, stay.amount, limit))
    findings.sort(key=lambda s: (s.amount is None, -(s.amount or 0), s.norm.days - s.stay_days, s.deal))
    return findings, _count(live, live_amount, findings, held=held, never=never, unknown=unknown)


def _count(
    live: int,
    live_amount: int,
    findings: Sequence[Stalled],
    *,
    held: Sequence[int],
    never: Sequence[int],
    unknown: Sequence[int],
) -> StalledCount:
    """The count of what was looked at: the live deals, what was found of them, and those that were left out by why."""
    new = [one for one in findings if one.new]
    return StalledCount(
        live=live,
        live_amount=live_amount,
        stalled=len(findings),
        stalled_amount=sum(one.amount or 0 for one in findings),
        new=len(new),
        new_amount=sum(one.amount or 0 for one in new),
        on_hold=len(held),
        never_stalls=len(never),
        stage_unknown=len(unknown),
        apart={"on_hold": held, "never_stalls": never, "stage_unknown": unknown},
    )
