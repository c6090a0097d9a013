"""The schema of a schema record that is damaged: from the half of its body that is not."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from nippo_cli.base.errors import JournalError, NippoError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.journal.log.records import Rec, one_record
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types.field_type import type_of

FILE: Final = "pragma database_list"
ADOPTED_SHA256: Final = "select sha256 from agreement where id = ?"


_BEFORE_AGREEMENT, _BEFORE_TEXT = '{"agreement":', '"text":'


def recovered(cx: sqlite3.Connection, schema: int, rec: Rec | None, adopted: Sequence[int]) -> Schema:
    """What a damaged schema record said. Its body holds the schema twice, as `schema.yaml` was written and as it was
    read: that text, if it is what was adopted; else what was read of it. Else `schema.yaml` beside the journal, if it still
    is what was adopted; the schema adopted next before or after; or `schema.yaml` as it is.

    Args:
        rec: the record, if it is there at all.
        adopted: all schema records, oldest first.

    Raises:
        JournalError: nothing of any schema can be read.
    """
    recovered_body = next(_of_body(cx, rec), None) if rec is not None else None
    recovered_body = recovered_body or _beside(cx, schema)
    if recovered_body is not None:
        return recovered_body
    place = adopted.index(schema) if schema in adopted else sum(one < schema for one in adopted)
    for other in (*reversed(adopted[:place]), *(one for one in adopted[place:] if one != schema)):
        near = one_record(cx, other)
        if near is not None and (of_other := next(_of_body(cx, near), None)) is not None:
            return of_other
    if (last := _beside(cx, None)) is not None:
        return last
    raise JournalError(msg("journal.no_agreement", id=show_id(schema)), hint=msg("journal.no_agreement.hint"))


def _beside(cx: sqlite3.Connection, schema: int | None) -> Schema | None:
    """The schema in `schema.yaml` beside the journal; only if it is what a record adopted, where one is named."""
    journal = cx.execute(FILE).fetchone()[2]
    if not journal:
        return None  # a copy without a name
    try:
        content = Path(journal).with_name("schema.yaml").read_bytes()
        row = cx.execute(ADOPTED_SHA256, (schema,)).fetchone() if schema is not None else None
        adopted = schema is None or (row is not None and sha256(content).hexdigest() == row[0])
        return _loaded(content.decode("utf-8-sig")) if adopted else None
    except (OSError, ValueError):
        return None


def _of_body(cx: sqlite3.Connection, rec: Rec) -> Iterator[Schema]:
    """What can be read of a body, the surest first."""
    if not rec.damaged:
        yield Schema.from_json(rec.parsed_body["agreement"])
        return
    text = _value_after(rec.body or "", _BEFORE_TEXT)
    loaded = _loaded(text) if isinstance(text, str) else None
    row = cx.execute(ADOPTED_SHA256, (rec.id,)).fetchone()
    if loaded is not None and row is not None and sha256(str(text).encode()).hexdigest() == row[0]:
        yield loaded
    if (read := _read(_value_after(rec.body or "", _BEFORE_AGREEMENT))) is not None:
        yield read
    if loaded is not None:
        yield loaded


def _value_after(body: str, mark: str) -> Any:
    """The JSON value that follows a mark, whatever stands behind it; None where there is none."""
    place = body.rfind(mark)
    try:
        return json.JSONDecoder().raw_decode(body, place + len(mark))[0] if place >= 0 else None
    except ValueError:
        return None


def _loaded(text: str) -> Schema | None:
    from nippo_cli.schema.load import load_schema

    try:
        return load_schema(text, "schema.yaml")
    except NippoError:
        return None


def _read(said: Any) -> Schema | None:
    """The schema that a half holds which nothing vouches for; None where it says what no schema could."""
    try:
        schema = Schema.from_json(said)
        possible = all(map(type_of, schema.fields)) and all(one.ends in (None, "won", "lost") for one in schema.stages)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    return schema if possible else None
