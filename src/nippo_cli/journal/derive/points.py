"""An entry as a row, and rows as the points that a line is built from."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from nippo_cli.base.dates import read_when
from nippo_cli.base.frozen import maker
from nippo_cli.journal.derive.statements import ENTRY_COLUMNS
from nippo_cli.journal.log import (
    ROLES,
    Batches,
    Columns,
    EntryState,
    SchemaMigrator,
    entry_versions,
    tree,
)
from nippo_cli.line.facts import DealEvent, Statement

ENTRY: Final = f"select {ENTRY_COLUMNS} from entry where id = ?"


# The promises that corrections on later days replaced, and the day of the last such correction.
Earlier: TypeAlias = tuple[tuple[Statement, ...], date | None]

_point = maker(DealEvent)


def points_of(rows: Iterable[Sequence[Any]], earlier: Callable[[int], Earlier]) -> list[DealEvent]:
    """Points from rows of `POINT_COLUMNS` of one deal; entries of one meeting make one contact.

    Args:
        rows: in the order of the line; what stands behind the columns is passed over.
        earlier: what a corrected entry promised before; asked only of those.
    """
    events: list[DealEvent] = []
    met: set[int] = set()
    day = date.fromisoformat
    for row in rows:
        (
            entry, on, stage, contact, author, activity, customer, kind, amount, closes, confidence, next_step,
            next_on, version, meeting, accepts, source, evidence, deadlines, billed_to, site, ball, snapshot, *_,
        ) = row  # fmt: skip
        stands = bool(snapshot and contact)
        contact = contact and not snapshot
        if contact:
            # An entry without a meeting may be the one that others name as theirs.
            contact = (meeting or entry) not in met
            met.add(meeting or entry)
        said, known_on = earlier(entry) if version != entry else ((), None)
        events.append(
            _point(
                (
                    entry, day(on), stage, bool(contact), author, activity, customer, kind, amount,
                    read_when(closes) if closes else None, confidence, next_step,
                    read_when(next_on) if next_on else None, known_on, said, read_when(accepts) if accepts else None,
                    source, evidence, deadlines, billed_to, site, ball, bool(snapshot), stands,
                )
            )
        )  # fmt: skip
    return events


def earlier_statements(cx: sqlite3.Connection, entry: int, migrator: SchemaMigrator, batches: Batches) -> Earlier:
    """What an entry promised before corrections made on later days, from the log."""
    return replaced(entry_versions(tree(cx, entry), migrator, batches), migrator)


def replaced(versions: Sequence[EntryState], migrator: SchemaMigrator) -> Earlier:
    """What versions promised that a later day's replaced, oldest first. One made on the same day only mends a slip."""
    statements: list[Statement] = []
    now: Statement | None = None
    for version in versions:
        known_on = date.fromisoformat(version.said_on)
        said = _statement(known_on, migrator.columns(version.schema, version.values))
        if now is None or said[1:] == now[1:]:
            now = now or said
        elif known_on > now.known_on:
            statements.append(now)
            now = said
        else:
            now = said._replace(known_on=now.known_on)
    return (tuple(statements), now.known_on) if statements and now else ((), None)


def entry_row(state: EntryState, columns: Columns, deal: int | None) -> tuple[object, ...]:
    """The `entry` row of a version; `deal` is where its line is today."""
    return (
        state.id, state.version, deal, state.on, state.recorded_at, state.known_on, columns.stage, columns.contact,
        state.author, columns.activity, columns.customer, columns.kind, columns.amount, columns.closes,
        columns.confidence, columns.next_step, columns.next_on, state.meeting, int(state.incomplete), int(state.snapshot),
        state.deal if state.deal != deal else None, columns.accepts, columns.source, columns.evidence,
        columns.deadlines, columns.billed_to, columns.site, columns.ball, state.schema, columns.why_lost,
    )  # fmt: skip


def state_of_row(cx: sqlite3.Connection, entry: int) -> EntryState | None:
    """An entry as its row has it, without its texts: all that is left of one whose record is damaged. Its values are in
    today's words. None where it has no row."""
    row = cx.execute(ENTRY, (entry,)).fetchone()
    if row is None:
        return None
    (
        _, version, deal, on, recorded_at, known_on, stage, _contact, author, activity, customer, kind, amount, closes,
        confidence, next_step, next_on, meeting, incomplete, snapshot, own_deal, accepts, source, _evidence, deadlines, billed_to,
        site, ball, *_,
    ) = row  # fmt: skip
    migrator = SchemaMigrator(cx)
    said = (
        stage, activity, customer, kind, amount, closes, confidence, next_step, next_on, accepts, source, billed_to, site, ball,
    )  # fmt: skip
    keys = map(migrator.schema.key, ROLES)
    return EntryState(
        entry, version, migrator.under, on, recorded_at, known_on, known_on, author, own_deal if own_deal is not None else deal,
        meeting, bool(incomplete), bool(snapshot),
        {key: value for key, value in zip(keys, said, strict=True) if key and value is not None}
        | (json.loads(deadlines) if deadlines else {}),
        None, erased=False,
    )  # fmt: skip


def _statement(known_on: date, columns: Columns) -> Statement:
    return Statement(
        known_on,
        columns.amount,
        read_when(columns.closes) if columns.closes else None,
        columns.confidence,
        columns.next_step,
        read_when(columns.next_on) if columns.next_on else None,
    )
