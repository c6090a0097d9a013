"""A record as one line of JSON, for files that carry records as they are: `nippo export --log`, a team's folder.

A line holds what the table holds, key by key, and nothing else. One record has one line, byte for byte: keys in this order, no
blanks, letters as they are, bytes as hexadecimal, and last the body, as the text that its hash was made over. Rule:
docs/export.md#the-log
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from json.encoder import encode_basestring as quoted
from typing import Any, Final, TypeAlias

from nippo_cli.base.ids import SLOTS, number_of, slot_of
from nippo_cli.journal.log.record import digest

# The columns of a record in the order of `RECORD_COLUMNS`.
RecordRow: TypeAlias = tuple[Any, ...]
_KEYS: Final = (
    "id", "kind", "author", "recorded_at", "known_on", "on", "schema", "target", "batch", "source_key", "salt",
)  # fmt: skip
# Within a text of a line a quotation mark has a backslash before it, so this stands nowhere else.
_HASH: Final = ',"hash":"'
_BODY: Final = '","body":'
_MOST: Final = 1 << 63


class UnreadableLine(ValueError):
    """A line that is no record's."""


def line_of(row: Sequence[Any]) -> str:
    """A record's line, without a line end."""
    record, kind, author, recorded_at, known_on, on, schema, target, batch, source, salt, body, seal = row
    return (
        f'{{"id":{record},"kind":{quoted(kind)},"author":{quoted(author)},"recorded_at":{quoted(recorded_at)}'
        f',"known_on":{quoted(known_on)},"on":{"null" if on is None else quoted(on)},"schema":{schema}'
        f',"target":{"null" if target is None else target},"batch":{"null" if batch is None else batch}'
        f',"source_key":{"null" if source is None else quoted(source)}'
        f',"salt":{"null" if salt is None else quoted(salt.hex())},"hash":"{seal.hex()}"'
        f',"body":{"null" if body is None else body}}}'
    )


def row_of(line: str) -> RecordRow:
    """The record of a line, as `line_of` makes it. Whether it is what was written says `is_authentic`.

    Raises:
        UnreadableLine: it is another text, though it may say the same.
    """
    header, hash_mark, rest = line.partition(_HASH)
    seal, body_mark, body = rest.partition(_BODY)
    try:
        said = json.loads(header + "}")
        row: RecordRow = (
            *(said[key] for key in _KEYS[:-1]),
            None if said["salt"] is None else bytes.fromhex(said["salt"]),
            None if body == "null}" else body[:-1],
            bytes.fromhex(seal),
        )
        numbers = (row[0], row[6], *(n for n in row[7:9] if n is not None))
        if not (hash_mark and body_mark and all(type(n) is int and 0 <= n < _MOST for n in numbers)):
            raise UnreadableLine
        if line_of(row) != line:
            raise UnreadableLine
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableLine from error
    return row


def is_authentic(row: Sequence[Any], device: str) -> bool:
    """Whether a record is what its device wrote: its hash says so, and its number and its days can be such. Of one whose body
    was erased under the first seal only the latter is known.

    Args:
        device: the random id of the device.
    """
    record, kind, author, recorded_at, known_on, on, schema, target, batch, source, salt, body, seal = row
    try:
        date.fromisoformat(known_on)
        datetime.fromisoformat(recorded_at)
        if on is not None:
            date.fromisoformat(on)
    except ValueError:
        return False
    if not (number_of(record) and slot_of(record) < SLOTS):
        return False
    if salt is None:
        return body is None
    header = (number_of(record), kind, author, recorded_at, known_on, on, schema, target, batch, source)
    return bool(digest(device, header, salt, body) == seal)
