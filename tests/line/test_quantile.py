"""Quantiles and Kaplan–Meier against definitions, scipy and lifelines."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from nippo_cli.line.quantile import kaplan_meier, mean, median, nearest_rank

values = st.lists(st.integers(0, 60), min_size=1, max_size=60)


@given(values)
def test_median_and_mean_are_the_usual_ones(found: list[int]):
    """As the standard library has them."""
    import statistics

    assert median(Counter(found)) == statistics.median(found)
    assert mean(Counter(found)) == pytest.approx(statistics.mean(found))


@given(values, st.sampled_from([50, 75, 90, 95, 100]))
def test_nearest_rank_is_the_smallest_value_with_enough_below(found: list[int], percent: int):
    """The definition, word for word."""
    expected = min(v for v in found if Fraction(sum(x <= v for x in found), len(found)) >= Fraction(percent, 100))
    assert nearest_rank(Counter(found), percent) == expected


@given(values, st.lists(st.integers(0, 60), max_size=40), st.sampled_from([25, 50, 75]))
def test_kaplan_meier_quantiles_are_those_of_lifelines(ended: list[int], censored: list[int], percent: int):
    """The smallest t with S(t) ≤ 1 − q, from lifelines' survival function."""
    from lifelines import KaplanMeierFitter

    fitted = KaplanMeierFitter().fit(ended + censored, [1] * len(ended) + [0] * len(censored))
    curve = fitted.survival_function_["KM_estimate"]
    reached = [int(t) for t, s in curve.items() if s <= 1 - percent / 100 + 1e-9]
    expected = min(reached) if reached else None
    assert kaplan_meier(Counter(ended), Counter(censored), percent) == expected


def test_nothing_has_no_quantile():
    """None, not 0."""
    assert median({}) is None
    assert mean({}) is None
    assert nearest_rank({}, 50) is None
    assert kaplan_meier({}, {5: 3}, 50) is None
