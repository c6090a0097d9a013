"""A great many values given to SQLite."""

import sqlite3
from contextlib import closing

import pytest

from nippo_cli.journal.log.binding import insert_many


@pytest.mark.parametrize("many", [0, 1, 224, 225, 226, 500])
def test_every_row_is_inserted_once_and_in_its_order(many):
    """However many stand in the last statement; texts, numbers, bytes and nothing as they are."""
    rows = [(n, f"案件{n}" if n % 2 else None, bytearray(b"\x00\xff"), n * 0.5) for n in range(many)]
    with closing(sqlite3.connect(":memory:")) as cx:
        cx.execute("create table t (seq integer primary key, n integer, name text, salt blob, half real)")
        insert_many(cx, "insert into t (n, name, salt, half) values (?,?,?,?)", rows)
        found = cx.execute("select n, name, salt, half from t order by seq").fetchall()
    assert found == [(n, name, bytes(salt), half) for n, name, salt, half in rows]
