"""次の一手なし: live deals for which nothing dated is planned, or whose date has passed and nothing came of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.finding import Findings, no_details
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.quiet import grace_ends, overdue_days
from nippo_cli.line.span import ClosedDays, on_hold

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import GapFacts

NextGap: TypeAlias = Literal["none", "overdue"]


class NoNext(NamedTuple):
    """A live deal that stands still: no dated next step (`none`), or one past by `overdue_days` (`overdue`; 0 else).
    `began_on`: the last contact, which left nothing dated; the day after the grace."""

    deal: int
    stage: str
    began_on: date
    new: bool
    amount: int | None
    why: NextGap
    overdue_days: int
    measure: int


class NextCount(NamedTuple):
    """What was looked at. Money is in the currency's smallest unit and counts the amounts that are known."""

    live: int
    live_amount: int
    flagged: int
    flagged_amount: int
    none: int
    overdue: int
    new: int
    new_amount: int
    on_hold: int
    apart: Mapping[str, Sequence[int]] = MappingProxyType({})

    @property
    def share(self) -> float | None:
        """Findings over live deals; None where none is live."""
        return self.flagged / self.live if self.live else None


look = no_details


def find(facts: "GapFacts") -> Findings:
    """Every deal without a next step. Rule: docs/gaps.md#next"""
    findings, count = without_next(facts.live(), facts.schema.grace, facts.rest, as_of=facts.as_of, since=facts.since)
    return Findings(findings, count, {"on_hold": count.on_hold}, apart=count.apart)


def without_next(
    heads: Iterable[DealSummary], grace: int, rest: ClosedDays, *, as_of: date, since: date
) -> tuple[list[NoNext], NextCount]:
    """Live deals with no dated next step, or with one that is past by more than the grace (business days).

    A step stands until a later contact or another step, so one that is past is one of which nothing was heard. A deal
    on hold on `as_of` is left out and counted. Sorted by amount, largest first and unknown last, then by days.

    Rule: docs/gaps.md#next
    """
    findings: list[NoNext] = []
    live = live_amount = 0
    held = list[int]()
    for head in heads:
        live += 1
        live_amount += head.amount or 0
        if on_hold(head.holds, as_of):
            held.append(head.id)
        elif head.next_on is None:
            began_on = head.heard_on or head.began_on
            days = (as_of - began_on).days
            findings.append(NoNext(head.id, head.stage, began_on, began_on >= since, head.amount, "none", 0, days))
        elif days := overdue_days(head.next_on, grace, rest, as_of):
            # A step may have been late already when it was agreed.
            passed = grace_ends(head.next_on.last, grace, rest) + timedelta(days=1)
            began_on = max(passed, head.heard_on or head.began_on)
            findings.append(
                NoNext(head.id, head.stage, began_on, began_on >= since, head.amount, "overdue", days, days)
            )
    findings.sort(key=lambda n: (n.amount is None, -(n.amount or 0), -n.measure, n.deal))
    new = [n for n in findings if n.new]
    return findings, NextCount(
        live=live,
        live_amount=live_amount,
        flagged=len(findings),
        flagged_amount=sum(n.amount or 0 for n in findings),
        none=sum(n.why == "none" for n in findings),
        overdue=sum(n.why == "overdue" for n in findings),
        new=len(new),
        new_amount=sum(n.amount or 0 for n in new),
        on_hold=len(held),
        apart={"on_hold": held},
    )
