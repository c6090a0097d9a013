"""What a write costs: the same on a small journal and on a large one."""

from contextlib import closing
from datetime import date, timedelta

import pytest
from diary import Diary, bulk
from one_entry import EntryDraft

from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.log import SEALED, store
from nippo_cli.journal.log.statements import ONE_RECORD
from nippo_cli.journal.read.views import SAID, VIEWS, Views
from nippo_cli.journal.write import opening
from nippo_cli.line.facts import AsOf


def grown(diary: Diary, deals: int) -> int:
    """A journal of that many deals with 8 entries each, and the id of the one in the middle."""
    day = date(2025, 1, 1)
    with diary.write() as writer:
        batch = writer.begin_batch()
        bulk(
            writer,
            [
                EntryDraft(
                    on, on, "鈴木", f"案件{n:05d}", {"stage": "lead", "customer": f"顧客{n % 50}"}, f"crm:{n}:{k}"
                )
                for k in range(8)
                for n in range(deals)
                for on in (day + timedelta(days=k * 9 + n % 7),)
            ],
            batch=batch,
        )
        writer.end_batch(batch, {"rows": deals * 8})
    cx = diary.open()
    (deal,) = cx.execute("select deal from deal_name where name = ?", (f"案件{deals // 2:05d}",)).fetchone()
    cx.close()
    return int(deal)


def cost_of_an_add(diary: Diary, deal: int, monkeypatch) -> tuple[int, int]:
    """The statements of one added entry and the steps of SQLite's machine that they take, the index of the search
    apart: it lags behind on purpose."""
    steps, statements = [], []
    connect = store.connect

    def counted(*args):
        cx = connect(*args)
        cx.set_progress_handler(lambda: steps.append(1), 1)
        cx.set_trace_callback(statements.append)
        return cx

    with monkeypatch.context() as patch:
        patch.setattr(store, "connect", counted)
        patch.setattr(opening, "connect", counted)
        patch.setattr("nippo_cli.journal.write.append.catch_up", lambda *_: None)
        diary.add(deal, stage="visit", facts="訪問")
    return len(statements), len(steps)


def test_an_added_entry_costs_the_same_in_a_journal_thirty_times_as_large(tmp_path, monkeypatch):
    """No statement reads more rows for it: the machine's steps stay within a hair of the same."""
    small, large = Diary(tmp_path / "small"), Diary(tmp_path / "large")
    few = cost_of_an_add(small, grown(small, 20), monkeypatch)
    many = cost_of_an_add(large, grown(large, 600), monkeypatch)
    assert many[0] == few[0]
    assert many[1] <= few[1] * 1.05


def test_an_added_entry_takes_few_statements(diary: Diary, monkeypatch):
    """Opening, one record, one entry, one line: a bound, so that a loop that slips in is seen."""
    deal = grown(diary, 20)
    statements, _ = cost_of_an_add(diary, deal, monkeypatch)
    assert statements <= 60


def statements_of_a_merge(diary: Diary, merged: int) -> list[str]:
    """The statements of one merge of customers, after so many others were merged two by two."""
    with diary.write() as writer:
        for n in range(merged):
            writer.merge_customer(f"青葉{n:03d}工業", f"緑川{n:03d}商事")
    with diary.write() as writer:
        statements = list[str]()
        writer.cx.set_trace_callback(statements.append)
        writer.merge_customer("桜井精機", "松本電子")
        writer.cx.set_trace_callback(None)
    return statements


def test_a_merge_of_customers_reads_none_but_theirs(tmp_path):
    """Nothing is read or written of customers that share no name with the two: as many statements after 40 others as after 2."""
    few, many = (statements_of_a_merge(Diary(tmp_path / str(n)), n) for n in (2, 40))
    assert len(many) == len(few)
    assert not [one for one in many if "青葉" in one or "緑川" in one]


def statements_of_a_list(diary: Diary, entries: int, *, said: bool = False) -> int:
    """The statements that it takes to read so many entries as a list tells them, or no more than they said."""
    cx = diary.open()
    with closing(cx):
        ids = [entry for (entry,) in cx.execute("select id from entry order by id limit ?", (entries,))]
        views = Views(AsOfView(cx, AsOf(date(2026, 1, 1))))
        statements = list[str]()
        cx.set_trace_callback(statements.append)
        assert [view.id for view in (views.contents(ids) if said else views.of(ids))] == ids
    return len(statements)


def test_a_list_of_entries_that_were_never_corrected_is_read_in_one_go(diary: Diary):
    """None of them is put together from its records: as many statements for all entries of 20 deals as for the first of each."""
    grown(diary, 20)
    assert statements_of_a_list(diary, 160) == statements_of_a_list(diary, 20)
    assert statements_of_a_list(diary, 160, said=True) == statements_of_a_list(diary, 20, said=True) <= 3


@pytest.mark.parametrize("statement", [VIEWS, SAID])
def test_the_record_of_an_entry_stands_behind_whatever_else_is_asked(diary: Diary, statement: str):
    """All columns that its seal is looked for in, and none after them."""
    with closing(diary.open()) as cx:
        record = [name for name, *_ in cx.execute(ONE_RECORD, (0,)).description]
        asked = [name for name, *_ in cx.execute(statement, ("[]",)).description]
    assert (len(record), asked[-SEALED:]) == (SEALED, record)
