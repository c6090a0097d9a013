"""What a record says today: itself, its amends, its retracts and its erasure, put together; damaged ones say nothing.

Pure but for `tree`, which reads them. Give fewer records (those known by some day) and it is what was said then.
"""

import sqlite3
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.log.record import canonical
from nippo_cli.journal.log.records import Rec, select_records
from nippo_cli.journal.log.schema_migrator import SchemaMigrator
from nippo_cli.journal.log.statements import REC, SAME_ROW

# A record and everything that targets it, directly or not, in the order of the log. Comments on it, reviews of a deal,
# who follows it, and what corrects those, say nothing of the record itself.
RECORD_TREE: Final = f"""
with recursive tree(id) as (
  select ? union
  select o.id from tree join twin w on w.record = tree.id join record r on r.id = w.record
    join record o on {SAME_ROW} union
  select t.id from tree join record t on t.target = tree.id and t.kind not in ('comment', 'review', 'follow'))
select {REC} from tree join record r on r.id = tree.id order by r.recorded_at, r.id
"""


class EntryState(NamedTuple):
    """An entry in one version. `version` is the id of its last amend, or its own; `schema` and `said_on` (when it was
    known) are that record's, `known_on` the first one's; `deal` is the one that its body names, merges apart."""

    id: int
    version: int
    schema: int
    on: str
    recorded_at: str
    known_on: str
    said_on: str
    author: str
    deal: int | None
    meeting: int | None
    incomplete: bool
    snapshot: bool
    values: Mapping[str, Any]
    batch: int | None
    erased: bool


def tree(cx: sqlite3.Connection, record: int) -> list[Rec]:
    """A record and all that targets it, directly or not, oldest first; damaged ones are among them. An erased one that is no
    entry says what its erasure left of it. Where several devices imported what it is of, what corrects any of theirs is among
    the records of the one that speaks for all (`twins`)."""
    of = list(select_records(cx, RECORD_TREE, (record,)))
    if any(_is_unknown(rec) for rec in of):
        of = _without_unknown(of, record)
    if of and of[0].id != record:
        from nippo_cli.journal.log.missing import with_lost_begin

        of = with_lost_begin(of, record)
    if any(rec.target is None and rec.id != record and not rec.damaged for rec in of):
        from nippo_cli.journal.log.twins import of_one

        of = of_one(of, record, Batches(cx))
    return _with_what_stays(in_order(of, record))


def _with_what_stays(records: list[Rec]) -> list[Rec]:
    if not any(rec.kind == "redact" for rec in records):
        return records
    erasures = [rec for rec in records if rec.kind == "redact" and "stays" in rec.parsed_body]
    left = {rec.target: canonical(rec.parsed_body["stays"]) for rec in erasures}
    return [rec._replace(body=left[rec.id]) if rec.body is None and rec.id in left else rec for rec in records]


# What a record can be, and what can be done to a deal, as far as this version knows.
KINDS: Final = frozenset(
    ("entry", "deal", "customer", "person", "sale", "match", "target", "declaration", "review", "hold", "comment", "day",
     "follow", "schema", "batch", "member", "amend", "retract", "redact")
)  # fmt: skip
_DEEDS: Final = frozenset(("begin", "rename", "alias", "assign", "merge", "hold"))


def _is_unknown(rec: Rec) -> bool:
    """Whether a later nippo wrote it: a kind, or a deed of a deal, that this version does not know. A damaged record may have
    been of a known one."""
    if rec.damaged:
        return False
    return rec.kind not in KINDS or (rec.kind == "deal" and rec.parsed_body.get("do", "begin") not in _DEEDS)


def begins_deal(rec: Rec) -> bool:
    """Whether a deal may begin with this record; what it was is not to be told from a damaged or an erased one."""
    return rec.damaged or (rec.kind == "deal" and rec.parsed_body.get("do", "begin") == "begin")


def _without_unknown(of: list[Rec], first: int) -> list[Rec]:
    """A tree without the records that a later nippo wrote, and without what is about those; its first record stays."""
    dropped = {rec.id for rec in of if _is_unknown(rec)} - {first}
    while more := {rec.id for rec in of if rec.target in dropped} - dropped - {first}:
        dropped |= more
    return [rec for rec in of if rec.id not in dropped]


def in_order(of: list[Rec], first: int) -> list[Rec]:
    """A tree of records in the order of the log, its first record before all; one dated before what it is about, by a
    clock that was set back, comes right behind that."""
    ids = {rec.id for rec in of} - {first}
    done: set[int] = set()
    for rec in of:
        if (rec.id != first and first not in done) or (rec.target in ids and rec.target not in done):
            break
        done.add(rec.id)
    else:
        return of
    left = sorted(of, key=lambda rec: rec.id != first)
    ordered, done = left[:1], {first}
    del left[:1]
    while left:
        rec = next((r for r in left if r.target not in ids or r.target in done), left[0])
        left.remove(rec)
        ordered.append(rec)
        done.add(rec.id)
    return ordered


def retracted(records: Sequence[Rec]) -> set[int]:
    """The ids that stand retracted: a retract counts while it is not itself retracted."""
    ids: set[int] = set()
    for rec in reversed(records):
        if rec.kind == "retract" and rec.id not in ids and rec.target is not None and not rec.damaged:
            ids.add(rec.target)
    return ids


def damage_in_force(records: Sequence[Rec]) -> list[Rec]:
    """The damaged records of a tree that stand, so that what it says can't be told from it; none where the first is
    taken back."""
    if not any(rec.damaged for rec in records):
        return []
    retracted_ids = retracted(records)
    return (
        [rec for rec in records if rec.damaged and rec.id not in retracted_ids]
        if records[0].id not in retracted_ids
        else []
    )


def not_retracted(records: Sequence[Rec], gone_batches: Container[object] = ()) -> list[Rec]:
    """The first record and its amends that stand, in order; empty where the first is retracted, or damaged.

    Args:
        records: a record's tree, oldest first.
        gone_batches: the imports that were taken back.
    """
    if not records:
        return []
    first, retracted_ids = records[0], retracted(records)
    if first.damaged or first.id in retracted_ids or first.batch in gone_batches:
        return []
    return [
        first,
        *(
            r
            for r in records[1:]
            if r.kind == "amend" and r.target == first.id and r.id not in retracted_ids and not r.damaged
        ),
    ]


def entry_versions(
    records: Sequence[Rec], migrator: SchemaMigrator, gone_batches: Container[object] = ()
) -> list[EntryState]:
    """Every version of an entry that stands, oldest first; none where it is retracted, or its first record damaged."""
    active_records = not_retracted(records, gone_batches)
    if not active_records:
        return []
    erasure = next(
        (r for r in records if r.kind == "redact" and r.target == active_records[0].id and r.parsed_body), None
    )
    if erasure is not None:
        return [_erased(active_records[0], erasure)]
    if active_records[0].body is None:
        return [_first(active_records[0], {})._replace(erased=True)]
    versions = [_first(active_records[0], active_records[0].parsed_body)]
    for amend in active_records[1:]:
        versions.append(_amended(versions[-1], amend, migrator))
    return versions


def _erased(rec: Rec, erasure: Rec) -> EntryState:
    """What an erasure leaves: the deal and the values that are no text, so that the deal's line keeps its shape."""
    left = erasure.parsed_body.get("left", {})
    return _first(rec, left)._replace(
        version=erasure.id,
        schema=erasure.schema,
        on=left.get("on", rec.on_date or rec.known_on),
        erased=True,
    )


def first_version(rec: Rec) -> EntryState:
    """What a sound entry says of which no other record says anything."""
    return _first(rec, rec.parsed_body)


def _first(rec: Rec, said: Mapping[str, Any]) -> EntryState:
    """The first version of an entry: its own record, saying `said`."""
    return EntryState(
        id=rec.id,
        version=rec.id,
        schema=rec.schema,
        on=rec.on_date or rec.known_on,
        recorded_at=rec.recorded_at,
        known_on=rec.known_on,
        said_on=rec.known_on,
        author=rec.author,
        deal=said.get("deal"),
        meeting=said.get("meeting"),
        incomplete=bool(said.get("incomplete")),
        snapshot=bool(said.get("snapshot")),
        values=said.get("values", {}),
        batch=rec.batch,
        erased=False,
    )


def _amended(before: EntryState, amend: Rec, migrator: SchemaMigrator) -> EntryState:
    """The next version: what the amend says put over the one before, whose values move to the amend's schema."""
    said = amend.parsed_body
    return before._replace(
        version=amend.id,
        schema=amend.schema,
        said_on=amend.known_on,
        on=said.get("on", before.on),
        author=said.get("author", before.author),
        deal=said.get("deal", before.deal),
        meeting=said.get("meeting", before.meeting),
        incomplete=bool(said.get("incomplete", before.incomplete)),
        snapshot=bool(said.get("snapshot", before.snapshot)),
        values=merged(
            migrator.carry(before.values, before.schema, amend.schema),
            said.get("values", {}),
        ),
    )


def merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Values with changes put in key by key; a change to nothing takes the key out."""
    return {key: value for key, value in {**values, **changes}.items() if value is not None}


def body_now(records: Sequence[Rec]) -> dict[str, Any]:
    """The body of what is not an entry: the first record's with every standing amend's put in, `why` of a
    correction apart."""
    body: dict[str, Any] = dict(records[0].parsed_body)
    for amend in records[1:]:
        body = merged(
            body,
            {k: v for k, v in amend.parsed_body.items() if k != "why"} | _hold_why(records[0], amend),
        )
    return body


def _hold_why(first: Rec, amend: Rec) -> dict[str, Any]:
    """A hold's own `why` is its reason; a correction of one says the new reason under `reason`."""
    said = amend.parsed_body
    return {"why": said["reason"]} if first.kind == "hold" and "reason" in said else {}


def deals_ever(records: Iterable[Rec]) -> set[int]:
    """Every deal that an entry's records name or ever named."""
    deals: set[int] = set()
    for rec in records:
        said = rec.parsed_body
        if rec.kind == "redact":
            deals.update(said.get("deals", ()))
        elif rec.kind in ("entry", "amend") and said.get("deal") is not None:
            deals.add(said["deal"])
    return deals


class Reach(NamedTuple):
    """The latest day on which records were known, and of what they tell; empty text before any."""

    known_on: str = ""
    event_on: str = ""

    def __or__(self, other: "Reach") -> "Reach":
        return Reach(max(self.known_on, other.known_on), max(self.event_on, other.event_on))


NOWHERE = Reach()


def reach(records: Iterable[Rec]) -> Reach:
    """How far a record, its corrections and its retracts reach. Comments and the like change nothing."""
    known = event = ""
    for rec in records:
        if rec.kind in _TELLING and not rec.damaged:
            known, event = max(known, rec.known_on), max(event, rec.on_date or "")
    return Reach(known, event)


_TELLING = frozenset(("entry", "deal", "hold", "amend", "retract", "redact"))


class Batches:
    """Which imports were taken back, and when that became known; read when first asked for."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self._cx = cx
        self._retracted: dict[int, tuple[bool, Reach]] = {}

    def __contains__(self, batch: object) -> bool:
        return isinstance(batch, int) and self._of(batch)[0]

    def reach(self, batch: int | None) -> Reach:
        """How far the retracts of an import reach; not the import itself."""
        return self._of(batch)[1] if batch is not None else Reach()

    def forget(self) -> None:
        """Read again: a retract was written."""
        self._retracted.clear()

    def _of(self, batch: int) -> tuple[bool, Reach]:
        if batch not in self._retracted:
            records = tree(self._cx, batch)
            self._retracted[batch] = (batch in retracted(records), reach(records))
        return self._retracted[batch]
