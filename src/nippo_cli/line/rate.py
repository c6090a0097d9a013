"""A share of a count: how far it can be trusted, and whether it is unlike those before it (the binomial predictive interval)."""

from math import exp, lgamma, sqrt
from typing import Literal, TypeAlias

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


AgainstRest: TypeAlias = Literal["below", "above", ""]

# Below this many before, or this many groups of them, nothing is called unusual.
LEAST_BEFORE = 20
TAIL = 0.025
_NEGLIGIBLE = 1e-9


class Share(NamedTuple):
    """`hits` of `n`."""

    hits: int
    n: int

    @property
    def rate(self) -> float | None:
        """The share; None of nothing."""
        return self.hits / self.n if self.n else None


def unlike(share: Share, before: Share) -> AgainstRest:
    """Whether a share lies outside the central 95 % interval that earlier cases predict; nothing where they are fewer
    than `LEAST_BEFORE`.

    The chance behind k of n earlier cases is Beta(k + ½, n − k + ½), Jeffreys' posterior (L. D. Brown, T. T. Cai and
    A. DasGupta, *Interval Estimation for a Binomial Proportion*, Statistical Science 16, 2001, 101–133), so that the
    count in m further ones is beta-binomial; outside is where one of its tails, the count itself in it, is below 2.5 %.
    """
    if before.n < LEAST_BEFORE or not share.n:
        return ""
    a, b, n = before.hits + 0.5, before.n - before.hits + 0.5, share.n
    mean = n * a / (a + b)
    spread = sqrt(mean * b * (a + b + n) / ((a + b) * (a + b + 1)))
    if abs(share.hits - mean) < spread:
        return ""
    if share.hits < mean:
        return "below" if _upto(share.hits, n, a, b) < TAIL else ""
    return "above" if _upto(n - share.hits, n, b, a) < TAIL else ""


def _upto(hits: int, n: int, a: float, b: float) -> float:
    """P(K ≤ hits) of a beta-binomial count, from its largest term downwards."""
    term = exp(
        lgamma(n + 1) - lgamma(hits + 1) - lgamma(n - hits + 1)
        + lgamma(hits + a) + lgamma(n - hits + b) - lgamma(n + a + b)
        + lgamma(a + b) - lgamma(a) - lgamma(b)
    )  # fmt: skip
    total = term
    for k in range(hits, 0, -1):
        term *= k * (n - k + b) / ((n - k + 1) * (k - 1 + a))
        total += term
        if term < _NEGLIGIBLE * total:
            break
    return total
