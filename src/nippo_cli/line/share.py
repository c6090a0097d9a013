"""Whether a share is unlike those before it: the binomial predictive interval."""

from math import exp, lgamma, sqrt
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

Mark: TypeAlias = Literal["below", "above", ""]

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


def unlike(found: Share, before: Share) -> Mark:
    """Whether a share lies outside the central 95 % interval that earlier cases predict; nothing where they are fewer
    than `LEAST_BEFORE`.

    The chance behind k of n earlier cases is Beta(k + ½, n − k + ½), Jeffreys' posterior (L. D. Brown, T. T. Cai and
    A. DasGupta, *Interval Estimation for a Binomial Proportion*, Statistical Science 16, 2001, 101–133), so that the
    count in m further ones is beta-binomial; outside is where one of its tails, the count itself in it, is below 2.5 %.
    """
    if before.n < LEAST_BEFORE or not found.n:
        return ""
    a, b, n = before.hits + 0.5, before.n - before.hits + 0.5, found.n
    mean = n * a / (a + b)
    spread = sqrt(mean * b * (a + b + n) / ((a + b) * (a + b + 1)))
    if abs(found.hits - mean) < spread:
        return ""
    if found.hits < mean:
        return "below" if _upto(found.hits, n, a, b) < TAIL else ""
    return "above" if _upto(n - found.hits, n, b, a) < TAIL else ""


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
