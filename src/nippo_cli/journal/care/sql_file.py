"""Tables as an SQLite file of their own, for those who ask by SQL. It is no journal: nothing is ever read back from it."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.guards import SQL_EXPORT
from nippo_cli.base.scratch import scratch_folder

_CHUNK: Final = 1 << 20
# A file that is thrown away where it is not finished needs no safety net.
_WRITE_FAST: Final = ("pragma journal_mode = off", "pragma synchronous = off", f"pragma application_id = {SQL_EXPORT}")


class SqlTable(NamedTuple):
    """A table: its columns with their types in SQL, and its rows. `key` is the column that no two rows share, if one is."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Iterable[Sequence[object]]
    key: str = ""


class SqlView(NamedTuple):
    """A view, and what it selects."""

    name: str
    select: str


def sql_pieces(tables: Iterable[SqlTable], views: Iterable[SqlView]) -> Iterator[bytes]:
    """The file in pieces. Rows are written as they are made.

    Raises:
        OSError, sqlite3.Error: the disk takes no more.
    """
    with scratch_folder() as folder:
        path = folder / "export.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as cx:
            for statement in _WRITE_FAST:
                cx.execute(statement).fetchall()
            cx.execute("begin")
            for table in tables:
                _write(cx, table)
            for view in views:
                cx.execute(f"create view {view.name} as {view.select}")
            cx.execute("commit")
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _write(cx: sqlite3.Connection, table: SqlTable) -> None:
    columns = ", ".join(f"{name} {kind}{' primary key' if name == table.key else ''}" for name, kind in table.columns)
    cx.execute(f"create table {table.name} ({columns})")
    cx.executemany(f"insert into {table.name} values ({', '.join('?' * len(table.columns))})", table.rows)
