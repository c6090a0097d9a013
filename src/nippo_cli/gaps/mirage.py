"""蜃気楼: live deals whose promised close keeps moving away, or is past."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

from nippo_cli.base.dates import When, moved, read_when
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.finding import Findings
from nippo_cli.line.facts import DealSummary, Promise
from nippo_cli.line.slip import RanOn, Slip, Slips, ran_on

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import Contact, GapFacts

MirageSign: TypeAlias = Literal["pushed", "slipped", "past"]
Information: TypeAlias = Literal["contact", "date_only"]

LEAST_PUSHES = 2
_DAY = timedelta(days=1)


class Mirage(NamedTuple):
    """A promised close that is not to be leaned on, and by which signs: pushed at least twice, slipped beyond `limit`
    from the first promise, or past by `past_days`. `began_on` is the day since which one of them has stood."""

    deal: int
    stage: str
    began_on: date
    new: bool
    amount: int | None
    signs: tuple[MirageSign, ...]
    first_promise: When
    standing_promise: When
    pushes: int
    pulls: int
    slip_days: int
    past_days: int
    limit: Slip

    @property
    def measure(self) -> int:
        """Days from the first promised date to the standing one, or to the day asked about once that is past."""
        return self.slip_days + self.past_days


class MirageCount(NamedTuple):
    """What was looked at: `live` deals, and those of them with a promised close, `dated`. Money in the currency's
    smallest unit, of the amounts that are known; `limits` are the slip limits by deal kind."""

    live: int
    dated: int
    dated_amount: int
    flagged: int
    flagged_amount: int
    new: int
    new_amount: int
    pushed: int
    slipped: int
    past: int
    limits: Mapping[str, Slip]

    @property
    def share(self) -> float | None:
        """Findings over dated deals; None where none is dated."""
        return self.flagged / self.dated if self.dated else None


class PromiseMove(NamedTuple):
    """A promised close moved by so many `days`: later is positive. `information` says whether the customer was met
    after the promise before (`contact`), or only the date changed."""

    before: When
    after: When
    days: int
    made_on: date
    entry: int
    information: Information
    reason: str | None = None


class MirageDetail(NamedTuple):
    """Each move of a deal's promised close, oldest first; the entry of its first promise; and how far dates that were
    promised in its stage really ran, where enough were."""

    first_entry: int | None
    moves: tuple[PromiseMove, ...]
    record: RanOn | None


def find(facts: "GapFacts") -> Findings:
    """Every mirage. Rule: docs/gaps.md#mirage"""
    slips = Slips(facts.schema, lambda: facts.counters_of_all("lead"))
    live = facts.live()
    findings, count = mirages(live, facts.closes, slips, as_of=facts.as_of, since=facts.since)
    undated = [head.id for head in live if head.closes is None]
    return Findings(findings, count, {"undated": len(undated)}, apart={"undated": undated})


def look(facts: "GapFacts", findings: Sequence[Mirage]) -> list[MirageDetail]:
    """Each finding's moves, and the record of its stage."""
    deals = [one.deal for one in findings]
    closes, contacts = facts.closes(deals), facts.contacts(deals)
    of_deals = [moves(closes.get(deal, ()), contacts.get(deal, ())) for deal in deals]
    texts = facts.entry_texts([move.entry for one in of_deals for move in one])
    runs = facts.counters_of_all("run") if findings else {}
    records = {stage: ran_on(runs, stage) for stage in {one.stage for one in findings}}
    return [
        MirageDetail(
            closes[deal][0].entry if closes.get(deal) else None,
            tuple(m._replace(reason=texts[m.entry].push_reason if m.entry in texts else None) for m in moved_then),
            records[one.stage],
        )
        for one, deal, moved_then in zip(findings, deals, of_deals, strict=True)
    ]


def mirages(
    heads: Iterable[DealSummary],
    closes_of: Callable[[Collection[int]], Mapping[int, Sequence[Promise]]],
    slips: Slips,
    *,
    as_of: date,
    since: date,
) -> tuple[list[Mirage], MirageCount]:
    """Live deals whose promised close was pushed twice or more, slipped beyond its limit, or is past on `as_of`.

    A hold does not suspend it: a date that stands is one that people count on. Sorted by amount, largest first and
    unknown last, then by how far the date went.

    Args:
        closes_of: the promised closes of the deals that show a sign, oldest first.

    Rule: docs/gaps.md#mirage
    """
    live = 0
    dated: list[DealSummary] = []
    shown: list[tuple[DealSummary, When, When, tuple[MirageSign, ...]]] = []
    for head in heads:
        live += 1
        if head.closes is None:
            continue
        dated.append(head)
        signs = _signs(head, head.closes, slips.of(head.kind), as_of)
        if signs:
            shown.append((head, head.first_closes or head.closes, head.closes, signs))
    promised = closes_of([head.id for head, *_ in shown])
    findings = [
        _mirage(head, (first, current), signs, slips.of(head.kind), promised.get(head.id, ()), as_of, since)
        for head, first, current, signs in shown
    ]
    findings.sort(key=lambda m: (m.amount is None, -(m.amount or 0), -m.measure, m.deal))
    return findings, _count(live, dated, findings, slips)


def moves(closes: Sequence[Promise], contacts: "Sequence[Contact]") -> list[PromiseMove]:
    """Every push and pull of a deal's promised closes. One that only says the same more or less finely is none."""
    shifts = []
    for before, after in pairwise(closes):
        if after.move:
            contact = _met_between(before, after, contacts)
            shifts.append(PromiseMove(_when(before), _when(after), after.move, after.made_on, after.entry, contact))
    return shifts


def _met_between(before: Promise, after: Promise, contacts: "Sequence[Contact]") -> Information:
    """After the day of the promise before, up to and including the entry that moved it."""
    for contact in contacts:
        if before.made_on < contact.on <= after.made_on:
            return "contact"
        # Two promises on one day: the second is told by a contact of its own, or it is a second thought.
        if contact.on == after.made_on and contact.entry == after.entry != before.entry:
            return "contact"
    return "date_only"


def _signs(head: DealSummary, closes: When, limit: Slip, as_of: date) -> tuple[MirageSign, ...]:
    signs: list[MirageSign] = []
    if head.pushes >= LEAST_PUSHES:
        signs.append("pushed")
    if head.slip_days > limit.days:
        signs.append("slipped")
    if closes.last < as_of:
        signs.append("past")
    return tuple(signs)


def _mirage(
    head: DealSummary,
    dates: tuple[When, When],
    signs: tuple[MirageSign, ...],
    limit: Slip,
    closes: Sequence[Promise],
    as_of: date,
    since: date,
) -> Mirage:
    """The finding of a deal by its first and its current promised close, the signs it shows and the limit it is held
    against."""
    first, current = dates
    began_on = min((_stood_since(sign, limit, closes) for sign in signs), default=as_of)
    return Mirage(
        deal=head.id,
        stage=head.stage,
        began_on=began_on,
        new=began_on >= since,
        amount=head.amount,
        signs=signs,
        first_promise=first,
        standing_promise=current,
        pushes=head.pushes,
        pulls=head.pulls,
        slip_days=head.slip_days,
        past_days=max(0, (as_of - current.last).days),
        limit=limit,
    )


def _stood_since(sign: MirageSign, limit: Slip, closes: Sequence[Promise]) -> date:
    """The day since which a sign that stands has stood without a break."""
    if sign == "pushed":
        return [p.made_on for p in closes if (p.move or 0) > 0][LEAST_PUSHES - 1]
    # A day counts as it ended: a promise taken back on the day that it was made breaks nothing.
    last_said = list({p.made_on: p for p in closes}.values())
    if sign == "past":
        return _past_since(last_said)
    first, began_on = _when(closes[0]), last_said[-1].made_on
    for promise in reversed(last_said):
        if moved(first, _when(promise)) <= limit.days:
            break
        began_on = promise.made_on
    return began_on


def _past_since(closes: Sequence[Promise]) -> date:
    """The day after the promised one. A date that was past already when it was promised is so from then on; or from
    earlier, where it came in the place of one that was past."""
    began_on = date.max
    for promise in reversed(closes):
        last = _when(promise).last
        if last >= began_on:
            break
        began_on = max(last + _DAY, promise.made_on)
        if began_on > promise.made_on:
            break
    return began_on


def _count(live: int, dated: Sequence[DealSummary], mirages: Sequence[Mirage], slips: Slips) -> MirageCount:
    """The count of all live deals, of those with a promised close, and of the findings among them."""
    new = [m for m in mirages if m.new]
    return MirageCount(
        live=live,
        dated=len(dated),
        dated_amount=sum(h.amount or 0 for h in dated),
        flagged=len(mirages),
        flagged_amount=sum(m.amount or 0 for m in mirages),
        new=len(new),
        new_amount=sum(m.amount or 0 for m in new),
        pushed=sum("pushed" in m.signs for m in mirages),
        slipped=sum("slipped" in m.signs for m in mirages),
        past=sum("past" in m.signs for m in mirages),
        limits=slips.used(),
    )


def _when(promise: Promise) -> When:
    return read_when(str(promise.value))
