"""The steps counted: what came in, what became of it, who stands there."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, strategies as st
from lines import AGREEMENT, begun, day, line_of, point

from nippo_cli.line.facts import DealHistory
from nippo_cli.line.months import by_month, month_ends
from nippo_cli.line.steps import (
    FIGURES,
    Passage,
    StageSteps,
    Window,
    belongs,
    counted,
    passages,
)
from nippo_cli.line.trail import trail_of

WINDOW = Window(day("3/1"), day("3/31"))


def deal(number: int, *told: tuple[str, str], amount: int | None = None) -> DealHistory:
    """A deal's line from days and stages."""
    points = [point(number * 100 + n, on, stage, amount=amount) for n, (on, stage) in enumerate(told)]
    return line_of(*points, of=begun()._replace(id=number))


def found_of(*lines: DealHistory, window: Window = WINDOW, fizzled: tuple[int, ...] = ()):
    """The passages and skips of deals."""
    return [one for line in lines for one in passages(trail_of(line, (0,)), AGREEMENT, window, fizzled)]


def steps(*lines: DealHistory, window: Window = WINDOW, fizzled: tuple[int, ...] = ()) -> dict[str, StageSteps]:
    """The figures of each stage."""
    return {s.stage: s for s in counted(found_of(*lines, window=window, fizzled=fizzled), AGREEMENT, window)}


DEALS = (
    deal(1, ("3/1", "lead"), ("3/5", "visit"), ("3/15", "quote"), ("3/31", "won"), amount=100),
    deal(2, ("3/2", "lead"), ("3/6", "visit"), ("3/20", "lost"), amount=30),
    deal(3, ("3/3", "lead"), ("3/9", "visit"), ("3/12", "quote"), ("3/22", "visit"), amount=7),
    deal(4, ("3/4", "lead"), ("3/10", "quote")),
    deal(5, ("2/1", "lead"), ("2/10", "visit"), amount=5),
    deal(6, ("2/1", "lead"), ("3/1", "visit"), amount=2),
)


def test_what_came_in_is_what_became_of_it():
    """By hand: five stays in visit began in March, of four deals and one that came back."""
    visit = steps(*DEALS, fizzled=(6,))["visit"]
    assert (visit.entered, visit.first, visit.returned, visit.deals) == (5, 0, 1, 4)
    assert (visit.onward, visit.back, visit.lost, visit.fizzled, visit.still) == (2, 0, 1, 1, 1)
    assert (visit.decided, visit.conversion) == (3, pytest.approx(2 / 3))
    assert visit.entered_amount == 100 + 30 + 7 + 2
    quote = steps(*DEALS)["quote"]
    assert (quote.entered, quote.onward, quote.won, quote.back, quote.still) == (3, 1, 1, 1, 1)


def test_who_stands_there_and_with_how_much():
    """Deals 3, 5 and 6 stand in visit at the end of March, with 7, 5 and 2."""
    visit, quote = steps(*DEALS)["visit"], steps(*DEALS)["quote"]
    assert (visit.live_before, visit.live, visit.live_amount, visit.without_amount) == (1, 3, 14, 0)
    assert (quote.live_before, quote.live, quote.live_amount, quote.without_amount) == (0, 1, 0, 1)


def test_a_stage_passed_over_is_skipped_and_never_entered():
    """Deal 4 went from lead to quote: visit counts one skip, and no stay."""
    visit = steps(DEALS[3])["visit"]
    assert (visit.skipped, visit.entered, visit.left) == (1, 0, 0)


def test_a_stage_that_the_deal_has_been_in_is_not_skipped():
    """Back from quote to lead, then straight to quote again: it knows visit already."""
    back = deal(1, ("3/1", "lead"), ("3/2", "visit"), ("3/3", "quote"), ("3/4", "lead"), ("3/5", "quote"))
    assert steps(back)["visit"].skipped == 0


def test_an_order_passes_over_what_lies_between():
    """From visit to the order: quote was skipped; lost, which lies behind the order, never is."""
    found = steps(deal(1, ("3/1", "lead"), ("3/2", "visit"), ("3/3", "won"), ("3/4", "delivery")))
    assert {stage: s.skipped for stage, s in found.items() if s.skipped} == {"quote": 1}


def test_lost_is_no_step_onward_wherever_it_stands():
    """It stands last on the ladder, and is reached by a fall."""
    lead = steps(deal(1, ("3/1", "lead"), ("3/9", "lost")))["lead"]
    assert (lead.onward, lead.lost, lead.conversion) == (0, 1, 0.0)


def test_stays_are_timed_where_they_end():
    """Lengths of the stays that ended in March, those that began before it too: 4, 4, 6, 6, 28 days in lead."""
    lead = steps(*DEALS)["lead"]
    assert (lead.left, lead.timed, lead.median_days, lead.p90_days) == (5, 5, 6, 28)
    assert steps(*DEALS)["won"].timed == 0


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_percentiles_of_stays_are_numpys(lengths: list[int]):
    """The least stay that so many hundredths are no longer than (nearest rank), and the usual median."""
    stays = [
        Passage(n, "lead", WINDOW.since, n, "begun", "onward", None, False, "visit", WINDOW.until, n, False, days)
        for n, days in enumerate(lengths)
    ]
    (lead, *_) = counted(stays, AGREEMENT, WINDOW)
    assert [lead.p75_days, lead.p90_days] == [*np.percentile(lengths, [75, 90], method="inverted_cdf")]
    assert lead.median_days == np.median(lengths)


def test_both_ends_of_the_window_are_in_it():
    """What happened on its first and last day counts; what happened after it has not happened."""
    assert steps(DEALS[0])["lead"].entered == 1
    assert steps(DEALS[0])["won"].entered == 1
    earlier = steps(DEALS[0], window=Window(day("3/2"), day("3/30")))
    assert earlier["lead"].entered == 0
    assert (earlier["quote"].still, earlier["won"].entered) == (1, 0)


def test_neither_won_nor_lost_is_a_place_to_stand():
    """What follows an order neither: those deals are no longer in the sale."""
    found = steps(deal(1, ("3/1", "lead"), ("3/5", "won"), ("3/9", "delivery")), deal(2, ("3/1", "lost")))
    assert [found[stage].live for stage in ("won", "lost", "delivery", "follow")] == [None] * 4
    assert (found["delivery"].entered, found["delivery"].still) == (1, 1)


def test_a_live_deal_in_a_stage_after_the_order_stands_there():
    """The order was never written down: the deal is live, and counted where it is."""
    assert steps(deal(1, ("3/1", "lead"), ("3/9", "delivery")))["delivery"].live == 1


STAGES = st.sampled_from(["lead", "visit", "quote", "won", "lost", "delivery", "follow"])
LINES = st.lists(st.lists(st.tuples(st.integers(0, 60), STAGES), min_size=1, max_size=7), min_size=1, max_size=6)


@given(LINES, st.integers(0, 60), st.integers(0, 60), st.sets(st.integers(0, 5)))
def test_nothing_is_counted_twice_or_lost(told, one: int, two: int, fizzled: set[int]) -> None:
    """What came in adds up; what stood, came and went is what stands; each figure opens to as many deals."""
    lines = [
        line_of(
            *(
                point(n, (day("2/1") + timedelta(days=on)).isoformat(), stage)
                for n, (on, stage) in enumerate(sorted(own))
            ),
            of=begun()._replace(id=number),
        )
        for number, own in enumerate(told)
    ]
    first, last = sorted(day("2/1") + timedelta(days=n) for n in (one, two))
    window = Window(first, last)
    found = found_of(*lines, window=window, fizzled=tuple(fizzled))
    for s in counted(found, AGREEMENT, window):
        assert s.entered == s.onward + s.back + s.lost + s.fizzled + s.still
        assert s.won <= s.onward
        assert s.first + s.returned <= s.entered
        if s.live_before is not None:
            assert s.live_before + s.entered - s.left == s.live
        opened = {f: sum(p.stage == s.stage and belongs(p, f, window.since) for p in found) for f in FIGURES}
        assert opened == {
            "in": s.entered, "out": s.left, "onward": s.onward, "won": s.won, "back": s.back, "lost": s.lost,
            "fizzled": s.fizzled, "still": s.still, "skipped": s.skipped, "standing": s.live or 0,
        }  # fmt: skip
    assert all(isinstance(p, Passage) or p.on >= first for p in found)


def test_the_last_ends_of_months():
    """The month that ends on the day itself is over; the one that runs is not."""
    assert month_ends(day("3/30"), 3) == [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28)]
    assert month_ends(day("3/31"), 3) == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert month_ends(date(2024, 3, 1), 1) == [date(2024, 2, 29)]
    with pytest.raises(OverflowError):
        month_ends(date(1, 3, 1), 13)


def test_the_money_of_a_month_end_is_that_of_the_deals_in_each_stage_then():
    """500 in lead at the end of February, and in visit at that of March."""
    line = line_of(point(1, "2/3", "lead", amount=500), point(2, "3/5", "visit"))
    february, march = by_month([trail_of(line, range(2))], month_ends(day("3/31"), 2), [AGREEMENT] * 2)
    assert (february.of("lead").amount, march.of("lead").amount, march.of("visit").amount) == (500, 0, 500)


@given(LINES)
def test_a_month_counts_what_the_window_of_that_month_counts(told) -> None:
    """Each month's in, out and standing are those of the page of that month alone."""
    lines = [
        line_of(
            *(
                point(n, (day("2/1") + timedelta(days=on)).isoformat(), stage)
                for n, (on, stage) in enumerate(sorted(own))
            ),
            of=begun()._replace(id=number),
        )
        for number, own in enumerate(told)
    ]
    days = month_ends(day("4/30"), 3)
    trails = [trail_of(line, range(3)) for line in lines]
    for month in by_month(trails, days, [AGREEMENT] * 3):
        window = Window(month.on.replace(day=1), month.on)
        page = steps(*lines, window=window)
        for stage, s in page.items():
            cell = month.of(stage)
            assert (cell.live, cell.entered, cell.left) == (s.live or 0, s.entered, s.left)
        orders = sum(p.ordered for p in found_of(*lines, window=window) if isinstance(p, Passage))
        assert sum(cell.won for cell in month.stages.values()) == orders


def test_what_was_over_before_the_first_month_counts_in_none():
    """A lead of January, a visit of February, a quote since April: in March the visit stands, in April it leaves."""
    line = deal(1, ("1/5", "lead"), ("2/3", "visit"), ("4/2", "quote"), amount=7)
    march, april = by_month([trail_of(line, range(2))], month_ends(day("4/30"), 2), [AGREEMENT] * 2)
    assert (march.of("visit").live, march.of("visit").entered, march.of("visit").left) == (1, 0, 0)
    assert (april.of("visit").live, april.of("visit").left, april.of("quote").entered) == (0, 1, 1)
    assert march.of("lead").live == april.of("lead").live == 0


def test_a_loss_passes_nothing_over():
    """From the lead straight to `lost`, which stands behind all others: no stage was skipped, and none by a step back."""
    found = steps(deal(1, ("3/3", "lead"), ("3/20", "lost")), deal(2, ("3/3", "quote"), ("3/20", "lead")))
    assert {stage: one.skipped for stage, one in found.items() if one.skipped} == {}
    assert (found["lead"].lost, found["quote"].back) == (1, 1)
