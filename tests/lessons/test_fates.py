"""What became of all deals, by hand."""

import pytest

from nippo_cli.lessons.facts import Ended
from nippo_cli.lessons.fates import lesson
from nippo_cli.line.rate import Rate


def test_four_fates_add_up_and_the_honest_rate_counts_the_fizzled():
    """4 won, 6 lost, 5 fizzled, 5 open: 40 % of those decided, 4 of 15 with the fizzled in."""
    found = lesson(
        {
            "won": Ended(4, 400, 0, {10: 2, 30: 2}), "lost": Ended(6, 60, 3, {20: 6}),
            "fizzled": Ended(5, 50, 0, {80: 5}), "open": Ended(5, 5, 1, {15: 5}),
        },
        {"won": {12: 2, 40: 2}, "lost": {}},
    )  # fmt: skip
    assert found.deals == 20
    assert {s.fate: s.of_all for s in found.slices} == {
        "won": Rate(4, 20), "lost": Rate(6, 20), "fizzled": Rate(5, 20), "open": Rate(5, 20),
    }  # fmt: skip
    assert found.win_rate == Rate(4, 10)
    assert found.honest == Rate(4, 15)
    assert (found.lead["won"].n, found.lead["won"].median, found.lead["won"].mean) == (4, 26, 26)
    assert (found.lead["lost"].n, found.lead["lost"].median) == (0, None)
    # Day 10: 2/20 won. Day 15: five leave. Day 20: 6 of 13 lost.
    assert found.steps[1].reached == pytest.approx({"won": 0.1, "lost": 0.9 * 6 / 13, "fizzled": 0.0})


def test_where_few_are_followed_no_share_is_told():
    """Ten are followed to day 30, nine beyond."""
    ended = {
        "won": Ended(1, 0, 0, {30: 1}), "lost": Ended(9, 0, 0, {200: 9}),
        "fizzled": Ended(0, 0, 0, {}), "open": Ended(0, 0, 0, {}),
    }  # fmt: skip
    marks = lesson(ended, {"won": {}, "lost": {}}).marks
    assert [(m.day, m.at_risk, m.reached is not None) for m in marks] == [
        (30, 10, True), (60, 9, False), (90, 9, False), (180, 9, False), (365, 0, False),
    ]  # fmt: skip
    assert marks[0].reached == pytest.approx({"won": 0.1, "lost": 0, "fizzled": 0})


def test_no_deals_teach_nothing():
    """Not even a rate."""
    nothing = Ended(0, 0, 0, {})
    found = lesson({"won": nothing, "lost": nothing, "fizzled": nothing, "open": nothing}, {"won": {}, "lost": {}})
    assert (found.deals, found.win_rate.share, found.steps) == (0, None, [])
