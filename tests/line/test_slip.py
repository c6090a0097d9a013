"""How far a promised close may slip, and how far such dates really ran."""

import statistics
from collections import Counter

import pytest
from hypothesis import given, strategies as st
from lines import AGREEMENT

from nippo_cli.line.metrics import Metric
from nippo_cli.line.slip import Slip, Slips, ran_on


def lead(days: int, n: int, *, kind: str = "new", won: bool = True) -> dict[Metric, int]:
    """So many closed deals with one lead time."""
    return {Metric("lead", "", kind, won, days): n}


@pytest.mark.parametrize(
    ("leads", "expected"),
    [
        pytest.param({}, Slip(30, "default", 0), id="nothing won yet"),
        pytest.param(lead(0, 10), Slip(30, "won_kind", 10, 0.0), id="won on the day they began"),
        pytest.param(lead(400, 9), Slip(30, "default", 9), id="nine are too few"),
        pytest.param(lead(205, 10), Slip(41, "won_kind", 10, 205), id="a fifth of 205 days"),
        pytest.param(lead(204, 10), Slip(40, "won_kind", 10, 204), id="more than 40.8 whole days is more than 40"),
        pytest.param(lead(100, 10), Slip(30, "won_kind", 10, 100), id="30 days where a fifth is less"),
        pytest.param({**lead(100, 5), **lead(300, 5)}, Slip(40, "won_kind", 10, 200), id="the median of an even count"),
        pytest.param({**lead(90, 9), **lead(400, 9, kind="parts")}, Slip(49, "won", 18, 245), id="of all kinds"),
        pytest.param(lead(400, 99, won=False), Slip(30, "default", 0), id="lost deals tell nothing"),
    ],
)
def test_the_limit_is_30_days_or_a_fifth_of_the_usual_lead_time(leads, expected):
    """The larger; of the same deal kind from ten won deals on, else of all."""
    assert Slips(AGREEMENT, lambda: leads).of("new") == expected


def test_the_schemas_slip_wins_and_no_history_is_read():
    """`slip: 14`."""

    def unread():
        raise AssertionError

    assert Slips(AGREEMENT._replace(slip=14), unread).of("new") == Slip(14, "schema", 0)


def test_deals_without_a_kind_are_held_against_all():
    """They are no kind of their own."""
    slips = Slips(AGREEMENT, lambda: lead(500, 10) | lead(100, 12, kind=""))
    assert slips.of("").source == "won"
    assert slips.used() == {"": Slip(30, "won", 22, 100)}


@given(st.lists(st.integers(-60, 300), min_size=8, max_size=40))
def test_the_record_of_a_stage_against_numpy(runs: list[int]):
    """The median as the standard library has it, the P80 as numpy's inverted empirical distribution has it."""
    import numpy as np

    counted = {Metric("run", "quote", "", True, days): n for days, n in Counter(runs).items()}
    counted[Metric("run", "visit", "", True, 999)] = 50
    found = ran_on(counted, "quote")
    assert found is not None
    assert (found.n, found.median_days) == (len(runs), statistics.median(runs))
    assert found.p80_days == np.quantile(runs, 0.8, method="inverted_cdf")


def test_seven_dates_are_too_few_to_say_anything():
    """Nothing under n = 8."""
    assert ran_on({Metric("run", "quote", "", True, 5): 7}, "quote") is None
    assert ran_on({Metric("run", "quote", "", True, 5): 8}, "quote") == ("quote", 8, 5, 5)
