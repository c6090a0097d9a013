"""Rank correlation, permutation and Holm against scipy, definitions and hand computations."""

from random import Random

import pytest
from hypothesis import given, strategies as st

from nippo_cli.line.ranks import (
    ENOUGH_HITS,
    Moves,
    Orders,
    Result,
    holm,
    moves_with,
    ranks,
)

# Few different values, so that there are ties.
series = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=40)


@given(st.lists(st.integers(0, 9), max_size=40))
def test_ranks_are_those_of_scipy(values: list[int]):
    """Equal values share the mean of their ranks."""
    from scipy.stats import rankdata

    assert ranks(values) == list(rankdata(values))


@given(series)
def test_rho_is_that_of_scipy(pairs: list[tuple[int, int]]):
    """Ties and all; none where a series does not vary."""
    from scipy.stats import spearmanr

    x, y = (list(one) for one in zip(*pairs, strict=True))
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert the_moves(x, shuffled(y, 1)) is None
    else:
        found = the_moves(x, shuffled(y, 1))
        assert found is not None
        assert found.rho == pytest.approx(spearmanr(x, y).statistic, abs=1e-9)


def noise(seed: int, n: int, most: int = 9) -> list[int]:
    """So many whole numbers."""
    random = Random(seed)
    return [random.randint(0, most) for _ in range(n)]


def shuffled(values: list[float], seed: int) -> Result:
    """A result with shuffles of its own."""
    return Result(values, Orders(len(values), seed))


def the_moves(cause: list[float], result: Result) -> Moves | None:
    """Those of one cause alone."""
    (moves,) = moves_with([cause], result)
    return moves


@pytest.mark.parametrize("pull", [0.0, 0.3, 0.5])
def test_p_is_that_of_scipys_permutation_test(pull: float):
    """With one lag alone: two-sided, within what two random samples of shuffles may differ by."""
    import numpy as np
    from scipy.stats import permutation_test, spearmanr

    x = noise(3, 24)
    y = [pull * a + b for a, b in zip(x, noise(4, 24), strict=True)]
    found = the_moves(x, shuffled(y, 1))
    oracle = permutation_test(
        (x,),
        lambda z: abs(spearmanr(z, y).statistic),
        permutation_type="pairings",
        alternative="greater",
        n_resamples=2000,
        rng=np.random.default_rng(5),
    )
    assert found is not None
    assert found.rho == pytest.approx(spearmanr(x, y).statistic)
    # Stopped at ten hits, a p of 0.5 rests on some twenty shuffles.
    p = float(oracle.pvalue)
    assert abs(found.p - p) < 4 * max(p / ENOUGH_HITS**0.5, (p * (1 - p) / 2000) ** 0.5)


@pytest.mark.parametrize("seed", range(5))
def test_a_shuffle_just_as_strong_counts_whichever_way_it_goes(seed: int):
    """Of eight months of three values many shuffles are as strong as what was found: turned upside down it has the same p."""
    x, y = noise(seed, 8, most=2), noise(seed + 50, 8, most=2)
    found, turned = the_moves(x, shuffled(y, 1)), the_moves(x, shuffled([-value for value in y], 1))
    assert found is not None
    assert turned is not None
    assert (turned.rho, turned.p) == (pytest.approx(-found.rho), found.p)


def test_the_best_lag_pays_for_being_chosen():
    """Its p counts the shuffles whose best lag is as strong: written out with scipy, shuffle by shuffle."""
    from scipy.stats import spearmanr

    x, y = noise(8, 26), noise(9, 20)
    result = shuffled(y, 7)
    found = the_moves(x, result)
    assert found is not None

    def strongest(values: list[float]) -> list[float]:
        return [abs(spearmanr(x[6 - lag : 26 - lag], values).statistic) for lag in range(7)]

    observed = strongest([float(v) for v in y])
    assert abs(found.rho) == pytest.approx(max(observed))
    assert found.lag == observed.index(max(observed))
    hits = tried = 0
    for values in result.shuffled():
        tried += 1
        hits += max(strongest(values)) >= max(observed) - 1e-9
        if hits == ENOUGH_HITS:
            break
    assert found.p == (hits / tried if hits == ENOUGH_HITS else (hits + 1) / (tried + 1))


def test_a_lag_is_counted_from_cause_to_result():
    """What was done shows two months later."""
    did = noise(1, 26)
    result = did[4:24]
    found = the_moves(did, shuffled(result, 1))
    assert found is not None
    assert (found.lag, found.n) == (2, 20)
    assert found.rho == pytest.approx(1)
    # No shuffle of twenty months comes near.
    assert found.p == 1 / 2000
    against = the_moves(did, shuffled([-value for value in result], 1))
    assert against is not None
    assert against.rho == pytest.approx(-1)


def test_what_does_not_vary_goes_with_nothing():
    """None, not 0, for either side."""
    assert the_moves([3] * 20, shuffled(noise(1, 20), 1)) is None
    assert the_moves(noise(1, 20), shuffled([3] * 20, 1)) is None


def test_the_same_seed_gives_the_same_p():
    """A figure that is read twice is the same twice, whatever was asked before."""
    x, other, y = noise(1, 30), noise(2, 30), noise(3, 24)
    shared = shuffled(y, 11)
    the_moves(other, shared)
    assert the_moves(x, shared) == the_moves(x, shuffled(y, 11))


def test_causes_held_against_a_result_together_are_as_each_by_itself():
    """Those that go with it and those that don't, one that does not vary, lags of which some do not vary."""
    result = noise(3, 24)
    causes = [
        *(noise(seed, 30) for seed in range(40, 48)),
        [5.0] * 30,
        [0.0] * 6 + [float(value) for value in result],
        [0.0] * 29 + [1.0],
    ]
    together = moves_with(causes, shuffled(result, 5))
    assert together == [the_moves(cause, shuffled(result, 5)) for cause in causes]
    assert together[8] is None
    assert together[9] is not None
    assert together[9].p == 1 / 2000
    assert moves_with([], shuffled(result, 5)) == []


def test_p_is_level_where_nothing_is_planted():
    """Of 400 pairs of noise at most 5 % and a margin have p ≤ 0.05."""
    from scipy.stats import binom

    found = [the_moves(noise(2 * i, 24), shuffled(noise(2 * i + 1, 18), i)) for i in range(400)]
    alarms = sum(one is not None and one.p <= 0.05 for one in found)
    assert alarms <= binom.ppf(0.999, 400, 0.05)


def test_holm_by_hand():
    """0.01 × 4, 0.02 × 3, then 0.03 × 2 held up by the one before, then 0.5 × 1."""
    assert holm([0.03, 0.01, 0.5, 0.02]) == pytest.approx([0.06, 0.04, 0.5, 0.06])
    assert holm([0.4, 0.9]) == pytest.approx([0.8, 0.9])
    assert holm([0.7, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.integers(1, 2000), max_size=12), st.integers(1, 400))
def test_holm_rejects_what_its_steps_reject(thousandths: list[int], level: int):
    """The procedure itself: go up the sorted p-values while each is at most level / (tests left)."""
    found, level_at = [n / 2000 for n in thousandths], level / 2000 + 1e-12
    rejected: set[float] = set()
    for place, p in enumerate(sorted(found)):
        if p * (len(found) - place) > level_at:
            break
        rejected.add(p)
    assert {p for p, adjusted in zip(found, holm(found), strict=True) if adjusted <= level_at} == rejected


def test_of_equally_strong_lags_the_shortest():
    """A series that comes again after three months goes as well with the result at once as three months later."""
    cause = [1, 5, 9] * 8
    found = the_moves(cause, shuffled([2.0 * value for value in cause[6:]], 1))
    assert found is not None
    assert (found.lag, round(found.rho, 9)) == (0, 1)
