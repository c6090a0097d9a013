"""The predictive interval of a share, against scipy."""

from hypothesis import given, strategies as st

from nippo_cli.line.rate import LEAST_BEFORE, Share, unlike


@given(st.integers(LEAST_BEFORE, 3000), st.floats(0, 1), st.integers(1, 3000), st.floats(0, 1))
def test_a_mark_is_a_tail_of_the_beta_binomial(before: int, rate: float, n: int, found: float):
    """Below or above where scipy's tail, the count in it, is under 2.5 %."""
    from scipy.stats import betabinom

    hits, k = round(before * rate), round(n * found)
    law = betabinom(n, hits + 0.5, before - hits + 0.5)
    low, high = law.cdf(k), law.sf(k - 1)
    # Where rounding decides, either answer is right.
    if min(abs(low - 0.025), abs(high - 0.025)) > 1e-6:
        expected = "below" if low < 0.025 else "above" if high < 0.025 else ""
        assert unlike(Share(k, n), Share(hits, before)) == expected


def test_by_hand():
    """Half of a hundred before: none of ten is unusual, two of ten is not."""
    assert unlike(Share(0, 10), Share(50, 100)) == "below"
    assert unlike(Share(2, 10), Share(50, 100)) == ""
    assert unlike(Share(10, 10), Share(50, 100)) == "above"


def test_too_few_before_or_none_now_mark_nothing():
    """Nineteen earlier deals are no measure, and of no deal there is no share."""
    assert unlike(Share(0, 50), Share(19, 19)) == ""
    assert unlike(Share(0, 50), Share(20, 20)) == "below"
    assert unlike(Share(0, 0), Share(50, 100)) == ""
    assert Share(0, 0).rate is None
    assert (Share(1, 4).rate, Share(3, 3).rate) == (0.25, 1.0)


@given(st.integers(LEAST_BEFORE, 400), st.floats(0, 1), st.integers(1, 400))
def test_the_first_and_the_last_count_that_is_no_mark(before: int, rate: float, n: int):
    """Around both edges of scipy's interval, count by count."""
    from scipy.stats import betabinom

    hits = round(before * rate)
    law = betabinom(n, hits + 0.5, before - hits + 0.5)
    for edge in (int(law.ppf(0.025)), int(law.ppf(0.975))):
        for k in range(max(0, edge - 2), min(n, edge + 2) + 1):
            low, high = law.cdf(k), law.sf(k - 1)
            if min(abs(low - 0.025), abs(high - 0.025)) > 1e-6:
                expected = "below" if low < 0.025 else "above" if high < 0.025 else ""
                assert unlike(Share(k, n), Share(hits, before)) == expected, k
