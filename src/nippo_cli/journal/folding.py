"""Many deals folded in one ordered scan, for an import and for a rebuild."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from nippo_cli.journal import sql
from nippo_cli.journal.begun import DealState
from nippo_cli.journal.heads import add_to_tally, deal_row, promise_rows, stay_rows
from nippo_cli.journal.lens import Lens
from nippo_cli.journal.points import earlier_said, points_of
from nippo_cli.journal.versions import Batches, Reach
from nippo_cli.line.fold import fold
from nippo_cli.line.seen import Seen, money, sightings

_DEALS_A_FLUSH = 2000


def fold_many(
    cx: sqlite3.Connection,
    rows: Iterable[Sequence[Any]],
    lens: Lens,
    batches: Batches,
    state_of: Callable[[int], tuple[DealState, Reach] | None],
) -> Iterator[int]:
    """Fold deals that have no line stored yet, and put their lines and their part of the tally in place.

    Args:
        rows: `sql.POINT_COLUMNS`, then the deal's id; ordered by deal, and within it as its line is.
        state_of: a deal apart from its entries, and how far its records reach.

    Yields:
        The deals folded.
    """
    counted: Counter[Seen] = Counter()
    seen: list[Seen] = []
    heads: list[tuple[object, ...]] = []
    stays: list[tuple[object, ...]] = []
    promises: list[tuple[object, ...]] = []

    def flush() -> None:
        cx.executemany(sql.PUT_DEAL, heads)
        cx.executemany(sql.PUT_STAY, stays)
        cx.executemany(sql.PUT_PROMISE, promises)
        counted.update(seen)
        for pending in (heads, stays, promises, seen):
            pending.clear()

    agreement = lens.agreement
    for deal, own in groupby(rows, key=itemgetter(-1)):
        found = state_of(deal)
        if found is None:
            continue
        state, reached = found
        points = points_of(own, lambda entry: earlier_said(cx, entry, lens, batches))
        line = fold(state.begun, points, agreement)
        heads.append(deal_row(line, reached))
        stays.extend(stay_rows(line))
        promises.extend(promise_rows(line))
        seen.extend(sightings(line))
        for order, amount in money(line.head):
            counted[order] += amount
        if len(heads) >= _DEALS_A_FLUSH:
            flush()
        yield deal
    flush()
    add_to_tally(cx, counted)
