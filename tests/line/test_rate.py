"""A share and its Wilson interval, held against scipy's."""

import pytest
import scipy
from hypothesis import example, given, strategies as st

from nippo_cli.line.rate import Rate, wilson


@given(st.integers(1, 100_000), st.floats(0, 1))
@example(6711, 4238 / 6711)
def test_the_interval_is_wilsons(n, share):
    """The same as scipy's to twelve places, at the ends too."""
    hits = round(n * share)
    expected = scipy.stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert wilson(hits, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_half_of_twenty_by_hand():
    """10 of 20: 1/2 ± 1.959964 / (2 √20) / √(1 + 3.841459/20) = 1/2 ± 0.219131 / 1.091821 = 1/2 ± 0.200702."""
    found = wilson(10, 20)
    assert found == pytest.approx((0.299298, 0.700702), abs=1e-6)
    assert 0.5 in found
    assert 0.2 not in found


def test_nothing_has_no_share():
    """No cases, no rate and no interval; more hits than cases are a fault of ours."""
    assert Rate(0, 0).share is None
    assert Rate(0, 0).interval is None
    for hits, n in ((0, 0), (2, 1), (-1, 3)):
        with pytest.raises(ValueError, match=r"."):
            wilson(hits, n)


def test_all_and_nothing_end_exactly_at_one_and_at_nothing():
    """No hair's breadth of rounding below 0 or above 1, however many."""
    for n in range(1, 60):
        none, every = Rate(0, n).interval, Rate(n, n).interval
        assert none is not None
        assert every is not None
        assert (none.low, every.high) == (0.0, 1.0)
        assert 0 < none.high < 1
        assert 0 < every.low < 1
