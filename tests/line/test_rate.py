"""A rate's interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nippo_cli.line.rate import wilson


@given(st.integers(0, 400), st.integers(1, 400))
def test_the_interval_is_wilsons(hits: int, n: int) -> None:
    """As scipy has it, without the correction for continuity."""
    from scipy.stats import binomtest

    hits = min(hits, n)
    found, expected = wilson(hits, n), binomtest(hits, n).proportion_ci(method="wilson")
    assert found == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_of_nothing_there_is_no_interval() -> None:
    """A rate needs something that it is a rate of; at either end the interval is closed."""
    assert wilson(0, 0) is None
    none, every = wilson(0, 7), wilson(7, 7)
    assert none is not None
    assert every is not None
    assert (none.low, every.high) == (0.0, 1.0)
