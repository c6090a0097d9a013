"""A share of a count, and how far it can be trusted."""

from math import sqrt

from nippo_cli.base.frozen import NamedTuple

# The 97.5 % quantile of the normal distribution: what lies between it and its mirror is 95 %.
_Z = 1.959963984540054


class Interval(NamedTuple):
    """A 95 % interval of a share, 0 to 1, both ends in it."""

    low: float
    high: float

    def __contains__(self, share: object) -> bool:
        return isinstance(share, int | float) and self.low <= share <= self.high


class Rate(NamedTuple):
    """`hits` of `n`."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        """The share itself; None of nothing."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """Its Wilson interval; None of nothing."""
        return wilson(self.hits, self.n) if self.n else None


def wilson(hits: int, n: int) -> Interval:
    """The 95 % score interval of a share: the chances that would not be surprised by `hits` of `n`.

    E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, Journal of the American
    Statistical Association 22 (1927), 209–212. It holds at the ends too, where the share is 0 or 1.

    Raises:
        ValueError: there is nothing to take a share of, or more hits than cases.
    """
    if not 0 <= hits <= n or not n:
        raise ValueError(hits, n)
    share, weight = hits / n, _Z * _Z / n
    middle = (share + weight / 2) / (1 + weight)
    reach = _Z / (1 + weight) * sqrt(share * (1 - share) / n + weight / (4 * n))
    # At the ends the formula gives 0 and 1 but for rounding.
    return Interval(0.0 if hits == 0 else middle - reach, 1.0 if hits == n else middle + reach)
