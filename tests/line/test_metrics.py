"""What is counted of a line: by hand, for lines short enough to count."""

import pytest
from lines import begun, day, line_of, point

from nippo_cli.line.metrics import metrics_of
from nippo_cli.line.span import Hold

JANUARY = 2026 * 12


def counted(what, *points, of=None):
    """One kind of count of the line that the points make: (stage, kind, won, days) and how often."""
    return {tuple(key[1:]): n for key, n in metrics_of(line_of(*points, of=of)).items() if key.what == what}


WON = (
    point(1, "1/5", "lead", kind="new", closes="1/31"),
    point(2, "1/12", "visit"),
    point(3, "2/20", "quote", closes="2/28", amount=500),
    point(4, "3/10", "won"),
    point(5, "5/1", "follow"),
)


def test_how_far_dates_ran_is_told_by_the_stage_in_which_they_were_promised():
    """31 January was promised as a lead, 28 February at the quote; the order came on 10 March: 38 and 10 days on."""
    assert counted("run", *WON) == {("lead", "", True, 38): 1, ("quote", "", True, 10): 1}


def test_a_date_promised_after_the_order_or_by_the_order_itself_ran_nowhere():
    """Nor does one of a deal that was never won."""
    assert counted("run", *WON[:3], point(4, "3/10", "won", closes="3/10"), point(5, "4/1", closes="4/30")) == counted(
        "run", *WON
    )
    assert counted("run", *WON[:3]) == {}
    assert counted("run", *WON[:3], point(4, "3/10", "lost")) == {}


def test_the_longest_silence_that_a_contact_ended():
    """39 days from 12 January to 20 February; the 52 days after the order are after-care."""
    assert counted("back", *WON) == {("", "", False, 39): 1}
    assert counted("silent", *WON) == {("", "", True, 39): 1}


def test_a_contact_that_loses_the_deal_is_no_return():
    """7 days was the longest from which the customer came back; the silence before the end was 80 days."""
    lost = (*WON[:2], point(3, "4/2", "lost"))
    assert counted("back", *lost) == {("", "", False, 7): 1}
    assert counted("silent", *lost) == {("", "", False, 80): 1}
    assert line_of(*lost).head.longest_silence == 80


def test_held_days_are_no_silence():
    """80 days less 10 on hold."""
    held = begun(holds=(Hold(9, day("2/1"), day("2/10"), "予算"),))
    assert counted("silent", *WON[:2], point(3, "4/2", "lost"), of=held) == {("", "", False, 70): 1}


def test_a_live_deal_has_no_last_silence_yet():
    """It is still going on; only what a contact ended is counted."""
    assert counted("silent", *WON[:3]) == {}
    assert line_of(*WON[:3]).head.longest_silence == 39


def test_entered_stages_and_orders_are_counted_by_month():
    """Two stages in January, one in February, the order in March with its amount."""
    assert counted("enter", *WON) == {
        ("lead", "", False, JANUARY): 1, ("visit", "", False, JANUARY): 1, ("quote", "", False, JANUARY + 1): 1,
        ("won", "", False, JANUARY + 2): 1, ("follow", "", False, JANUARY + 4): 1,
    }  # fmt: skip
    assert counted("lead", *WON) == {("", "new", True, 64): 1}
    assert counted("order", *WON) == {("", "new", True, JANUARY + 2): 1}
    assert counted("ordered", *WON) == {("", "new", True, JANUARY + 2): 500}


def test_a_cohort_is_the_month_of_the_first_contact():
    """A trade-fair card in December, the first call in January; stages count from the call, once each."""
    points = (point(1, "2025-12-20", "lead", contact=False), point(2, "1/8"), *WON[2:4], point(6, "3/10", "quote"))
    assert counted("cohort", *points) == {
        ("", "2026-01", False, 0): 1, ("lead", "2026-01", False, 0): 1, ("quote", "2026-01", False, 1): 1,
    }  # fmt: skip
    assert ("won", "2026-01", False, 2) in counted("cohort", *points[:-1])


def test_a_stay_is_counted_by_stage_kind_and_end():
    """Of a won deal of the kind 新規: 7 days as a lead, 39 in the visit stage, 18 at the quote; 0 after-stages ended."""
    assert counted("stay", *WON) == {
        ("lead", "new", True, 7): 1, ("visit", "new", True, 39): 1, ("quote", "new", True, 18): 1,
    }  # fmt: skip


def test_a_date_belongs_to_the_stage_in_which_it_was_promised():
    """By an entry that moves nothing: where the deal stands. By one that moves it: where it puts it, though the order
    comes on the same day."""
    line = (
        point(1, "1/5", "lead"), point(2, "1/8", closes="1/31"), point(3, "1/12", "visit", closes="2/10"),
        point(4, "1/12", closes="2/15"), point(5, "3/10", "quote", closes="3/31"), point(6, "3/10", "won"),
    )  # fmt: skip
    assert counted("run", *line) == {
        ("lead", "", True, 38): 1, ("visit", "", True, 28): 1, ("visit", "", True, 23): 1, ("quote", "", True, -21): 1,
    }  # fmt: skip


@pytest.mark.parametrize(("on", "rank"), [("4/8", "B"), ("4/9", "C"), ("4/10", "C"), ("1/6", "B")])
def test_the_confidence_of_a_month_before_the_end(on, rank):
    """B until 10 March, C from then on: of 30 days before the end the last; where none is so old, the first."""
    points = (point(1, "1/5", "lead", confidence="B"), point(2, "3/10", confidence="C"), point(3, on, "lost"))
    line = points if on != "1/6" else (points[0], points[2])
    (found,) = counted("rank", *line)
    assert found[0] == rank
