"""Comments, who has read what, what is followed, and the remarks of days, derived from their records."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.derive.revisit_rows import put_revisit_of_review
from nippo_cli.journal.derive.statements import ALL_ANSWERED, PUT_COMMENT
from nippo_cli.journal.log import (
    Rec,
    body_now,
    canonical,
    not_retracted,
    one_record,
    tree,
)

COMMENTS_ON: Final = "select id from record where target = ? and kind = 'comment' order by id"
DROP_COMMENT: Final = "delete from comment where id = ?"
PUT_ACKNOWLEDGEMENT: Final = "insert or replace into acknowledgement values (?,?,?,?)"
DROP_ACKNOWLEDGEMENT: Final = "delete from acknowledgement where id = ?"
PUT_FOLLOW: Final = "insert or replace into follow values (?,?,?,?,?)"
DROP_FOLLOW: Final = "delete from follow where id = ?"
PUT_ANSWERED: Final = f"{ALL_ANSWERED} and id = ?"
PUT_DAY: Final = "insert or replace into day values (?,?,?,?,?,?,?)"
DROP_DAY: Final = "delete from day where id = ?"


class CommentTarget(NamedTuple):
    """What a thread of comments is about: an entry, a deal, or a day; and who wrote that, empty where nobody is named."""

    entry: int | None = None
    deal: int | None = None
    day: str | None = None
    of: str = ""


def put_comment(cx: sqlite3.Connection, records: Sequence[Rec]) -> None:
    """A comment's row from its records, none where it is retracted or erased; then the rows of the answers to it, which
    share what it is about."""
    first = records[0]
    row = comment_row(cx, records)
    put_acknowledgement(cx, records)
    if row is not None:
        cx.execute(PUT_COMMENT, row)
    else:
        cx.execute(DROP_COMMENT, (first.id,))
    for (answer,) in cx.execute(COMMENTS_ON, (first.id,)).fetchall():
        put_comment(cx, tree(cx, answer))
    for one in (first.id, first.target):
        cx.execute(PUT_ANSWERED, (one,))


def comment_row(cx: sqlite3.Connection, records: Sequence[Rec]) -> tuple[Any, ...] | None:
    """The `comment` row that these records make; None where the comment is retracted or erased.

    A first comment asks for an answer; so does an answer by anyone but the writer of what is talked about, and one that
    has a due date, or is a decision.
    """
    active_records = not_retracted(records)
    said = body_now(active_records) if active_records else {}
    if "text" not in said:
        return None
    first = records[0]
    about, parent = _about(cx, first)
    decision = bool(said.get("decision"))
    asks = decision or parent is None or said.get("due") is not None or first.author != about.of
    return (
        first.id, about.entry, about.deal, about.day, about.of, parent, first.author, first.known_on, said["text"],
        said.get("due"), _done_on(active_records), int(asks), None, int(decision), said.get("who", "") if decision else "",
    )  # fmt: skip


def put_acknowledgement(cx: sqlite3.Connection, records: Sequence[Rec]) -> None:
    """The row of a comment that says but that something was read; none where it is retracted or erased, or says more."""
    row = acknowledgement_row(records)
    if row is not None:
        cx.execute(PUT_ACKNOWLEDGEMENT, row)
    else:
        cx.execute(DROP_ACKNOWLEDGEMENT, (records[0].id,))


def acknowledgement_row(records: Sequence[Rec]) -> tuple[Any, ...] | None:
    """The `acknowledgement` row that these records make."""
    active_records = not_retracted(records)
    first = records[0]
    if not active_records or first.target is None or not first.parsed_body.get("read"):
        return None
    return (first.id, first.target, first.author, first.known_on)


def put_follow(cx: sqlite3.Connection, records: Sequence[Rec]) -> None:
    """The row of what a member follows; none where it is retracted or erased."""
    row = follow_row(records)
    if row is not None:
        cx.execute(PUT_FOLLOW, row)
    else:
        cx.execute(DROP_FOLLOW, (records[0].id,))


def follow_row(records: Sequence[Rec]) -> tuple[Any, ...] | None:
    """The `follow` row that these records make."""
    active_records = not_retracted(records)
    first = records[0]
    said = first.parsed_body if active_records else {}
    if not said or (first.target is None and not said.get("customer")):
        return None
    return (first.id, first.target, None if first.target else said["customer"], first.author, first.known_on)


def _done_on(active_records: Sequence[Rec]) -> str | None:
    """The day from which it is known that nobody need do anything any more; None while somebody must."""
    said = next((rec for rec in reversed(active_records) if "done" in rec.parsed_body), None)
    return said.known_on if said is not None and said.parsed_body["done"] else None


def _about(cx: sqlite3.Connection, comment: Rec) -> tuple[CommentTarget, int | None]:
    """What a comment is about in the end, and the comment that it answers."""
    parent: int | None = None
    rec = comment
    while rec.target is not None:
        target = one_record(cx, rec.target)
        if target is None:
            # Only in a damaged log.
            return CommentTarget(), parent
        if target.kind == "deal":
            begin = target.id if target.target is None else target.target
            return CommentTarget(deal=begin, of=rec.parsed_body.get("of", "")), parent
        rec = target
        if rec.kind != "comment":
            return CommentTarget(entry=rec.id, of=rec.author), parent
        parent = parent or rec.id
    return CommentTarget(day=rec.on_date, of=rec.parsed_body.get("of", "")), parent


def put_day(cx: sqlite3.Connection, records: Sequence[Rec]) -> None:
    """A day's row from its records; none where it is retracted or erased."""
    row = day_row(records)
    if row is not None:
        cx.execute(PUT_DAY, row)
    else:
        cx.execute(DROP_DAY, (records[0].id,))


def day_row(records: Sequence[Rec]) -> tuple[Any, ...] | None:
    """The `day` row that these records make; None where it is retracted or erased."""
    active_records = not_retracted(records)
    said = body_now(active_records) if active_records else {}
    if not said:
        return None
    first = records[0]
    spoken = next(r for r in reversed(active_records) if r is first or "values" in r.parsed_body)
    return (
        first.id, said.get("on", first.on_date), first.author, first.known_on, spoken.schema, said.get("off"),
        canonical(said.get("values", {})),
    )  # fmt: skip


PUT_REVIEW: Final = "insert or replace into review values (?,?,?,?,?,?,?,?)"
DROP_REVIEW: Final = "delete from review where id = ?"


def put_review(cx: sqlite3.Connection, records: Sequence[Rec]) -> None:
    """A review's row from its records; none where it is retracted or erased."""
    put_revisit_of_review(cx, records)
    row = review_row(records)
    if row is not None:
        cx.execute(PUT_REVIEW, row)
    else:
        cx.execute(DROP_REVIEW, (records[0].id,))


def review_row(records: Sequence[Rec]) -> tuple[Any, ...] | None:
    """The `review` row that these records make; None where it is retracted or erased."""
    active_records = not_retracted(records)
    said = body_now(active_records) if active_records else {}
    first = records[0]
    if not said or first.target is None:
        return None
    return (
        first.id, first.target, said.get("on", first.on_date), first.known_on, said.get("by", first.author),
        said.get("cause", ""), said.get("text", ""), said.get("known_by", "guess"),
    )  # fmt: skip
