"""Whose move it is: turns from entries, and the days of a wait by who held the ball."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from nippo_cli.line.ball import BallSplit, ball_split, ball_turns, days_by_holder, waits_for_customer
from nippo_cli.line.facts import BallTurn, DealEvent
from nippo_cli.line.span import Hold, net_days
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import Activity, Choice, Field, Schema, Stage
from nippo_cli.schema.templates import text_of

HOLDERS = Field(
    "ball", "ボール", "choice", "ball",
    choices=(Choice("sales", "営業", ours=True), Choice("window", "窓口"), Choice("decider", "決裁者")),
)  # fmt: skip
SCHEMA = Schema(
    name="t",
    language="ja",
    stages=(Stage("a", "A"), Stage("won", "受注", ends="won"), Stage("lost", "失注", ends="lost")),
    fields=(HOLDERS,),
    activities=(Activity("visit", "訪問"), Activity("quote", "見積提出", ball="window")),
)


def on(month: int, day: int) -> date:
    """A day of 2026."""
    return date(2026, month, day)


def said(entry: int, day: date, activity: str = "visit", ball: str | None = None) -> DealEvent:
    """An entry of a day."""
    return DealEvent(
        entry, day, "a", True, "西村", activity, None, None, None, None, None, None, None, ball=ball
    )  # fmt: skip


def test_an_entry_hands_the_ball_to_whom_it_names_else_to_whom_its_activity_leaves_it():
    """9/1 a visit that names nobody, 9/3 a quote (the window's), 9/10 a visit that names nobody (stays), 9/12 a visit that
    names the decider, 9/20 a quote that says it is ours."""
    points = [
        said(1, on(9, 1)), said(2, on(9, 3), "quote"), said(3, on(9, 10)), said(4, on(9, 12), ball="decider"),
        said(5, on(9, 20), "quote", "sales"),
    ]  # fmt: skip
    assert ball_turns(points, SCHEMA) == (
        BallTurn("window", on(9, 3), 2), BallTurn("decider", on(9, 12), 4), BallTurn("sales", on(9, 20), 5),
    )  # fmt: skip


def test_a_turn_goes_on_while_the_same_one_holds_it_and_the_last_word_of_a_day_counts():
    """9/3 the window, 9/5 the window again, 9/5 the decider: of 9/5 the decider alone. 9/9 first ours, then the decider's: no
    turn ended."""
    points = [
        said(1, on(9, 3), ball="window"), said(2, on(9, 5), ball="window"), said(3, on(9, 5), ball="decider"),
        said(4, on(9, 9), ball="sales"), said(5, on(9, 9), ball="decider"),
    ]  # fmt: skip
    assert ball_turns(points, SCHEMA) == (BallTurn("window", on(9, 3), 1), BallTurn("decider", on(9, 5), 3))


def test_where_the_schema_has_no_ball_nobody_holds_it():
    """Nor does its activity hand it on."""
    points = [said(1, on(9, 3), "quote")]
    assert ball_turns(points, SCHEMA._replace(fields=())) == ()


def test_the_days_of_a_wait_are_whose_the_ball_was_and_those_before_the_first_turn_are_nobodys():
    """From 9/1 to 9/30: 2 days until 9/3, 9 days to 9/12 the window's, 18 to 9/30 the decider's; a hold of 9/14–9/15 takes two
    off these."""
    turns = [BallTurn("window", on(9, 3), 2), BallTurn("decider", on(9, 12), 4)]
    assert days_by_holder(turns, (), on(9, 1), on(9, 30)) == {"": 2, "window": 9, "decider": 18}
    hold = Hold(9, on(9, 14), on(9, 15), "盆")
    assert days_by_holder(turns, (hold,), on(9, 1), on(9, 30)) == {"": 2, "window": 9, "decider": 16}


def test_a_wait_that_began_in_a_turn_counts_its_own_days_alone():
    """In the stage since 9/10, where the window has had the ball since 9/3: 2 days of it."""
    turns = [BallTurn("window", on(9, 3), 2), BallTurn("decider", on(9, 12), 4)]
    assert ball_split(turns, (), on(9, 10), on(9, 14)) == BallSplit("decider", on(9, 12), {"window": 2, "decider": 2})


def test_what_is_said_later_is_not_there_yet():
    """On the day before the first turn."""
    turns = [BallTurn("window", on(9, 3), 2)]
    assert ball_split(turns, (), on(9, 1), on(9, 2)) is None


@given(st.data())
def test_the_parts_of_a_wait_add_up_to_it(data: st.DataObject):
    """Whatever the turns, the holds and the ends."""
    day = st.integers(0, 60).map(lambda n: on(9, 1) + timedelta(days=n))
    days = sorted(data.draw(st.sets(day, max_size=6)))
    turns = [BallTurn(data.draw(st.sampled_from(["sales", "window", "decider"])), one, n) for n, one in enumerate(days)]
    holds = [
        Hold(n, min(ends), max(ends), "") for n, ends in enumerate(data.draw(st.lists(st.tuples(day, day), max_size=3)))
    ]
    after, upto = sorted(data.draw(st.tuples(day, day)))
    parts = days_by_holder(turns, holds, after, upto)
    assert sum(parts.values()) == net_days(holds, after, upto)
    plain = [after + timedelta(days=n) for n in range(1, (upto - after).days + 1)]
    for holder, length in parts.items():
        whose = [d for d in plain if not any(h.first <= d <= h.last for h in holds) and _held_by(turns, d) == holder]
        assert length == len(whose)


def _held_by(turns: list[BallTurn], day: date) -> str:
    """Whose a day is, by going through the turns: the day on which a turn began is still of the one before."""
    before = [turn.holder for turn in turns if turn.since < day]
    return before[-1] if before else ""


@pytest.mark.parametrize(
    ("step", "dated", "ball", "activity", "theirs"),
    [
        ("先方からの連絡待ち", False, "", "call", True),
        ("稟議の結果を待つ。", True, "", "call", True),
        ("Waiting for the board's answer", True, "", "call", True),
        ("待ち合わせの場所を知らせる", True, "", "call", False),
        ("稟議の結果", True, "decider", "call", True),
        ("先方からの連絡待ち", False, "sales", "quote", False),
        ("再訪", True, "", "quote", False),
        ("返事", False, "", "quote", True),
        ("返事", False, "", "call", False),
    ],
)
def test_whose_the_next_step_is(step: str, dated: bool, ball: str, activity: str, theirs: bool):
    """As the entry says; else by its words; else, without a day, by the activity: a quote leaves the move to the customer."""
    schema = load_schema(text_of("default"), "default")
    assert waits_for_customer(step, dated=dated, ball=ball, activity=activity, schema=schema) is theirs
