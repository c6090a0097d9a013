"""A rate with the interval that it is known within."""

from math import sqrt
from typing import NamedTuple

# The normal distribution's two-sided 95 % point.
_Z = 1.959963984540054


class Interval(NamedTuple):
    """Both ends of a 95 % confidence interval, between 0 and 1."""

    low: float
    high: float


def wilson(hits: int, n: int) -> Interval | None:
    """The 95 % score interval of a rate of `hits` in `n`; None of nothing.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), 209–212.
    """
    if not n:
        return None
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At either end the interval is closed; rounding must not leave it.
    return Interval(0.0 if not hits else middle - half, 1.0 if hits == n else middle + half)
