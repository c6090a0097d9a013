"""The rows of schema records, and which schemas are in force with them."""

import sqlite3
from typing import Final

from nippo_cli.journal.log import AGREEMENTS, REC, Rec, history_shape, put_places, select_records
from nippo_cli.schema.schema import Schema

SCHEMAS_OF_LOG: Final = f"select {REC} from record r where r.kind = 'schema' order by r.id"
INSERT_AGREEMENT: Final = "insert into agreement values (?, ?, ?, ?, ?, ?, ?, null)"


def put_agreements(cx: sqlite3.Connection) -> None:
    """The row of each schema record that has none, and which are in force."""
    present = {schema for schema, _ in cx.execute(AGREEMENTS)}
    for rec in list(select_records(cx, SCHEMAS_OF_LOG)):
        if rec.id not in present:
            _put_row(cx, rec)
    put_places(cx)


def put_schema(cx: sqlite3.Connection, rec: Rec) -> None:
    """The `agreement` row of a schema record, none where it is damaged; and which schemas are in force with it."""
    _put_row(cx, rec)
    put_places(cx)


def _put_row(cx: sqlite3.Connection, rec: Rec) -> None:
    said = rec.parsed_body
    if said:
        shape = history_shape(Schema.from_json(said["agreement"]))
        before, founds = said.get("before"), int(bool(said.get("founds")))
        cx.execute(INSERT_AGREEMENT, (rec.id, rec.known_on, rec.recorded_at, said["sha256"], shape, before, founds))
