"""What ranks and dates meant, by hand."""

import pytest
from lines import day, line_of, point

from nippo_cli.lessons.confidence import half, lesson
from nippo_cli.lessons.facts import RankCount
from nippo_cli.line.metrics import Metric, metrics_of, rank_before
from nippo_cli.line.rate import Rate
from nippo_cli.schema.schema import Rank, Schema, Stage

AGREEMENT = Schema(
    name="test",
    language="ja",
    stages=(
        Stage("lead", "引合い"),
        Stage("quote", "見積"),
        Stage("won", "受注", "won"),
        Stage("lost", "失注", "lost"),
    ),
    fields=(),
    ranks=(Rank("A", "A", chance=0.8), Rank("B", "B", chance=0.5), Rank("C", "C")),
    fiscal_year_start=4,
)
MAY = 2026 * 12 + 4
NOVEMBER = MAY + 6


def closed(rank, n, *, won, owner="佐藤", month=MAY):
    """Deals that count under a rank."""
    return {Metric("rank", rank, owner, won, month): n}


def told(*parts, live=(), runs=None, ended=0):
    """The lesson of these counts."""
    return lesson({k: n for part in parts for k, n in part.items()}, live, runs or {}, AGREEMENT, ended)


LIVE = [RankCount("A", "佐藤", "fizzled", 5), RankCount("A", "鈴木", "open", 3), RankCount("", "佐藤", "open", 9)]
LINE = (
    point(1, "1/5", "lead", confidence="C"), point(2, "2/1", confidence="B"), point(3, "3/1", "quote", confidence="A"),
)  # fmt: skip


@pytest.mark.parametrize(("end", "rank"), [("4/10", "A"), ("3/31", "A"), ("3/30", "B"), ("2/20", "C"), ("1/20", "C")])
def test_the_rank_that_counts_is_the_last_one_stated_thirty_days_before_the_end(end, rank):
    """30 days before 31 March is 1 March; where none is so old, the first one counts."""
    points = [p for p in LINE if p.on < day(end)]
    line = line_of(*points, point(9, end, "lost"))
    assert rank_before(line.promises, day(end)) == rank
    assert [(s.stage, s.kind, s.won) for s in metrics_of(line) if s.what == "rank"] == [(rank, "佐藤", False)]


def test_a_live_deal_and_one_without_a_rank_count_under_none():
    """Only what ended can be held against what was stated."""
    assert [s for s in metrics_of(line_of(*LINE)) if s.what == "rank"] == []
    assert [s for s in metrics_of(line_of(point(1, "1/5"), point(2, "3/1", "won"))) if s.what == "rank"] == []


def test_ranks_stand_in_the_schemas_order_and_former_ones_last():
    """8 of 10 at A as stated; 2 of 20 at B, far fewer than half; a rank of an older schema stands as it is."""
    found = told(
        closed("A", 8, won=True), closed("A", 2, won=False), closed("B", 2, won=True), closed("B", 18, won=False),
        closed("Z", 1, won=True), live=LIVE,
        ended=40,
    )  # fmt: skip
    assert [(r.rank, r.known, r.won, r.honest, r.open, r.off) for r in found.ranks] == [
        ("A", True, Rate(8, 10), Rate(8, 15), 3, ""),
        ("B", True, Rate(2, 20), Rate(2, 20), 0, "below"),
        ("C", True, Rate(0, 0), Rate(0, 0), 0, ""),
        ("Z", False, Rate(1, 1), Rate(1, 1), 0, ""),
    ]
    assert found.without_rank == 9


def test_the_brier_score_by_hand():
    """A won: (0.8 − 1)² = 0.04, twice; A lost: 0.64; B lost: 0.25. Mean 0.2425. Half were won: saying so every time
    would have scored 0.25. C states no chance and is no forecast."""
    found = told(
        closed("A", 2, won=True), closed("A", 1, won=False), closed("B", 1, won=False), closed("C", 7, won=True)
    )
    assert found.whole is not None
    assert found.whole.won == Rate(2, 4)
    assert (found.whole.stated, found.whole.brier, found.whole.plain) == pytest.approx((0.725, 0.2425, 0.25))


def test_the_trend_is_by_fiscal_half_and_by_owner():
    """May is of the first half of a year that begins in April, November of the second."""
    found = told(closed("A", 1, won=True), closed("A", 3, won=False, owner="鈴木", month=NOVEMBER))
    assert [(s.key, s.won, round(s.brier, 2)) for s in found.halves] == [
        ("2026-H1", Rate(1, 1), 0.04), ("2026-H2", Rate(0, 3), 0.64),
    ]  # fmt: skip
    assert [(s.key, s.won.n) for s in found.owners] == [("鈴木", 3), ("佐藤", 1)]
    assert (half(2026 * 12 + 2, 4), half(2026 * 12, 1), half(2026 * 12 + 6, 1)) == ("2025-H2", "2026-H1", "2026-H2")


def test_how_far_dates_ran_by_the_stage_in_which_they_were_promised():
    """Of −5, 10, 20, 40 days the median is 15 and the P80 the fourth; two alone tell of nothing."""
    runs = {Metric("run", "quote", "", True, d): 1 for d in (-5, 10, 20, 40)} | {Metric("run", "lead", "", True, 3): 2}
    assert [tuple(r) for r in told(runs=runs).runs] == [("lead", 2, None, None), ("quote", 4, 15, 40)]


def test_without_a_stated_chance_there_is_no_score():
    """Ranks are still held against what came."""
    found = told(closed("C", 12, won=True))
    assert found.whole is None
    assert found.ranks[2].won == Rate(12, 12)


def test_live_deals_that_never_stated_a_rank_are_counted_too():
    """Those that went silent leave the rate in whose denominator they would stand; the page says how many."""
    live = [
        RankCount("", "田中", "fizzled", 2),
        RankCount("", "大野", "open", 4),
        RankCount("", "田中", "open", 3),
        *LIVE,
    ]
    assert told(closed("A", 8, won=True), live=live, ended=8).live_without_rank == {"fizzled": 2, "open": 16}
