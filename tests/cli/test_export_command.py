"""An export leaves nothing out that was written."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from shell import Shell


def test_the_log_is_exported_whole(nippo: Shell, tmp_path: Path):
    """Every record with its words, in its order, comments and remarks of days among them; SQLite is the judge."""
    entry = nippo.deal("機械")
    nippo.done("edit", entry, "-m", "よく話した")
    nippo.done("comment", entry, "-m", "次はいつですか")
    nippo.done("day", "-m", "静かな1日")
    nippo.done("export", str(tmp_path / "out"))
    lines = (tmp_path / "out" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    with closing(sqlite3.connect(nippo.db)) as cx:
        wanted = cx.execute("select id, kind, body from record order by recorded_at, id").fetchall()
    assert [(r["number"], r["kind"], r["body"]) for r in records] == [(i, k, json.loads(b)) for i, k, b in wanted]
    assert {"entry", "amend", "comment", "day", "schema", "deal"} <= {r["kind"] for r in records}
    assert [r["target"] for r in records if r["kind"] == "comment"] == [entry]
