"""Reviews of finished deals, derived from their records."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from nippo_cli.journal.log import Rec, body_now, not_retracted

PUT_REVIEW: Final = "insert or replace into review values (?,?,?,?,?,?,?,?)"
DROP_REVIEW: Final = "delete from review where id = ?"


def put_review(cx: sqlite3.Connection, records: Sequence[Rec]) -> None:
    """A review's row from its records; none where it is retracted or erased."""
    row = review_row(records)
    if row is not None:
        cx.execute(PUT_REVIEW, row)
    else:
        cx.execute(DROP_REVIEW, (records[0].id,))


def review_row(records: Sequence[Rec]) -> tuple[Any, ...] | None:
    """The `review` row that these records make; None where it is retracted or erased."""
    kept = not_retracted(records)
    said = body_now(kept) if kept else {}
    first = records[0]
    if not said or first.target is None:
        return None
    return (
        first.id, first.target, said.get("on", first.on_date), first.known_on, said.get("by", first.author),
        said.get("cause", ""), said.get("text", ""), said.get("known_by", "guess"),
    )  # fmt: skip
