"""Medians, quantiles and Kaplan–Meier over counted days.

A tally maps a number of days to how many times it was seen.
"""

from collections.abc import Mapping
from itertools import accumulate
from typing import TypeAlias

Lengths: TypeAlias = Mapping[int, int]


def median(lengths: Lengths) -> float | None:
    """The usual median: of an even count, the mean of the middle two. None of nothing."""
    n = sum(lengths.values())
    if not n:
        return None
    low, high = _nth(lengths, (n + 1) // 2), _nth(lengths, n // 2 + 1)
    return (low + high) / 2


def mean(lengths: Lengths) -> float | None:
    """The arithmetic mean. None of nothing."""
    n = sum(lengths.values())
    return sum(days * times for days, times in lengths.items()) / n if n else None


def nearest_rank(lengths: Lengths, percent: int) -> int | None:
    """The smallest value v with at least `percent` % of the values ≤ v (P90: 90). None of nothing.

    Counted in whole numbers, so that no rounding decides on a boundary.
    """
    n = sum(lengths.values())
    return _nth(lengths, max(1, -(-percent * n // 100))) if n else None


def kaplan_meier(ended: Lengths, censored: Lengths, percent: int) -> int | None:
    """The Kaplan–Meier quantile (P75: 75): the smallest t with S(t) ≤ 1 − `percent` %; None where the curve does not
    fall so far.

    A duration censored at t was still at risk at t. Kaplan and Meier, Journal of the American Statistical
    Association 53 (1958), 457–481.
    """
    at_risk = sum(ended.values()) + sum(censored.values())
    survival = 1.0
    # A hair's breadth for the products' rounding: 0.75 × 0.6667 must reach 0.5.
    level = (100 - percent) / 100 + 1e-12
    for days in sorted({*ended, *censored}):
        events = ended.get(days, 0)
        if events:
            survival *= 1 - events / at_risk
            if survival <= level:
                return days
        at_risk -= events + censored.get(days, 0)
    return None


def _nth(lengths: Lengths, rank: int) -> int:
    """The rank-th smallest value, from 1."""
    values = sorted(days for days, times in lengths.items() if times)
    for days, reached in zip(values, accumulate(lengths[d] for d in values), strict=True):
        if reached >= rank:
            return days
    raise ValueError(rank)
