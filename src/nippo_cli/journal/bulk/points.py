"""The points of many deals at once, in the order in which their histories are built."""

import sqlite3
from collections.abc import Iterable
from typing import Final

from nippo_cli.journal.log import _LATE, POINT_COLUMNS

# The touched deals drive the plan: `cross join` keeps SQLite from turning it round.
TOUCHED_POINTS: Final = (
    f"select {POINT_COLUMNS}, {_LATE}, t.deal from temp.touched t cross join entry e on e.deal = t.deal"
    " order by t.deal, e.on_date, e.recorded_at, e.id"
)
TOUCHED_TABLE: Final = "create temp table if not exists touched (deal integer primary key)"
PUT_TOUCHED: Final = "insert or ignore into temp.touched values (?)"
CLEAR_TOUCHED: Final = "delete from temp.touched"


def points_of_deals(cx: sqlite3.Connection, deals: Iterable[int]) -> sqlite3.Cursor:
    """Each entry of some deals, as `ALL_POINTS` has those of all, a deal after the other."""
    cx.execute(TOUCHED_TABLE)
    cx.execute(CLEAR_TOUCHED)
    cx.executemany(PUT_TOUCHED, ((deal,) for deal in deals))
    return cx.execute(TOUCHED_POINTS)
