"""Journals that can't be used: said in words, exit 5, and not a byte of them changed."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from shell import Shell, files

from nippo_cli.journal.log import store
from nippo_cli.journal.write import opening

ADD = ("add", "案件", "--activity", "電話", "-m", "話した")
READS = (("log",), ("deal", "show", "案件"), ("gap", "stalled"), ("search", "話"), ("deal", "list"), ())
# Holds the journal as another program would, until its stdin ends.
HOLDER = """
import sqlite3, sys
cx = sqlite3.connect(sys.argv[1], isolation_level=None)
cx.execute("begin exclusive")
print("held", flush=True)
sys.stdin.read()
"""


def refuses(nippo: Shell, *argv: str) -> str:
    """What a command says of a journal that it can't use; nothing on stdout, exit 5, a hint."""
    answer = nippo(*argv)
    assert (answer.code, answer.out) == (5, ""), (argv, answer)
    assert answer.err.startswith("エラー: ")
    assert "ヒント: " in answer.err
    assert "Traceback" not in answer.err
    return answer.err


def test_a_locked_journal_is_said_to_be_locked(kept: Shell, monkeypatch):
    """Another program holds it for longer than nippo waits; once it lets go, the same command works."""
    monkeypatch.setattr(store, "WAIT_MS", 50)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(kept.db)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert str(kept.db) in refuses(kept, *ADD)
        refuses(kept, "log")
    finally:
        holder.communicate("")
    kept.done(*ADD)


def test_a_read_only_journal_is_read_but_not_written(kept: Shell, monkeypatch):
    """On a disk that may not be written, every page opens; a write says why it can't."""
    connect = store.connect
    for room in (store, opening):
        monkeypatch.setattr(room, "connect", lambda path, _mode, wait=None: connect(path, "ro", wait))
    before = files(kept.journal)
    for read in READS:
        kept.done(*read)
    refuses(kept, *ADD)
    refuses(kept, "undo")
    assert files(kept.journal) == before


@pytest.mark.parametrize("content", [b"", b"customer,amount\n", b"SQLite format 3\x00" + b"\xff" * 4080])
def test_what_is_no_journal_is_left_alone(nippo: Shell, content):
    """An empty file, somebody's CSV, a broken database: neither read nor written over."""
    nippo.journal.mkdir()
    nippo.db.write_bytes(content)
    for command in (*READS, ADD, ("undo",), ("doctor",), ("backup",), ("doctor", "--rebuild")):
        refuses(nippo, *command)
    assert nippo.db.read_bytes() == content


def test_another_programs_database_is_left_alone(nippo: Shell, tmp_path: Path):
    """A SQLite file without nippo's mark, named by `--journal F.db`."""
    file = tmp_path / "chinook.db"
    with closing(sqlite3.connect(file)) as cx:
        cx.execute("create table artist (name text)")
    before = file.read_bytes()
    for command in (("log",), ADD):
        assert nippo.bare("--journal", str(file), *command).code == 5
    assert file.read_bytes() == before


def test_a_newer_journal_is_not_touched(kept: Shell):
    """Made by a later version: both formats are named, reads and writes refuse."""
    with closing(sqlite3.connect(kept.db)) as cx:
        cx.execute("pragma user_version = 999")
    before = kept.db.read_bytes()
    for command in (*READS, ADD, ("undo",), ("backup",)):
        assert "999" in refuses(kept, *command)
    assert kept.db.read_bytes() == before


@pytest.fixture
def hot(kept: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The journal of a writer that died between changing the file and committing."""
    writer = sqlite3.connect(kept.db, isolation_level=None)
    writer.execute("pragma cache_size = 2")
    writer.execute("begin immediate")
    writer.executemany("insert into meta values (?, ?)", [(f"k{i:05d}", "x" * 400) for i in range(500)])
    copy = tmp_path / "died"
    shutil.copytree(kept.journal, copy)
    writer.execute("rollback")
    writer.close()
    kept.journal, kept.db = copy, copy / "journal.db"
    return kept


def test_a_reader_leaves_a_hot_journal_as_it_is(hot: Shell):
    """It can't tell what was committed, so it shows nothing, says what to run, and changes no file."""
    before = files(hot.journal)
    for read in READS:
        assert "doctor --rebuild" in refuses(hot, *read)
    assert files(hot.journal) == before


@pytest.mark.parametrize("command", [ADD, ("doctor", "--rebuild")])
def test_a_writer_recovers_a_hot_journal(hot: Shell, command):
    """What was committed is there, what was not is gone, and reading works again."""
    hot.done(*command)
    assert hot.done("log", "--json").json["total"] == 1 + (command is ADD)
    assert hot.done("doctor", "--json").json["sound"]


def test_damage_that_sqlite_cannot_see_is_found(kept: Shell):
    """A record's body changed behind nippo's back: the check says which record, exit 5."""
    said, bent = "話を聞いた".encode(), "話を盛った".encode()
    assert said in kept.db.read_bytes()
    kept.db.write_bytes(kept.db.read_bytes().replace(said, bent))
    answer = kept("doctor", "--json")
    assert answer.code == 5
    assert not answer.json["sound"]
