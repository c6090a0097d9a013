"""流れの断絶: stages that were passed over, moves back that were not agreed on, evidence that was never recorded."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.finding import Findings, no_details
from nippo_cli.line.facts import DealSummary, Stay
from nippo_cli.schema.schema import Field, Schema, Stage

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import GapFacts

BreakKind: TypeAlias = Literal["skipped", "returned", "unrecorded"]


class BrokenSign(NamedTuple):
    """A break, the day and the entry that made it.

    | what | stage | to |
    |---|---|---|
    | `skipped` | the stage that was passed over | the stage that the deal went on to |
    | `returned` | the stage that it left | the stage that it went back to |
    | `unrecorded` | the stage that asks for the evidence | the key of the field |
    """

    what: BreakKind
    stage: str
    to: str
    on: date
    entry: int


class BrokenLine(NamedTuple):
    """A deal whose line is broken. `began_on` is the day of its earliest sign; `new` when that lies in the window."""

    deal: int
    stage: str
    began_on: date
    new: bool
    amount: int | None
    signs: tuple[BrokenSign, ...]

    @property
    def measure(self) -> int:
        """How many signs."""
        return len(self.signs)

    @property
    def entries(self) -> tuple[int, ...]:
        """The entries that the signs rest on, oldest first."""
        return tuple(dict.fromkeys(sign.entry for sign in self.signs))


class StatedRules(NamedTuple):
    """Which of the three the schema states at all."""

    must: bool
    may_return_to: bool
    evidence: bool


class BrokenCount(NamedTuple):
    """What was looked at: live deals, and those that closed in the window. Money is in the currency's smallest unit and
    counts the amounts that are known; `signs` counts each kind."""

    live: int
    closed: int
    broken: int
    broken_amount: int
    new: int
    signs: Mapping[BreakKind, int]
    stated: StatedRules


look = no_details


def find(facts: "GapFacts") -> Findings:
    """Every broken line. Rule: docs/gaps.md#broken"""
    schema = facts.schema
    stated = stated_rules(schema)
    live = facts.live()
    closed = [head for fate in ("won", "lost") for head in facts.closed(fate, facts.since)]
    lines: Iterable[tuple[DealSummary, Sequence[Stay]]] = ()
    if any(stated):
        may = may_break(schema)
        heads = [h for h in (*live, *closed) if may(h.visited, h.went_back, h.kind, h.evidence)]
        stays = facts.stays([head.id for head in heads])
        lines = ((head, stays[head.id]) for head in heads)
    findings = broken(lines, schema, since=facts.since)
    return Findings(findings, counted(findings, len(live), len(closed), stated))


def broken(lines: Iterable[tuple[DealSummary, Sequence[Stay]]], schema: Schema, *, since: date) -> list[BrokenLine]:
    """Deals with at least one sign. Of a closed deal only what was made on `since` or later counts.

    Sorted by amount, largest first and unknown last, then by signs, most first.

    Rule: docs/gaps.md#broken
    """
    lines_broken = []
    ask = _Rules(schema)
    for head, stays in lines:
        signs = tuple(sign for sign in ask.signs(head, stays) if head.fate == "live" or sign.on >= since)
        if signs:
            began_on = signs[0].on
            lines_broken.append(BrokenLine(head.id, head.stage, began_on, began_on >= since, head.amount, signs))
    lines_broken.sort(key=lambda b: (b.amount is None, -(b.amount or 0), -b.measure, b.deal))
    return lines_broken


def may_break(schema: Schema) -> Callable[[frozenset[str], bool, str, int], bool]:
    """Whether a deal that was in these stages, moved back or not, is of this kind and has this evidence, may show a sign at
    all: most can't, and of those nobody need read the stays. Never False for a line with signs."""
    return lru_cache(maxsize=None)(_Rules(schema).may_break)


def signs_of(head: DealSummary, stays: Sequence[Stay], schema: Schema) -> list[BrokenSign]:
    """All breaks of a line, oldest first."""
    return _Rules(schema).signs(head, stays)


def counted(findings: Sequence[BrokenLine], live: int, closed: int, stated: StatedRules) -> BrokenCount:
    """The count of what was looked at."""
    return BrokenCount(
        live=live,
        closed=closed,
        broken=len(findings),
        broken_amount=sum(b.amount or 0 for b in findings),
        new=sum(b.new for b in findings),
        signs=Counter(sign.what for b in findings for sign in b.signs),
        stated=stated,
    )


def stated_rules(schema: Schema) -> StatedRules:
    """What the schema states: without it nothing can be broken."""
    return StatedRules(
        must=any(s.must or s.must_when is not None for s in schema.stages),
        may_return_to=any(s.may_return_to for s in schema.stages),
        evidence=any(s.evidence for s in schema.stages),
    )


def is_must(stage: Stage, kind: str) -> bool:
    """Whether a deal of this kind must not skip the stage. What a condition says of an entry (its stage, its activity)
    says nothing of a deal."""
    if stage.must or stage.must_when is None:
        return stage.must
    return not stage.must_when.kind or kind in stage.must_when.kind


def is_evidence(field: Field | None, stage: str, kind: str) -> bool:
    """Whether a deal of this kind owes the stage the field: one that its entries there must hold for some kinds alone is
    owed by those alone."""
    asked = [when.kind for when in field.required_when if stage in when.stage] if field is not None else []
    return not asked or any(not kinds or kind in kinds for kinds in asked)


class _Rules:
    """The schema as the three questions need it."""

    def __init__(self, schema: Schema) -> None:
        self._stages = schema.stage_by_key
        self._ladder = schema.ladder
        self._lost = {s.key for s in schema.stages if s.ends == "lost"}
        self._musts = [s for s in schema.stages if s.must or s.must_when is not None]
        # Where no stage says where it may return to, nothing was agreed: then none is wrong.
        self._returns = any(s.may_return_to for s in schema.stages)
        self._evidence = {s.key: s.evidence for s in schema.stages if s.evidence}
        self._bits = schema.evidence_bits
        self._fields = schema.by_key
        self._ends = {s.key for s in schema.stages if s.ends}

    def signs(self, head: DealSummary, stays: Sequence[Stay]) -> list[BrokenSign]:
        signs = [*self._skipped(head, stays), *self._returned(stays), *self._unrecorded(head, stays)]
        # By the day, and of one day as the line has them.
        place = {stay.entry: n for n, stay in enumerate(stays)}
        return sorted(signs, key=lambda sign: (sign.on, place[sign.entry]))

    def may_break(self, visited: frozenset[str], went_back: bool, kind: str, evidence: int) -> bool:  # noqa: FBT001  cached by place
        reached = max((self._ladder.get(stage, -1) for stage in visited - self._lost), default=-1)
        return (
            (went_back and self._returns)
            or any(
                reached > self._ladder[must.key] and must.key not in visited and is_must(must, kind)
                for must in self._musts
                if must.key not in self._lost
            )
            or any(not evidence & self._bits[key] for stage in visited for key in self._evidence.get(stage, ()))
        )

    def _skipped(self, head: DealSummary, stays: Sequence[Stay]) -> Iterator[BrokenSign]:
        """A sign for each must-stage of the deal's kind that it went past and never was in; none where a list is all that tells
        of a part of its way, on which it may have been there."""
        if any(stay.arrival != "known" for stay in stays):
            return
        visited = {stay.stage for stay in stays}
        for must in self._musts:
            if must.key in visited or must.key in self._lost or not is_must(must, head.kind):
                continue
            at = self._ladder[must.key]
            passed = next((s for s in stays if s.stage not in self._lost and self._ladder.get(s.stage, -1) > at), None)
            # A deal that came into the diary beyond it passed it over once it moves on: until then it can be made up for.
            over = self._over(stays)[0] if passed is stays[0] else passed
            if passed is not None and over is not None:
                yield BrokenSign("skipped", must.key, passed.stage, over.entered_on, over.entry)

    def _returned(self, stays: Sequence[Stay]) -> Iterator[BrokenSign]:
        if not self._returns:
            return
        for before, stay in pairwise(stays):
            # Out of `lost` a deal is reopened.
            if stay.step >= 0 or before.stage in self._lost:
                continue
            left = self._stages.get(before.stage)
            if left is not None and stay.stage not in left.may_return_to:
                yield BrokenSign("returned", before.stage, stay.stage, stay.entered_on, stay.entry)

    def _unrecorded(self, head: DealSummary, stays: Sequence[Stay]) -> Iterator[BrokenSign]:
        """A sign for each field that a stage that is over asks for, and that no entry of the deal filled in. What was written down
        while a list alone tells of the deal nobody knows."""
        asked: set[str] = set()
        for stay, over in zip(stays, self._over(stays), strict=True):
            if over is None or "known" not in (stay.arrival, over.arrival):
                continue
            for key in self._evidence.get(stay.stage, ()):
                if key in asked or not is_evidence(self._fields.get(key), stay.stage, head.kind):
                    continue
                if not head.evidence & self._bits[key]:
                    yield BrokenSign("unrecorded", stay.stage, key, over.entered_on, over.entry)
                asked.add(key)

    def _over(self, stays: Sequence[Stay]) -> list[Stay | None]:
        """For each stay the one whose entry shows that it is over: the next, or itself where it ends the deal; None while it
        lasts, when what is missing can still be written down."""
        return [stay if stay.stage in self._ends else after for stay, after in zip_longest(stays, stays[1:])]
