"""How far two groups are parted, and how often chance would part them so: against scipy."""

from random import Random

import numpy as np
import pytest
import scipy

from nippo_cli.line.ranks import ENOUGH_HITS, PERMUTATIONS
from nippo_cli.line.ranksum import Draws, parted

FIRST = [1.0, 4.0, 4.0, 6.0, 7.5]
OTHERS = [0.0, 1.0, 2.0, 4.0]


def effect(first: list[float], others: list[float]) -> float:
    """How far the first lie above the others."""
    of = len(first), len(others)
    found = parted([*first, *others], [True] * of[0] + [False] * of[1], Draws(sum(of), of[0], 1))
    assert found is not None
    return found.effect


def test_the_effect_is_the_share_of_pairs_won_less_the_share_lost():
    """Of 20 pairs the first is larger in 15 and smaller in 2, three are ties: 13 / 20, however often each value stands."""
    assert effect(FIRST * 3, OTHERS * 3) == pytest.approx(13 / 20)


@pytest.mark.parametrize("seed", range(8))
def test_the_effect_agrees_with_mann_and_whitney(seed):
    """2U / (n₁n₂) − 1, with ties and without."""
    draw = Random(seed)
    first = [float(draw.randint(0, 6)) for _ in range(draw.randint(10, 30))]
    others = [draw.random() * 6 if seed % 2 else float(draw.randint(0, 6)) for _ in range(draw.randint(10, 30))]
    u = scipy.stats.mannwhitneyu(first, others).statistic
    assert effect(first, others) == pytest.approx(2 * u / (len(first) * len(others)) - 1)


@pytest.mark.parametrize("shift", [0.0, 0.6, 1.0])
def test_p_is_that_of_a_permutation_test(shift):
    """Scipy's own shuffles of the same statistic, ten times as many, say the same within chance."""
    draw = Random(7)
    first = [draw.gauss(shift, 1) for _ in range(24)]
    others = [draw.gauss(0, 1) for _ in range(31)]
    found = parted([*first, *others], [True] * 24 + [False] * 31, Draws(55, 24, 1))
    assert found is not None
    told = scipy.stats.permutation_test(
        (first, others), lambda a, b: abs(np.sign(np.subtract.outer(a, b)).mean()), n_resamples=9999, alternative="greater",
        rng=3, vectorized=False,
    )  # fmt: skip
    # Left off after so many hits the estimate's deviation is about p / √hits; run to the end √(p / 1999).
    spread = max(told.pvalue / ENOUGH_HITS**0.5, (told.pvalue / PERMUTATIONS) ** 0.5)
    assert abs(found.p - told.pvalue) <= 4 * spread + 1 / PERMUTATIONS


@pytest.mark.parametrize("seed", range(12))
def test_p_of_large_groups_is_that_of_mann_and_whitney(seed: int):
    """50 and more a side, ties and unknown values among them: scipy's normal approximation, to the last digits."""
    draw = Random(seed)
    sides = draw.randint(50, 400), draw.randint(50, 400)
    shift, known = seed % 4 * 0.4, 2 if seed % 3 else None
    first = [
        round(draw.gauss(shift, 1), known) if known else float(round(draw.gauss(shift, 1))) for _ in range(sides[0])
    ]
    others = [round(draw.gauss(0, 1), known) if known else float(round(draw.gauss(0, 1))) for _ in range(sides[1])]
    is_first = [True] * (sides[0] + 1) + [False] * (sides[1] + 2)
    found = parted([*first, None, *others, None, None], is_first, Draws(len(is_first), sides[0] + 1, 1))
    assert found is not None
    assert found.p == pytest.approx(scipy.stats.mannwhitneyu(first, others, method="asymptotic").pvalue, rel=1e-9)


class Counted(Draws):
    """Draws that count how often they were asked for."""

    asked = 0

    def __iter__(self):
        self.asked += 1
        return super().__iter__()


def test_large_groups_draw_no_shuffle_and_small_ones_do():
    """50 on both sides are the least; with 49 on one, chance is drawn."""
    values, sides = [float(n % 9) for n in range(100)], [n < 50 for n in range(100)]
    draws = Counted(100, 50, 3)
    parted(values, sides, draws)
    assert draws.asked == 0
    parted([None, *values[1:]], sides, draws)
    assert draws.asked == 1


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_at_the_least_size_the_normal_p_is_near_the_exact_one(shift: float):
    """50 a side, no ties: within a hundredth of what scipy counts out over all ways to deal them."""
    draw = Random(11)
    first, others = [draw.gauss(shift, 1) for _ in range(50)], [draw.gauss(0, 1) for _ in range(50)]
    found = parted([*first, *others], [True] * 50 + [False] * 50, Draws(100, 50, 1))
    assert found is not None
    assert found.p == pytest.approx(scipy.stats.mannwhitneyu(first, others, method="exact").pvalue, abs=0.01)


def test_many_alike_are_no_difference():
    """One value throughout, 60 a side: no effect, and chance does as well every time."""
    found = parted([1.0] * 120, [n < 60 for n in range(120)], Draws(120, 60, 1))
    assert found is not None
    assert (found.effect, found.p) == (0.0, 1.0)


def test_what_has_no_value_is_left_out_of_both_sides():
    """Unknown values change neither the counts nor the effect of what is known."""
    first, others = [float(n) for n in range(12)], [float(n) + 3 for n in range(11)]
    values = [*first, None, *others, None, None]
    is_first = [True] * 13 + [False] * 13
    found = parted(values, is_first, Draws(26, 13, 1))
    assert found is not None
    assert (found.n, found.others) == (12, 11)
    assert found.effect == pytest.approx(np.sign(np.subtract.outer(first, others)).mean())


def test_ten_a_side_are_the_least():
    """Nine on a side tell nothing, whatever they are."""
    values = [float(n) for n in range(20)]
    assert parted(values, [n < 10 for n in range(20)], Draws(20, 10, 1)) is not None
    assert parted(values[:-1], [n < 9 for n in range(19)], Draws(19, 9, 1)) is None


def test_all_alike_is_no_difference():
    """One value throughout: no effect, and chance does as well every time."""
    found = parted([1.0] * 20, [n < 10 for n in range(20)], Draws(20, 10, 1))
    assert found is not None
    assert (found.effect, found.p) == (0.0, 1.0)


def test_the_same_question_gets_the_same_figure():
    """The draws are seeded, and do not hang on which figure asked first."""
    values = [float(n % 7) for n in range(40)]
    sides = [n % 3 == 0 for n in range(40)]
    shared = Draws(40, sum(sides), 5)
    parted([float(n % 5) for n in range(40)], sides, shared)
    assert parted(values, sides, shared) == parted(values, sides, Draws(40, sum(sides), 5))


@pytest.mark.parametrize(("n", "size"), [(40, 20), (599, 297), (2000, 979), (2048, 1024), (30, 10), (500, 30), (21, 7)])
def test_draws_are_those_of_the_standard_library(n: int, size: int):
    """The same cases for the same seed, however they are drawn: a figure that was printed once is printed again."""
    oracle = Random(7)
    for nth, drawn in enumerate(Draws(n, size, 7)):
        assert sorted(drawn(range(n))) == sorted(oracle.sample(range(n), size))
        if nth == 20:
            break
