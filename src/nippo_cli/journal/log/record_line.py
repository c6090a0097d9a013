"""A record as one line of JSON, for files that carry records as they are: `nippo export --log`, a team's folder.

A line holds what the table holds, key by key, and nothing else. One record has one line, byte for byte: keys in this order, no
blanks, letters as they are, bytes as hexadecimal, and last the body, as the text that its hash was made over, or null once it is
erased; what stands in `salt` then is the digest of both. Rule: docs/export.md#the-format
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import SLOTS, number_of, record_id, slot_of
from nippo_cli.journal.log.record import digest
from nippo_cli.journal.log.statements import RECORD_COLUMNS

RECORDS_BETWEEN: Final = f"select {RECORD_COLUMNS} from record where id > ? and id <= ? order by id"
_KEYS: Final = (
    "id", "kind", "author", "recorded_at", "known_on", "on", "schema", "target", "batch", "source_key", "salt",
)  # fmt: skip
# Within a text of a line a quotation mark has a backslash before it, so these stand nowhere else.
_HASH: Final = ',"hash":"'
_BODY: Final = '","body":'
_MOST: Final = 1 << 63
_NUMBER: Final = "(0|[1-9][0-9]{0,17})"
_TEXT: Final = r'"([^"\\\x00-\x1f]*)"'
# What `write_line` makes of nearly every record, none of whose texts needs a backslash: each part of it stands in its line as it is.
# Read so, a line takes a third of the time.
_PLAIN: Final = re.compile(
    f'{{"id":{_NUMBER},"kind":{_TEXT},"author":{_TEXT},"recorded_at":{_TEXT},"known_on":{_TEXT}'
    f',"on":(?:null|{_TEXT}),"schema":{_NUMBER},"target":(?:null|{_NUMBER}),"batch":(?:null|{_NUMBER})'
    f',"source_key":(?:null|{_TEXT}),"salt":(?:null|"([0-9a-f]*)"),"hash":"([0-9a-f]*)","body":(null|.*}})}}',
    re.DOTALL,
)


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

    def is_authentic(self, device_id: str) -> bool:
        """Whether it is what the device of this random id wrote: its hash says so, and its number and its days can be such. Of
        one whose body was erased under the first seal only the latter is known."""
        if not (self.number and self.slot < SLOTS and _is_dated(self)):
            return False
        if self.salt is None:
            return self.body is None
        try:
            return self.sealed_by(device_id) == self.hash
        except (AttributeError, TypeError):
            # A flipped bit makes bytes of a text, or a text of bytes.
            return False


def write_line(record: Sequence[Any]) -> str:
    """A record as a line, without its end. The body is JSON."""
    id_, kind, author, recorded_at, known_on, on, schema, target, batch, source, salt, body, seal = record
    return (
        f'{{"id":{id_},"kind":{quoted(kind)},"author":{quoted(author)},"recorded_at":{quoted(recorded_at)}'
        f',"known_on":{quoted(known_on)},"on":{"null" if on is None else quoted(on)},"schema":{schema}'
        f',"target":{"null" if target is None else target},"batch":{"null" if batch is None else batch}'
        f',"source_key":{"null" if source is None else quoted(source)}'
        f',"salt":{"null" if salt is None else quoted(salt.hex())},"hash":"{seal.hex()}"'
        f',"body":{"null" if body is None else body}}}'
    )


def read_line(line: str | bytes) -> SealedRecord:
    """The record of a line; whether it is what was written says `SealedRecord.is_authentic`.

    Raises:
        NoRecord: it is none, or another text than `write_line` makes of it.
    """
    try:
        text = line.decode() if isinstance(line, bytes) else line
        if (plain := _PLAIN.fullmatch(text)) is not None:
            return _plain_record(plain.groups())
        header, hash_mark, rest = text.partition(_HASH)
        seal, body_mark, body = rest.partition(_BODY)
        said = json.loads(header + "}")
        salt, body_text = said["salt"], None if body == "null}" else body[:-1]
        sealed = None if salt is None else bytes.fromhex(salt)
        record = SealedRecord._make((*(said[key] for key in _KEYS[:-1]), sealed, body_text, bytes.fromhex(seal)))
        first, schema, target, batch = record.id, record.schema, record.target or 0, record.batch or 0
        # Written out: a loop over them is a tenth of what a line takes.
        numbered = type(first) is type(schema) is type(target) is type(batch) is int and (
            0 <= first < _MOST and 0 <= schema < _MOST and 0 <= target < _MOST and 0 <= batch < _MOST
        )
        is_closed = body_text is None or body_text.endswith("}")
        if not (hash_mark and body_mark and is_closed and numbered) or write_line(record) != text:
            raise NoRecord(line)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoRecord(line) from error
    return record


def _plain_record(parts: Sequence[Any]) -> SealedRecord:
    """The record of what `_PLAIN` found in a line."""
    id_, kind, author, recorded_at, known_on, on, schema, target, batch, source, salt, seal, body = parts
    return SealedRecord(
        int(id_), kind, author, recorded_at, known_on, on, int(schema),
        None if target is None else int(target), None if batch is None else int(batch), source,
        None if salt is None else bytes.fromhex(salt), None if body == "null" else body, bytes.fromhex(seal),
    )  # fmt: skip


def sealed_records(cx: sqlite3.Connection, slot: int, after: int, upto: int) -> Iterator[SealedRecord]:
    """The records of a device behind a number, up to another, in their order."""
    for row in cx.execute(RECORDS_BETWEEN, (record_id(slot, after), record_id(slot, upto))):
        yield SealedRecord._make(row)


def _is_dated(record: SealedRecord) -> bool:
    try:
        date.fromisoformat(record.known_on)
        datetime.fromisoformat(record.recorded_at)
        if record.on_date is not None:
            date.fromisoformat(record.on_date)
    except ValueError:
        return False
    return True
