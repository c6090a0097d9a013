"""A journal in which won deals were met oftener, and one in which they were not: what the page says of each."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from diary import Diary, bulk
from one_entry import EntryDraft

from nippo_cli.base.places import Places
from nippo_cli.lessons.contrast import ContrastLesson
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.lessons.lessons import LessonQuery, page

DAY = date(2025, 1, 6)


def grown(folder: Path, *, planted: bool, deals: int = 80) -> Workspace:
    """As many deals won as lost, each running for 100 to 160 days; where `planted`, the won ones were met twice as often."""
    dice, diary = Random(2025), Diary(folder)
    rows = []
    for n in range(deals):
        won, on = n % 2 == 0, DAY + timedelta(days=dice.randint(0, 60))
        end = on + timedelta(days=dice.randint(100, 160))
        k = 0
        while on < end:
            said: dict[str, object] = {"facts": "話した", "activity": "call"} | ({"stage": "lead"} if not k else {})
            rows.append(EntryDraft(on, on, "鈴木", f"案件{n:03d}", said, f"crm:{n}:{k}"))
            often = planted and won
            on += timedelta(days=dice.randint(2, 8) if often else dice.randint(4, 18))
            k += 1
        closing: dict[str, object] = {"facts": "決まった", "activity": "call", "stage": "won" if won else "lost"}
        rows.append(EntryDraft(end, end, "鈴木", f"案件{n:03d}", closing, f"crm:{n}:end"))
    with diary.write() as writer:
        batch = writer.begin_batch()
        bulk(writer, rows, batch=batch)
        writer.end_batch(batch, {"rows": len(rows)})
    places = Places(journal_db=diary.path, schema=folder / "schema.yaml", state=folder / "state")
    return Workspace(places, datetime(2026, 6, 1, tzinfo=UTC))


def told(workspace: Workspace, age: int) -> ContrastLesson:
    """The lesson at an age."""
    found: ContrastLesson = page(workspace, "contrast", LessonQuery(age=age)).lesson
    return found


@pytest.mark.parametrize("age", [30, 60, 90])
def test_what_was_planted_is_found_at_every_age(tmp_path, age):
    """The contacts lead, larger where won; what has nothing to do with it is not told."""
    found = told(grown(tmp_path / "journal", planted=True), age)
    assert (found.won, found.lost, found.fizzled) == (40, 40, 0)
    by_key = {one.key: one for one in found.contrasts}
    assert by_key["contacts_a_month"].differs
    assert (by_key["contacts_a_month"].effect or 0) > 0.5
    assert (by_key["longest_silence"].effect or 0) < 0
    assert not by_key["pushes"].differs
    assert not by_key["skipped"].differs


def test_where_nothing_was_planted_nothing_is_told(tmp_path):
    """The same journal, all met alike."""
    assert [one.key for one in told(grown(tmp_path / "journal", planted=False), 60).contrasts if one.differs] == []


def test_deals_that_did_not_live_so_long_are_left_out(tmp_path):
    """At 130 days only those that ran longer are compared."""
    found = told(grown(tmp_path / "journal", planted=False), 130)
    assert 0 < found.won + found.lost < 80
