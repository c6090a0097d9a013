"""A diary of one's own, issued anew as a device of a team: the same numbers, instants, days and salts under another name."""

import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError, msg
from nippo_cli.base.ids import number_of, record_id, show_id, slot_of
from nippo_cli.journal.check import make_anew
from nippo_cli.journal.log import (
    DEVICE_IDS,
    INSERT_RECORD,
    SET_META,
    SealedRecord,
    canonical,
    connect_ro,
    draw_slot,
    hash_faster,
    insert_many,
    meta,
    new_device_id,
    rows,
    sealed_records,
    true_device,
    usable,
    with_ids,
)
from nippo_cli.journal.union.arrivals import Arrival
from nippo_cli.journal.write import create

BEGAN: Final = "select slot, began_at from device"
PUT_DEVICE: Final = """
insert into device (slot, id, began_at, last_number, ordinal)
values (?, ?, ?, 0, (select coalesce(max(ordinal) + 1, 0) from device))
"""
SET_DEVICE: Final = "update device set last_number = ? where slot = ?"
DEVICE_ID: Final = "select id from device where slot = ?"
DEVICE: Final = "select d.slot, d.id, d.last_number from device d, meta m where m.key = 'device' and d.slot = m.value"
# What a sync that was broken off put in before others of lower numbers.
EARLY: Final = "select id from record where id > ? and id < ? order by id"
SALTS: Final = "select id, salt from record where salt is not null"
SAME_INSTANT: Final = "select body is null from record where id = ? and kind = ? and recorded_at = ?"
SCHEMAS: Final = "select id from record where kind = 'schema' order by recorded_at, id"
# What this copy is set to, and keeps.
_SETTINGS: Final = ("author", "schema_seen")
_ERASED_BYTES: Final = 32
# So many are put in together.
AT_ONCE: Final = 1_000


def reissue(source: Path, target: Path, *, slot: int, taken: Collection[int], now: str) -> int:
    """Write a whole log anew into a new file, which goes on as the device of this slot; how many records it has.

    The log of the device that began the diary gets the slot; each other one of the same diary keeps its own, or gets a free one. Ids
    in headers and bodies name the records by their new names; a schema that named none before it names the one that was in force.

    Args:
        source: the diary; it is left as it is.
        taken: slots that the team has already.

    Raises:
        JournalError: a record of the diary is damaged or missing: it has to be put right first.
    """
    hash_faster()
    with closing(connect_ro(source)) as old, usable(source):
        zone = meta(old, "time_zone")
        slots = _new_slots(old, slot, taken)
        create(target, time_zone=zone, now=now, slot=slot)
        with closing(sqlite3.connect(target, isolation_level=None)) as cx:
            # It gets its name as a whole.
            cx.execute("pragma synchronous = off")
            cx.execute("begin immediate")
            for key in _SETTINGS:
                if meta(old, key):
                    cx.execute(SET_META, (key, meta(old, key)))
            n = _Reissue(old, cx, slots).run()
            make_anew(cx, is_sound=True)
            cx.execute("commit")
    return n


def rest_of(source: Path, target: Path) -> Arrival:
    """What a diary has and a team's journal, which holds an earlier copy of it, has not: under the numbers of that journal's own device,
    in the order of the log. A record is the same where its salt is. Of schemas none comes behind the team's.

    Raises:
        JournalError: a record of the diary is damaged or missing.
    """
    with closing(connect_ro(source)) as old, closing(connect_ro(target)) as cx, usable(source):
        slot, device, _ = cx.execute(DEVICE).fetchone()
        began_at = dict(cx.execute(BEGAN))[slot]
        log = sorted(_sound_log(old), key=lambda record: (record.recorded_at, record.id))
        ids = _same_records(cx, log)
        rest = [record for record in log if record.id not in ids]
        ids |= {record.id: record_id(slot, number) for number, record in enumerate(rest, 1)}
        records = [_renamed(record, ids, device) for record in rest]
    return Arrival(device, slot, began_at, records, len(records))


def _sound_log(old: sqlite3.Connection) -> Iterator[SealedRecord]:
    """Every record of every device, each what was written."""
    for slot, device, last in list(rows(old, DEVICE_IDS)):
        yield from _sound_records(old, slot, device, last)


def _sound_records(old: sqlite3.Connection, slot: int, device: str, last: int) -> Iterator[SealedRecord]:
    """A device's records, each what was written: up to its last number without a gap, and what came early behind it."""
    n = 0
    for n, record in enumerate(sealed_records(old, slot, 0, last), 1):
        check_record(record, n, true_device(device))
        yield record
    if n != last:
        raise _unfit(record_id(slot, n + 1))
    if early := _early(old, slot, last):
        for record in sealed_records(old, slot, last, number_of(early[-1])):
            check_record(record, record.number, true_device(device))
            yield record


def _early(old: sqlite3.Connection, slot: int, last: int) -> list[int]:
    """The records of a device that are there behind the number up to which all are."""
    return [record for (record,) in old.execute(EARLY, (record_id(slot, last), record_id(slot + 1, 0)))]


def _same_records(cx: sqlite3.Connection, log: Sequence[SealedRecord]) -> dict[int, int]:
    """The records of a log that a journal holds, by their ids, with those that they have there: they have one salt. What was erased of
    either has another; it stands under the same number of the same device, at the same instant."""
    there = {salt: record for record, salt in cx.execute(SALTS)}
    same = {record.id: there[record.salt] for record in log if record.salt in there}
    slots = {slot_of(old): slot_of(new) for old, new in same.items() if number_of(old) == number_of(new)}
    for record in log:
        if record.id not in same and record.slot in slots:
            number_there = record_id(slots[record.slot], record.number)
            row = cx.execute(SAME_INSTANT, (number_there, record.kind, record.recorded_at)).fetchone()
            if row is not None and (row[0] or record.body is None):
                same[record.id] = number_there
    return same


def _renamed(record: SealedRecord, ids: Mapping[int, int], device: str) -> SealedRecord:
    """A record under another id, as a device writes it, and all that it names by theirs."""
    body = record.body
    if body is not None:
        said = with_ids(record.kind, json.loads(body), lambda one: ids.get(one, one))
        if record.kind == "schema":
            said.pop("before", None)
        body = canonical(said)
    renamed = record._replace(
        id=ids[record.id],
        schema=ids[record.schema],
        target=ids[record.target] if record.target is not None else None,
        batch=ids[record.batch] if record.batch is not None else None,
        salt=record.salt if record.salt is not None else os.urandom(_ERASED_BYTES),
        body=body,
    )
    return renamed._replace(hash=renamed.sealed_by(device))


def check_record(record: SealedRecord, number: int, device: str) -> None:
    """Refuse a record that is not what its device wrote, or not under this number.

    Raises:
        JournalError: it has to be put right first.
    """
    # Of what an older version erased nothing is left to hold its hash against.
    erased = record.body is None and record.salt is None
    if record.number != number or not (erased or record.sealed_by(device) == record.hash):
        raise _unfit(record.id)


def _new_slots(old: sqlite3.Connection, slot: int, taken: Collection[int]) -> dict[int, int]:
    """The new slot of each device of a diary."""
    devices = sorted(row[0] for row in rows(old, DEVICE_IDS))
    slots = {devices[0]: slot}
    for other in devices[1:]:
        name = other
        while name in (0, slot, *taken, *slots.values()):
            name = draw_slot(())
        slots[other] = name
    return slots


class _Reissue:
    """One log, record by record. What came early takes the numbers behind its device's last one: what lacks before it is not awaited."""

    def __init__(self, old: sqlite3.Connection, cx: sqlite3.Connection, slots: Mapping[int, int]) -> None:
        self._old = old
        self._cx = cx
        self._slots = slots
        schemas = [schema for (schema,) in old.execute(SCHEMAS)]
        self._before = dict(zip(schemas[1:], schemas, strict=False))
        self._renumbered = {
            record: record_id(one, number)
            for one, _, last in list(rows(old, DEVICE_IDS))
            for number, record in enumerate(_early(old, one, last), last + 1)
        }

    def run(self) -> int:
        """Every record of every device; how many."""
        n = 0
        began = dict(self._old.execute(BEGAN))
        for slot, device, last in list(rows(self._old, DEVICE_IDS)):
            new = self._slots[slot]
            if not last and not _early(self._old, slot, last):
                # It never wrote anything.
                continue
            row = self._cx.execute(DEVICE_ID, (new,)).fetchone()
            new_device = row[0] if row is not None else new_device_id()
            if row is None:
                self._cx.execute(PUT_DEVICE, (new, new_device, began[slot]))
            number = 0
            records = _sound_records(self._old, slot, device, last)
            while some := [self._new(record, new_device) for record in islice(records, AT_ONCE)]:
                insert_many(self._cx, INSERT_RECORD, some)
                number += len(some)
            self._cx.execute(SET_DEVICE, (number, new))
            n += number
        return n

    def _new(self, record: SealedRecord, device: str) -> SealedRecord:
        """A record as the new device's: its number, the ids it names, and a hash of its own."""
        body = record.body
        if body is not None:
            said = json.loads(body)
            if record.id in self._before and record.kind == "schema":
                said.setdefault("before", self._before[record.id])
            body = canonical(with_ids(record.kind, said, self._id))
        new = record._replace(
            id=self._id(record.id),
            schema=self._id(record.schema),
            target=self._id(record.target) if record.target is not None else None,
            batch=self._id(record.batch) if record.batch is not None else None,
            salt=record.salt if record.salt is not None else os.urandom(_ERASED_BYTES),
            body=body,
        )
        return new._replace(hash=new.sealed_by(device))

    def _id(self, record: int) -> int:
        record = self._renumbered.get(record, record)
        return record_id(self._slots.get(slot_of(record), slot_of(record)), number_of(record))


def _unfit(record: int) -> JournalError:
    return JournalError(msg("team.unfit", id=show_id(record)), hint=msg("team.unfit.hint"))
