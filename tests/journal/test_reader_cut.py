"""Lines cut off at past days: the same as if each had been folded again from what was known then."""

import tempfile
from datetime import date, timedelta
from typing import Any

import pytest
from diary import AGREEMENT, FIRST, Diary
from hypothesis import example, given, strategies as st
from story import stories, told

from nippo_cli.journal.asof.view import AsOfView
from nippo_cli.journal.derive import building
from nippo_cli.journal.read.reader import JournalReader, reading
from nippo_cli.journal.read.snapshot_at import trails
from nippo_cli.line import history as fold
from nippo_cli.line.facts import AsOf, DealSummary
from nippo_cli.line.trail import LiveDealAt, deal_at, stage_at, upto
from nippo_cli.schema.schema import Stage


def state_from(head: DealSummary) -> LiveDealAt:
    """What a head says of where its deal stands."""
    return LiveDealAt(
        head.id,
        head.stage,
        head.amount,
        head.closes,
        head.confidence,
        head.owner,
        head.kind,
        head.source,
        head.customer,
    )


def standing_at(reader: JournalReader, as_of: AsOf) -> list[LiveDealAt]:
    """Every live deal as it stood at the end of a day, as the trails tell."""
    view = AsOfView(reader.cx, as_of)
    stood = (deal_at(trail, view.schema, as_of.on) for trail in trails([view], as_of.on))
    return [one for one in stood if one is not None]


def live_at(diary: Diary, as_of: AsOf) -> tuple[list[LiveDealAt], list[LiveDealAt]]:
    """Live deals on a day: as they are cut, and as they are folded again."""
    with reading(diary.path) as reader:
        there = AsOfView(reader.cx, as_of)
        folded = (there.head(deal) for deal in all_deals(there))
        return sorted(standing_at(reader, as_of)), sorted(state_from(h) for h in folded if h and h.fate == "live")


def all_deals(there: AsOfView) -> list[int]:
    """Every deal that was ever begun."""
    return [d for (d,) in there.cx.execute("select id from record where kind = 'deal' and target is null")]


STORIES = stories()


# A merge dated after a day from which nothing is hidden for having been learned late; an entry written down late.
MERGED = [("begin", {}, 1), ("begin", {}, 0), ("undo",), ("merge", 0, 1)]
LATE = [("begin", {}, 3), ("begin", {}, 0), ("day", 3), ("add", 0, {"stage": "quote"}, 2)]


@example(MERGED, {(1, False)})
@example(LATE, {(1, True)})
@given(STORIES, st.sets(st.tuples(st.integers(0, 20), st.booleans()), min_size=4, max_size=6))
def test_a_cut_line_stands_where_the_folded_one_does(steps: list[tuple[Any, ...]], days: set[tuple[int, bool]]) -> None:
    """After corrections, late entries, merges, hand-overs, holds and taking back: stage, amount, promise and owner; on
    several days of a journal, for what takes time is to write it."""
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        for back, known in sorted(days):
            cut, folded = live_at(diary, AsOf(diary.today - timedelta(days=back), known=known))
            assert cut == folded, (back, known)


@given(STORIES, st.lists(st.integers(0, 20), min_size=3, max_size=9, unique=True))
@example([("begin", {}, 0), ("begin", {}, 1), ("begin", {}, 0), ("merge", 1, 0), ("day", 1), ("move", 1, 2, 0)], [0, 1])
def test_many_days_are_cut_at_once(steps: list[tuple[Any, ...]], back: list[int]) -> None:
    """Each day has each line once: its stays begun by then are those of the line folded for that day alone."""
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        days = [AsOf(diary.today - timedelta(days=n), known=True) for n in sorted(back, reverse=True)]
        with reading(diary.path) as reader:
            there = [AsOfView(reader.cx, day) for day in days]
            found: dict[tuple[int, int], Any] = {}
            for trail in trails(there, date.min):
                for place in trail.days:
                    begun = [s[:2] for s in trail.stays if s.entered_on <= days[place].on]
                    if begun:
                        assert (place, trail.deal) not in found
                        found[place, trail.deal] = begun, upto(trail.amounts, days[place].on), trail.owner
            folded = {
                (place, deal): ([s[:2] for s in line[1].stays], line[1].head.amount, line[1].head.owner)
                for place, past in enumerate(there)
                for deal in all_deals(past)
                if (line := past.line(deal)) is not None and line[1].head.id == deal
            }
        assert found == folded


def test_a_schema_of_another_shape_cuts_under_its_own(diary: Diary) -> None:
    """On a past day the deal stands in the stage as it was called then."""
    deal, _ = diary.deal("ポンプ", stage="quote", amount=5)
    diary.today += timedelta(days=3)
    first, *others = AGREEMENT.stages
    renamed = tuple(s._replace(key="offer", was=("quote",)) if s.key == "quote" else s for s in others)
    with diary.write() as writer:
        writer.adopt("name: later", AGREEMENT._replace(stages=(first, Stage("call", "電話"), *renamed)), "1" * 64)
    cut, folded = live_at(diary, AsOf(FIRST, known=True))
    assert cut == folded
    assert [(one.deal, one.stage, one.amount) for one in cut] == [(deal, "quote", 5)]


def test_a_settled_deal_is_cut_without_a_fold(diary: Diary, monkeypatch) -> None:
    """A deal told in time tells of every past day by what is stored of it."""
    deal, _ = diary.deal("ポンプ", stage="lead", amount=5, closes="2026-03-31", confidence="B")
    diary.today += timedelta(days=9)
    diary.add(deal, stage="quote", amount=8, closes="2026-04-10", confidence="A")
    diary.today += timedelta(days=9)
    diary.add(deal, stage="won")
    for room in (fold, building):
        monkeypatch.setattr(room, "build_history", lambda *_: pytest.fail("folded"))
    with reading(diary.path) as reader:
        [then] = standing_at(reader, AsOf(FIRST + timedelta(days=3), known=True))
        assert (then.stage, then.amount, str(then.closes), then.confidence) == ("lead", 5, "2026-03-31", "B")
        [then] = standing_at(reader, AsOf(FIRST + timedelta(days=17), known=True))
        assert (then.stage, then.amount, str(then.closes), then.confidence) == ("quote", 8, "2026-04-10", "A")
        assert list(standing_at(reader, AsOf(FIRST + timedelta(days=18), known=True))) == []


def test_a_stage_after_won_is_no_live_deal() -> None:
    """What follows an order neither ends a deal nor reopens it; a stage before it does."""
    from nippo_cli.line.facts import Stay

    def stays(*told: str) -> list[Stay]:
        return [Stay(stage, FIRST + timedelta(days=n), None, None, n, 0) for n, stage in enumerate(told)]

    on = FIRST + timedelta(days=9)
    assert stage_at(stays("lead", "won", "follow"), AGREEMENT, on) is None
    assert stage_at(stays("lead", "follow"), AGREEMENT, on) == "follow"
    assert stage_at(stays("lead", "lost", "visit"), AGREEMENT, on) == "visit"
    assert stage_at(stays("lead", "lost", "visit"), AGREEMENT, FIRST + timedelta(days=1)) is None
    assert stage_at(stays("lead"), AGREEMENT, FIRST - timedelta(days=1)) is None
