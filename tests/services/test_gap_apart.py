"""The page for Monday with a second process: the same page, whatever becomes of that process."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from diary import Diary

from nippo_cli.base.places import Places
from nippo_cli.gaps import KINDS
from nippo_cli.results.gap import WholePage
from nippo_cli.services.context.scope import GapQuery, Scope
from nippo_cli.services.context.workspace import Workspace
from nippo_cli.services.gaps import apart as gap_apart, whole as gap_whole


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """Orders of three years that nobody followed up, of two owners, and deals that are live."""
    found = Diary(tmp_path / "journal")
    for month in range(30):
        on = date(2024 + month // 12, month % 12 + 1, 9)
        owner = ("田中", "鈴木")[month % 2]
        deal, _ = found.deal(
            f"切断機{month}", on=on, author=owner, stage="lead", amount=100 + month, customer=f"客{month}"
        )
        if month % 3:
            found.add(deal, on=on.replace(day=28), stage="won")
    return found


def page(diary: Diary, asked: GapQuery | None = None, limit: int = 3) -> WholePage:
    """The page of the last day of June."""
    places = Places(journal_db=diary.path, schema=diary.path.parent / "schema.yaml", state=diary.path.parent / "state")
    desk = Workspace(places, datetime(2026, 6, 30, 3, tzinfo=UTC))
    return gap_whole.whole_page(desk, asked or GapQuery("1y"), limit=limit)


@pytest.fixture
def heard(monkeypatch) -> list[set[str]]:
    """The kinds that the second process answered, each time."""
    found: list[set[str]] = []
    ask = gap_apart._heard

    def noted(second):
        pages = ask(second)
        found.append(set(pages))
        return pages

    monkeypatch.setattr(gap_apart, "_heard", noted)
    return found


@pytest.mark.parametrize(
    ("asked", "limit"),
    [
        (GapQuery("1y"), 3),
        (GapQuery("30d"), 0),
        (GapQuery("1y", "2026-05-31"), 10),
        (GapQuery("1y", None, Scope(owner="鈴木")), 0),
    ],
)
def test_the_page_of_two_processes_is_that_of_one(diary: Diary, monkeypatch, heard, asked, limit):
    """All of it: findings, counts, norms and what is left out."""
    alone = page(diary, asked, limit)
    assert heard == []
    monkeypatch.setattr(gap_apart, "_WORTH_BYTES", 0)
    assert page(diary, asked, limit) == alone
    assert heard == [set(gap_apart.APART)]
    assert any(one.total for one in alone.kinds if one.kind in gap_apart.APART)


@pytest.mark.parametrize("work", ["killed", "unusable"])
def test_without_it_the_first_process_answers_all(diary: Diary, monkeypatch, heard, work):
    """It was killed, or found somebody who writes."""
    alone = page(diary)
    monkeypatch.setattr(gap_apart, "_WORTH_BYTES", 0)
    monkeypatch.setattr(gap_apart, "_answer", {"killed": _killed, "unusable": _unusable}[work])
    assert page(diary) == alone
    assert heard == [set()]


def test_what_it_answers_says_nothing_of_live_deals():
    """Signs of live deals are put together without it."""
    assert not {kind for kind in gap_apart.APART if KINDS[kind].of not in ("", "won")}


def _killed(_first, *_asked):
    os._exit(9)


def _unusable(_first, path, *_asked):
    from nippo_cli.base.errors import JournalError, msg

    raise JournalError(msg("journal.locked", path=str(path)))
