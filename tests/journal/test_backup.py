"""A copy is whole or not there; a restore keeps what it replaces."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from diary import FIRST, Diary, make_hot, snapshot

from nippo_cli.base.errors import JournalError, NippoError
from nippo_cli.base.ids import slot_named, slot_of
from nippo_cli.journal.care.backup import backup
from nippo_cli.journal.care.copies import backups
from nippo_cli.journal.care.restore import restore
from nippo_cli.journal.check import doctor
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf

NOON = datetime(2026, 2, 3, 12, 0, 0, tzinfo=UTC)


def total(path: Path) -> int:
    """How many entries a journal holds."""
    with reading(path) as reader:
        return reader.log(AsOf(FIRST)).total


def test_a_copy_is_a_journal_and_brings_its_schema(diary: Diary) -> None:
    """Named by the local time, for its owner alone, the source untouched."""
    diary.deal("ポンプ")
    diary.path.with_name("schema.yaml").write_text("name: test\n", encoding="utf-8")
    before = snapshot(diary.path.parent)
    to = diary.path.parent.parent / "copies"
    done = backup(diary.path, to, 3, now=NOON)
    made = Path(done.path)
    assert (made.name, done.records) == ("journal-20260203-120000.db", 3)
    assert sorted(p.name for p in to.iterdir()) == [
        made.name, f"{made.name}.sha256", "journal-20260203-120000.schema.yaml",
    ]  # fmt: skip
    assert (total(made), doctor.examine(made).sound) == (1, True)
    assert snapshot(diary.path.parent) == before
    if os.name != "nt":
        assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_the_newest_are_kept_and_nothing_else_is_touched(diary: Diary, tmp_path: Path) -> None:
    """Only files of this naming count, whatever else lies there; two of one second both stay."""
    strangers = ["journal-2026.db", "other-20260101-000000.db", "journal-20260101-000000.db.bak", "notes.txt"]
    for name in strangers:
        (tmp_path / name).write_text("", encoding="utf-8")
    made = [backup(diary.path, tmp_path, 2, now=NOON + timedelta(seconds=s)) for s in (0, 1, 1, 2)]
    assert [Path(p).name for p in made[-1].dropped] == ["journal-20260203-120001.db"]
    assert [p.name for p in backups("journal", tmp_path)] == [
        "journal-20260203-120001-2.db", "journal-20260203-120002.db",
    ]  # fmt: skip
    assert all((tmp_path / name).exists() for name in strangers)


def test_a_copy_taken_while_a_writer_is_at_work_is_of_one_moment(diary: Diary, tmp_path: Path) -> None:
    """What the writer has not committed is not in it."""
    diary.deal("ポンプ")
    with diary.write() as writer:
        writer.add_entry(FIRST, {})
        done = backup(diary.path, tmp_path, 1, now=NOON)
    assert (total(Path(done.path)), total(diary.path)) == (1, 2)


def test_a_restore_sets_aside_what_was_there(diary: Diary, tmp_path: Path) -> None:
    """The journal of before can still be opened; the restored one writes as a new device."""
    diary.deal("ポンプ")
    schema = diary.path.with_name("schema.yaml")
    schema.write_text("name: old\n", encoding="utf-8")
    copy = Path(backup(diary.path, tmp_path, 1, now=NOON).path)
    schema.write_text("name: new\n", encoding="utf-8")
    diary.add()
    done = restore(diary.path, copy, now=NOON)
    assert (total(diary.path), total(Path(done.set_aside)), total(copy)) == (1, 2, 1)
    assert schema.read_text(encoding="utf-8") == "name: old\n"
    kept = Path(done.set_aside).with_suffix(".schema.yaml")
    assert kept.read_text(encoding="utf-8") == "name: new\n"
    entry = diary.add()
    assert slot_of(entry) == slot_named(done.device) > 0
    assert doctor.examine(diary.path).sound


def test_a_restore_is_taken_back_by_a_restore(diary: Diary, tmp_path: Path) -> None:
    """What was set aside comes back with the agreement that it had."""
    schema = diary.path.with_name("schema.yaml")
    schema.write_text("name: old\n", encoding="utf-8")
    copy = Path(backup(diary.path, tmp_path, 1, now=NOON).path)
    schema.write_text("name: new\n", encoding="utf-8")
    diary.deal("ポンプ")
    aside = restore(diary.path, copy, now=NOON).set_aside
    assert (total(diary.path), schema.read_text(encoding="utf-8")) == (0, "name: old\n")
    restore(diary.path, Path(aside), now=NOON)
    assert (total(diary.path), schema.read_text(encoding="utf-8")) == (1, "name: new\n")


def test_a_restore_where_nothing_is_left(diary: Diary, tmp_path: Path) -> None:
    """A lost journal is brought back; nothing had to be set aside."""
    diary.deal("ポンプ")
    copy = Path(backup(diary.path, tmp_path, 1, now=NOON).path)
    diary.path.unlink()
    assert restore(diary.path, copy, now=NOON).set_aside == ""
    assert total(diary.path) == 1


def test_a_hot_journal_goes_aside_with_its_file(diary: Diary, tmp_path: Path) -> None:
    """It must not be rolled back into the journal that takes its place."""
    diary.deal("ポンプ")
    copy = Path(backup(diary.path, tmp_path, 1, now=NOON).path)
    make_hot(diary.path)
    restore(diary.path, copy, now=NOON)
    assert doctor.examine(diary.path).sound
    assert not diary.path.with_name(diary.path.name + "-journal").exists()


@pytest.mark.parametrize("what", ["newer", "damaged", "text", "itself", "hot"])
def test_a_backup_that_can_not_be_used_changes_nothing(diary: Diary, tmp_path: Path, what: str) -> None:
    """Newer, damaged, not a journal, the journal itself, with a write to be recovered: an error, and all as it was."""
    diary.deal("ポンプ")
    copy = Path(backup(diary.path, tmp_path / "b", 1, now=NOON).path)
    if what == "newer":
        import sqlite3

        cx = sqlite3.connect(copy)
        cx.execute("pragma user_version = 999")
        cx.commit()
        cx.close()
    elif what == "damaged":
        content = bytearray(copy.read_bytes())
        content[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
        copy.write_bytes(content)
    elif what == "text":
        copy.write_text("見積", encoding="utf-8")
    elif what == "hot":
        make_hot(copy)
    else:
        copy = diary.path
    before = snapshot(diary.path.parent)
    with pytest.raises(JournalError if what != "itself" else NippoError):
        restore(diary.path, copy, now=NOON)
    assert snapshot(diary.path.parent) == before


# In the middle of a write until a restore has its part beside the journal, and a moment more; it waits two seconds for others.
WRITER = """
import glob, sqlite3, sys, time
cx = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=2)
cx.execute("begin immediate")
cx.execute("update meta set value = value")
print("writing", flush=True)
while not glob.glob(sys.argv[2]):
    time.sleep(0.01)
time.sleep(0.3)
cx.execute("commit")
"""


def test_a_restore_and_a_writer_do_not_wait_for_each_other(diary: Diary, tmp_path: Path) -> None:
    """Who is in the middle of a write ends it though a restore waits, and then the restore gets its turn: neither holds what the
    other needs until one of them gives up."""
    diary.deal("ポンプ")
    copy = Path(backup(diary.path, tmp_path, 1, now=NOON).path)
    command = [sys.executable, "-c", WRITER, str(diary.path), str(diary.path.parent / ".*.part")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        done = restore(diary.path, copy, now=NOON)
        said = writer.communicate(timeout=20)[1]
    assert (writer.returncode, said) == (0, "")
    assert Path(done.set_aside).exists()
