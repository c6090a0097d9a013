"""A record as one line of text: how a log is handed on, to a file or to a colleague's journal.

A line is a JSON object in UTF-8 with sorted keys and no blanks: `id` (the device's slot and the record's number, as the file has
it: `slot << 40 | number`), the parts of the header, `salt` and `hash` in hexadecimal, and `body`: the canonical text that was
hashed, or null once it is erased; what stands in `salt` then is the digest of both. What a record lacks is left out.
"""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import number_of, record_id, slot_of
from nippo_cli.journal.log.record import canonical, digest
from nippo_cli.journal.log.statements import RECORD_COLUMNS

RECORDS_BETWEEN: Final = f"select {RECORD_COLUMNS} from record where id > ? and id <= ? order by id"
_NEEDED: Final = {
    "id": int,
    "kind": str,
    "author": str,
    "recorded_at": str,
    "known_on": str,
    "schema": int,
    "hash": str,
}
_OTHERS: Final = {"on": str, "target": int, "batch": int, "source_key": str, "salt": str, "body": str}


class NoRecord(ValueError):
    """A line that is no record."""


class SealedRecord(NamedTuple):
    """A record with what seals it: the columns of its row. Of an erased one `body` is None, and `salt` the inner digest."""

    id: int
    kind: str
    author: str
    recorded_at: str
    known_on: str
    on_date: str | None
    schema: int
    target: int | None
    batch: int | None
    source_key: str | None
    salt: bytes | None
    body: str | None
    hash: bytes

    @property
    def number(self) -> int:
        """Its number on its device, from 1."""
        return number_of(self.id)

    @property
    def slot(self) -> int:
        """The slot of its device."""
        return slot_of(self.id)

    def sealed_by(self, device_id: str) -> bytes:
        """The hash that a device of this random id would have given it."""
        return digest(device_id, (self.number, *self[1:10]), self.salt or b"", self.body)


def write_line(record: SealedRecord) -> str:
    """A record as a line, without its end."""
    return canonical(
        {
            key: value
            for key, value in (
                ("id", record.id), ("kind", record.kind), ("author", record.author), ("recorded_at", record.recorded_at),
                ("known_on", record.known_on), ("on", record.on_date), ("schema", record.schema), ("target", record.target),
                ("batch", record.batch), ("source_key", record.source_key),
                ("salt", record.salt.hex() if record.salt is not None else None), ("hash", record.hash.hex()),
            )
            if value is not None
        }
        | {"body": record.body}
    )  # fmt: skip


def read_line(line: str | bytes) -> SealedRecord:
    """The record of a line; whether its hash is right is not looked at.

    Raises:
        NoRecord: it is none.
    """
    try:
        said: Any = json.loads(line)
        if not isinstance(said, dict) or any(type(said[key]) is not kind for key, kind in _NEEDED.items()):
            raise NoRecord(line)
        if any(said.get(key) is not None and type(said[key]) is not kind for key, kind in _OTHERS.items()):
            raise NoRecord(line)
        salt = said.get("salt")
        return SealedRecord(
            said["id"], said["kind"], said["author"], said["recorded_at"], said["known_on"], said.get("on"),
            said["schema"], said.get("target"), said.get("batch"), said.get("source_key"),
            bytes.fromhex(salt) if salt is not None else None, said["body"], bytes.fromhex(said["hash"]),
        )  # fmt: skip
    except (ValueError, KeyError, RecursionError) as error:
        raise NoRecord(line) from error


def sealed_records(cx: sqlite3.Connection, slot: int, after: int, upto: int) -> Iterator[SealedRecord]:
    """The records of a device behind a number, up to another, in their order."""
    for row in cx.execute(RECORDS_BETWEEN, (record_id(slot, after), record_id(slot, upto))):
        yield SealedRecord._make(row)
