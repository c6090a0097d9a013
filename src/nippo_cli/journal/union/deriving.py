"""What follows from the records of other devices, kept in step with them as they are taken."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from nippo_cli.journal.derive import Projection, put_schema
from nippo_cli.journal.derive.rebuild import rebuild
from nippo_cli.journal.log import (
    INSERT_RECORD,
    SET_META,
    SHAPE,
    Rec,
    SchemaMigrator,
    SealedRecord,
    inner_digest,
    insert_many,
    one_record,
    put_twins,
    put_twins_among,
)
from nippo_cli.journal.search import AT_A_WRITE, catch_up, compact, forget, learn, rebuild_index
from nippo_cli.journal.union.arrivals import Arrival
from nippo_cli.journal.write import ERASE, UNWIPED, derive_batch

PUT_DEVICE: Final = """
insert into device (slot, id, began_at, last_number, ordinal)
values (?, ?, ?, 0, (select coalesce(max(ordinal) + 1, 0) from device)) on conflict (slot) do nothing
"""
PUT_RECORD: Final = INSERT_RECORD.replace("insert ", "insert or ignore ", 1)
LAST_NUMBER: Final = "update device set last_number = max(last_number, ?) where slot = ?"
# What an erasure takes the words of: what it is about, and every correction of that.
ERASED_WITH: Final = """
select r.id, r.salt, r.body from record r where r.body is not null
  and (r.id = :target or (r.target = :target and r.kind = 'amend'))
"""
HELD_OF: Final = "select id from record where id in (select value from json_each(?))"
ERASED_OF: Final = (
    "select target from record indexed by record_target"
    " where target in (select value from json_each(?)) and target is not null and kind = 'redact'"
)
# What is derived at once where nothing is about it yet.
_FIRST: Final = ("entry", "batch", "deal")


class ForeignRecords:
    """Records of other devices within one transaction.

    Args:
        devices: what came, by slot.
        derives: what follows is derived record by record; else all of it anew at the end.
    """

    def __init__(self, cx: sqlite3.Connection, devices: Mapping[int, Arrival], *, derives: bool) -> None:
        self._cx = cx
        self._devices = devices
        self._derives = derives
        self._anew = not derives
        self._forgotten: set[int] = set()
        self._about: dict[int, Rec] = {}
        # Entries, imports and begun deals that came just now, and nothing yet that is about them.
        self._fresh: dict[int | None, None] = {}
        self._schemas: list[Rec] = []
        self.counts: dict[int, int] = {}
        self.erased = False

    @property
    def count(self) -> int:
        """How many were put in."""
        return sum(self.counts.values())

    def put(self, records: Sequence[SealedRecord], numbers: Mapping[int, int]) -> None:
        """Put records in, each behind those that it refers to.

        Args:
            numbers: of each device, by slot, up to which number all are there then.
        """
        for record in records:
            if record.slot not in self.counts:
                device = self._devices[record.slot]
                self._cx.execute(PUT_DEVICE, (device.slot, device.device, device.began_at))
            self.counts[record.slot] = self.counts.get(record.slot, 0) + 1
        ids = json.dumps([record.id for record in records])
        # Another process of this machine may have taken some meanwhile.
        held = {record for (record,) in self._cx.execute(HELD_OF, (ids,))}
        for record in self._put_in(records):
            self._note(record, is_new=record.id not in held)
        self._cx.executemany(LAST_NUMBER, [(number, slot) for slot, number in numbers.items()])
        put_twins_among(self._cx, [record.id for record in records if record.source_key is not None])
        if any(record.kind == "redact" for record in records):
            # What an erasure left of an import says of which file its rows are.
            put_twins(self._cx)

    def _put_in(self, records: Sequence[SealedRecord]) -> list[SealedRecord]:
        """Put records into the log, as many as possible at once; those whose words were erased before they came without these. As
        they are then."""
        erased = self._erased_of(records)
        put: list[SealedRecord] = []
        begin = 0
        for record in records:
            if record.kind == "redact" and record.target is not None:
                # It erases what stands in the log.
                insert_many(self._cx, PUT_RECORD, put[begin:])
                begin = len(put)
                self._erase(record.target)
                erased.add(record.target)
            if record.body is None or record.salt is None or erased.isdisjoint(_words_of(record)):
                put.append(record)
            else:
                put.append(record._replace(body=None, salt=inner_digest(record.salt, record.body)))
                self._note_erased()
        insert_many(self._cx, PUT_RECORD, put[begin:])
        return put

    def _erased_of(self, records: Sequence[SealedRecord]) -> set[int]:
        """Which of some records, or of those that they correct, were erased before."""
        of = json.dumps([one for record in records for one in _words_of(record)])
        return {target for (target,) in self._cx.execute(ERASED_OF, (of,))}

    def _note(self, record: SealedRecord, *, is_new: bool) -> None:
        """Keep what is to be derived of a record that was put in."""
        if record.kind == "schema":
            self._schemas.append(_rec(record))
        elif self._derives:
            about = self._about_of(_rec(record))
            self._about[about.id] = about
            if is_new and record.kind in _FIRST and record.target is None and record.body is not None:
                self._fresh[record.id] = None
            else:
                for one in (about.id, record.target):
                    self._fresh.pop(one, None)

    def _erase(self, target: int) -> None:
        """Take the words away that an erasure is about, and what the search has of them."""
        words = self._cx.execute(ERASED_WITH, {"target": target}).fetchall()
        if not words:
            return
        self._note_erased()
        if self._derives:
            entry = forget(self._cx, target)
            if entry is not None:
                self._forgotten.add(entry)
        for record, salt, body in words:
            self._cx.execute(ERASE, (inner_digest(salt, body), record))

    def _note_erased(self) -> None:
        if not self.erased:
            self._cx.execute(SET_META, (UNWIPED, "1"))
            self._cx.execute("pragma secure_delete = on")
            self.erased = True

    def _about_of(self, rec: Rec) -> Rec:
        """What a correction, a retract or an erasure is about in the end; any other record itself."""
        while rec.kind in ("amend", "retract", "redact") and rec.target is not None:
            of = one_record(self._cx, rec.target)
            if of is None:
                break
            rec = of
        return rec

    def needs_rebuild(self) -> bool:
        """Whether all has to be derived anew: a schema changes how what was there is read."""
        schemas, self._schemas = self._schemas, []
        if schemas:
            self._anew |= self._adopt(schemas)
        return self._anew

    def finish(self) -> bool:
        """Derive what follows. Whether all was derived anew."""
        if self.needs_rebuild():
            rebuild(self._cx)
            rebuild_index(self._cx)
            return True
        projection = Projection(self._cx)
        if projection.any_twins:
            self._fresh.clear()
        # What is left of an import may come when it was taken back already.
        for late in [about.id for about in self._about.values() if about.batch in projection.batches]:
            self._fresh.pop(late, None)
        # Of an import that came just now the rows come behind it.
        batches = [about for about in self._about.values() if about.kind == "batch" and about.id not in self._fresh]
        fresh = [self._about[record] for record in self._fresh if record is not None]
        projection.fresh_deals([deal for deal in fresh if deal.kind == "deal"])
        projection.fresh_entries([entry for entry in fresh if entry.kind == "entry"])
        for about in (one for one in self._about.values() if one.kind != "batch" and one.id not in self._fresh):
            projection.record(about)
        for batch in batches:
            projection.flush()
            derive_batch(self._cx, projection, batch.id)
        projection.flush()
        if batches and projection.any_twins:
            # The index was made anew with them.
            self._forgotten.clear()
        for entry in self._forgotten:
            learn(self._cx, entry)
        if self._forgotten:
            compact(self._cx)
        catch_up(self._cx, self.count + AT_A_WRITE, projection.migrator)
        return False

    def _adopt(self, schemas: Sequence[Rec]) -> bool:
        """Put schemas in; whether what is derived hangs on the difference."""
        before = SchemaMigrator(self._cx)
        shape, last = self._shape(before.under), before.ids[-1:]
        for rec in schemas:
            put_schema(self._cx, rec)
        after = SchemaMigrator(self._cx)
        # Behind all others, and alike in all that a line depends on: nothing that was read under them is read otherwise.
        in_place = after.ids[: len(before.ids)] == before.ids and after.line[: len(before.line)] == before.line
        alike = all(self._shape(rec.id) == shape for rec in schemas) and len(after.line) == len(after.ids)
        return bool(last) and not (in_place and alike)

    def _shape(self, schema: int) -> str | None:
        row = self._cx.execute(SHAPE, (schema,)).fetchone()
        return row[0] if row is not None else None


def _words_of(record: SealedRecord) -> Sequence[int]:
    """What an erasure is about that takes a record's words away: itself, or what it corrects."""
    return (record.id, record.target) if record.kind == "amend" and record.target is not None else (record.id,)


def _rec(record: SealedRecord) -> Rec:
    return Rec(*record[:9], record.body)
