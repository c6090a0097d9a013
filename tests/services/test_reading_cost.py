"""What a look costs: as much in a large diary as in a small one. Steps of SQLite's machine are counted, not time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from diary import Diary, bulk
from one_entry import EntryDraft

from nippo_cli.base.places import Places
from nippo_cli.journal.log import store
from nippo_cli.journal.write import opening
from nippo_cli.lessons import precedents
from nippo_cli.services.context.scope import Scope
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.pages import deals, log

DAY = date(2025, 1, 1)
LOOKS: dict[str, Callable[[Workspace], Any]] = {
    "log -n 10": lambda workspace: log.log(workspace, log.LogFilter(), limit=10, count=False),
    "deal show, by name": lambda workspace: deals.page(workspace, "案件00007"),
    "deal show, by id": lambda workspace: deals.page(workspace, "3"),
}


def grown(folder: Path, number: int) -> Workspace:
    """A desk over a journal of that many deals with eight entries each."""
    diary = Diary(folder)
    with diary.write() as writer:
        batch = writer.begin_batch()
        bulk(
            writer,
            [
                EntryDraft(on, on, "鈴木", f"案件{n:05d}", {"stage": "lead", "facts": "電話"}, f"crm:{n}:{k}")
                for n in range(number)
                for k in range(8)
                for on in (DAY + timedelta(days=k * 9 + n % 7),)
            ],
            batch=batch,
        )
        writer.end_batch(batch, {"rows": number * 8})
    places = Places(journal_db=diary.path, schema=folder / "schema.yaml", state=folder / "state")
    return Workspace(places, datetime(2025, 6, 1, tzinfo=UTC))


def cost(workspace: Workspace, look: Callable[[Workspace], Any], monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Statements, and the steps that they take."""
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
        look(workspace)
    return len(statements), len(steps)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_look_costs_the_same_in_a_diary_thirty_times_as_large(tmp_path, monkeypatch, look):
    """Every step goes by an index: nothing is counted or scanned that is not shown, but for the deals that ended last, to
    which others are held: so many and no more."""
    monkeypatch.setattr(precedents, "AMONG", 10)
    few = cost(grown(tmp_path / "small", 20), look, monkeypatch)
    many = cost(grown(tmp_path / "large", 600), look, monkeypatch)
    assert many[0] == few[0]
    assert many[1] <= few[1] * 1.05


def test_a_log_cut_short_says_that_there_is_more(tmp_path):
    """Not how much, since nobody counted; all of it is counted, and so is what is cut short when asked."""
    workspace = grown(tmp_path / "journal", 20)
    cut = log.log(workspace, log.LogFilter(), limit=10, count=False)
    assert (len(cut.entries), cut.total, cut.more) == (10, 10, True)
    counted = log.log(workspace, log.LogFilter(), limit=10)
    assert (len(counted.entries), counted.total, counted.more) == (10, 160, False)
    whole = log.log(workspace, log.LogFilter(), limit=160, count=False)
    assert (whole.total, whole.more) == (160, False)


def test_a_file_written_newest_first_says_the_same_of_every_day(tmp_path):
    """A deal is known from its first known entry on, wherever that stands in the file."""
    rows = [
        EntryDraft(on, on, "鈴木", f"案件{n}", {"stage": stage, "amount": 1000 + n}, f"crm:{n}:{stage}")
        for n in range(12)
        for days, stage in ((0, "lead"), (20, "visit"), (50, "won" if n % 3 else "lost"))
        for on in (DAY + timedelta(days=n * 5 + days),)
    ]
    oldest_first = sorted(rows, key=lambda row: row.on)
    found = {}
    for name, ordered in (("oldest", oldest_first), ("newest", oldest_first[::-1])):
        diary = Diary(tmp_path / name)
        with diary.write() as writer:
            batch = writer.begin_batch()
            bulk(writer, ordered, batch=batch)
            writer.end_batch(batch, {})
        places = Places(journal_db=diary.path, schema=tmp_path / name / "schema.yaml", state=tmp_path)
        days = [DAY + timedelta(days=days) for days in range(-1, 120, 7)]
        found[name] = [
            deals.summary(
                Workspace(places, datetime(2026, 6, 1, tzinfo=UTC), as_of_said=day.isoformat()), scope=Scope()
            )
            for day in days
        ]
    assert found["newest"] == found["oldest"]
    assert [s.deals for s in found["oldest"]][:3] == [0, 2, 3]
