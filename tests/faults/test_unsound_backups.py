"""Backups of damaged journals, damaged backups, and what is rotated away for what."""

import os
import random
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from derived import kept as derived_rows, rebuilt, rows
from diary import Diary
from shell import Shell, files

from nippo_cli.base.errors import JournalError
from nippo_cli.journal.care.backup import backup
from nippo_cli.journal.care.restore import restore
from nippo_cli.journal.check import doctor

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows hangs no clock on another wall")
SAID, BENT = "話を聞いた".encode(), "話を盛った".encode()
NOON = datetime(2026, 2, 3, 12, 0, 0, tzinfo=UTC)
EVERY_RECORD = "select * from record order by id"


@pytest.fixture(autouse=True)
def _in_japan(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Copies are named by the clock on the wall, wherever tests before this one hung it."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def bend(file: Path) -> None:
    """Change what a record says behind nippo's back; the file's time of change stays."""
    stamp = file.stat()
    assert SAID in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(SAID, BENT))
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def change(file: Path, *statements: str) -> None:
    """Statements that nippo knows nothing of."""
    with closing(sqlite3.connect(file, isolation_level=None)) as cx:
        for statement in statements:
            cx.execute(statement)


def named(folder: Path) -> set[str]:
    """The files in a folder that are named as backups."""
    return {p.name for p in folder.iterdir() if re.fullmatch(r"journal-\d{8}-\d{6}(-\d+)?\.db", p.name)}


def take(nippo: Shell, monkeypatch: pytest.MonkeyPatch, day: int, *argv: str):
    """A backup of a day of December."""
    monkeypatch.setenv("NIPPO_NOW", f"2026-12-{day:02d}T18:00:00+09:00")
    return nippo("backup", *argv)


def test_a_damaged_journal_gets_no_backup(kept: Shell, monkeypatch):
    """The error names the record, its deal and its day, where the copy is and which backup is the last sound one."""
    assert take(kept, monkeypatch, 1).code == 0
    bend(kept.db)
    answer = take(kept, monkeypatch, 2)
    folder = kept.journal / "backups"
    assert (answer.code, answer.out) == (5, "")
    assert named(folder) == {"journal-20261201-180000.db"}
    assert [p.name for p in folder.glob("*.damaged.db")] == ["journal-20261202-180000.damaged.db"]
    assert "#3（活動、案件、2026-11-23）" in answer.err
    assert "journal-20261202-180000.damaged.db" in answer.err
    assert f"nippo --journal {kept.journal} restore {folder / 'journal-20261201-180000.db'}" in answer.err.splitlines()
    assert "2026-12-01 18:00" in answer.err


def test_a_dry_run_on_a_damaged_journal_leaves_no_copy(kept: Shell):
    """It says the same, but for the copy."""
    bend(kept.db)
    before = files(kept.journal)
    answer = kept("backup", "--dry-run")
    assert answer.code == 5
    assert "damaged.db" not in answer.err
    assert files(kept.journal) == before


def test_twelve_backups_of_a_damaged_journal_leave_the_sound_one(kept: Shell, monkeypatch):
    """Nothing counts towards `--keep` that is no backup; of what is kept apart there are no more than that either."""
    assert take(kept, monkeypatch, 1).code == 0
    bend(kept.db)
    assert {take(kept, monkeypatch, day, "--keep", "3").code for day in range(2, 14)} == {5}
    folder = kept.journal / "backups"
    assert named(folder) == {"journal-20261201-180000.db"}
    assert len(list(folder.glob("*.damaged.db"))) == 3
    kept.done("restore", str(folder / "journal-20261201-180000.db"))
    assert kept.done("doctor", "--json").json["sound"]


def test_a_journal_whose_tables_differ_gets_no_backup_until_they_are_made_anew(kept: Shell, monkeypatch):
    """Every record is sound, so the way out is a rebuild; it keeps what was, and claims nothing about it."""
    change(kept.db, "update entry set amount = 7")
    answer = take(kept, monkeypatch, 1)
    folder = kept.journal / "backups"
    assert (answer.code, named(folder)) == (5, set())
    assert "doctor --rebuild" in answer.err
    mended = kept.done("doctor", "--rebuild", "--json").json
    assert mended["sound"]
    assert re.fullmatch(r"journal-.*\.unchecked\.db", Path(mended["kept"]).name)
    assert rows(Path(mended["kept"]), "select amount from entry") == [(7,)]
    assert take(kept, monkeypatch, 2).code == 0
    assert named(folder) == {"journal-20261202-180000.db"}


def test_a_rebuild_pushes_no_backup_out(kept: Shell, monkeypatch):
    """What it keeps of the journal as it was counts for nothing."""
    for day in (1, 2):
        assert take(kept, monkeypatch, day).code == 0
    kept.done("doctor", "--rebuild")
    assert take(kept, monkeypatch, 3, "--keep", "3").code == 0
    assert len(named(kept.journal / "backups")) == 3


def test_a_sound_backup_never_goes_for_an_unsound_one(kept: Shell, monkeypatch):
    """Backups that earlier versions vouched for, newer than the one sound one: found, renamed and named; it stays."""
    assert take(kept, monkeypatch, 1).code == 0
    folder = kept.journal / "backups"
    sound = folder / "journal-20261201-180000.db"
    for day in range(2, 6):
        other = folder / f"journal-202612{day:02d}-180000.db"
        other.write_bytes(sound.read_bytes())
        bend(other)
    (folder / "journal-20261206-180000.db").write_bytes(b"no journal")
    answer = take(kept, monkeypatch, 7, "--keep", "2", "--json")
    assert answer.code == 0, answer.err
    assert named(folder) == {sound.name, "journal-20261207-180000.db"}
    assert answer.json["dropped"] == []
    apart = [Path(p).name for p in answer.json["unsound"]]
    assert apart == [f"journal-202612{day:02d}-180000.damaged.db" for day in range(2, 7)]
    assert len(list(folder.glob("*.damaged.db"))) == 2, "of these, too, only the newest stay"


def test_a_backup_that_was_sound_when_it_was_made_is_looked_at_again(kept: Shell, monkeypatch):
    """A bit that flipped since, size and time as before: it does not count any more."""
    for day in (1, 2, 3):
        assert take(kept, monkeypatch, day).code == 0
    folder = kept.journal / "backups"
    bend(folder / "journal-20261203-180000.db")
    assert take(kept, monkeypatch, 4, "--keep", "2").code == 0
    assert named(folder) == {"journal-20261202-180000.db", "journal-20261204-180000.db"}


def test_a_sound_backup_is_gone_through_once(diary: Diary, tmp_path: Path, monkeypatch):
    """After that its fingerprint tells that it is still the same."""
    looked: list[Path] = []
    examine = doctor.examine

    def watched(path: Path, *args: object, **options: bool):
        looked.append(path)
        return examine(path, *args, **options)

    monkeypatch.setattr("nippo_cli.journal.care.backup.examine", watched)
    for n in range(5):
        backup(diary.path, tmp_path, 2, now=NOON + timedelta(days=n))
    assert len(looked) == 5, "each when it was made"
    for noted in tmp_path.glob("*.sha256"):
        noted.unlink()
    backup(diary.path, tmp_path, 2, now=NOON + timedelta(days=5))
    backup(diary.path, tmp_path, 2, now=NOON + timedelta(days=6))
    assert len(looked) == 8, "one that has no fingerprint once more"


def test_what_can_not_be_judged_stays(kept: Shell, monkeypatch):
    """A newer nippo's backup counts for nothing, and is not touched."""
    for day in (1, 2):
        assert take(kept, monkeypatch, day).code == 0
    folder = kept.journal / "backups"
    newer = folder / "journal-20261203-180000.db"
    newer.write_bytes((folder / "journal-20261201-180000.db").read_bytes())
    change(newer, "pragma user_version = 999")
    assert take(kept, monkeypatch, 4, "--keep", "2").code == 0
    assert named(folder) == {"journal-20261202-180000.db", newer.name, "journal-20261204-180000.db"}


def test_a_damaged_backup_is_not_restored(kept: Shell, monkeypatch):
    """The error names the damage and a sound backup beside it; nothing is touched."""
    for day in (1, 2, 3):
        assert take(kept, monkeypatch, day).code == 0
    folder = kept.journal / "backups"
    bend(folder / "journal-20261203-180000.db")
    bend(folder / "journal-20261202-180000.db")
    before = files(kept.journal)
    answer = kept("restore", str(folder / "journal-20261203-180000.db"))
    assert (answer.code, answer.out) == (5, "")
    assert "#3（活動、案件、2026-11-23）" in answer.err
    assert f"nippo --journal {kept.journal} restore {folder / 'journal-20261201-180000.db'}" in answer.err.splitlines()
    assert files(kept.journal) == before


def test_the_only_backup_left_is_damaged(kept: Shell, monkeypatch, tmp_path: Path):
    """It is not restored; the command that the error names brings what is intact of it into a new journal."""
    assert take(kept, monkeypatch, 1, "--to", str(tmp_path / "b c")).code == 0
    (copy,) = named(tmp_path / "b c")
    bend(tmp_path / "b c" / copy)
    answer = kept("restore", str(tmp_path / "b c" / copy))
    assert answer.code == 5
    command = answer.err.splitlines()[-1]
    assert command == f"nippo --journal '{tmp_path / 'b c' / copy}' doctor --rescue rescued"
    monkeypatch.chdir(tmp_path)
    assert kept.bare("--journal", str(tmp_path / "b c" / copy), "doctor", "--rescue", "rescued").code == 0
    assert kept.bare("--journal", str(tmp_path / "rescued"), "doctor").code == 0


def test_a_backup_whose_tables_differ_is_restored_and_they_are_made_anew(kept: Shell, monkeypatch):
    """Its log is sound, and all else follows from it."""
    assert take(kept, monkeypatch, 1).code == 0
    copy = kept.journal / "backups" / "journal-20261201-180000.db"
    change(copy, "update entry set amount = 7", "delete from deal_name")
    answer = kept.done("restore", str(copy), "--json").json
    assert answer["derived"]
    assert kept.done("doctor", "--json").json["sound"]
    assert derived_rows(kept.db) == rebuilt(kept.db)


def test_a_backup_of_an_older_format_is_restored_and_brought_up_to_date(kept: Shell, monkeypatch):
    """That is what a backup is for; an older one that is damaged is refused like any."""
    assert take(kept, monkeypatch, 1).code == 0
    copy = kept.journal / "backups" / "journal-20261201-180000.db"
    older = [
        "alter table entry drop column evidence", "alter table deal drop column longest_back",
        "delete from _sqlite_migrations where name <> 'm001_journal'", "pragma user_version = 1",
    ]  # fmt: skip
    change(copy, *older)
    bad = copy.with_name("bad.db")
    bad.write_bytes(copy.read_bytes())
    bend(bad)
    assert kept("restore", str(bad)).code == 5
    kept.done("restore", str(copy))
    assert kept.done("doctor", "--json").json["sound"]
    kept.done("add", "案件", "--activity", "電話", "-m", "また話した")


@pytest.mark.parametrize("damage", [
    "update meta set value = 'Asia/Tokxo' where key = 'time_zone'",
    "update meta set value = '35' where key = 'device'",
    "update device set last_number = 99",
])  # fmt: skip
def test_what_the_file_says_of_itself_is_looked_at_too(diary: Diary, tmp_path: Path, damage):
    """Its time zone, its device, the numbers given out."""
    change(diary.path, damage)
    with pytest.raises(JournalError):
        backup(diary.path, tmp_path, 1, now=NOON)
    assert named(tmp_path) == set()


def test_words_about_a_damaged_file_need_be_no_text(diary: Diary, tmp_path: Path, monkeypatch):
    """SQLite quotes letters of a damaged file, which Python then can't read: that, too, is damage and no fault of nippo's."""

    def illegible(_cx: sqlite3.Connection, _path: Path, _progress: object, *, sealed: bool):
        b"\xf3".decode()

    monkeypatch.setattr(doctor, "_file", illegible)
    for copied in (
        lambda: backup(diary.path, tmp_path / "copies", 1, now=NOON),
        lambda: restore(tmp_path / "back" / "journal.db", diary.path, now=NOON),
    ):
        with pytest.raises(JournalError):
            copied()


def test_a_flipped_bit_never_passes_for_sound(tmp_path: Path, monkeypatch):
    """Anywhere in the file: a backup is refused, or holds every record and what follows from it; so is a restore. `doctor`
    tells it, whatever it is."""
    # The same file every time, and so the same bits.
    for drawn in ("nippo_cli.journal.log.record.urandom", "os.urandom"):
        monkeypatch.setattr(drawn, random.Random(4).randbytes)
    diary = Diary(tmp_path / "journal")
    deal, _ = diary.deal("ポンプ", stage="lead", customer="東亜", facts="見積を送付" * 30, amount=5)
    diary.add(deal, stage="won", people=[{"name": "山田"}])
    whole, log = diary.path.read_bytes(), rows(diary.path, EVERY_RECORD)
    chance, refused = random.Random(4), 0
    used = [at for at, byte in enumerate(whole) if byte]
    for n in range(30):
        content = bytearray(whole)
        content[chance.choice(used)] ^= 1 << chance.randrange(8)
        bent = tmp_path / f"bent-{n}.db"
        bent.write_bytes(content)
        with suppress(JournalError):
            doctor.examine(bent)
        back = tmp_path / f"back-{n}" / "journal.db"
        for copied in (
            lambda: Path(backup(bent, tmp_path / f"copies-{n}", 1, now=NOON).path),  # noqa: B023  called at once
            lambda: Path(restore(back, bent, now=NOON).path),  # noqa: B023
        ):
            try:
                copy = copied()
            except JournalError:
                refused += 1
                continue
            assert rows(copy, EVERY_RECORD) == log
            assert derived_rows(copy) == rebuilt(copy)
    assert refused > 20


@pytest.mark.parametrize("wrong", ["nothing.db", "schema.yaml", "backups"])
def test_who_names_another_file_to_restore_is_told_of_the_newest_backup(kept: Shell, wrong: str):
    """By a command that brings it back; where there is none, what a backup is called."""
    named_wrong = str(kept.journal / wrong)
    (kept.journal / "backups").mkdir()
    none_yet = kept("restore", named_wrong)
    made = kept.done("backup", "--json").json["path"]
    answer = kept("restore", named_wrong)
    assert none_yet.code == answer.code == (4 if wrong == "nothing.db" else 5)
    assert "backup" in none_yet.err
    assert answer.err.splitlines()[-1] == f"nippo --journal {kept.journal} restore {made}"
    kept.done("restore", made)
