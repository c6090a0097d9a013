"""Rank correlation, and how often chance alone would do as well.

Spearman's rho is Pearson's correlation of ranks, equal values sharing the mean of their ranks (C. Spearman, *The Proof
and Measurement of Association between Two Things*, American Journal of Psychology 15, 1904, 72–101).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt
from operator import mul
from random import Random

from nippo_cli.frozen import NamedTuple

# So many shuffles at most; one that chance has matched so often already is left there.
PERMUTATIONS = 1999
ENOUGH_HITS = 20
# Sums of the same products in another order differ by no more.
_ROUNDING = 1e-12


class Moves(NamedTuple):
    """How one series goes with another, `lag` steps later, over `n` pairs.

    `rho` is the strongest over the lags that were tried; `p` is how often shuffled series reach its strength at any of
    those lags, so that choosing the lag is paid for.
    """

    lag: int
    rho: float
    n: int
    p: float


def ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value from 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    starts = [0, *(i for i in range(1, len(order)) if values[order[i]] != values[order[i - 1]]), len(order)]
    for start, stop in pairwise(starts):
        for place in order[start:stop]:
            found[place] = (start + stop + 1) / 2
    return found


class Orders:
    """Orders of so many months by chance, made as needed: the same for all that ask.

    Args:
        n: how many months.
        seed: the same one gives the same orders, and so the same figures, everywhere.
    """

    def __init__(self, n: int, seed: int) -> None:
        self.n = n
        # Seeded on purpose: a figure that changes from one reading to the next is none.
        self._random = Random(seed)  # noqa: S311
        self._made: list[list[int]] = []

    def __iter__(self) -> Iterator[list[int]]:
        for i in range(PERMUTATIONS):
            if i == len(self._made):
                self._made.append(self._random.sample(range(self.n), self.n))
            yield self._made[i]


class Result:
    """The results, one a month, that what was done is held against, and their shuffles."""

    def __init__(self, values: Sequence[float], orders: Orders) -> None:
        self.n = len(values)
        self.unit = _unit(values)
        self._orders = iter(orders)
        self._made: list[list[float]] = []

    def shuffled(self) -> Iterator[list[float]]:
        """The results in each order by chance, the same ones whenever it is asked."""
        yield from self._made
        for order in self._orders:
            self._made.append([self.unit[i] for i in order])
            yield self._made[-1]


def moves_with(cause: Sequence[float], result: Result) -> Moves | None:
    """The lag at which a series goes with the result most strongly, either way; None where one of them does not vary.

    `cause` begins as many steps before the result as lags above 0 are to be tried, and ends with it: with lag k, the
    result of a month is held against what was k months before. All lags are thus tried on the same months of the result.

    `p` is two-sided and by permutation: with N shuffles of which h reach the strength found, (h + 1) / (N + 1)
    (B. Phipson and G. K. Smyth, *Permutation P-values Should Never Be Zero*, Statistical Applications in Genetics and
    Molecular Biology 9, 2010, art. 39). Once `ENOUGH_HITS` have reached it at the l-th shuffle it is that many over l
    (J. Besag and P. Clifford, *Sequential Monte Carlo p-values*, Biometrika 78, 1991, 301–304).
    """
    most = len(cause) - result.n
    if not result.unit:
        return None
    lagged = {lag: unit for lag in range(most + 1) if (unit := _unit(cause[most - lag : most - lag + result.n]))}
    if not lagged:
        return None
    found = {lag: sum(map(mul, unit, result.unit)) for lag, unit in lagged.items()}
    # The shortest lag of those that are equally strong.
    lag = max(found, key=lambda k: (round(abs(found[k]), 9), -k))
    return Moves(lag, found[lag], result.n, _chance(list(lagged.values()), result, abs(found[lag]) - _ROUNDING))


def holm(found: Sequence[float]) -> list[float]:
    """p-values adjusted so that, of all tests together, one false alarm has at most the chance that is read off.

    The i-th smallest of m is multiplied by m − i + 1, never falls below one before it, and ends at 1 (S. Holm, *A
    Simple Sequentially Rejective Multiple Test Procedure*, Scandinavian Journal of Statistics 6, 1979, 65–70).
    """
    adjusted, reached = [0.0] * len(found), 0.0
    for place, i in enumerate(sorted(range(len(found)), key=found.__getitem__)):
        reached = max(reached, min(1.0, found[i] * (len(found) - place)))
        adjusted[i] = reached
    return adjusted


def _chance(lagged: Sequence[Sequence[float]], result: Result, least: float) -> float:
    hits = tried = 0
    for shuffled in result.shuffled():
        tried += 1
        for unit in lagged:
            if not -least < sum(map(mul, unit, shuffled)) < least:
                hits += 1
                break
        if hits == ENOUGH_HITS:
            return hits / tried
    return (hits + 1) / (tried + 1)


def _unit(values: Sequence[float]) -> list[float]:
    """Ranks moved and scaled to mean 0 and length 1, so that a product of two is their correlation; empty where all
    are the same."""
    found = ranks(values)
    middle = (len(found) + 1) / 2
    length = sqrt(sum((rank - middle) ** 2 for rank in found))
    return [(rank - middle) / length for rank in found] if length else []
