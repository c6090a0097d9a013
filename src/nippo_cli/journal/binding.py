"""How a great many values are given to SQLite faster."""

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# As many rows a statement as still grow faster; their values stay far below the 999 that any SQLite takes.
_ROWS_A_STATEMENT = 20


def bind_fast() -> None:
    """Spare `sqlite3` a search for every None that it binds.

    It looks for an adapter of all but texts, numbers and bytearrays, and failing to find one takes longer than binding
    the value. Told of one that changes nothing, it stops looking. This holds for the whole process. Of bytes, which it
    looks for too, bytearrays are made where there are many.
    """
    # `get` of an empty dict is None → None without a frame of Python.
    unchanged: Callable[[None], None] = dict[None, None]().get
    sqlite3.register_adapter(type(None), unchanged)


def insert_many(cx: sqlite3.Connection, insert: str, rows: Sequence[Sequence[object]]) -> None:
    """`executemany` of an insert of one row, some rows a statement: what is spent on each statement, a third of a bulk
    insert, is spent more seldom.

    Args:
        insert: ends in the values of its one row, each bound by a plain `?` in the order of a row.
    """
    head, _, values = insert.partition(" values ")
    several = f"{head} values {','.join([values] * _ROWS_A_STATEMENT)}"
    whole = len(rows) - len(rows) % _ROWS_A_STATEMENT
    for at in range(0, whole, _ROWS_A_STATEMENT):
        cx.execute(several, list(chain.from_iterable(rows[at : at + _ROWS_A_STATEMENT])))
    cx.executemany(insert, rows[whole:])
