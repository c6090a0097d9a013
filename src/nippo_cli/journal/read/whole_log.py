"""Every record of the log, for other programs to read: what was written, and nothing that is derived from it."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Final

from nippo_cli.base.ids import show_id
from nippo_cli.journal.log import (
    REC,
    Rec,
    record_of,
    rows,
)
from nippo_cli.line.facts import AsOf

# Every record, and its body byte by byte.
WHOLE_LOG: Final = f"select {REC}, cast(r.body as blob) from record r order by r.recorded_at, r.id"


def whole_log(cx: sqlite3.Connection, as_of: AsOf) -> Iterator[dict[str, object]]:
    """The records known on the day, in the order in which they were written; `body` is null once erased. Ids are as people
    type them; those within a body are as the log holds them, and `number` is the record's own in that form.

    A damaged record, whose day can't be relied on, is among them on every day: as its columns are now, `damaged`, with
    `raw`: its body byte by byte (base64), and what it was sealed with.
    """
    known = as_of.on.isoformat() if as_of.known else None
    for row in rows(cx, WHOLE_LOG):
        rec = record_of(row)
        if rec.damaged:
            yield _as_it_is(rec, row)
        elif known is None or rec.known_on <= known:
            yield _header(rec) | {"body": json.loads(rec.body) if rec.body is not None else None}


def _header(rec: Rec) -> dict[str, object]:
    """A record without its body, as it is handed out: ids as people type them."""
    return {
        "id": show_id(rec.id),
        "number": rec.id,
        "kind": rec.kind,
        "author": rec.author,
        "recorded_at": rec.recorded_at,
        "known_on": rec.known_on,
        "on": rec.on_date,
        "target": show_id(rec.target) if rec.target is not None else None,
        "batch": show_id(rec.batch) if rec.batch is not None else None,
    }


def _as_it_is(rec: Rec, row: Sequence[Any]) -> dict[str, object]:
    """A damaged record as its columns are now, with its body byte by byte."""
    *_, source, salt, seal, _device, body = row
    raw = {
        "body": b64encode(body if isinstance(body, bytes) else str(body).encode()).decode()
        if body is not None
        else None,
        "schema": rec.schema,
        "source_key": source,
        "salt": salt.hex() if isinstance(salt, bytes) else None,
        "hash": seal.hex() if isinstance(seal, bytes) else None,
    }
    return _header(rec) | {"body": _parsed(rec.body), "damaged": True, "raw": raw}


def _parsed(body: str | None) -> object:
    """A damaged body as far as it is JSON still; else its text."""
    try:
        return json.loads(body) if body is not None else None
    except ValueError:
        return body
