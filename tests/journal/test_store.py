"""The journal's file: how it is made, and what is said when it can't be used."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing

import pytest
from derived import kept
from diary import Diary

from nippo_cli.base.errors import ExitCode, JournalError
from nippo_cli.journal.log import store
from nippo_cli.journal.log.store import NoJournal, connect_ro, usable
from nippo_cli.journal.log.tables import APPLICATION_ID, FORMAT
from nippo_cli.journal.write.opening import connect_rw, create

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")


def refused(open_, path):
    """The message's key, once the exit code is the journal's."""
    with pytest.raises(JournalError) as caught:
        open_(path).close()
    assert caught.value.exit_code == ExitCode.JOURNAL
    assert caught.value.hint is not None
    return caught.value.message.key


def bytes_of(folder):
    """Every file of a folder."""
    return {p.name: p.read_bytes() for p in folder.iterdir()}


@posix
def test_a_journal_is_its_owners_alone(tmp_path):
    """0600 in 0700, whatever the umask."""
    path = tmp_path / "new" / "journal.db"
    before = os.umask(0)
    try:
        assert create(path, time_zone="Asia/Tokyo", now="2026-01-01T00:00:00.000Z")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_journal_is_one_file_and_marked_as_nippos(tmp_path):
    """No file stands beside it, and `file` could tell what it is."""
    path = tmp_path / "journal.db"
    create(path, time_zone="Asia/Tokyo", now="2026-01-01T00:00:00.000Z")
    assert [p.name for p in tmp_path.iterdir()] == ["journal.db"]
    head = path.read_bytes()[:100]
    assert int.from_bytes(head[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(head[60:64], "big") == FORMAT
    # Rollback journal, not WAL: https://www.sqlite.org/fileformat.html#file_format_version_numbers
    assert (head[18], head[19]) == (1, 1)


def test_making_a_journal_never_touches_one_that_is_there(diary: Diary):
    """The second of two processes finds the first one's journal."""
    before = diary.path.read_bytes()
    assert not create(diary.path, time_zone="UTC", now="2026-01-01T00:00:00.000Z")
    assert diary.path.read_bytes() == before


@pytest.mark.parametrize("open_", [connect_ro, connect_rw])
def test_no_journal_is_no_such_thing(tmp_path, open_):
    """Nothing is made by looking."""
    with pytest.raises(NoJournal) as caught:
        open_(tmp_path / "journal.db")
    assert caught.value.exit_code == ExitCode.NOT_FOUND
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("open_", [connect_ro, connect_rw])
@pytest.mark.parametrize(
    "content", [b"", b"customer,amount\n" * 500, b"SQLite format 3\0"], ids=["empty", "csv", "cut"]
)
def test_what_is_no_journal_is_left_alone(tmp_path, open_, content):
    """An empty file, a text file, the first bytes of a database."""
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    assert refused(open_, path) in ("journal.not_a_journal", "journal.damaged", "journal.no_bytes")
    assert path.read_bytes() == content


@pytest.mark.parametrize("open_", [connect_ro, connect_rw])
def test_another_programs_database_is_no_journal(tmp_path, open_):
    """A SQLite file without nippo's mark."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as cx:
        cx.execute("create table notes (text)")
    cx.close()
    assert refused(open_, path) == "journal.not_a_journal"


@pytest.mark.parametrize("open_", [connect_ro, connect_rw])
def test_a_newer_journal_says_both_formats(diary: Diary, open_):
    """The file's format and the last one that this version knows."""
    cx = diary.open()
    cx.execute("pragma user_version = 99")
    cx.close()
    with pytest.raises(JournalError) as caught:
        open_(diary.path)
    assert caught.value.message.key == "journal.newer"
    assert (caught.value.message.params["found"], caught.value.message.params["known"]) == (99, FORMAT)


def test_a_locked_journal_says_so(diary: Diary, monkeypatch):
    """Another process holds it for longer than nippo waits."""
    monkeypatch.setattr(store, "WAIT_MS", 20)
    holder = diary.open()
    holder.execute("begin exclusive")
    with pytest.raises(JournalError) as caught, diary.write() as writer:
        writer.begin_deal("案件")
    holder.close()
    assert caught.value.message.key == "journal.locked"


def test_who_asks_with_less_patience_waits_no_longer(diary: Diary):
    """Not the half minute that a person would wait: the test would."""
    holder = diary.open()
    holder.execute("begin exclusive")
    with pytest.raises(JournalError) as caught:
        connect_rw(diary.path, patience_ms=20)
    holder.close()
    assert caught.value.message.key == "journal.locked"


def test_writing_where_only_reading_is_allowed_says_so(diary: Diary):
    """What SQLite says of a file or a disk that is read-only."""
    cx = connect_ro(diary.path)
    with pytest.raises(JournalError) as caught, usable(diary.path):
        cx.execute("insert into meta values ('a', 'b')")
    cx.close()
    assert caught.value.message.key == "journal.read_only"


def test_a_damaged_journal_says_so(diary: Diary):
    """Pages overwritten by something else."""
    content = bytearray(diary.path.read_bytes())
    content[4096 : 4096 * 8] = b"\xaa" * 4096 * 7
    diary.path.write_bytes(content)
    with closing(connect_ro(diary.path)) as cx, pytest.raises(JournalError) as caught, usable(diary.path):
        cx.execute("select * from record").fetchall()
    assert caught.value.message.key == "journal.damaged"


@pytest.fixture
def cut_off(diary: Diary, tmp_path):
    """A journal whose writer died between changing the file and committing: the rollback journal is hot."""
    writer = diary.open()
    writer.execute("pragma cache_size = 2")
    writer.execute("begin immediate")
    writer.executemany("insert into meta values (?, ?)", [(f"k{i:05d}", "x" * 400) for i in range(500)])
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("journal.db", "journal.db-journal"):
        shutil.copyfile(diary.path.parent / name, folder / name)
    writer.execute("rollback")
    writer.close()
    return folder / "journal.db"


def test_a_reader_leaves_a_hot_journal_to_a_writer(cut_off):
    """It says so, and not a byte changes."""
    before = bytes_of(cut_off.parent)
    assert len(before["journal.db-journal"]) > 512
    assert refused(connect_ro, cut_off) == "journal.hot"
    assert bytes_of(cut_off.parent) == before


def test_a_writer_recovers_a_hot_journal(cut_off, diary: Diary):
    """What was committed is there, what was not is gone."""
    cx = connect_rw(cut_off)
    assert cx.execute("select count(*) from meta where key like 'k%'").fetchone()[0] == 0
    cx.close()
    assert kept(cut_off) == kept(diary.path)
    assert not cut_off.with_name("journal.db-journal").exists()


def test_reading_leaves_the_folder_as_it_was(diary: Diary):
    """No file is made, none changes."""
    before = bytes_of(diary.path.parent)
    cx = connect_ro(diary.path)
    cx.execute("select count(*) from record").fetchone()
    assert bytes_of(diary.path.parent) == before
    cx.close()
    assert bytes_of(diary.path.parent) == before
