"""うやむや: live deals of which nothing has been heard for longer than the quiet limit, with nothing planned."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.finding import Findings
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.norm import Quiet
from nippo_cli.line.quiet import is_silent, silence_days
from nippo_cli.line.returns import Returned, Returns
from nippo_cli.line.span import ClosedDays, on_hold, passes_on

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import EntryText, GapFacts


class Fizzled(NamedTuple):
    """A silence beyond the quiet limit. `began_on` is the first day on which it was both beyond the limit and without
    a next step ahead."""

    deal: int
    stage: str
    began_on: date
    new: bool
    amount: int | None
    silence_days: int
    limit_days: int

    @property
    def measure(self) -> int:
        """Its days."""
        return self.silence_days


class FizzledCount(NamedTuple):
    """What was looked at. Money is in the currency's smallest unit and counts the amounts that are known. `planned`:
    silent for as long, but with a next step ahead. `quiet` is the limit they were held against."""

    live: int
    live_amount: int
    fizzled: int
    fizzled_amount: int
    new: int
    new_amount: int
    on_hold: int
    planned: int
    quiet: Quiet
    apart: Mapping[str, Sequence[int]] = MappingProxyType({})

    @property
    def share(self) -> float | None:
        """Fizzled deals over live ones; None where none is live."""
        return self.fizzled / self.live if self.live else None


class FizzledDetail(NamedTuple):
    """The last sign of life, None where the customer was never met; and of deals silent for as long, how many ever
    came back."""

    last: "EntryText | None"
    returned: Returned


def find(facts: "GapFacts") -> Findings:
    """Every fizzled deal. Rule: docs/gaps.md#fizzled"""
    quiet = facts.norms.quiet()
    findings, count = fizzled(facts.live(), quiet, facts.rest, as_of=facts.as_of, since=facts.since)
    return Findings(findings, count, {"on_hold": count.on_hold, "planned": count.planned}, apart=count.apart)


def look(facts: "GapFacts", findings: Sequence[Fizzled]) -> list[FizzledDetail]:
    """Each finding's last sign of life, and how many came back from such a silence."""
    if not findings:
        return []
    heads = facts.heads([one.deal for one in findings])
    texts = facts.entry_texts([entry for one in findings if (entry := heads[one.deal].last_contact) is not None])
    pairs = [(head.longest_back, silence_days(head, facts.as_of)) for head in facts.live_of_all()]
    returns = Returns(facts.counters_of_all("back"), facts.counters_of_all("silent"), pairs)
    return [
        FizzledDetail(
            texts.get(heads[one.deal].last_contact or 0),
            returns.of(one.silence_days, own_back=heads[one.deal].longest_back),
        )
        for one in findings
    ]


def fizzled(
    heads: Iterable[DealSummary], quiet: Quiet, rest: ClosedDays, *, as_of: date, since: date
) -> tuple[list[Fizzled], FizzledCount]:
    """Live deals that are fizzled on `as_of` (line.quiet), and the count of all that were looked at.

    Sorted by amount, largest first and unknown last, then by days of silence.

    Rule: docs/gaps.md#fizzled
    """
    findings: list[Fizzled] = []
    live = live_amount = 0
    held, planned = list[int](), list[int]()
    for head in heads:
        live += 1
        live_amount += head.amount or 0
        if on_hold(head.holds, as_of):
            held.append(head.id)
        elif not is_silent(head, quiet.days, rest, as_of):
            continue
        elif head.next_on is not None and head.next_on.last >= as_of:
            planned.append(head.id)
        else:
            began_on = _began_on(head, quiet.days, rest)
            silence = silence_days(head, as_of)
            new = began_on >= since
            findings.append(Fizzled(head.id, head.stage, began_on, new, head.amount, silence, quiet.days))
    findings.sort(key=lambda f: (f.amount is None, -(f.amount or 0), -f.silence_days, f.deal))
    new_ones = [f for f in findings if f.new]
    return findings, FizzledCount(
        live=live,
        live_amount=live_amount,
        fizzled=len(findings),
        fizzled_amount=sum(f.amount or 0 for f in findings),
        new=len(new_ones),
        new_amount=sum(f.amount or 0 for f in new_ones),
        on_hold=len(held),
        planned=len(planned),
        quiet=quiet,
        apart={"on_hold": held, "planned": planned},
    )


def _began_on(head: DealSummary, quiet_days: int, rest: ClosedDays) -> date:
    """The first day beyond the limit; the day after the next step's, where that was later."""
    passed = passes_on(head.heard_on or head.began_on, quiet_days, rest, head.holds)
    return passed if head.next_on is None else max(passed, head.next_on.last + timedelta(days=1))
