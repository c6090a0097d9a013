"""The journal's format from version to version."""

import gzip
import os
import re
import sqlite3
import stat
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from derived import kept, rebuilt
from diary import Diary
from sqlite_utils import Database, Migrations

from nippo_cli.base.errors import JournalError
from nippo_cli.journal.check import doctor
from nippo_cli.journal.log import tables
from nippo_cli.journal.log.store import connect_ro
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.journal.write import migrations
from nippo_cli.journal.write.opening import connect_rw
from nippo_cli.line.facts import AsOf


@pytest.fixture
def newer_nippo(monkeypatch):
    """A nippo with one more format: its step can be made to fail."""
    steps = Migrations("nippo")
    for name in sorted(name for name in vars(migrations) if re.match(r"m\d{3}_", name)):
        steps()(getattr(migrations, name))
    broken = []

    @steps()
    def m999_moods(db: Database) -> None:
        db.conn.execute("create table mood (day text primary key)")
        if broken:
            raise sqlite3.OperationalError("no")

    monkeypatch.setattr(migrations, "journal", steps)
    monkeypatch.setattr(tables, "FORMAT", tables.FORMAT + 1)
    return broken


def copies(diary: Diary):
    """What stands beside the journal."""
    return sorted(p for p in diary.path.parent.iterdir() if p.name != "journal.db")


def test_the_format_is_the_number_of_steps(tmp_path):
    """So that a hot command need not load the migrations to know whether there are any."""
    with closing(sqlite3.connect(":memory:")) as cx:
        assert len(migrations.journal.pending(Database(cx))) == tables.FORMAT


def test_a_writing_command_brings_an_older_journal_up_to_date(diary: Diary, newer_nippo):
    """With a sound copy of the old one beside it, for its owner's eyes only."""
    before = records(diary)
    with closing(connect_rw(diary.path)) as cx:
        assert cx.execute("pragma user_version").fetchone()[0] == tables.FORMAT
        assert cx.execute("select count(*) from mood").fetchone()[0] == 0
    (copy,) = copies(diary)
    with closing(sqlite3.connect(copy)) as cx:
        assert cx.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert cx.execute("pragma user_version").fetchone()[0] == tables.FORMAT - 1
        assert cx.execute("select * from record").fetchall() == before
    if os.name != "nt":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    connect_rw(diary.path).close()
    assert copies(diary) == [copy], "once up to date, no more copies are made"


def records(diary: Diary):
    """The whole log."""
    with closing(diary.open()) as cx:
        return cx.execute("select * from record").fetchall()


def test_a_step_that_fails_changes_nothing(diary: Diary, newer_nippo):
    """The journal is as it was, and the copy is there."""
    newer_nippo.append("broken")
    before = diary.path.read_bytes()
    with pytest.raises(JournalError):
        connect_rw(diary.path)
    assert diary.path.read_bytes() == before
    assert len(copies(diary)) == 1


def test_a_reading_command_leaves_an_older_journal_alone(diary: Diary, newer_nippo):
    """It names a command that may change it."""
    before = diary.path.read_bytes()
    with pytest.raises(JournalError) as caught:
        connect_ro(diary.path)
    assert caught.value.message.key == "journal.older"
    assert diary.path.read_bytes() == before
    assert copies(diary) == []


def test_a_journal_not_up_to_date_is_never_written_without_a_copy(diary: Diary, newer_nippo, monkeypatch):
    """No copy, no step."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(migrations, "_copy", lambda *a, **k: full())
    before = diary.path.read_bytes()
    with pytest.raises(JournalError):
        connect_rw(diary.path)
    assert diary.path.read_bytes() == before


def test_a_journal_of_the_first_format_is_derived_anew(diary: Diary):
    """Its log stays as it is; its entries get what they lacked, and every projection is what a rebuild makes."""
    deal, _ = diary.deal("切断機", stage="lead", amount=100)
    diary.add(deal, stage="won", activity="call")
    log = records(diary)
    with closing(diary.open()) as cx:
        cx.execute("alter table entry drop column evidence")
        cx.execute("alter table deal drop column longest_back")
        cx.execute("delete from tally where what = 'did'")
        cx.execute("delete from _sqlite_migrations where name <> 'm001_journal'")
        cx.execute("pragma user_version = 1")
    connect_rw(diary.path).close()
    assert records(diary) == log
    assert kept(diary.path) == rebuilt(diary.path)
    with closing(diary.open()) as cx:
        assert cx.execute("select stage, n from tally where what = 'did' order by 1").fetchall() == [
            ("", 1),
            ("call", 1),
        ]


def test_an_entry_lost_to_a_correction_dated_too_early_comes_back(diary: Diary):
    """Journals of format 7 hold such: the log has all, and what is derived is made anew by the order of the log."""
    deal, entry = diary.deal("切断機", stage="lead")
    with diary.write() as writer:
        writer.recorded_at = "2025-12-31T00:00:00.000Z"
        writer.amend(entry, {"values": {"stage": "visit"}}, why="誤記")
    with closing(diary.open()) as cx:
        for table in ("entry", "deal", "stay"):
            cx.execute(f"delete from {table}")
        cx.execute("drop index entry_day")
        cx.execute("create index entry_day on entry(on_date, id)")
        cx.execute("drop index deal_search_text")
        cx.execute("alter table deal drop column search_text")
        cx.execute("delete from _sqlite_migrations where name >= 'm008'")
        cx.execute("pragma user_version = 7")
    connect_rw(diary.path).close()
    with closing(diary.open()) as cx:
        assert cx.execute("select id, stage, deal from entry").fetchall() == [(entry, "visit", deal)]
        assert cx.execute("select stage from deal").fetchall() == [("visit",)]
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_list_of_an_earlier_format_is_no_contact_any_more(tmp_path):
    """Format 11 took the list of 20 October for the last contact of 洗浄機."""
    path = tmp_path / "journal.db"
    path.write_bytes(gzip.decompress((Path(__file__).parent / "formats" / "11.db.gz").read_bytes()))
    told = "select last_contact_on, last_contact is null, contacts from deal where name = '洗浄機'"
    with closing(sqlite3.connect(path)) as cx:
        assert cx.execute(told).fetchone() == ("2026-10-20", 0, 2)
    connect_rw(path).close()
    with closing(sqlite3.connect(path)) as cx:
        assert cx.execute(told).fetchone() == ("2026-10-20", 1, 0)


SAMPLES = sorted((Path(__file__).parent / "formats").glob("*.db.gz"), key=lambda path: int(path.name.split(".")[0]))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_journal_of_every_format_that_landed_is_brought_up_to_date(tmp_path, sample):
    """Each was written by the nippo of its time: a deal with two entries of which one was corrected, an entry that was
    erased. Every record stays as it is, a copy of an older one lies beside, and what is derived is what a rebuild makes."""
    path = tmp_path / "journal.db"
    path.write_bytes(gzip.decompress(sample.read_bytes()))
    with closing(sqlite3.connect(path)) as cx:
        log, devices = (
            cx.execute("select * from record order by id").fetchall(),
            cx.execute("select id from device").fetchall(),
        )
    with closing(connect_rw(path)) as cx:
        assert cx.execute("pragma user_version").fetchone()[0] == tables.FORMAT
        assert cx.execute("select * from record order by id").fetchall() == log
        assert cx.execute("select id from device").fetchall() == devices
    copies_made = list(tmp_path.glob("journal.before-*.db"))
    assert bool(copies_made) == (sample != SAMPLES[-1]), "of today's format there is nothing to bring up to date"
    for made in copies_made:
        with closing(sqlite3.connect(made)) as copy:
            assert copy.execute("select * from record order by id").fetchall() == log
    with reading(path) as reader:
        day = AsOf(date(2026, 10, 31))
        assert [v.id for v in search(reader, read_query("納期 東亜"), day).entries] == [4]
        assert [v.id for v in search(reader, read_query("高橋課長"), day).entries] == [3]
        assert search(reader, read_query("秘密"), day).total == 0
    assert rebuilt(path) == kept(path)
    assert doctor.examine(path).sound


def test_every_format_has_its_sample_todays_among_them(tmp_path):
    """The next format can't begin without one of this; and what a journal of today's is made of is what the sample's is: a table
    or an index that changes is another format."""
    assert [int(sample.name.split(".")[0]) for sample in SAMPLES] == [*range(1, tables.FORMAT + 1)]
    path = tmp_path / "sample.db"
    path.write_bytes(gzip.decompress(SAMPLES[-1].read_bytes()))
    made_of = "select type, name, tbl_name, sql from sqlite_master order by 1, 2"
    with closing(sqlite3.connect(path)) as sample, closing(Diary(tmp_path / "j").open()) as today:
        assert sample.execute(made_of).fetchall() == today.execute(made_of).fetchall()
