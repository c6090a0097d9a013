"""Files that hold what nippo did not make, or lack what it made: told before anything of it runs."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from derived import kept as derived_rows, rebuilt, rows
from shell import Answer, Shell, files

from nippo_cli.journal.log.store import connect_ro, look_into
from nippo_cli.journal.write.opening import connect_rw

ADD = ("add", "案件", "--activity", "電話", "-m", "話した")
PROGRAM = "import sys; from nippo_cli.cli.frame.main import main; sys.exit(main(sys.argv[1:]))"
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n"
REWRITE = ("pragma writable_schema = on", "update sqlite_master set sql = {} where name = '{}'", "vacuum")


def rewritten(name: str, sql: str) -> tuple[str, ...]:
    """Statements that give a table, index or trigger another definition."""
    return tuple(statement.format(sql, name) for statement in REWRITE)


# What can be planted or taken away: the statements, the name that is told of it, and whether a write is refused.
PLANTED = {
    "a trigger that empties a table": (
        ("create trigger mood after insert on record begin delete from entry; end",), "mood", True),
    "a trigger on what is derived": (
        ("create trigger mood after update on deal begin delete from record where id < 0; end",), "mood", True),
    "a view in a table's place": (
        ("alter table deal rename to hidden", "create view deal as select * from hidden where id < 0"), "deal", True),
    "a view beside": (("create view mood as select * from record",), "mood", True),
    "no guard against changes": (("drop trigger record_unchanged",), "record_unchanged", True),
    "no guard against deletion": (("drop trigger record_kept",), "record_kept", True),
    "a guard that guards nothing": (
        ("drop trigger record_kept", "create trigger record_kept before delete on record begin select 1; end"),
        "record_kept", True),
    "an index of somebody's": (("create index mood on record(author)",), "mood", False),
    "a unique index": (("create unique index mood on entry(on_date)",), "mood", True),
    "no index": (("drop index entry_day",), "entry_day", True),
    "another index of that name": (
        ("drop index entry_day", "create index entry_day on entry(author)"), "entry_day", True),
    "a renamed table": (("alter table sale rename to sales",), "sale", True),
    "a table of somebody's": (("create table mood (day text)",), "mood", False),
    "a virtual table": (("create virtual table mood using fts5(day)",), "mood", True),
    "a generated column": (("alter table hold add column mood text generated always as (why) virtual",), "hold", True),
    "a condition": (rewritten("target", "replace(sql, 'month text', 'month text check (0)')"), "target", True),
    "a default": (rewritten("sale", "replace(sql, 'note text not null', 'note text not null default ''mood''')"), "sale", True),
    "another search": (
        ("drop table search", "create virtual table search using fts5(grams, content='record')"), "search", True),
}  # fmt: skip
# Nothing can make these anew: they are the log.
BEYOND = {
    "a column of the log": (("alter table record add column mood text default 'x'",), "record"),
    "a view of the log": (
        ("alter table record rename to hidden", "create view record as select * from hidden"), "record"),
    "a condition of the log": (rewritten("device", "replace(sql, 'began_at text', 'began_at text check (1)')"), "device"),
}  # fmt: skip


# An own index, trigger or table that the file's list names otherwise than its definition. SQLite refuses to open a file where
# more than capitals differ; these it opens, but would not find them to drop them.
MISFILED = {
    "an index under another name": ("name = 'entry_daY'", "entry_day"),
    "an index of another table": ("tbl_name = 'entrY'", "entry_day"),
    "an index whose name is no text": ("name = cast('entry_day' as blob)", "entry_day"),
    "an index of another type": ("type = 'indeX'", "entry_day"),
    "a trigger under another name": ("name = 'record_kepT'", "record_kept"),
    "a table under another name": ("name = 'holD', tbl_name = 'holD'", "hold"),
    "a table of the log": ("name = 'devicE', tbl_name = 'devicE'", "device"),
    "a table of the search": ("name = 'search_datA', tbl_name = 'search_datA'", "search_data"),
    "an index of the steps": ("tbl_name = '_sqlite_migrationS'", "idx__sqlite_migrations_migration_set_name"),
}  # fmt: skip


def plant(file: Path, statements: tuple[str, ...]) -> None:
    """Change a file as another program could."""
    with closing(sqlite3.connect(file, isolation_level=None)) as cx:
        cx.execute("pragma legacy_alter_table = on")
        for statement in statements:
            cx.execute(statement)


def structure_of(answer: Answer) -> list[str]:
    """What `doctor` found in the structure of a file."""
    return [
        said["message"] for check in answer.json["checks"] if check["name"] == "structure" for said in check["found"]
    ]


@pytest.mark.parametrize("what", PLANTED)
def test_it_is_told_refused_and_mended(kept: Shell, tmp_path: Path, what):
    """By `doctor`, `backup`, `restore` and, where it could do harm, by whatever writes; a rebuild takes it away, with a
    copy kept, and every entry is as before."""
    statements, name, hinders = PLANTED[what]
    before = derived_rows(kept.db)
    plant(kept.db, statements)
    told = structure_of(kept("doctor", "--json"))
    assert any(f"「{name}」" in said for said in told), told
    refused = kept("backup", "--to", str(tmp_path / "to"))
    assert (refused.code, f"「{name}」" in refused.err) == (5, True)
    assert [p.name for p in (tmp_path / "to").iterdir() if "damaged" not in p.name] == []
    copy = tmp_path / "copy.db"
    copy.write_bytes(kept.db.read_bytes())
    there = files(kept.journal)
    refused = kept("restore", str(copy))
    assert (refused.code, f"「{name}」" in refused.err) == (5, True)
    if hinders:
        refused = kept(*ADD)
        assert (refused.code, f"「{name}」" in refused.err) == (5, True)
        assert "doctor --rebuild" in refused.err
    assert files(kept.journal) == there
    mended = kept.done("doctor", "--rebuild", "--json").json
    assert mended["sound"]
    assert derived_rows(kept.db) == before
    assert name.encode() in Path(mended["kept"]).read_bytes() or "no " in what
    kept.done(*ADD)
    assert derived_rows(kept.db) == rebuilt(kept.db)
    assert len(derived_rows(kept.db)["entry"]) == 2


@pytest.mark.parametrize("what", BEYOND)
def test_what_is_wrong_with_the_logs_own_tables_is_not_mended(kept: Shell, tmp_path: Path, what):
    """It is told and refused everywhere; the way out is a backup."""
    kept.done("backup", "--to", str(tmp_path))
    (sound,) = tmp_path.glob("journal-*.db")
    statements, name = BEYOND[what]
    plant(kept.db, statements)
    assert any(f"「{name}」" in said for said in structure_of(kept("doctor", "--json")))
    before = kept.db.read_bytes()
    for command in (ADD, ("log",), ("backup",), ("doctor", "--rebuild")):
        refused = kept(*command)
        assert (refused.code, refused.out, f"「{name}」" in refused.err) == (5, "", True), command
        assert "restore" in refused.err or command == ("backup",)
    assert kept.db.read_bytes() == before
    kept.done("restore", str(sound))
    kept.done(*ADD)


@pytest.mark.parametrize("what", MISFILED)
def test_what_the_files_list_names_wrongly_is_not_dropped_and_made_again(kept: Shell, tmp_path: Path, what):
    """That would leave a file which no longer opens: it is told, no write, rebuild, backup or restore takes it, and every
    record comes out of it whole."""
    change, name = MISFILED[what]
    records = rows(kept.db, "select * from record order by id")
    plant(kept.db, ("pragma writable_schema = on", f"update sqlite_master set {change} where name = '{name}'"))
    assert any(f"「{name}」" in said for said in structure_of(kept("doctor", "--json")))
    copy = tmp_path / "copy.db"
    copy.write_bytes(kept.db.read_bytes())
    before = kept.db.read_bytes()
    for command in (ADD, ("doctor", "--rebuild"), ("backup",), ("restore", str(copy))):
        refused = kept(*command)
        assert (refused.code, refused.out, f"「{name}」" in refused.err) == (5, "", True), command
    assert kept.db.read_bytes() == before
    kept.done("doctor", "--rescue", str(tmp_path / "new"))
    rescued = tmp_path / "new" / "journal.db"
    assert rows(rescued, "select * from record order by id") == records
    assert derived_rows(rescued) == rebuilt(rescued)


def test_nothing_of_a_file_runs_while_it_is_looked_at(kept: Shell, tmp_path: Path):
    """A view in a table's place that never comes to an end: every command answers all the same."""
    plant(kept.db, ("drop table deal", f"create view deal as {ENDLESS}", f"create view entries as {ENDLESS}"))
    copy = tmp_path / "copy.db"
    copy.write_bytes(kept.db.read_bytes())
    for command in (("doctor",), ("backup",), ("restore", str(copy)), ADD, ("log",), ("deal", "list"), ()):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "--journal", str(kept.journal), *command],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False, timeout=30,
            env=os.environ,
        )  # fmt: skip
        assert done.returncode == 5, (command, done.stderr)
    assert kept("doctor", "--rebuild").code == 0


def test_an_older_file_is_looked_at_before_it_is_brought_up_to_date(kept: Shell):
    """Its triggers would see every statement of the upgrade; what is derived may look as it did in its day."""
    older = (
        "alter table entry drop column evidence", "drop index entry_day", "create index entry_day on entry(on_date)",
        "delete from _sqlite_migrations where name <> 'm001_journal'", "pragma user_version = 1",
    )  # fmt: skip
    plant(kept.db, (*older, "create trigger mood after insert on _sqlite_migrations begin delete from meta; end"))
    before = files(kept.journal)
    refused = kept(*ADD)
    assert (refused.code, "「mood」" in refused.err) == (5, True)
    assert files(kept.journal) == before
    assert kept.done("doctor", "--rebuild", "--json").json["sound"]
    kept.done(*ADD)


def test_an_index_as_an_earlier_version_made_it_is_nippos(kept: Shell):
    """The same format had it with one column more for a while."""
    former = (
        "create index deal_sold on deal(fate, id, stage, kind, customer, entered_on, closed_on, last_contact_on, amount,"
        "\n holds) where fate = 'won'"
    )
    plant(kept.db, ("drop index deal_sold", former))
    assert kept.done("doctor", "--json").json["sound"]


def test_a_schema_is_trusted_by_no_connection(kept: Shell):
    """What a file brings along reaches nothing outside of it; who only looks can change nothing at all."""
    for open_ in (connect_ro, connect_rw, look_into):
        with closing(open_(kept.db)) as cx:
            assert cx.execute("pragma trusted_schema").fetchone() == (0,), open_
    with closing(look_into(kept.db)) as cx, pytest.raises(sqlite3.OperationalError):
        cx.execute("create temp table t (a)")
