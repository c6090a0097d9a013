"""Erasing what a person asks to have erased: bodies, what is derived from them, and every trace of them in the file."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from nippo_cli.base.errors import JournalError, Message, UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.progress import Progress
from nippo_cli.journal.derive import state_of_row
from nippo_cli.journal.log import (
    SET_META,
    EntryState,
    Rec,
    body_now,
    deals_ever,
    entry_versions,
    erased_salt,
    not_retracted,
    tree,
    twins_of,
    usable,
)
from nippo_cli.journal.write.append import UNWIPED, Log
from nippo_cli.schema.types import type_of

# Whether a customer's name may stay where it stood.
Spares: TypeAlias = Callable[[str], bool]

ERASE: Final = "update record set body = null, salt = ? where id = ?"
WIPE: Final = "vacuum"
FORGET_META: Final = "delete from meta where key = ?"

# What an erasure leaves of a record that is no entry: what names nobody and is no text.
_STAYS: Final = {
    "deal": ("do", "parent"),
    "customer": ("do",),
    "person": ("do",),
    "hold": ("first", "last"),
    "sale": ("amount", "deal", "on", "kind", "gross", "tax"),
    "batch": ("sha256", "rows", "taken", "known", "skipped", "rejected", "reasons"),
}
_ERASABLE: Final = frozenset(
    (
        "entry",
        "deal",
        "customer",
        "person",
        "sale",
        "target",
        "declaration",
        "review",
        "hold",
        "comment",
        "day",
        "follow",
        "batch",
        "retract",
        "redact",
    )
)


def redact_all(
    writer: Log,
    targets: Sequence[int],
    why: str,
    *,
    derive: Callable[[Rec], None],
    spares: Spares,
    progress: Progress | None,
) -> list[int]:
    """`Undoing.redact_all`. `derive` does again what follows from a record."""
    from nippo_cli.journal.search import compact, forget, learn, rebuild_index

    cx = writer.cx
    asked = [_erasable(writer, target) for target in targets]
    # One row that several devices imported is as many records, each with the words.
    twins = (writer.record(record) for first in asked for record in twins_of(cx, first.id))
    firsts = list({rec.id: rec for rec in (*asked, *(twin for twin in twins if twin.body is not None))}.values())
    cx.execute(SET_META, (UNWIPED, "1"))
    # What is freed is written over at once; the rest of what was freed before goes when the file is wiped.
    cx.execute("pragma secure_delete = on")
    trees = {first.id: tree(cx, first.id) for first in firsts}
    damaged = any(rec.damaged for records in trees.values() for rec in records)
    indexed = {first.id: forget(cx, first.id) for first in firsts} if not damaged else {}
    written = list[int]()
    for first in firsts:
        written.append(_erase(writer, first, trees[first.id], why, spares))
        if progress is not None:
            progress("redact.erasing", len(written), len(firsts))
    for first in firsts:
        about = first
        while about.kind == "redact" and about.target is not None:
            about = writer.record(about.target)
        derive(about)
    for entry in {entry for entry in indexed.values() if entry is not None}:
        learn(cx, entry)
    if damaged:
        # Which rows of the index hold its words can't be told from it any more.
        rebuild_index(cx)
    compact(cx)
    return written


def _erasable(writer: Log, target: int) -> Rec:
    """The record that is meant: of a correction that which it corrects.

    Raises:
        UsageError: it says nothing that could be erased.
    """
    rec = writer.record(target)
    while rec.kind == "amend" and rec.target is not None:
        rec = writer.record(rec.target)
    if rec.kind not in _ERASABLE or rec.parsed_body.get("do") == "merge":
        raise UsageError(msg("journal.nothing_to_erase", id=show_id(target)))
    return rec


def _erase(writer: Log, first: Rec, records: Sequence[Rec], why: str, spares: Spares) -> int:
    """Erase one tree of records; the id of its erasure."""
    if first.kind == "redact":
        # What it left of its own target is said once more, without its reason.
        writer.append("redact", {**first.parsed_body, "why": why}, target=first.target)
    made = writer.append("redact", {"why": why, **_left(writer, first, records, spares)}, target=first.id)
    for rec in records:
        reason = rec.kind == "retract" and "why" in rec.parsed_body and writer.record(rec.id).body is not None
        if reason and rec.id != first.id:
            writer.append("redact", {"why": why}, target=rec.id)
        if rec.id == first.id or (rec.kind == "amend" and rec.target == first.id) or rec.damaged or reason:
            writer.cx.execute(ERASE, (erased_salt(writer.cx, rec), rec.id))
    return made.id


def _left(writer: Log, first: Rec, records: Sequence[Rec], spares: Spares) -> Mapping[str, object]:
    """What an erasure's body keeps of what it erases."""
    if first.kind == "entry":
        return _left_of_entry(writer, first, records, spares)
    said = body_now(not_retracted(records) or [records[0]]) if not first.damaged else {}
    stays: dict[str, Any] = {key: said[key] for key in _STAYS.get(first.kind, ()) if key in said}
    if first.kind == "sale" and spares(str(said.get("customer", ""))):
        stays["customer"] = said.get("customer", "")
    if first.kind == "day" and "off" in said:
        stays["off"] = ""
    return {"stays": stays} if stays and stays.get("do", "begin") == "begin" else {}


def _left_of_entry(writer: Log, first: Rec, records: Sequence[Rec], spares: Spares) -> Mapping[str, object]:
    """Of an entry: its deals, its day, and the values that name no person and are no text."""
    migrator = writer.projection.migrator
    versions = entry_versions(records, migrator)
    row = state_of_row(writer.cx, first.id) if first.damaged else None
    if not versions and row is None:
        return {"deals": sorted(deals_ever(records))}
    now = versions[-1] if versions else cast("EntryState", row)
    values = migrator.carry(now.values, now.schema, migrator.under)
    fields = migrator.schema.by_key
    plain = {
        key: value
        for key, value in values.items()
        if (field := fields.get(key))
        and (not type_of(field).personal or (field.role in ("customer", "billed_to") and spares(str(value))))
    }
    left: dict[str, object] = {"on": now.on, "values": plain}
    if now.snapshot:
        left["snapshot"] = True
    if now.deal is not None:
        left["deal"] = now.deal
    deals = deals_ever(records) | ({now.deal} if now.deal is not None else set())
    return {"deals": sorted(deals), "left": left}


def wipe(cx: sqlite3.Connection, path: Path, tell: Callable[[Message], None] | None, *, erased: bool) -> None:
    """Write the file anew, so that nothing of what was erased lies in its free space; outside of a transaction.

    Args:
        erased: by the command that is at its end; else by one that came no further, and it does no harm to wait.

    Raises:
        JournalError: it can't be done, say on a full disk, and the command had erased something. The next write tries again.
    """
    try:
        with usable(path):
            cx.execute(WIPE)
            cx.execute("begin immediate")
            cx.execute(FORGET_META, (UNWIPED,))
            cx.execute("commit")
    except JournalError as error:
        if cx.in_transaction:
            cx.execute("rollback")
        if erased:
            raise JournalError(
                msg("journal.not_wiped", why=error.message), hint=msg("journal.not_wiped.hint")
            ) from error
        if tell is not None:
            tell(msg("journal.not_wiped", why=error.message))
