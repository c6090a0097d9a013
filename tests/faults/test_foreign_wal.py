"""A write-ahead log beside the journal is never played into it: nippo makes none."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from shell import NOW, Shell

ADD = ("add", "案件", "--activity", "電話", "-m", "二日目")
# Empties the log, and stops before SQLite brings that into the file.
EMPTIED = """
import os, sqlite3, sys
cx = sqlite3.connect(sys.argv[1], isolation_level=None)
cx.execute("pragma journal_mode = wal")
cx.execute("begin")
for (name,) in cx.execute("select name from sqlite_master where type = 'trigger'").fetchall():
    cx.execute(f"drop trigger {name}")
cx.execute("delete from record")
cx.execute("delete from entry")
cx.execute("commit")
os._exit(0)
"""
# Makes a table of somebody's own, which is in the log alone.
TURNED = """
import os, sqlite3, sys
cx = sqlite3.connect(sys.argv[1], isolation_level=None)
cx.execute("pragma journal_mode = wal")
cx.execute("create table mine (x)")
os._exit(0)
"""


@pytest.fixture
def nippo(tmp_path: Path, monkeypatch, capsys) -> Shell:
    """A journal with an entry, and beside it what a copy of it left behind."""
    monkeypatch.setenv("NIPPO_NOW", NOW)
    # Its words are the Japanese template's; the screens are read in English.
    monkeypatch.setenv("NIPPO_LANG", "ja")
    shell = Shell(capsys, tmp_path / "journal")
    shell.deal("案件", facts="一日目")
    monkeypatch.setenv("NIPPO_LANG", "en")
    copy = Path(shutil.copy(shell.db, tmp_path / "copy.db"))
    subprocess.run([sys.executable, "-c", EMPTIED, str(copy)], check=True)
    shutil.move(f"{copy}-wal", wal_of(shell.db))
    return shell


def wal_of(db: Path) -> Path:
    """The write-ahead log of a file."""
    return db.with_name(db.name + "-wal")


def facts(nippo: Shell) -> list[str]:
    """What the entries say; the journal is sound."""
    assert nippo("doctor").code == 0
    return sorted(entry["values"]["facts"] for entry in nippo.done("log", "--json").json["entries"])


def kept_aside(nippo: Shell, was: bytes) -> bool:
    """It is kept as it was, under a name that SQLite does not look for."""
    aside = nippo.db.with_name("journal.db-wal.set-aside")
    return not wal_of(nippo.db).exists() and aside.read_bytes() == was


@pytest.mark.parametrize(
    "argv", [("log",), ("doctor",), ("backup",), ("show", "3"), ("export", "out")], ids=lambda a: a[0]
)
def test_who_reads_says_so_and_changes_nothing(nippo: Shell, argv):
    """Its content is shown as nobody's."""
    before, was = nippo.db.read_bytes(), wal_of(nippo.db).read_bytes()
    answer = nippo(*argv)
    assert (answer.code, answer.out) == (5, "")
    assert "doctor --rebuild" in answer.err
    assert (nippo.db.read_bytes(), wal_of(nippo.db).read_bytes()) == (before, was)


@pytest.mark.parametrize(("argv", "said"), [(ADD, ["一日目", "二日目"]), (("doctor", "--rebuild"), ["一日目"])])
def test_who_writes_sets_it_aside(nippo: Shell, argv, said):
    """And tells where it is."""
    was = wal_of(nippo.db).read_bytes()
    assert "journal.db-wal.set-aside" in nippo.done(*argv).err
    assert kept_aside(nippo, was)
    assert facts(nippo) == said


def test_a_second_one_is_kept_beside_the_first(nippo: Shell):
    """Nothing is written over."""
    was = wal_of(nippo.db).read_bytes()
    nippo.done(*ADD)
    wal_of(nippo.db).write_bytes(b"")
    nippo.done("undo")
    assert kept_aside(nippo, was)
    assert nippo.db.with_name("journal.db-wal.set-aside-2").exists()


@pytest.mark.parametrize("there", [True, False])
def test_a_restore_is_not_played_over(nippo: Shell, tmp_path: Path, there):
    """Neither what comes nor what was there."""
    was = wal_of(nippo.db).read_bytes()
    sound = Path(shutil.copy(nippo.db, tmp_path / "sound.db"))
    if not there:
        nippo.db.unlink()
    nippo.done("restore", str(sound))
    assert kept_aside(nippo, was)
    assert facts(nippo) == ["一日目"]
    for aside in nippo.db.parent.glob("journal.2*.db"):
        assert aside.read_bytes() == sound.read_bytes()


def test_a_copy_with_one_beside_it_is_not_restored_as_it_seems(nippo: Shell, tmp_path: Path, capsys):
    """The hint's command takes it out of the way."""
    other = Shell(capsys, tmp_path / "other")
    refused = other("restore", str(nippo.db))
    assert refused.code == 5
    assert f"nippo --journal {nippo.db} doctor --rebuild" in refused.err
    other.bare("--journal", str(nippo.db), "doctor", "--rebuild")
    other.done("restore", str(nippo.db))
    assert facts(other) == ["一日目"]


def test_a_log_of_the_files_own_is_left_to_sqlite(nippo: Shell):
    """Of a file that another program turned: what lies in the log is the file's."""
    wal_of(nippo.db).unlink()
    subprocess.run([sys.executable, "-c", TURNED, str(nippo.db)], check=True)
    assert wal_of(nippo.db).stat().st_size
    nippo.done(*ADD)
    assert not nippo.db.with_name("journal.db-wal.set-aside").exists()
    with closing(sqlite3.connect(nippo.db)) as cx:
        assert cx.execute("select count(*) from mine").fetchone() == (0,)
