"""When somebody is to be called again, derived from what reviews and records of customers say."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from nippo_cli.journal.log import Rec, body_now, not_retracted, retracted

# `about` is the deal, or the begin of the customer; `customer` the name that begin says, null of a deal; `on_date` null where
# it was taken back.
RevisitRow: TypeAlias = tuple[int, int, str | None, str | None, str, str, str]
PUT_REVISIT: Final = "insert or replace into revisit values (?,?,?,?,?,?,?)"
DROP_OF_REVIEW: Final = "delete from revisit where id = ?"
DROP_OF_CUSTOMER: Final = "delete from revisit where about = ? and customer is not null"


def put_revisit_of_review(cx: sqlite3.Connection, records: Sequence[Rec]) -> None:
    """The row of a review that says when to call again; none where it says nothing of that."""
    cx.execute(DROP_OF_REVIEW, (records[0].id,))
    row = revisit_of_review(records)
    if row is not None:
        cx.execute(PUT_REVISIT, row)


def put_revisits_of_customer(cx: sqlite3.Connection, records: Sequence[Rec]) -> None:
    """The rows of all that was said of when to call a customer again."""
    cx.execute(DROP_OF_CUSTOMER, (records[0].id,))
    cx.executemany(PUT_REVISIT, revisits_of_customer(records))


def revisit_of_review(records: Sequence[Rec]) -> RevisitRow | None:
    """The row that a review's records make."""
    active_records = not_retracted(records)
    said = body_now(active_records) if active_records else {}
    first = records[0]
    if "revisit" not in said or first.target is None:
        return None
    return (
        first.id, first.target, None, said["revisit"] or None, first.known_on, said.get("by", first.author),
        said.get("text", ""),
    )  # fmt: skip


def revisits_of_customer(records: Sequence[Rec]) -> Iterator[RevisitRow]:
    """The rows that a customer's records make: its begin, and what targets it."""
    first = records[0]
    if first.damaged or first.kind != "customer" or "name" not in first.parsed_body:
        return
    taken_back = retracted(records)
    for rec in records[1:]:
        if (
            rec.kind == "customer"
            and not rec.damaged
            and rec.id not in taken_back
            and rec.parsed_body.get("do") == "revisit"
        ):
            said = rec.parsed_body
            yield (
                rec.id, first.id, str(first.parsed_body["name"]), said.get("on") or None, rec.known_on, rec.author,
                str(said.get("why", "")),
            )  # fmt: skip
