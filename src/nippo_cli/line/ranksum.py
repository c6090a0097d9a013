"""Whether two groups differ in a figure, by ranks, and how often chance alone would part them as far."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import erfc, sqrt
from operator import itemgetter
from random import Random

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.ranks import ENOUGH_HITS, PERMUTATIONS, ranks

# Fewer on either side are too few to tell of a difference.
LEAST_A_SIDE = 10
# From so many on both sides a rank sum is as good as normal, and no shuffles are needed to tell its chance.
LARGE_A_SIDE = 50
# Ranks are whole or halves: sums of them are exact, what is divided is not.
_ROUNDING = 1e-12


class Parted(NamedTuple):
    """How far the first group lies above the second.

    `effect` is the rank-biserial correlation, −1 to 1: the share of all pairs (one of each group) in which the first
    group's value is larger, less the share in which it is smaller, which is 2U / (n₁n₂) − 1, U being Mann and Whitney's of
    the first group: E. E. Cureton, *Rank-Biserial Correlation*, Psychometrika 21 (1956), 287–290; D. S. Kerby, *The Simple
    Difference Formula*, Comprehensive Psychology 3 (2014), art. 1. `p` is two-sided: by permutation where either group is
    small, else by the normal approximation (`by_normal`).
    """

    n: int
    others: int
    effect: float
    p: float


class Draws:
    """Which of so many cases chance would put into the first group: drawn as needed, the same for all that ask.

    Args:
        n: how many cases.
        first: how many of them are in the first group.
        seed: the same one gives the same draws, and so the same figures, everywhere.
    """

    def __init__(self, n: int, first: int, seed: int) -> None:
        self.n = n
        # The smaller group is drawn: either way round, the two are parted as far.
        self.size = min(first, n - first)
        # Seeded on purpose: a figure that changes from one reading to the next is none.
        self._random = Random(seed)  # noqa: S311
        self._made: list[Callable[[Sequence[float]], tuple[float, ...]]] = []

    def __iter__(self) -> Iterator[Callable[[Sequence[float]], tuple[float, ...]]]:
        """What picks the drawn cases' values out of all cases'."""
        for i in range(PERMUTATIONS):
            if i == len(self._made):
                self._made.append(itemgetter(*self._drawn()))
            yield self._made[i]

    def _drawn(self) -> list[int]:
        """What `Random.sample` draws. Where that is a third or more of all, drawn here in little more than half its time."""
        n, size = self.n, self.size
        if n > size * 3:
            return self._random.sample(range(n), size)
        pool, bits, left = list(range(n)), self._random.getrandbits, n
        while left > n - size:
            # As long as numbers are as long, each takes as many bits.
            length = left.bit_length()
            least = max(n - size, (1 << (length - 1)) - 1)
            for left in range(left, least, -1):  # noqa: B020  it goes on where it stands
                at = bits(length)
                while at >= left:
                    at = bits(length)
                pool[at], pool[left - 1] = pool[left - 1], pool[at]
            left = least
        return pool[n - size :]


def parted(values: Sequence[float | None], is_first: Sequence[bool], draws: Draws) -> Parted | None:
    """How far the two groups are parted in a figure; None where either has fewer than `LEAST_A_SIDE` values.

    With `LARGE_A_SIDE` on both, p is that of `by_normal`; otherwise that of `_by_draws`.
    """
    there = [i for i, value in enumerate(values) if value is not None]
    n = sum(is_first[i] for i in there)
    others = len(there) - n
    if min(n, others) < LEAST_A_SIDE:
        return None
    known = [value for value in values if value is not None]
    placed = dict(zip(there, ranks(known), strict=True))
    effect = _effect(sum(place for i, place in placed.items() if is_first[i]), n, others)
    if min(n, others) >= LARGE_A_SIDE:
        return Parted(n, others, effect, by_normal(effect, n, others, Counter(known).values()))
    return Parted(n, others, effect, _by_draws(effect, placed, draws))


def by_normal(effect: float, n: int, others: int, alike: Iterable[int]) -> float:
    """How often chance would part two groups as far either way, their rank sum taken as normal.

    U has the mean n₁n₂ / 2 and the variance n₁n₂ / 12 · (N + 1 − Σ(t³ − t) / (N (N − 1))), where t is how many values are
    the same (`alike`, each value's count); half a rank is taken off for U being whole: H. B. Mann and D. R. Whitney, *On a
    Test of Whether one of Two Random Variables is Stochastically Larger than the Other*, Annals of Mathematical Statistics
    18 (1947), 50–60; E. L. Lehmann, *Nonparametrics* (1975), ch. 1, 4. Where all values are the same it is 1.
    """
    pairs, total = n * others, n + others
    ties = sum(t**3 - t for t in alike) / (total * (total - 1))
    variance = pairs / 12 * (total + 1 - ties)
    if variance <= 0:
        return 1.0
    beyond = abs(effect) * pairs / 2 - 0.5
    return min(1.0, erfc(beyond / sqrt(2 * variance)))


def _by_draws(effect: float, placed: Mapping[int, float], draws: Draws) -> float:
    """How often shuffled groups are parted as far either way.

    Args:
        placed: the ranks of the cases that have a value, by case.

    Groups are shuffled over all cases, those without a value among them, which are then left out: the same draws serve
    every figure. With N shuffles of which h part the groups as far either way, p is (h + 1) / (N + 1) (B. Phipson and
    G. K. Smyth, *Permutation P-values Should Never Be Zero*, 2010); once `ENOUGH_HITS` have at the l-th shuffle, it is
    that many over l (J. Besag and P. Clifford, *Sequential Monte Carlo p-values*, 1991).
    """
    rank = [placed.get(i, 0.0) for i in range(draws.n)]
    has = [i in placed for i in range(draws.n)]
    least = abs(effect) - _ROUNDING
    hits = tried = 0
    whole = len(placed) == draws.n
    for drawn in draws:
        tried += 1
        size = draws.size if whole else int(sum(drawn(has)))
        if 0 < size < len(placed):
            hits += not -least < _effect(sum(drawn(rank)), size, len(placed) - size) < least
        else:
            hits += least <= 0
        if hits == ENOUGH_HITS:
            return hits / tried
    return (hits + 1) / (tried + 1)


def _effect(rank_sum: float, n: int, others: int) -> float:
    return 2 * (rank_sum - n * (n + 1) / 2) / (n * others) - 1
