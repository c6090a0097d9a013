"""Many deals built in one ordered scan, for an import and for a rebuild."""

import marshal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.worker import Parent, Worker, working_beside
from nippo_cli.journal.derive.heads import add_to_counters, ball_rows, deadline_rows, deal_row, promise_rows, stay_rows
from nippo_cli.journal.derive.points import Earlier, points_of
from nippo_cli.journal.derive.statements import PUT_BALL, PUT_DEADLINE, PUT_DEAL, PUT_EVE, PUT_PROMISE, PUT_STAY
from nippo_cli.journal.derive.touched_deals import eve_rows
from nippo_cli.journal.log import (
    POINT_COLUMNS,
    POINT_CUSTOMERS,
    DealRecordState,
    Reach,
    insert_many,
    stored_names,
)
from nippo_cli.line.facts import DealRecord
from nippo_cli.line.history import build_history
from nippo_cli.line.metrics import Metric, money, sightings
from nippo_cli.schema.schema import Schema

NEW_DEAL: Final = PUT_DEAL.replace("insert or replace", "insert", 1)


_DEALS_A_CHUNK = 250
# So many chunks may lie ready for the second process: some 9 MB.
_MOST_AHEAD = 24
# So many will do once nothing else is done here meanwhile: what lies ready at the end, the first process waits for.
_AHEAD_AT_LAST = 6
_THROUGH: Final = object()
# Fewer are built before a second Python has started.
_WORTH_DEALS = 5000

# A deal apart from its entries, and how far its records reach; of its id and its rows.
StateOf: TypeAlias = Callable[[int, Sequence[Sequence[Any]]], tuple[DealRecordState, Reach] | None]
# What was promised before an entry was corrected, by its id.
StatementsOf: TypeAlias = Callable[[int], Earlier]


class DealToBuild(NamedTuple):
    """A deal apart from its entries, how far its records reach, its rows of `POINT_COLUMNS`, and of those of its entries that were
    corrected what they promised before."""

    record: DealRecord
    reach: Reach
    rows: Sequence[Sequence[Any]]
    said_before: Mapping[int, Earlier]


class HistoryRows(NamedTuple):
    """Lines as the rows that keep them."""

    heads: list[tuple[object, ...]]
    stays: list[tuple[object, ...]]
    promises: list[tuple[object, ...]]
    deadlines: list[tuple[object, ...]]
    balls: list[tuple[object, ...]]
    eves: list[tuple[object, ...]]


class Helped(NamedTuple):
    """How `build_new` shares its work. `second`: a process that does `build_in_worker` from now on; one is begun where there is
    none. `meanwhile`: other steps to be taken here while that one builds, or later."""

    second: Worker | None = None
    meanwhile: Iterator[object] = iter(())


def build_new(
    cx: sqlite3.Connection,
    rows: Iterable[Sequence[Any]],
    schema: Schema,
    state_of: StateOf,
    *,
    deals: int,
    helped: Helped,
    said_before: StatementsOf | None = None,
) -> None:
    """Build deals that have no line stored yet, and put their lines and their part of the tally in place; in a second process where
    they are many.

    Args:
        rows: of `ALL_POINTS`; ordered by deal, and within it as its line is.
        state_of: asked of each deal; None for one that is to be passed over.
        deals: how many there are.
        said_before: asked of entries that were corrected; None where none was.
    """
    counted: Counter[Metric] = Counter()
    chunks = _chunks(stored_names(cx).rows(rows, POINT_CUSTOMERS), state_of, said_before)
    with helping(helped.second, schema, deals=deals) as second:
        if not is_worth_helping(deals) or second is None or not second.started():
            _build_here(cx, chunks, schema, counted)
        else:
            # What is done meanwhile takes, step by step, no longer than an eighth of the deals.
            ahead = min(max(deals // _DEALS_A_CHUNK // 8, 2), _MOST_AHEAD)
            _build_beside(cx, chunks, schema, counted, second, helped.meanwhile, ahead)
    add_to_counters(cx, counted)


def helping(second: Worker | None, schema: Schema, *, deals: int) -> AbstractContextManager[Worker | None]:
    """For the length of a block, the process that `build_new` is to share so many deals with: `second`, or where there is none and
    they are worth it, one that is begun and does `build_in_worker`."""
    if second is not None or not is_worth_helping(deals):
        return nullcontext(second)
    return working_beside(build_in_worker, schema)


def is_worth_helping(deals: int) -> bool:
    """Whether a second process takes part where so many deals are built."""
    return deals >= _WORTH_DEALS


def _build_here(
    cx: sqlite3.Connection, chunks: Iterable[Sequence[DealToBuild]], schema: Schema, counted: Counter[Metric]
) -> None:
    for chunk in chunks:
        _put(cx, _history_rows(chunk, schema, counted))


def _build_beside(
    cx: sqlite3.Connection,
    chunks: Iterable[Sequence[DealToBuild]],
    schema: Schema,
    counted: Counter[Metric],
    second: Worker,
    meanwhile: Iterator[object],
    ahead: int,
) -> None:
    """The second process folds, as many as `ahead` chunks lying ready for it; here, chunks are read and their lines put
    in place, which is about as much work. What it can't keep up with is built here."""
    out = 0
    for chunk in chunks:
        if out >= ahead:
            if next(meanwhile, _THROUGH) is _THROUGH:
                ahead = min(ahead, _AHEAD_AT_LAST)
            while out and second.has_message():
                _put(cx, _heard(second))
                out -= 1
        if out < ahead:
            second.send(
                ([(*deal[:2], deal.said_before) for deal in chunk], marshal.dumps([deal.rows for deal in chunk]))
            )
            out += 1
        else:
            _put(cx, _history_rows(chunk, schema, counted))
    second.send(None)
    for _ in range(out):
        next(meanwhile, None)
        _put(cx, _heard(second))
    counted.update(second.receive())


# Rows cross as `marshal` writes them: tuples fresh from SQLite share nothing that `pickle` would be made for, which takes
# three times as long.


def _heard(second: Worker) -> HistoryRows:
    return HistoryRows(*marshal.loads(second.receive()))  # noqa: S302  from the process that this one began


def build_in_worker(first: Parent, schema: Schema) -> None:
    """What the second process does: it is told chunks and says their lines; then, told None, their part of the tally."""
    counted: Counter[Metric] = Counter()
    while (message := first.receive()) is not None:
        known, rows = message[0], marshal.loads(message[1])  # noqa: S302  from the process that began this one
        chunk = [
            DealToBuild(record, reached, own, said) for (record, reached, said), own in zip(known, rows, strict=True)
        ]
        first.send(marshal.dumps(tuple(_history_rows(chunk, schema, counted))))
    first.send(counted)


def end_worker(second: Worker) -> None:
    """Let a process that was to do `build_in_worker` end without it."""
    second.send(None)
    second.receive()


def _chunks(
    rows: Iterable[Sequence[Any]], state_of: StateOf, said_before: StatementsOf | None
) -> Iterator[Sequence[DealToBuild]]:
    known = (
        DealToBuild(state[0].record, state[1], own, _of_corrected(own, said_before) if said_before else _NOTHING)
        for deal, group in groupby(rows, key=itemgetter(-1))
        if (state := state_of(deal, own := list(group))) is not None
    )
    while chunk := list(islice(known, _DEALS_A_CHUNK)):
        yield chunk


_NOTHING: Final[Mapping[int, Earlier]] = {}
_VERSION: Final = POINT_COLUMNS.split(", ").index("e.version")


def _of_corrected(rows: Sequence[Sequence[Any]], said_before: StatementsOf) -> Mapping[int, Earlier]:
    return {entry: said_before(entry) for row in rows if row[_VERSION] != (entry := row[0])}


def _history_rows(
    chunk: Iterable[DealToBuild],
    schema: Schema,
    counted: Counter[Metric],
) -> HistoryRows:
    """The lines of some deals; their part of the tally is added to `counted`."""
    lines = HistoryRows([], [], [], [], [], [])
    metrics: list[Metric] = []
    for record, reached, own, said_before in chunk:
        points = points_of(own, said_before.__getitem__)
        line = build_history(record, points, schema)
        lines.heads.append(deal_row(line, reached))
        lines.stays.extend(stay_rows(line))
        lines.promises.extend(promise_rows(line))
        lines.deadlines.extend(deadline_rows(line))
        lines.balls.extend(ball_rows(line))
        lines.eves.extend(eve_rows(line, points, schema))
        metrics.extend(sightings(line))
        for order, amount in money(line.head):
            counted[order] += amount
    counted.update(metrics)
    return lines


def _put(cx: sqlite3.Connection, lines: HistoryRows) -> None:
    insert_many(cx, NEW_DEAL, lines.heads)
    insert_many(cx, PUT_STAY, lines.stays)
    insert_many(cx, PUT_PROMISE, lines.promises)
    insert_many(cx, PUT_DEADLINE, lines.deadlines)
    insert_many(cx, PUT_BALL, lines.balls)
    insert_many(cx, PUT_EVE, lines.eves)
