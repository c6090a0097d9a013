"""A line cut off at a past day: where the deal stood then, and with what."""

import pytest
from lines import AGREEMENT, day, line_of, point, when

from nippo_cli.line.facts import DealHistory
from nippo_cli.line.trail import deal_at, is_order, stage_at, trail_of, upto

LINE = line_of(
    point(1, "1/5", "lead", customer="青葉", kind="new", amount=100, closes="3/31", confidence="B"),
    point(2, "1/12", "visit"), point(3, "2/1", "lost"), point(4, "2/10", "quote", amount=80), point(5, "3/1", "won"),
    point(6, "3/20", "follow"),
)  # fmt: skip


@pytest.mark.parametrize(("on", "stage"), [
    ("1/4", None), ("1/5", "lead"), ("1/11", "lead"), ("1/12", "visit"), ("1/31", "visit"), ("2/1", None), ("2/9", None),
    ("2/10", "quote"), ("2/28", "quote"), ("3/1", None), ("3/19", None), ("3/20", None), ("4/1", None),
])  # fmt: skip
def test_the_stage_that_a_live_deal_was_in_at_the_end_of_a_day(on, stage):
    """None before it began, while it was lost and once it was won, whatever after-stage it is in."""
    assert stage_at(LINE.stays, AGREEMENT, day(on)) == stage


def test_an_after_stage_that_no_order_precedes_is_where_the_deal_stands():
    """Its last one; and a stage that the schema does not know is one like any other."""
    line = line_of(point(1, "1/5", "lead"), point(2, "1/6", "delivery"), point(3, "1/8", "follow"))
    assert [stage_at(line.stays, AGREEMENT, day(f"1/{on}")) for on in (5, 6, 7, 8)] == [
        "lead",
        "delivery",
        "delivery",
        "follow",
    ]
    alone = line_of(point(1, "1/6", "delivery"), point(2, "1/8", "follow"))
    assert stage_at(alone.stays, AGREEMENT, day("1/9")) == "follow"
    assert stage_at(line_of(point(1, "1/5", "trial")).stays, AGREEMENT, day("1/5")) == "trial"


def test_what_was_said_stands_from_its_day_on():
    """The day itself in it."""
    said = [(day("1/5"), 100), (day("2/10"), 80)]
    assert [upto(said, day(on)) for on in ("1/4", "1/5", "2/9", "2/10", "12/31")] == [None, 100, 100, 80, 80]


def test_a_settled_line_says_of_each_day_what_its_head_says():
    """Amount, expected close and confidence; what was never said is not there."""
    stood = deal_at(trail_of(LINE, (0,)), AGREEMENT, day("2/15"))
    assert stood is not None
    assert (stood.deal, stood.stage, stood.amount, stood.closes, stood.confidence) == (
        1,
        "quote",
        80,
        when("3/31"),
        "B",
    )
    assert (stood.customer, stood.kind, stood.owner) == ("青葉", "new", "佐藤")
    bare = deal_at(trail_of(line_of(point(1, "1/5", "lead")), (0,)), AGREEMENT, day("1/9"))
    assert bare is not None
    assert (bare.amount, bare.closes, bare.confidence, bare.kind, bare.customer) == (None, None, "", "", "")
    assert deal_at(trail_of(LINE, (0,)), AGREEMENT, day("2/5")) is None
    free = line_of(point(1, "1/5", "lead", amount=0))
    assert trail_of(free, (0,)).amounts == ((day("0001-01-01"), 0),), "nothing is an amount too"


def test_which_moves_are_orders():
    """Into `won` from before it and out of `lost`, not back to it from behind."""

    def moves(line: DealHistory) -> list[bool]:
        return [is_order(a, b, AGREEMENT) for a, b in zip(line.stays, line.stays[1:], strict=False)]

    assert moves(LINE) == [False, False, False, True, False]
    back = line_of(point(1, "1/1", "lead"), point(2, "1/2", "won"), point(3, "1/3", "follow"), point(4, "1/4", "won"))
    assert moves(back) == [True, False, False]
    regained = line_of(point(1, "1/1", "quote"), point(2, "1/2", "lost"), point(3, "1/3", "won"))
    assert moves(regained) == [False, True]
