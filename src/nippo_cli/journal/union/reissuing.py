"""A diary of one's own, issued anew as a device of a team: the same numbers, instants, days and salts under another name."""

import json
import os
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
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
    meta,
    new_device_id,
    rows,
    sealed_records,
    true_device,
    usable,
    with_ids,
)
from nippo_cli.journal.write import create

BEGAN: Final = "select slot, began_at from device"
PUT_DEVICE: Final = """
insert into device (slot, id, began_at, last_number, ordinal)
values (?, ?, ?, 0, (select coalesce(max(ordinal) + 1, 0) from device))
"""
SET_DEVICE: Final = "update device set last_number = ? where slot = ?"
DEVICE_ID: Final = "select id from device where slot = ?"
SCHEMAS: Final = "select id from record where kind = 'schema' order by recorded_at, id"
# What this copy is set to, and keeps.
_SETTINGS: Final = ("author", "schema_seen")
_ERASED_BYTES: Final = 32


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
            make_anew(cx)
            cx.execute("commit")
    return n


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
    """One log, record by record."""

    def __init__(self, old: sqlite3.Connection, cx: sqlite3.Connection, slots: Mapping[int, int]) -> None:
        self._old = old
        self._cx = cx
        self._slots = slots
        schemas = [schema for (schema,) in old.execute(SCHEMAS)]
        self._before = dict(zip(schemas[1:], schemas, strict=False))

    def run(self) -> int:
        """Every record of every device; how many."""
        n = 0
        began = dict(self._old.execute(BEGAN))
        for slot, device, last in list(rows(self._old, DEVICE_IDS)):
            new = self._slots[slot]
            if not last:
                # It never wrote anything.
                continue
            row = self._cx.execute(DEVICE_ID, (new,)).fetchone()
            new_device = row[0] if row is not None else new_device_id()
            if row is None:
                self._cx.execute(PUT_DEVICE, (new, new_device, began[slot]))
            number = 0
            for record in sealed_records(self._old, slot, 0, last):
                number += 1
                self._check(record, number, true_device(device))
                self._cx.execute(INSERT_RECORD, self._new(record, new_device))
            if number != last:
                raise _unfit(record_id(slot, number + 1))
            self._cx.execute(SET_DEVICE, (number, new))
            n += number
        return n

    @staticmethod
    def _check(record: SealedRecord, number: int, device: str) -> None:
        # Of what an older version erased nothing is left to hold its hash against.
        erased = record.body is None and record.salt is None
        if record.number != number or not (erased or record.sealed_by(device) == record.hash):
            raise _unfit(record.id)

    def _new(self, record: SealedRecord, device: str) -> SealedRecord:
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
        return record_id(self._slots.get(slot_of(record), slot_of(record)), number_of(record))


def _unfit(record: int) -> JournalError:
    return JournalError(msg("team.unfit", id=show_id(record)), hint=msg("team.unfit.hint"))
