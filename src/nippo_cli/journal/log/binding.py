"""How a great many values are given to SQLite faster."""

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A statement may bind 999 values in any SQLite.
_VALUES_A_STATEMENT = 900


def bind_fast() -> None:
    """Spare `sqlite3` a search for every None that it binds.

    It looks for an adapter of all but texts, numbers and bytearrays, and failing to find one takes longer than binding
    the value. Told of one that changes nothing, it stops looking; so, too, for bytes. This holds for the whole process.
    Bytearrays are bound faster still where they are at hand.
    """
    # `get` of an empty dict is None → None without a frame of Python, as `bytes` is of bytes.
    unchanged: Callable[[None], None] = dict[None, None]().get
    sqlite3.register_adapter(type(None), unchanged)
    sqlite3.register_adapter(bytes, bytes)


def insert_many(cx: sqlite3.Connection, insert: str, rows: Sequence[Sequence[object]]) -> None:
    """`executemany` of an insert of one row, many rows a statement: what is spent on each statement, a third of a bulk
    insert, is spent more seldom.

    Args:
        insert: ends in the values of its one row, each bound by a plain `?` in the order of a row.
    """
    head, _, values = insert.partition(" values ")
    many = _VALUES_A_STATEMENT // values.count("?")
    several = f"{head} values {','.join([values] * many)}"
    whole = len(rows) - len(rows) % many
    for at in range(0, whole, many):
        cx.execute(several, list(chain.from_iterable(rows[at : at + many])))
    cx.executemany(insert, rows[whole:])
