"""The log's records as they are read, each held against its hash.

A bit may flip anywhere: in a text, which then is no UTF-8, in a body, which then is no JSON or says something else, in an id
or a date. A record that is not what was written is `damaged`: it says nothing, is passed over wherever a line, a name or a
sum is made, and is named (`damage`). All else stays readable.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import number_of, show_id
from nippo_cli.journal.log.record import SEAL_2, digest, inner_digest
from nippo_cli.journal.log.statements import ONE_RECORD

_OWN, SEALED = 10, 14  # columns of `REC`: those of `Rec`; with what seals them
KIND, BODY, SEAL = 1, 9, 12  # where these are
_NAMED_AT_ONCE = 1000
# The journal's note of how many entries no line counts, since nothing can be read of them.
UNREAD = "unread"
_ID_LETTERS = (32, len(SEAL_2) + 32)


class Rec(NamedTuple):
    """A record as the log holds it. `body` is the canonical text; None once erased. Of a `damaged` one no column but the
    id can be relied on."""

    id: int
    kind: str
    author: str
    recorded_at: str
    known_on: str
    on_date: str | None
    schema: int
    target: int | None
    batch: int | None
    body: str | None
    damaged: bool = False

    @property
    def parsed_body(self) -> Mapping[str, Any]:
        """The body, read; empty once erased, or if it is damaged."""
        return json.loads(self.body) if self.body is not None and not self.damaged else {}


def select_records(
    cx: sqlite3.Connection, statement: str, values: Sequence[object] | Mapping[str, object] = ()
) -> Iterator[Rec]:
    """The records that a statement selects by `REC`."""
    return map(record_of, rows(cx, statement, values))


def one_record(cx: sqlite3.Connection, record: int) -> Rec | None:
    """A record by its id; None where there is none."""
    return next(select_records(cx, ONE_RECORD, (record,)), None)


def rows(
    cx: sqlite3.Connection, statement: str, values: Sequence[object] | Mapping[str, object] = ()
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, also those with a text that is no UTF-8: what can't be read of it becomes `�`."""
    cursor = cx.execute(statement, values)
    while True:
        try:
            # A cursor itself would be closed with who reads it, which fails once its connection is.
            yield from chain(cursor)
        except sqlite3.OperationalError as error:
            if not undecodable(error):
                raise
        else:
            return
        # The row is still to be fetched. To read all texts leniently would take three times as long.
        strict, cx.text_factory = cx.text_factory, lenient
        try:
            row = next(cursor)
        finally:
            cx.text_factory = strict
        yield row


def undecodable(error: sqlite3.Error) -> bool:
    """Whether `sqlite3` complains of a text that is no UTF-8."""
    return str(error).startswith("Could not decode to UTF-8")


def lenient(text: bytes) -> str:
    """A text, with a mark in place of what is no UTF-8."""
    return text.decode("utf-8", "replace")


_LOST = "\ufffd"  # what `lenient` leaves of bytes that are no text


def values_in(body: str) -> Mapping[str, Any]:
    """The values in an entry's body that was not held against its hash, where many are only counted: none where there
    are none to be read."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    values = said.get("values") if isinstance(said, dict) else None
    return values if isinstance(values, dict) else {}


def record_of(row: Sequence[Any]) -> Rec:
    """A record from a row of `REC`; one that is damaged is remembered as met."""
    if is_sound(row):
        return Rec(*row[:_OWN])
    record, kind, author, recorded_at, known_on, on_date, schema, target, batch, body = row[:_OWN]
    damaged_record = Rec(
        record, str(kind), str(author), str(recorded_at), str(known_on), None if on_date is None else str(on_date),
        _whole(schema) or 0, _whole(target), _whole(batch), None if body is None else str(body), damaged=True,
    )  # fmt: skip
    if len(_met) < _NAMED_AT_ONCE:
        _met[damaged_record.id] = damaged_record
    return damaged_record


def remains(damaged: Iterable[Rec]) -> str:
    """The bodies of damaged records as they are now, each behind its id; empty of none."""
    return "\n".join(f"#{show_id(rec.id)} {rec.body or ''}" for rec in damaged)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def is_sound(row: Sequence[Any]) -> bool:
    """Whether a row of `REC` is what was written. Of an erased one without an inner digest only that its header can be
    read is known."""
    (
        record, kind, author, recorded_at, known_on, on_date, schema, target, batch, body, source, salt, seal, device,
    ) = row[:SEALED]  # fmt: skip
    if body is None and salt is None:
        dated = is_day(known_on) and (on_date is None or is_day(on_date)) and _is_instant(recorded_at)
        return dated and _LOST not in f"{kind}{author}{source}"
    if not (isinstance(salt, bytes) and isinstance(device, str)):
        return False
    if not isinstance(body, str) and (body is not None or SEAL_2 not in device):
        return False
    header = (number_of(record), kind, author, recorded_at, known_on, on_date, schema, target, batch, source)
    device = _true.get(device, device)
    if digest(device, header, salt, body) == seal:
        _proven.add(device)
        return True
    return device not in _proven and any(_heals(one, (header, salt, body, seal)) for one in device.split(","))


def erased_salt(cx: sqlite3.Connection, rec: Rec) -> bytes | None:
    """What stands where the salt was once a record's body is erased: the digest of both, or nothing, of a damaged record
    and of one that was sealed in one step."""
    if rec.damaged:
        return None
    *_, body, _source, salt, _seal, device = cx.execute(ONE_RECORD, (rec.id,)).fetchone()
    if not device.startswith(SEAL_2):
        return None
    return inner_digest(salt, body) if body is not None else salt


def is_day(text: object) -> bool:
    """Whether it is a date as the log writes one."""
    try:
        date.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def _is_instant(text: object) -> bool:
    try:
        datetime.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


# --- a device's id, which every hash of its records rests on

_proven: set[str] = set()
_true: dict[str, str] = {}
_tried: Counter[str] = Counter()
_TRIES = 3


def true_device(device: str) -> str:
    """A device's random id as its records prove it, where the one that is stored is damaged."""
    return _true.get(device, device)


def _heals(device: str, sealed: tuple[Sequence[object], bytes, str | None, bytes]) -> bool:
    """Whether the record is sound under the id, or one that differs in one letter: then that was flipped, and not the
    record."""
    header, salt, body, seal = sealed
    if digest(device, header, salt, body) == seal:
        return True
    if len(device) not in _ID_LETTERS or device in _proven or _tried[device] >= _TRIES:
        return False
    _tried[device] += 1
    for place in range(len(device)):
        for letter in "0123456789abcdef-":
            other = f"{device[:place]}{letter}{device[place + 1 :]}"
            if digest(other, header, salt, body) == seal:
                _true[device] = other
                _proven.add(other)
                return True
    return False


# --- damaged records that were met

_met: dict[int, Rec] = {}


def any_met() -> bool:
    """Whether a damaged record was read since `met` was last asked."""
    return bool(_met)


def forget_met() -> None:
    """What was met before was another command's."""
    _met.clear()


def met() -> list[Rec]:
    """The damaged records that were read since this was last asked, by id; a thousand of them at most."""
    records = [rec for _, rec in sorted(_met.items())]
    _met.clear()
    return records
