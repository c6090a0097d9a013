"""Every record of the log, for other programs to read: what was written, and nothing that is derived from it."""

import json
import sqlite3
from collections.abc import Iterator

from nippo_cli.ids import show_id
from nippo_cli.journal import sql_read as sql
from nippo_cli.journal.versions import Rec
from nippo_cli.line.facts import AsOf


def whole_log(cx: sqlite3.Connection, as_of: AsOf) -> Iterator[dict[str, object]]:
    """The records known on the day, in the order in which they were written; `body` is null once erased. Ids are as people
    type them; those within a body are as the log holds them, and `number` is the record's own in that form."""
    known = as_of.on.isoformat() if as_of.known else sql.ALWAYS
    for row in cx.execute(sql.WHOLE_LOG, (known,)):
        rec = Rec(*row)
        yield {
            "id": show_id(rec.id),
            "number": rec.id,
            "kind": rec.kind,
            "author": rec.author,
            "recorded_at": rec.recorded_at,
            "known_on": rec.known_on,
            "on": rec.on_date,
            "target": show_id(rec.target) if rec.target is not None else None,
            "batch": show_id(rec.batch) if rec.batch is not None else None,
            "body": json.loads(rec.body) if rec.body is not None else None,
        }
