"""A deal as its own records tell it: its name and former names, who owned it, its holds, what it was merged into."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.journal.log.records import Rec, select_records
from nippo_cli.journal.log.statements import MERGED_HERE, MERGED_INTO, REC
from nippo_cli.journal.log.versions import (
    Batches,
    Reach,
    begins_deal,
    body_now,
    not_retracted,
    reach,
    retracted,
    tree,
)
from nippo_cli.line.facts import DealRecord, Handover
from nippo_cli.line.span import Hold

if TYPE_CHECKING:
    from nippo_cli.journal.log.damaged_deal import Remnants


class Merge(NamedTuple):
    """A merge that stands. Its first two parts are its place in the order of the log, by which merges take effect."""

    recorded_at: str
    id: int
    deal: int
    into: int


# The merges of a deal that stand.
MergesOf: TypeAlias = Callable[[int], Sequence[Merge]]


class Merged(NamedTuple):
    """The deal that each deal is merged into, by the deal; and the merges without effect, since they would close a
    circle."""

    into: dict[int, int]
    idle: list[Merge]


def effective(merges: Iterable[Merge]) -> Merged:
    """What merges make of deals: of several of one deal the last counts."""
    merged = Merged({}, [])
    for merge in sorted(merges):
        at = merge.into
        while at != merge.deal and at in merged.into:
            at = merged.into[at]
        if at == merge.deal:
            merged.idle.append(merge)
        else:
            merged.into[merge.deal] = merge.into
    return merged


def reached(deal: int, merges_of: MergesOf) -> Merged:
    """What the merges of a deal, and of those that it may lead to, make of these deals."""
    family: dict[int, Sequence[Merge]] = {}
    ahead = [deal]
    while ahead:
        one = ahead.pop()
        if one not in family:
            family[one] = merges_of(one)
            ahead += [merge.into for merge in family[one]]
    return effective(merge for merges in family.values() for merge in merges)


class DealRecordState(NamedTuple):
    """A deal apart from its entries. `alive` until its begin is retracted; `merges` are its own that stand; `into` is
    the deal that it is merged into, by them and by those of the others; `reach` that of its own records."""

    record: DealRecord
    alive: bool
    merges: tuple[Merge, ...]
    into: int | None
    reach: Reach


def read_deal(cx: sqlite3.Connection, deal: int, batches: Batches) -> DealRecordState | None:
    """A deal with all that was merged into it; None where there is no such deal."""
    state = own_state(cx, deal, batches)
    if state is None:
        return None
    merged = [row[0] for row in cx.execute(MERGED_HERE, (deal,))]
    return joined(state, [m for d in merged if (m := read_deal(cx, d, batches)) is not None])


def own_state(cx: sqlite3.Connection, deal: int, batches: Batches) -> DealRecordState | None:
    """A deal as its own records tell it; None where there is no such deal."""
    state = _alone(cx, deal, batches)
    return placed(state, lambda other: _alone(cx, other, batches)) if state is not None else None


def _alone(cx: sqlite3.Connection, deal: int, batches: Batches) -> DealRecordState | None:
    return state_from(cx, deal, tree(cx, deal), batches)


def state_from(cx: sqlite3.Connection, deal: int, records: Sequence[Rec], batches: Batches) -> DealRecordState | None:
    """A deal from some of its own tree of records, oldest first (those known by some day); what damaged ones said as far
    as it is kept elsewhere. What it is merged into is left to `placed`. None where there is no such deal."""
    if not records or records[0].id != deal or not begins_deal(records[0]):
        return None
    if not any(rec.damaged for rec in records):
        return deal_of(records, batches)
    from nippo_cli.journal.log.damaged_deal import in_place, remnants_of

    remnants = remnants_of(cx, deal, records)
    return deal_of(in_place(records), batches, remnants) if remnants is not None or not records[0].damaged else None


def placed(state: DealRecordState, state_of: Callable[[int], DealRecordState | None]) -> DealRecordState:
    """A deal's state with what it is merged into.

    Args:
        state_of: the state of another deal; asked where merges lead there.
    """
    if not state.merges:
        return state

    def merges_of(deal: int) -> tuple[Merge, ...]:
        deal_state = state if deal == state.record.id else state_of(deal)
        return deal_state.merges if deal_state is not None else ()

    return state._replace(into=reached(state.record.id, merges_of).into.get(state.record.id))


def idle_merges(cx: sqlite3.Connection, deal: int, batches: Batches) -> set[int]:
    """The merges of a deal, and of those that it leads to, that stand and have no effect."""

    def merges_of(one: int) -> tuple[Merge, ...]:
        state = _alone(cx, one, batches)
        return state.merges if state is not None else ()

    return {merge.id for merge in reached(deal, merges_of).idle}


def deal_of(records: Sequence[Rec], batches: Batches, remnants: "Remnants | None" = None) -> DealRecordState:
    """A deal from its own tree of records, oldest first; what it is merged into is left to `placed`.

    Args:
        remnants: what the damaged ones among them said, where that is known.
    """
    first, retracted_ids = records[0], retracted(records)
    names: list[str] = []
    handovers: list[tuple[str, Handover]] = []
    holds: list[Hold] = []
    also: list[str] = []
    parent: int | None = None
    merges: list[Merge] = []
    for rec, said in _current_bodies(records, retracted_ids, batches, remnants):
        match said.get("do", rec.kind):
            case "hold" if said:
                holds.append(_hold(rec, said))
            case "begin":
                names, parent = [said["name"]] if "name" in said else [], said.get("parent")
            case "rename":
                names.append(said["name"])
            case "alias":
                also.append(said["name"])
            case "assign":
                on = date.fromisoformat(rec.on_date or rec.known_on)
                handovers.append((rec.recorded_at, Handover(rec.id, on, said["owner"])))
            case "merge":
                merges.append(Merge(rec.recorded_at, rec.id, first.id, said["into"]))
    if first.id in retracted_ids and "name" in first.parsed_body:
        names = [first.parsed_body["name"], *names]
    handovers.sort(key=lambda h: (h[1].on, h[0], h[1].id))
    own = _own_kinds(records)
    # One whose name was erased answers to its id.
    name = names[-1] if names else "" if first.damaged else f"#{show_id(first.id)}"
    record = DealRecord(
        first.id, name, _others(names[-1:], [*names, *also]), parent,
        tuple(h for _, h in handovers), tuple(holds),
        date.fromisoformat(max(max(r.known_on, r.on_date or "") for r in own)) if own else None,
    )  # fmt: skip
    batch = first.batch if not first.damaged else None
    taken_back = first.id in retracted_ids or batch in batches
    return DealRecordState(record, not taken_back, tuple(merges), None, reach(own) | batches.reach(batch))


def _current_bodies(
    records: Sequence[Rec], retracted_ids: Collection[int], batches: Batches, remnants: "Remnants | None"
) -> Iterator[tuple[Rec, dict[str, Any]]]:
    """What each record of a deal says now, those taken back left out, and those of imports that were."""
    first = records[0]
    for rec in records:
        if rec is not first and rec.kind == "deal" and rec.batch in batches:
            continue
        if rec.damaged and remnants is not None and rec.id not in retracted_ids:
            yield from remnants.bodies(rec, first=rec is first)
        elif rec.kind in ("deal", "hold") and rec.id not in retracted_ids and not rec.damaged:
            now = (
                _own(first, records)
                if rec is first
                else not_retracted([rec, *(r for r in records if r.target == rec.id)])
            )
            yield rec, body_now(now or [rec])


def joined(deal: DealRecordState, merged: Sequence[DealRecordState]) -> DealRecordState:
    """A deal with those merged into it: their names are its aliases, their holds its holds."""
    if not merged:
        return deal
    own = deal.record
    names = [
        *own.aliases,
        *(n for m in merged for n in (m.record.name, *m.record.aliases)),
    ]
    holds = sorted((*own.holds, *(h for m in merged for h in m.record.holds)), key=lambda h: (h.first, h.id))
    told_on = max((b.told_on for b in (own, *(m.record for m in merged)) if b.told_on), default=None)
    return deal._replace(record=own._replace(aliases=_others([own.name], names), holds=tuple(holds), told_on=told_on))


def merged_ever(cx: sqlite3.Connection, deal: int) -> set[int]:
    """The deal itself and every deal that it was ever merged into, taken back or not."""
    family, ahead = {deal}, [deal]
    while ahead:
        into = led_to(cx, ahead.pop()) - family
        family |= into
        ahead += into
    return family


def led_to(cx: sqlite3.Connection, deal: int) -> set[int]:
    """The deals that a deal was ever merged into at first hand."""
    return {
        into for rec in select_records(cx, _MERGES, (deal, deal)) if (into := rec.parsed_body.get("into")) is not None
    }


def root(cx: sqlite3.Connection, deal: int) -> int:
    """The deal that a deal's entries are in today, through every merge."""
    passed = {deal}
    while (row := cx.execute(MERGED_INTO, (deal,)).fetchone()) and row[0] is not None and row[0] not in passed:
        deal = row[0]
        passed.add(deal)
    return deal


# A deal's merges, and what corrects them.
_IS_MERGE = "r.target = ? and r.kind = 'deal' and instr(r.body, '\"do\":\"merge\"')"
_MERGES = (
    f"select {REC} from record r where {_IS_MERGE} union all"
    f" select {REC} from record m join record r on r.target = m.id and r.kind = 'amend'"
    f" where {_IS_MERGE.replace('r.', 'm.')}"
)


def _own(first: Rec, records: Sequence[Rec]) -> Sequence[Rec]:
    return not_retracted([first, *(r for r in records if r.target == first.id and r.kind in ("amend", "retract"))])


def _own_kinds(records: Iterable[Rec]) -> list[Rec]:
    """Those that tell of the deal, damaged ones apart; an amend or retract of a comment on it does not."""
    by_id: dict[int, Rec] = {}
    for rec in records:
        if not by_id or (rec.target in by_id and rec.kind in ("deal", "hold", "amend", "retract", "redact")):
            by_id[rec.id] = rec
    return [rec for rec in by_id.values() if not rec.damaged]


def _hold(rec: Rec, said: dict[str, Any]) -> Hold:
    first, last = date.fromisoformat(said["first"]), date.fromisoformat(said["last"])
    return Hold(rec.id, first, last, said.get("why", ""), rec.author)


def _others(own: Sequence[str], names: Iterable[str]) -> tuple[str, ...]:
    """Names other than the deal's own, each once, in order."""
    return tuple(dict.fromkeys(n for n in names if n not in own))
