"""Taking back the last command."""

from datetime import date

import pytest
from derived import kept, rebuilt, rows
from diary import AGREEMENT, Diary, bulk
from one_entry import EntryDraft

from nippo_cli.base.errors import NotFound, UsageError


def undo(diary: Diary):
    """One `nippo undo`."""
    with diary.write() as writer:
        return writer.undo()


def same_lines(before, after):
    """What a reader sees; how far records reach only ever grows."""
    return all(
        before[table] == after[table]
        for table in ("entry", "deal_name", "stay", "promise", "hold", "sale", "match", "target", "tally")
    )


def test_undo_takes_back_a_whole_command(diary: Diary):
    """A deal begun with its first entry is no deal any more, and its name is free."""
    before = kept(diary.path)
    with diary.write() as writer:
        writer.add_entry(diary.today, {"stage": "lead"}, deal=writer.begin_deal("案件"))
    assert len(undo(diary)) == 2
    assert same_lines(before, kept(diary.path))
    assert rows(diary.path, "select * from deal") == []
    with diary.write() as writer:
        writer.begin_deal("案件")
    assert kept(diary.path) == rebuilt(diary.path)


def test_undo_again_takes_back_the_command_before(diary: Diary):
    """An undo is never undone: each goes one further back, across later commands."""
    first, second = diary.add(facts="一"), diary.add(facts="二")
    assert undo(diary) == [second]
    third = diary.add(facts="三")
    assert undo(diary) == [third]
    assert undo(diary) == [first]
    with pytest.raises(NotFound):
        undo(diary)
    assert rows(diary.path, "select * from entry") == []


def test_undoing_a_correction_brings_back_what_it_corrected(diary: Diary):
    """The entry says what it said."""
    entry = diary.add(customer="甲社")
    before = kept(diary.path)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"customer": "乙社"}}, why="")
    assert rows(diary.path, "select customer from entry") == [("乙社",)]
    undo(diary)
    assert same_lines(before, kept(diary.path))


def test_undoing_a_deletion_brings_the_entry_back(diary: Diary):
    """A retract that undo made is passed over; one that a person made is a command."""
    entry = diary.add(customer="甲社")
    before = kept(diary.path)
    with diary.write() as writer:
        writer.retract(entry, why="重複")
    assert rows(diary.path, "select * from entry") == []
    undo(diary)
    assert same_lines(before, kept(diary.path))
    undo(diary)
    assert rows(diary.path, "select * from entry") == []


def test_undo_leaves_an_adopted_schema(diary: Diary):
    """It was adopted on the way to an entry; only the entry goes."""
    with diary.write() as writer:
        writer.adopt("again", AGREEMENT, "2" * 64)
        entry = writer.add_entry(diary.today, {})
    assert undo(diary) == [entry]
    assert len(rows(diary.path, "select * from agreement")) == 2


def test_an_erasure_stays(diary: Diary):
    """Undo says so, and changes nothing."""
    entry = diary.add(facts="私事")
    with diary.write() as writer:
        writer.redact(entry, "本人の依頼")
    before = kept(diary.path)
    with pytest.raises(UsageError):
        undo(diary)
    assert kept(diary.path) == before


def test_a_record_is_taken_back_once(diary: Diary):
    """The second time says that it is gone already."""
    entry = diary.add()
    with diary.write() as writer:
        writer.retract(entry)
    with pytest.raises(UsageError), diary.write() as writer:
        writer.retract(entry)


def test_undo_takes_a_whole_import_back(diary: Diary):
    """Its entries, deals and sales; by one record, whatever its size. What stood before is untouched."""
    with diary.write() as writer:
        old = writer.begin_deal("既存")
        writer.add_entry(diary.today, {"stage": "lead"}, deal=old)
    before = kept(diary.path)
    with diary.write() as writer:
        batch = writer.begin_batch()
        day = date(2026, 1, 8)
        bulk(
            writer,
            [
                EntryDraft(day, day, "鈴木", "既存", {"stage": "visit"}, "crm:1"),
                EntryDraft(day, day, "鈴木", "新規", {"stage": "lead", "customer": "乙社"}, "crm:2"),
                EntryDraft(day, day, "鈴木", None, {"facts": "展示会"}, "crm:3"),
            ],
            batch=batch,
        )
        writer.add_sale(day, "乙社", 100, batch=batch)
        writer.end_batch(batch, {"file": "crm.csv"})
    assert len(rows(diary.path, "select * from deal")) == 2
    number = rows(diary.path, "select count(*) from record")[0][0]
    assert undo(diary) == [batch]
    assert rows(diary.path, "select count(*) from record")[0][0] == number + 1
    assert same_lines(before, kept(diary.path))
    assert kept(diary.path) == rebuilt(diary.path)
    assert undo(diary)[-1] == old, "the command before it is next"


def test_an_import_taken_back_can_be_brought_back(diary: Diary):
    """Corrections of its entries made in between come back too."""
    day = date(2026, 1, 8)
    with diary.write() as writer:
        batch = writer.begin_batch()
        bulk(writer, [EntryDraft(day, day, "鈴木", "新規", {"stage": "lead"}, "crm:1")], batch=batch)
        writer.end_batch(batch, {"file": "crm.csv"})
    (entry,) = rows(diary.path, "select id from entry")[0]
    with diary.write() as writer:
        writer.amend(entry, {"values": {"stage": "quote"}}, why="")
    before = kept(diary.path)
    with diary.write() as writer:
        retract = writer.retract(batch)
    assert rows(diary.path, "select * from entry") == []
    assert kept(diary.path) == rebuilt(diary.path)
    with diary.write() as writer:
        writer.retract(retract)
    assert same_lines(before, kept(diary.path))
    assert kept(diary.path) == rebuilt(diary.path)
