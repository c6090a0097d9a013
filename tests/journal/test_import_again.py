"""An import that was taken back, and perhaps made again: every day knows its rows as often as they stand."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from derived import kept, rebuilt
from diary import Diary, bulk
from one_entry import EntryDraft

from nippo_cli.journal.facts.gap_facts import GapScope, JournalGapFacts
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf

SOLD = date(2026, 1, 8)
DAYS = [date(2026, 1, 5) + timedelta(days=n) for n in range(0, 40, 3)]


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """A diary with a deal of its own, by hand, a month after the rows of the source."""
    diary = Diary(tmp_path / "one", first=date(2026, 1, 30))
    diary.deal("既存", stage="lead", customer="甲社", amount=5)
    return diary


def bring_in(diary: Diary) -> int:
    """A row for a deal that is there, two of a new one, a sale and a target; each known on its own day."""
    diary.today += timedelta(days=1)
    rows = [
        EntryDraft(SOLD, SOLD, "鈴木", "新規", {"stage": "visit", "customer": "乙社", "amount": 3}, "crm:1"),
        EntryDraft(SOLD + timedelta(days=9), SOLD + timedelta(days=9), "鈴木", "新規", {"stage": "won"}, "crm:2"),
        EntryDraft(SOLD + timedelta(days=25), SOLD + timedelta(days=25), "鈴木", "既存", {"stage": "quote"}, "crm:3"),
    ]
    with diary.write() as writer:
        batch = writer.begin_batch()
        bulk(writer, rows, batch=batch)
        writer.add_sale(SOLD, "乙社", 100, known_on=SOLD, batch=batch, source_key="会計:1")
        writer.set_target("鈴木", "2026-01", 500, known_on=SOLD, batch=batch, source_key="目標:1")
        writer.end_batch(batch, {"rejected": 2})
    return batch


def take_back(diary: Diary) -> int:
    """The import undone on a later day; the record that says so."""
    diary.today += timedelta(days=4)
    with diary.write() as writer:
        writer.undo()
    with reading(diary.path) as reader:
        return int(reader.cx.execute("select max(id) from record").fetchone()[0])


def pages(diary: Diary) -> list[object]:
    """What each day's page would rest on, ids apart, as known then; the last is today's."""
    found: list[object] = []
    with reading(diary.path) as reader:
        for as_of in (*(AsOf(day, known=True) for day in DAYS), AsOf(date(2026, 3, 31))):
            ledger = JournalGapFacts(reader, as_of, GapScope(as_of.on)).ledger
            stays = reader.line_reader(as_of).stays([head.id for head in reader.heads(as_of)])
            found.append((
                sorted((h.name, h.stage, h.customer, h.amount, h.fate) for h in reader.heads(as_of)),
                sorted([(s.stage, s.entered_on, s.left_on) for s in of] for of in stays.values()),
                [(v.on, v.author, v.values) for v in reader.log(as_of).entries],
                [(s.on, s.customer, s.amount) for s in ledger.sales()],
                [(t.owner, t.month, t.amount) for t in ledger.targets()],
                (ledger.by_month(), reader.left_out(as_of), sorted(reader.customers(as_of))),
            ))  # fmt: skip
    return found


def test_made_again_its_rows_stand_once_on_every_day(diary: Diary, tmp_path: Path) -> None:
    """The oracle is a diary that never saw the first import."""
    bring_in(diary)
    take_back(diary)
    bring_in(diary)
    once = Diary(tmp_path / "once", first=date(2026, 1, 30))
    once.deal("既存", stage="lead", customer="甲社", amount=5)
    bring_in(once)
    assert pages(diary) == pages(once)
    assert kept(diary.path) == rebuilt(diary.path)


def test_taken_back_no_day_knows_of_it(diary: Diary) -> None:
    """Not of its entries, deals, sales and targets, nor of what it rejected; neither before the undo nor after."""
    never = pages(diary)
    bring_in(diary)
    assert pages(diary) != never
    take_back(diary)
    assert pages(diary) == never


def test_brought_back_every_day_knows_of_it_again(diary: Diary) -> None:
    """Taking back the undo brings back what it took, on past days too."""
    bring_in(diary)
    before = pages(diary)
    undone = take_back(diary)
    diary.today += timedelta(days=2)
    with diary.write() as writer:
        writer.retract(undone)
    assert pages(diary) == before
    assert kept(diary.path) == rebuilt(diary.path)


def test_a_correction_of_its_row_goes_with_it(diary: Diary) -> None:
    """What was written by hand stays: an entry on a deal that the import began keeps that deal's name."""
    bring_in(diary)
    with reading(diary.path) as reader:
        today = AsOf(diary.today)
        imported = next(v for v in reader.log(today).entries if v.on == SOLD)
        deal = next(h.id for h in reader.heads(today) if h.name == "新規")
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.amend(imported.id, {"values": {"amount": 9}}, why="誤記")
    own = diary.add(deal, stage="follow", customer="乙社")
    written = diary.today
    with diary.write() as writer:
        batch = next(iter(writer.cx.execute("select batch from record where id = ?", (imported.id,))))[0]
        writer.retract(batch)
    with reading(diary.path) as reader:
        for as_of in (AsOf(written, known=True), AsOf(diary.today)):
            assert [v.id for v in reader.points(as_of, deal)] == [own]
            assert imported.id not in [v.id for v in reader.log(as_of).entries]
        assert reader.line(AsOf(SOLD, known=True), deal) is None
