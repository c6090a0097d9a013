"""What is derived from a journal's log, as it is kept and as a rebuild makes it."""

import sqlite3
from pathlib import Path

from nippo_cli.journal.derive.rebuild import rebuild
from nippo_cli.journal.log.store import connect_ro
from nippo_cli.journal.log.tables import PROJECTIONS
from nippo_cli.journal.write.opening import connect_rw


def kept(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every projection."""
    cx = connect_ro(path)
    try:
        return _rows(cx)
    finally:
        cx.close()


def rebuilt(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The same after a rebuild, which is then thrown away."""
    cx = connect_rw(path)
    try:
        cx.execute("begin immediate")
        rebuild(cx)
        return _rows(cx)
    finally:
        cx.execute("rollback")
        cx.close()


def rows(path: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """The rows of a query."""
    cx = connect_ro(path)
    try:
        return cx.execute(query, values).fetchall()
    finally:
        cx.close()


def _rows(cx: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(cx.execute(f"select * from {table}").fetchall(), key=repr) for table in PROJECTIONS}
