"""The deals that a write touches, built anew from their points: what is read of them, and written, is a statement for all."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final

from nippo_cli.base.customer_names import CustomerNames
from nippo_cli.journal.derive.heads import (
    add_to_counters,
    ball_rows,
    deadline_rows,
    deal_row,
    head_from_row,
    iso,
    name_rows,
    promise_rows,
    stay_rows,
)
from nippo_cli.journal.derive.points import earlier_statements, points_of
from nippo_cli.journal.derive.statements import (
    PUT_BALL,
    PUT_DEADLINE,
    PUT_DEAL,
    PUT_EVE,
    PUT_GONE,
    PUT_PROMISE,
    PUT_STAY,
)
from nippo_cli.journal.log import (
    HEAD_COLUMNS,
    POINT_COLUMNS,
    POINT_CUSTOMERS,
    PUT_NAME,
    Batches,
    DealRecordState,
    Reach,
    SchemaMigrator,
    insert_many,
    read_deal,
)
from nippo_cli.line.eves import eves_of
from nippo_cli.line.facts import DealEvent, DealHistory, Promise, Stay
from nippo_cli.line.history import build_history
from nippo_cli.line.metrics import Metric, metrics_of
from nippo_cli.schema.schema import Schema

# So many are built at once: what is held of them is a few megabytes.
AT_ONCE: Final = 500
_THESE: Final = "(select value from json_each(?))"
DEALS_OF: Final = f"select {HEAD_COLUMNS}, gaps, last_known_on, last_event_on from deal where id in {_THESE}"
GONE_OF: Final = f"select deal, last_known_on, last_event_on from gone where deal in {_THESE}"
STAYS_OF: Final = f"select deal, stage, entered_on, left_on, days, entry, step, arrival from stay where deal in {_THESE} order by deal, seq"
PROMISES_OF: Final = (
    f"select deal, what, value, made_on, entry, move from promise where deal in {_THESE} order by deal, seq"
)
NAMES_OF: Final = f"select folded, deal, is_alias, name from deal_name where deal in {_THESE}"
# The deals drive the plan: `cross join` keeps SQLite from turning it round.
POINTS_OF: Final = (
    f"select {POINT_COLUMNS}, e.deal from json_each(?) t cross join entry e on e.deal = t.value"
    " order by e.deal, e.on_date, e.recorded_at, e.id"
)
DROP_LINES: Final = tuple(
    f"delete from {table} where {key} in {_THESE}"
    for table, key in (
        ("deal", "id"), ("stay", "deal"), ("promise", "deal"), ("deadline", "deal"), ("ball", "deal"), ("eve", "deal"),
        ("gone", "deal"),
    )
)  # fmt: skip
DROP_NAMES: Final = f"delete from deal_name where deal in {_THESE}"


def rebuild_deals(
    cx: sqlite3.Connection,
    touched: Mapping[int, Reach],
    migrator: SchemaMigrator,
    batches: Batches,
    customers: CustomerNames,
    known: Mapping[int, DealRecordState],
) -> list[tuple[int, str, str]]:
    """Build deals from their points, and put their lines, names and part of the tally in place.

    Args:
        touched: how far the records just written reach, by deal; what is stored is never shortened. One that never was a deal is
            passed over.
        known: what is known of some of them apart from their entries.

    Returns:
        Of each that had a line and has one: its customer before and now.
    """
    said: list[tuple[int, str, str]] = []
    ahead = iter(touched.items())
    while chunk := dict(islice(ahead, AT_ONCE)):
        said += _DealsAnew(cx, chunk, migrator, batches, customers, known).rebuild()
    return said


class _DealsAnew:
    """Some deals, built anew."""

    def __init__(
        self,
        cx: sqlite3.Connection,
        touched: Mapping[int, Reach],
        migrator: SchemaMigrator,
        batches: Batches,
        customers: CustomerNames,
        known: Mapping[int, DealRecordState],
    ) -> None:
        self._cx = cx
        self._migrator = migrator
        self._batches = batches
        self._customers = customers
        states = {deal: known[deal] if deal in known else read_deal(cx, deal, batches) for deal in touched}
        self._states: dict[int, DealRecordState] = {deal: state for deal, state in states.items() if state is not None}
        self._reached = {deal: touched[deal] | state.reach for deal, state in self._states.items()}
        self._deals = json.dumps([*self._states])
        self._counted: Counter[Metric] = Counter()
        self._eves: list[tuple[object, ...]] = []

    def rebuild(self) -> list[tuple[int, str, str]]:
        """All of them; of each that had a line and has one, its customer before and now."""
        before = self._taken_out()
        lines = self._lines()
        self._put(lines)
        self._put_names(lines)
        add_to_counters(self._cx, self._counted)
        return [(deal, before[deal], lines[deal].head.customer) for deal in before if deal in lines]

    def _taken_out(self) -> dict[int, str]:
        """Take the stored lines out, and their part of the tally; the customer of each."""
        day = date.fromisoformat
        stays: defaultdict[int, list[Stay]] = defaultdict(list)
        for deal, stage, entered_on, left_on, *rest in self._cx.execute(STAYS_OF, (self._deals,)):
            stays[deal].append(Stay(stage, day(entered_on), day(left_on) if left_on else None, *rest))
        promises: defaultdict[int, list[Promise]] = defaultdict(list)
        for deal, what, value, made_on, entry, move in self._cx.execute(PROMISES_OF, (self._deals,)):
            promises[deal].append(Promise(what, value, day(made_on), entry, move))
        before: dict[int, str] = {}
        for *row, gaps, known_on, event_on in self._cx.execute(DEALS_OF, (self._deals,)):
            head = head_from_row(row)
            line = DealHistory(head, tuple(stays[head.id]), tuple(promises[head.id]), tuple(map(int, gaps.split())))
            self._counted.subtract(metrics_of(line))
            before[head.id] = head.customer
            self._reached[head.id] |= Reach(known_on, event_on)
        for deal, known_on, event_on in self._cx.execute(GONE_OF, (self._deals,)):
            self._reached[deal] |= Reach(known_on, event_on)
        for statement in DROP_LINES:
            self._cx.execute(statement, (self._deals,))
        return before

    def _lines(self) -> dict[int, DealHistory]:
        """The lines of those that have one."""
        rows = self._customers.rows(self._cx.execute(POINTS_OF, (self._deals,)), POINT_CUSTOMERS)
        lines: dict[int, DealHistory] = {}
        schema = self._migrator.schema
        for deal, own in groupby(rows, key=itemgetter(-1)):
            state = self._states[deal]
            if state.into is None:
                points = points_of(
                    own, lambda entry: earlier_statements(self._cx, entry, self._migrator, self._batches)
                )
                lines[deal] = build_history(state.record, points, schema)
                self._eves += eve_rows(lines[deal], points, schema)
        return lines

    def _put(self, lines: Mapping[int, DealHistory]) -> None:
        """Write the rows of deals' histories, and note which deals have none."""
        all_of = lines.values()
        insert_many(self._cx, PUT_DEAL, [deal_row(line, self._reached[deal]) for deal, line in lines.items()])
        for statement, rows_of in (
            (PUT_STAY, stay_rows), (PUT_PROMISE, promise_rows), (PUT_DEADLINE, deadline_rows), (PUT_BALL, ball_rows),
        ):  # fmt: skip
            insert_many(self._cx, statement, [row for line in all_of for row in rows_of(line)])
        insert_many(self._cx, PUT_EVE, self._eves)
        without_line = [
            (deal, state.into, *self._reached[deal]) for deal, state in self._states.items() if deal not in lines
        ]
        self._cx.executemany(PUT_GONE, without_line)
        for line in all_of:
            self._counted.update(metrics_of(line))

    def _put_names(self, lines: Mapping[int, DealHistory]) -> None:
        """What they answer to, where that is otherwise than before."""
        stored: defaultdict[int, set[tuple[Any, ...]]] = defaultdict(set)
        for row in self._cx.execute(NAMES_OF, (self._deals,)):
            stored[row[1]].add(row)
        changed: dict[int, Sequence[tuple[object, ...]]] = {}
        for deal, state in self._states.items():
            rows = name_rows(state, has_line=deal in lines)
            if set(rows) != stored[deal]:
                changed[deal] = rows
        if changed:
            self._cx.execute(DROP_NAMES, (json.dumps([*changed]),))
            self._cx.executemany(PUT_NAME, [row for rows in changed.values() for row in rows])


def eve_rows(line: DealHistory, points: Sequence[DealEvent], schema: Schema) -> Iterable[tuple[object, ...]]:
    """The `eve` rows of a line that these points made."""
    head = line.head
    return [
        (eve.month, head.id, head.customer, head.owner, eve.stage, eve.amount, eve.confidence, iso(eve.heard_on))
        for eve in eves_of(line, points, schema)
    ]
