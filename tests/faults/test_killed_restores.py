"""Restores that meet writers, links, and what lies beside a journal; killed and refused at every call: test_every_call.py."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from derived import rows
from diary import Diary, make_hot, snapshot

from nippo_cli.base.errors import JournalError
from nippo_cli.journal.care import copies, in_place
from nippo_cli.journal.care.backup import backup
from nippo_cli.journal.care.restore import restore
from nippo_cli.journal.check import doctor
from nippo_cli.journal.log import store
from nippo_cli.journal.write import opening
from nippo_cli.journal.write.writer import writing

NOON = datetime(2026, 2, 3, 12, 0, 0, tzinfo=UTC)
# Writes more than SQLite keeps in memory, and waits before it takes it back.
WRITES_HALF = """
import sqlite3, sys
cx = sqlite3.connect(sys.argv[1], isolation_level=None)
cx.execute("pragma cache_size = 1")
cx.execute("begin immediate")
cx.executemany("insert into meta values (?, ?)", ((f"k{n}", "x" * 900) for n in range(300)))
print("half", flush=True)
sys.stdin.readline()
cx.execute("rollback")
"""
RECORDS = "select id, hash from record order by id"
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")


@pytest.fixture
def backed_up(diary: Diary, tmp_path: Path) -> Path:
    """A backup of a journal that has gone on since; its agreement has changed, too."""
    schema = diary.path.with_name("schema.yaml")
    schema.write_text("name: old\n", encoding="utf-8")
    diary.deal("ポンプ")
    return Path(backup(diary.path, tmp_path / "copies", 1, now=NOON).path)


def go_on(diary: Diary) -> None:
    """What the backup does not hold."""
    diary.add(facts="控えの後で")
    diary.path.with_name("schema.yaml").write_text("name: new\n", encoding="utf-8")


def logs_beside(path: Path) -> list[list[tuple[object, ...]]]:
    """The logs of what was set aside beside a journal, writes that were cut off taken back."""
    found = []
    for copy in copies.set_aside(path):
        opening.connect_rw(copy).close()
        found.append(rows(copy, RECORDS))
    return found


@posix
def test_no_two_names_for_one_file_are_left_for_good(diary: Diary, backed_up: Path):
    """A restore of an older nippo that was killed has given the file a second name: the next one takes that away."""
    os.link(diary.path, diary.path.with_name("journal.20260101-000000.db"))
    restore(diary.path, backed_up, now=NOON)
    assert [p.name for p in copies.set_aside(diary.path)] == ["journal.20260203-120000.db"]
    assert copies.set_aside(diary.path)[0].stat().st_nlink == 1


@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_a_restore_that_the_system_refuses_changes_nothing(diary: Diary, backed_up: Path, monkeypatch, call):
    """A full disk, no permission: the journal and all beside it are as before."""
    go_on(diary)

    def refused(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = snapshot(diary.path.parent)
    monkeypatch.setattr(os, call, refused)
    with pytest.raises((OSError, JournalError)):
        restore(diary.path, backed_up, now=NOON)
    monkeypatch.undo()
    after = snapshot(diary.path.parent)
    assert {name: after.pop(name) for name in before} == before
    assert after == {}


@posix
def test_a_writer_that_waited_for_a_restore_writes_to_what_is_there_then(diary: Diary, backed_up: Path, monkeypatch):
    """It had the file open that was set aside meanwhile: its entry would be gone with that."""
    go_on(diary)
    connect, aside = opening.connect_rw, []

    def late(path: Path, *args: object, **options: bool):
        cx = connect(path, *args, **options)
        if not aside:
            aside.append(Path(restore(diary.path, backed_up, now=NOON).set_aside))
        return cx

    monkeypatch.setattr(opening, "connect_rw", late)
    before = diary.path.read_bytes()
    with writing(diary.path, author="佐藤", now=diary.now, today=diary.today) as writer:
        entry = writer.add_entry(diary.today, {"facts": "待った"})
    assert rows(diary.path, f"select id from entry where id = {entry}") == [(entry,)]
    assert aside[0].read_bytes() == before


@posix
def test_nobody_writes_while_the_file_is_replaced(diary: Diary, backed_up: Path, monkeypatch):
    """Whoever tries, from the moment that the old content is copied, waits until the new one is there."""
    refused = []
    refill = in_place._refill

    def looking(*args: object) -> None:
        script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('begin immediate')"
        done = subprocess.run(
            [sys.executable, "-c", script, str(diary.path)], capture_output=True, text=True, check=False
        )
        refused.append(done.stderr.splitlines()[-1])
        refill(*args)

    monkeypatch.setattr(in_place, "_refill", looking)
    restore(diary.path, backed_up, now=NOON)
    assert refused == ["sqlite3.OperationalError: database is locked"]


@posix
@pytest.mark.parametrize("is_journal", [True, False])
def test_who_opened_the_file_before_never_plays_a_later_write_into_what_was_set_aside(
    diary: Diary, backed_up: Path, is_journal
):
    """SQLite looks for a rollback journal by the file's name. Who has the file open from before a restore, and begins while
    another one is writing, has to wait for that one."""
    if not is_journal:
        diary.path.write_bytes(b"damaged" * 5000)
    before = diary.path.read_bytes()
    with closing(sqlite3.connect(diary.path, timeout=0, isolation_level=None)) as early:
        aside = Path(restore(diary.path, backed_up, now=NOON).set_aside)
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITES_HALF, str(diary.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert writer.stdout.readline() == b"half\n"
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            early.execute("begin immediate")
        assert store.rollback_journal(diary.path).exists()
        writer.communicate(b"go on\n")
    assert aside.read_bytes() == before
    assert doctor.examine(diary.path).sound


@pytest.mark.parametrize("written", range(4))
def test_what_is_no_journal_is_replaced_in_an_order_that_leaves_no_half_one(
    diary: Diary, backed_up: Path, monkeypatch, written
):
    """A disk that breaks after any write: the file is no database, its old content is set aside, the next restore goes well."""
    diary.path.write_bytes(b"damaged" * 5000)
    put, writes = in_place._put, []

    def breaking(file: BinaryIO, content: bytes) -> None:
        if len(writes) == written:
            raise OSError(5, "Input/output error")
        writes.append(content)
        put(file, content)

    monkeypatch.setattr(in_place, "_put", breaking)
    with pytest.raises((OSError, JournalError)):
        restore(diary.path, backed_up, now=NOON)
    monkeypatch.undo()
    assert not diary.path.read_bytes().startswith(b"SQLite")
    left = [copy.read_bytes() for copy in (diary.path, *copies.set_aside(diary.path))]
    assert b"damaged" * 5000 in left
    restore(diary.path, backed_up, now=NOON)
    assert rows(diary.path, RECORDS) == rows(backed_up, RECORDS)
    assert doctor.examine(diary.path).sound


@posix
def test_two_restores_of_one_second_set_two_files_aside(diary: Diary, backed_up: Path):
    """Neither takes the name that the other one has given."""
    go_on(diary)
    old = rows(diary.path, RECORDS)
    restore(diary.path, backed_up, now=NOON)
    diary.add(facts="その間に")
    between = rows(diary.path, RECORDS)
    restore(diary.path, backed_up, now=NOON)
    assert logs_beside(diary.path) == [old, between]


def test_a_rollback_journal_without_its_file_is_not_rolled_into_the_restored_one(diary: Diary, backed_up: Path):
    """The journal itself was lost, what a write would have taken back was not."""
    make_hot(diary.path)
    diary.path.unlink()
    restore(diary.path, backed_up, now=NOON)
    assert not store.rollback_journal(diary.path).exists()
    opening.connect_rw(diary.path).close()
    assert doctor.examine(diary.path).sound


def test_what_is_no_journal_is_set_aside_with_what_lies_beside_it(diary: Diary, backed_up: Path):
    """It can't be locked, nor can anything be taken back in it; both files are kept as they are."""
    make_hot(diary.path)
    diary.path.write_bytes(b"damaged" * 1000)
    rollback = store.rollback_journal(diary.path).read_bytes()
    aside = Path(restore(diary.path, backed_up, now=NOON).set_aside)
    assert aside.read_bytes() == b"damaged" * 1000
    assert store.rollback_journal(aside).read_bytes() == rollback
    assert not store.rollback_journal(diary.path).exists()
    assert doctor.examine(diary.path).sound


def test_a_linked_journal_stays_where_the_link_points(diary: Diary, backed_up: Path, tmp_path: Path):
    """The file behind the link is replaced, and set aside beside itself: there SQLite looks for what belongs to it."""
    here = tmp_path / "here"
    here.mkdir()
    try:
        (here / "journal.db").symlink_to(diary.path)
    except OSError:
        pytest.skip("no links here")
    go_on(diary)
    old = rows(diary.path, RECORDS)
    schema = here / "schema.yaml"
    schema.write_text("name: new\n", encoding="utf-8")
    copies.schema_of(backed_up).write_text("name: old\n", encoding="utf-8")
    aside = Path(restore(here / "journal.db", backed_up, now=NOON).set_aside)
    assert (here / "journal.db").is_symlink()
    assert rows(diary.path, RECORDS) == rows(backed_up, RECORDS)
    assert logs_beside(diary.path) == [old]
    assert schema.read_text(encoding="utf-8") == "name: old\n"
    restore(here / "journal.db", aside, now=NOON)
    assert schema.read_text(encoding="utf-8") == "name: new\n"
