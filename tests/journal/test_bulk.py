"""Importing many entries at once."""

from datetime import date, timedelta
from multiprocessing import active_children

import pytest
from derived import kept, rebuilt, rows
from diary import Diary, bulk
from flips import put
from one_entry import EntryDraft

from nippo_cli.journal.bulk import bulk_import as bulk_module
from nippo_cli.journal.bulk.bulk_import import BulkWritten
from nippo_cli.journal.check import doctor
from nippo_cli.journal.derive import building
from nippo_cli.journal.log.indexes import ENTRY_INDEXES

DAY = date(2026, 1, 8)


def row(n: int, deal: str | None = "案件", key: str | None = None, **values: object) -> EntryDraft:
    """An entry of the n-th day after 8 January."""
    on = DAY + timedelta(days=n)
    return EntryDraft(on, on, "鈴木", deal, values, key)


def bring_in(diary: Diary, entries, **options) -> BulkWritten:
    """One import."""
    with diary.write() as writer:
        batch = writer.begin_batch()
        done = bulk(writer, entries, batch=batch, **options)
        writer.end_batch(batch, {"taken": done.taken})
    return done


def indexes(diary: Diary):
    """The names of all indexes."""
    return rows(diary.path, "select name from sqlite_schema where type = 'index' order by name")


def test_an_import_makes_what_single_writes_make(diary: Diary, tmp_path):
    """The same lines, whichever way the entries came in."""
    entries = [
        row(0, "一", stage="lead", customer="甲社"),
        row(1, "二", stage="lead", amount=500, closes="2026-03-31"),
        row(0, "二", stage="visit"),
        row(9, "一", stage="won", amount=100),
        row(3, None, facts="展示会"),
        row(5, "二", closes="2026-04-30", next="電話", next_on="2026-01-20", activity="inhouse"),
    ]
    other = Diary(tmp_path / "other")
    deals: dict[str, int] = {}
    with other.write() as writer:
        writer.begin_batch()
        for entry in entries:
            if entry.deal_name and entry.deal_name not in deals:
                first = min(e.known_on for e in entries if e.deal_name == entry.deal_name)
                deals[entry.deal_name] = writer.begin_deal(entry.deal_name, known_on=first)
            deal = deals.get(entry.deal_name or "")
            writer.add_entry(entry.on, entry.values, deal=deal, author=entry.author, known_on=entry.known_on)
    assert bring_in(diary, entries) == BulkWritten(taken=6, known=0, rejected=0, deals=2, new_deals=2)
    one, two = kept(diary.path), kept(other.path)
    at = {
        table: [[v for v in r if not str(v).startswith("2026-01-05T")] for r in found] for table, found in one.items()
    }
    assert at == {
        t: [[v for v in r if not str(v).startswith("2026-01-05T")] for r in found] for t, found in two.items()
    }
    assert one == rebuilt(diary.path)


def test_rows_come_to_the_deals_that_are_there(diary: Diary):
    """By name or alias, width and case apart; only a name that nothing answers to begins a deal."""
    with diary.write() as writer:
        deal = writer.begin_deal("甲社 A-1")
        writer.add_entry(diary.today, {"stage": "lead"}, deal=deal)
        writer.alias(deal, "K-100")
    done = bring_in(diary, [row(1, "甲社 ａ－１"), row(2, "k-100", stage="visit"), row(3, "乙社"), row(4, "乙社")])
    assert done == BulkWritten(taken=4, known=0, rejected=0, deals=2, new_deals=1)
    assert rows(diary.path, "select name, entries, stage from deal order by id") == [
        ("甲社 A-1", 3, "visit"), ("乙社", 2, "lead"),
    ]  # fmt: skip
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_second_import_of_the_same_file_adds_nothing(diary: Diary):
    """Every row is known by its key; not a deal is begun."""
    entries = [row(n, f"案件{n % 3}", f"crm:{n}", stage="lead") for n in range(9)]
    bring_in(diary, entries)
    before = kept(diary.path)
    not_new = {"known": [], "rejected": []}
    assert bring_in(diary, entries, not_new=not_new) == BulkWritten(taken=0, known=9, rejected=0, deals=0, new_deals=0)
    assert not_new == {"known": list(range(9)), "rejected": []}
    assert kept(diary.path) == before


def test_a_key_met_again_is_known_or_another_row(diary: Diary):
    """In the file itself: the same content twice is known, other content under the same key is rejected."""
    not_new = {"known": [], "rejected": []}
    wrong = row(2, key="crm:1", stage="lead")
    entries = [row(1, key="crm:1", stage="lead"), row(1, key="crm:1", stage="lead"), wrong, row(2, key="crm:2")]
    assert bring_in(diary, entries, not_new=not_new) == BulkWritten(2, 1, 1, 1, 1)
    assert not_new == {"known": [1], "rejected": [2]}


def test_a_row_changed_at_its_source_is_rejected(diary: Diary):
    """The journal holds another row under its key."""
    bring_in(diary, [row(1, key="crm:1", stage="lead")])
    assert bring_in(diary, [row(1, key="crm:1", stage="visit")]).rejected == 1


def test_rows_of_a_deal_that_was_merged_since_are_known(diary: Diary):
    """Their deal's name is another deal's now; they say what they said."""
    entries = [row(1, "一", "crm:1", stage="lead"), row(2, "二", "crm:2", stage="lead")]
    bring_in(diary, entries)
    with diary.write() as writer:
        one, two = (deal for (deal,) in rows(diary.path, "select id from deal order by id"))
        writer.merge(two, one)
    assert bring_in(diary, entries).known == 2


def test_an_import_taken_back_can_be_made_again(diary: Diary):
    """Its keys are free; those of an entry that a person deleted are not."""
    entries = [row(1, key="crm:1"), row(2, key="crm:2")]
    bring_in(diary, entries)
    with diary.write() as writer:
        writer.undo()
    assert bring_in(diary, entries).taken == 2
    (entry,) = rows(diary.path, "select max(id) from entry")[0]
    with diary.write() as writer:
        writer.retract(entry)
    assert bring_in(diary, entries).known == 2
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_source_that_fails_midway_leaves_nothing(diary: Diary, monkeypatch):
    """Whole chunks had been written; all of it goes, and the indexes stay."""
    monkeypatch.setattr(bulk_module, "_ROWS_A_CHUNK", 5)
    monkeypatch.setattr(bulk_module, "_MANY", 10)
    before, had = kept(diary.path), indexes(diary)

    def source():
        yield from (row(n % 30, f"案件{n % 7}", f"crm:{n}") for n in range(60))
        raise ValueError("row 61")

    with pytest.raises(ValueError, match="row 61"):
        bring_in(diary, source())
    assert kept(diary.path) == before
    assert indexes(diary) == had


@pytest.mark.parametrize("keyed_before", [False, True])
def test_a_large_import_builds_its_indexes_again(diary: Diary, monkeypatch, keyed_before):
    """They were dropped on the way; a key met in an earlier chunk is still known."""
    monkeypatch.setattr(bulk_module, "_ROWS_A_CHUNK", 5)
    monkeypatch.setattr(bulk_module, "_MANY", 10)
    if keyed_before:
        bring_in(diary, [row(0, "案件0", "crm:0")])
    had = indexes(diary)
    entries = [row(n % 30, f"案件{n % 7}", f"crm:{n}", stage="lead" if n % 2 else "visit") for n in range(1, 60)]
    assert bring_in(diary, [*entries, *entries[:5]]) == BulkWritten(59, 5, 0, 7, 6 if keyed_before else 7)
    assert indexes(diary) == had
    assert set(ENTRY_INDEXES) <= {name for (name,) in had}
    assert kept(diary.path) == rebuilt(diary.path)


@pytest.mark.parametrize("stopped", [False, True])
def test_the_process_that_helps_starts_before_the_index_is_built(diary: Diary, monkeypatch, stopped: bool):
    """It loads while that is built; stopped by Ctrl-C there, the import leaves neither a process nor an entry."""
    monkeypatch.setattr(building, "_WORTH_DEALS", 3)
    begun = list[int]()

    class Indexes(bulk_module._BulkIndexes):
        def build(self, statements=None) -> None:
            begun.append(len(active_children()))
            if stopped:
                raise KeyboardInterrupt
            super().build(statements)

    monkeypatch.setattr(bulk_module, "_BulkIndexes", Indexes)
    before, entries = kept(diary.path), [row(n, f"案件{n % 7}", stage="lead") for n in range(20)]
    if stopped:
        with pytest.raises(KeyboardInterrupt):
            bring_in(diary, entries)
        assert kept(diary.path) == before
    else:
        assert bring_in(diary, entries).new_deals == 7
        assert kept(diary.path) == rebuilt(diary.path)
    assert begun == ([1] if stopped else [1, 0])
    assert active_children() == []


def test_an_import_keeps_its_sources_order_within_a_day(diary: Diary):
    """Three stages on one day, in the order of the file."""
    bring_in(diary, [row(0, stage="lead"), row(0, stage="quote"), row(0, stage="visit")])
    assert [r[0] for r in rows(diary.path, "select stage from stay order by seq")] == ["lead", "quote", "visit"]


def test_incomplete_rows_are_marked(diary: Diary):
    """記入待ち is part of the body, and of the row."""
    bring_in(diary, [row(0)._replace(incomplete=True)])
    assert rows(diary.path, "select incomplete from entry") == [(1,)]
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_deal_is_known_from_its_first_known_entry_on(diary: Diary, monkeypatch):
    """Wherever in the file that stands, and though the begin was written chunks before; its number stays its own."""
    monkeypatch.setattr(bulk_module, "_ROWS_A_CHUNK", 4)
    done = bring_in(diary, [row(n, f"案件{n % 3}", f"crm:{n}", stage="lead") for n in range(30, 0, -1)])
    assert done.new_deals == 3
    begun = rows(diary.path, "select known_on, on_date from record where kind = 'deal' order by id")
    assert begun == [(str(DAY + timedelta(days=n)),) * 2 for n in (3, 2, 1)]
    assert kept(diary.path) == rebuilt(diary.path)
    assert doctor.examine(diary.path).sound


def test_nothing_and_bytes_are_stored_as_they_are(diary: Diary):
    """The short cut by which an import binds them changes neither."""
    bring_in(diary, [row(1, "一", "crm:1")])
    assert rows(
        diary.path, "select distinct typeof(salt), typeof(hash), typeof(target) from record where batch > 0"
    ) == [("blob", "blob", "null")]
    assert rows(diary.path, "select typeof(meeting), typeof(amount) from entry") == [("null", "null")]


def test_keys_that_come_once_need_not_be_remembered(diary: Diary):
    """The journal's own are still known."""
    bring_in(diary, [row(1, key="crm:1")])
    with diary.write() as writer:
        batch = writer.begin_batch()
        done = bulk(writer, [row(1, key="crm:1"), row(2, key="crm:2")], batch=batch, unique_keys=True)
        writer.end_batch(batch, {})
    assert (done.known, done.taken) == (1, 1)


def test_an_import_with_a_damaged_entry_is_taken_back_whole(diary: Diary):
    """The entry was corrected by hand, then its record was damaged: it goes with its import all the same."""
    bring_in(diary, [row(0, stage="lead"), row(1, stage="visit")])
    ((batch,),) = rows(diary.path, "select id from record where kind = 'batch'")
    ((entry,),) = rows(diary.path, "select max(id) from entry")
    assert isinstance(batch, int)
    assert isinstance(entry, int)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"stage": "quote"}}, why="誤記")
    put(diary.path, entry, body=b"\xff")
    with diary.write() as writer:
        writer.retract(batch)
    assert (rows(diary.path, "select id from entry"), rows(diary.path, "select id from deal")) == ([], [])
    assert rebuilt(diary.path)["entry"] == []
