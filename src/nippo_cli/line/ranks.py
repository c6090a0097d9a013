"""Rank correlation, and how often chance alone would do as well.

Spearman's rho is Pearson's correlation of ranks, equal values sharing the mean of their ranks (C. Spearman, *The Proof
and Measurement of Association between Two Things*, American Journal of Psychology 15, 1904, 72–101).
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import ceil, floor, sqrt
from operator import mul
from random import Random

from nippo_cli.base.frozen import NamedTuple

# So many shuffles at most; one that chance has matched so often already is left there.
PERMUTATIONS = 1999
ENOUGH_HITS = 10
# Sums of products are whole numbers, what they are held against is not.
_ROUNDING = 1e-6


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
    placed = [0.0] * len(values)
    starts = [0, *(i for i in range(1, len(order)) if values[order[i]] != values[order[i - 1]]), len(order)]
    for start, stop in pairwise(starts):
        for place in order[start:stop]:
            placed[place] = (start + stop + 1) / 2
    return placed


class Orders:
    """Orders of so many months by chance, made as needed: the same for all that ask.

    Args:
        n: how many months.
        seed: the same one gives the same orders, and so the same figures, everywhere.
    """

    def __init__(self, n: int, seed: int) -> None:
        self._months = range(n)
        # Seeded on purpose: a figure that changes from one reading to the next is none. Of all that `Random` draws only
        # `random()` is promised to be the same in every version of Python.
        self._random = Random(seed).random  # noqa: S311
        self._made: list[list[int]] = []

    def __iter__(self) -> Iterator[list[int]]:
        for i in range(PERMUTATIONS):
            if i == len(self._made):
                drawn = [self._random() for _ in self._months]
                self._made.append(sorted(self._months, key=drawn.__getitem__))
            yield self._made[i]


class Result:
    """The results, one a month, that what was done is held against, and their shuffles."""

    def __init__(self, values: Sequence[float], orders: Orders) -> None:
        self.n = len(values)
        self.ranks = Doubled(values)
        self._orders = iter(orders)
        self._made: list[list[int]] = []

    def shuffled(self) -> Iterator[list[int]]:
        """The results' doubled ranks in each order by chance, the same ones whenever it is asked."""
        yield from self._made
        for order in self._orders:
            self._made.append([self.ranks.of[i] for i in order])
            yield self._made[-1]


class Doubled:
    """Ranks times two: whole numbers, so that sums of their products are exact. `length` is their distance from their
    mean, 0 where all values are the same."""

    def __init__(self, values: Sequence[float]) -> None:
        self.of = [int(2 * rank) for rank in ranks(values)]
        mean = len(values) + 1
        self.length = sqrt(sum((rank - mean) ** 2 for rank in self.of))


def moves_with(causes: Sequence[Sequence[float]], result: Result) -> list[Moves | None]:
    """For each cause the lag at which it goes with the result most strongly, either way; None where one of them does not vary.

    A cause begins as many steps before the result as lags above 0 are to be tried, and ends with it: with lag k, the
    result of a month is held against what was k months before. All lags are thus tried on the same months of the result.

    `p` is two-sided and by permutation: with N shuffles of which h reach the strength found, (h + 1) / (N + 1)
    (B. Phipson and G. K. Smyth, *Permutation P-values Should Never Be Zero*, Statistical Applications in Genetics and
    Molecular Biology 9, 2010, art. 39). Once `ENOUGH_HITS` have reached it at the l-th shuffle it is that many over l
    (J. Besag and P. Clifford, *Sequential Monte Carlo p-values*, Biometrika 78, 1991, 301–304).
    """
    strongest = [_strongest(cause, result) for cause in causes]
    chances = iter(_chances([_Lanes.of(one.lagged, result, abs(one.rho)) for one in strongest if one], result))
    return [Moves(one.lag, one.rho, result.n, next(chances)) if one else None for one in strongest]


def holm(chances: Sequence[float]) -> list[float]:
    """p-values adjusted so that, of all tests together, one false alarm has at most the chance that is read off.

    The i-th smallest of m is multiplied by m − i + 1, never falls below one before it, and ends at 1 (S. Holm, *A
    Simple Sequentially Rejective Multiple Test Procedure*, Scandinavian Journal of Statistics 6, 1979, 65–70).
    """
    adjusted, reached = [0.0] * len(chances), 0.0
    for place, i in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        reached = max(reached, min(1.0, chances[i] * (len(chances) - place)))
        adjusted[i] = reached
    return adjusted


class _Strongest(NamedTuple):
    """A cause at each lag at which it varies, and the lag at which it goes with the result most strongly."""

    lagged: Sequence[Doubled]
    lag: int
    rho: float


def _strongest(cause: Sequence[float], result: Result) -> _Strongest | None:
    """The strongest lag of a cause; None where the cause or the result does not vary."""
    most, n = len(cause) - result.n, result.n
    if not result.ranks.length:
        return None
    tried = {lag: Doubled(cause[most - lag : most - lag + n]) for lag in range(most + 1)}
    lagged = {lag: own for lag, own in tried.items() if own.length}
    if not lagged:
        return None
    by_chance = n * (n + 1) ** 2
    rhos = {
        lag: (sum(map(mul, own.of, result.ranks.of)) - by_chance) / (own.length * result.ranks.length)
        for lag, own in lagged.items()
    }
    # The shortest lag of those that are equally strong.
    lag = max(rhos, key=lambda k: (round(abs(rhos[k]), 9), -k))
    return _Strongest(list(lagged.values()), lag, rhos[lag])


class _Lanes(NamedTuple):
    """Sums of products that are worked out, and held against what they are to reach, in one: each has its own bits of one number
    a month, too many for its sum to reach the next one's.

    `above` and `beyond` are what brings a sum to its top bit where it is weaker than that one way, and where it is not the other
    way; `tops` those bits; `width` all bits.
    """

    months: Sequence[int]
    above: int
    beyond: int
    tops: int
    width: int

    @classmethod
    def of(cls, lagged: Sequence[Doubled], result: Result, least: float) -> "_Lanes":
        """A lane for each lag of a cause, which is to reach a strength."""
        n = result.n
        top = 1 << (n * (2 * n) ** 2).bit_length()
        places = [top.bit_length() * at for at in range(len(lagged))]
        months = [sum(own.of[i] << place for own, place in zip(lagged, places, strict=True)) for i in range(n)]
        by_chance = n * (n + 1) ** 2
        reach = [least * own.length * result.ranks.length - _ROUNDING for own in lagged]
        above = sum(top - max(0, floor(by_chance - far) + 1) << place for far, place in zip(reach, places, strict=True))
        beyond = sum(top - min(top, ceil(by_chance + far)) << place for far, place in zip(reach, places, strict=True))
        return cls(months, above, beyond, sum(top << place for place in places), top.bit_length() * len(lagged))

    @classmethod
    def beside(cls, several: Sequence["_Lanes"]) -> "_Lanes":
        """The lanes of several causes, one beside the other."""
        places = list(accumulate((one.width for one in several), initial=0))
        placed = list(zip(several, places[:-1], strict=True))
        months = [
            sum(of_month << place for of_month, place in zip(month, places[:-1], strict=True))
            for month in zip(*(one.months for one in several), strict=True)
        ]
        above, beyond = sum(one.above << at for one, at in placed), sum(one.beyond << at for one, at in placed)
        return cls(months, above, beyond, sum(one.tops << at for one, at in placed), places[-1])

    def reached(self, shuffled: Sequence[int]) -> int:
        """The top bits of the lanes whose sum is strong enough."""
        sums: int = sum(map(mul, self.months, shuffled))
        return (~(sums + self.above) | (sums + self.beyond)) & self.tops


def _chances(causes: Sequence[_Lanes], result: Result) -> list[float]:
    """How often a shuffled result is as strong at any lag of each cause. All that are still open are held against a shuffle
    in one: all pairs of the page then take 40 ms, one by one 64."""
    hits, chances, tried = [0] * len(causes), [0.0] * len(causes), 0
    still = list(range(len(causes)))
    lanes = _Lanes.beside(causes)
    for shuffled in result.shuffled() if causes else ():
        tried += 1
        reached = lanes.reached(shuffled)
        if not reached:
            continue
        for at in still:
            hits[at] += reached & (1 << causes[at].width) - 1 != 0
            reached >>= causes[at].width
        if any(hits[at] == ENOUGH_HITS for at in still):
            chances = [hits[at] / tried if at in still else chance for at, chance in enumerate(chances)]
            still = [at for at in still if hits[at] < ENOUGH_HITS]
            if not still:
                return chances
            lanes = _Lanes.beside([causes[at] for at in still])
    return [(hits[at] + 1) / (tried + 1) if at in still else chance for at, chance in enumerate(chances)]
