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


def test_reasons_are_keys_of_the_schema_in_force_and_may_be_several(kept: Shell, tmp_path: Path):
    """One that was renamed since has its new key, as its label has; several stand in one text."""
    kept.done("add", "案件", "--activity", "電話", "-m", "断り", "--stage", "失注", "--lost-reason", "価格", "--later")
    text = kept.schema.read_text("utf-8").replace(
        "type: choice\n    role: lost_reason", "type: choices\n    role: lost_reason"
    )
    text = text.replace("{key: price, label: 価格}", "{key: cost, label: 価格, was: [price]}")
    kept.schema.write_text(text, encoding="utf-8")
    kept.done(
        "add", "別件", "--new-deal", "--customer", "青葉製作所", "--activity", "電話", "-m", "これも", "--stage", "失注",
        "--lost-reason", "価格,競合", "--later",
    )  # fmt: skip
    kept.done("export", "-o", "x.sqlite")
    reasons = "select name, lost_reason from lost_deals order by id"
    assert rows(tmp_path / "x.sqlite", reasons) == [("案件", "cost"), ("別件", "cost,competitor")]
    assert rows(tmp_path / "x.sqlite", "select label from labels where key = 'cost'") == [("価格",)]


def test_what_was_decided_of_a_deal_and_days_to_come_are_in_it(kept: Shell, tmp_path: Path):
    """A comment says what it is about, whoever has to do what; leave of a day ahead is there before the day."""
    kept.done("comment", "案件", "--decision", "-m", "値引きはしない", "--who", "佐藤", "--due", "11/30")
    kept.done("day", "--off", "12/28")
    kept.done("export", "-o", "x.sqlite")
    decided = "select d.name, c.text, c.decision, c.who, c.due, c.open, c.done_on from comments c join deals d on d.id = c.deal_id"
    assert rows(tmp_path / "x.sqlite", decided) == [("案件", "値引きはしない", 1, "佐藤", "2026-11-30", 1, None)]
    assert rows(tmp_path / "x.sqlite", "select day, off is not null from days") == [("2026-12-28", 1)]
