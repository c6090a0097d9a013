"""What is given to an import and is no table: a journal, its folder, an export, a schema, a map, another program's database."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from shell import Shell

COMMANDS = [("import",), ("sales", "import"), ("target", "import")]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["journal.db", "journal のコピー.db", "old.bak", "rows.csv", "rows.json", "rows.xlsx"])
def test_a_journal_is_named_and_what_to_do_with_it(kept: Shell, tmp_path: Path, command: tuple[str, ...], name: str):
    """Whatever it is called by now: it is opened, brought back, exported, or a team's."""
    copy = tmp_path / name
    shutil.copy(kept.db, copy)
    refused = kept(*command, str(copy))
    assert refused.code == 2
    assert f"{copy} は nippo の日報帳で" in refused.err
    said = refused.err.replace("'", "")
    assert f"nippo --journal {kept.journal} restore {copy}" in said
    assert f"nippo --journal {copy} export" in said
    assert "team begin" in said


def test_its_folder_and_an_export_are_named_too(kept: Shell, tmp_path: Path):
    """Of an export the command that reads it back, which does."""
    refused = kept("import", str(kept.journal))
    assert (refused.code, "日報帳で" in refused.err) == (2, True)
    kept.done("export", str(tmp_path / "all"))
    refused = kept("import", str(tmp_path / "all"))
    assert refused.code == 2
    assert (
        f"nippo --journal {kept.journal} import {tmp_path / 'all' / 'entries.csv'} --map {tmp_path / 'all' / 'import.yaml'}"
        in refused.err
    )
    kept.done("import", str(tmp_path / "all" / "entries.csv"), "--map", str(tmp_path / "all" / "import.yaml"))


def test_a_schema_a_map_and_a_database_are_named(kept: Shell, tmp_path: Path):
    """Each with the command that takes it."""
    for name, text, said, way in (
        ("形式.yaml", kept.schema.read_text(encoding="utf-8"), "日報フォーマットで", "--schema"),
        ("map.yml", "source: s\non: 日\nfields: {}\n", "YAML で", "--map"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        refused = kept("import", str(tmp_path / name))
        assert (refused.code, said in refused.err, way in refused.err) == (2, True, True), refused.err
    with closing(sqlite3.connect(tmp_path / "other.csv")) as cx, cx:
        cx.execute("create table deal (name)")
    refused = kept("import", str(tmp_path / "other.csv"))
    assert (refused.code, "SQLite のデータベースで" in refused.err) == (2, True)
