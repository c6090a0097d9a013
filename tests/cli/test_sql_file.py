"""`nippo export -o diary.sqlite`: of which day it is, and what it may be written over."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from shell import Answer, Shell


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a question is answered, the file opened to be read only."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as cx:
        return cx.execute(sql).fetchall()


def test_a_past_day_is_as_it_was_known(kept: Shell, tmp_path: Path):
    """What was said later is not in it."""
    kept.done("add", "案件", "--activity", "電話", "-m", "先の話", "--later")
    kept.done("export", "-o", "past.sqlite", "--as-of", "2026-11-22")
    kept.done("export", "-o", "now.sqlite")
    assert rows(tmp_path / "past.sqlite", "select count(*) from entries") == [(0,)]
    assert rows(tmp_path / "now.sqlite", "select count(*) from entries") == [(2,)]


def test_only_an_export_is_written_over(kept: Shell, tmp_path: Path):
    """An older export gives way; any other SQLite file stays, and so does the journal."""
    kept.done("export", "-o", "x.sqlite")
    first = (tmp_path / "x.sqlite").read_bytes()
    kept.done("export", "-o", "x.sqlite")
    assert (tmp_path / "x.sqlite").read_bytes() == first
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as cx:
        cx.execute("create table precious (x)")
    (tmp_path / "copy.sqlite").write_bytes(kept.db.read_bytes())
    for name in ("other.sqlite", "copy.sqlite", "y.db"):
        answer: Answer = kept("export", "-o", name, "--force")
        assert answer.code == 2, name
    assert kept("export", "--format", "sqlite").code == 2
    assert kept("log", "-o", "z.sqlite").code == 2
    assert not (tmp_path / "z.sqlite").exists()
