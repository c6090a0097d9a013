"""Cumulative incidence under competing risks, held against lifelines and against sums done by hand."""

import random
from collections import Counter
from pathlib import Path

import pytest

from nippo_cli.line.incidence import aalen_johansen, at_risk_on, reached_by

SURVIVAL = Path(__file__).parents[3] / "shared" / "data" / "survival"


def test_five_deals_by_hand():
    """Won after 2 and 5 days, lost after 3, open since 4 and 6. At risk 5, 4, 3, 2, 1.

    Won by day 2: 1/5. Lost by day 3: 4/5 × 1/4 = 1/5. After day 3 3/5 go on; the one open since 4 days leaves the risk.
    Won by day 5: 1/5 + 3/5 × 1/2 = 1/2.
    """
    steps = aalen_johansen({"won": {2: 1, 5: 1}, "lost": {3: 1}}, {4: 1, 6: 1})
    assert [(s.day, s.at_risk) for s in steps] == [(2, 5), (3, 4), (5, 2)]
    assert steps[-1].reached == pytest.approx({"won": 0.5, "lost": 0.2})
    assert reached_by(steps, 4) == pytest.approx({"won": 0.2, "lost": 0.2})
    assert reached_by(steps, 1) == {}
    assert at_risk_on({"won": {2: 1, 5: 1}, "lost": {3: 1}}, {4: 1, 6: 1}, 4) == 3


def test_ends_and_censoring_on_one_day_by_hand():
    """Of ten at risk on day 7 three are won, two lost and one was last seen: 3/10 and 2/10; then four are at risk, and
    one of them is lost on day 9: 2/10 + 5/10 × 1/4."""
    steps = aalen_johansen({"won": {7: 3}, "lost": {7: 2, 9: 1}}, {7: 1, 20: 3})
    assert steps[0].reached == pytest.approx({"won": 0.3, "lost": 0.2})
    assert steps[1].reached == pytest.approx({"won": 0.3, "lost": 0.2 + 0.5 / 4})


def test_without_censoring_it_is_the_share_that_ended():
    """Where every deal is followed to its end, the curve is a plain count."""
    dice = random.Random(3)
    ended = {end: Counter(dice.randint(0, 90) for _ in range(60)) for end in ("won", "lost", "fizzled")}
    for step in aalen_johansen(ended, {}):
        for end, days in ended.items():
            assert step.reached[end] == pytest.approx(sum(n for d, n in days.items() if d <= step.day) / 180)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_lifelines_finds(seed):
    """On days without ties, where lifelines need not move any: every step of every end."""
    pandas, lifelines = pytest.importorskip("pandas"), pytest.importorskip("lifelines")
    dice = random.Random(seed)
    days = dice.sample(range(1, 2000), 300)
    ends = [dice.choice((0, 1, 1, 2, 3)) for _ in days]
    tallies = {end: {d: 1 for d, e in zip(days, ends, strict=True) if e == end} for end in range(4)}
    steps = aalen_johansen({str(end): tallies[end] for end in (1, 2, 3)}, tallies[0])
    for end in (1, 2, 3):
        fitter = lifelines.AalenJohansenFitter(calculate_variance=False)
        fitter.fit(pandas.Series(days), pandas.Series(ends), event_of_interest=end)
        curve = fitter.cumulative_density_.iloc[:, 0]
        for step in steps:
            assert step.reached[str(end)] == pytest.approx(curve.loc[step.day], abs=1e-12)


def test_of_one_end_it_is_one_less_kaplan_meier():
    """The lung data of lifelines, ties and all: 228 patients, status 2 is death."""
    file = SURVIVAL / "lung.csv"
    if not file.exists():
        pytest.skip("the shared survival data is not here")
    pandas, lifelines = pytest.importorskip("pandas"), pytest.importorskip("lifelines")
    lung = pandas.read_csv(file)
    died = lung["status"] == 2
    steps = aalen_johansen({"died": Counter(lung["time"][died])}, Counter(lung["time"][~died]))
    curve = lifelines.KaplanMeierFitter().fit(lung["time"], died).survival_function_.iloc[:, 0]
    assert len(steps) == lung["time"][died].nunique()
    for step in steps:
        assert step.reached["died"] == pytest.approx(1 - curve.loc[step.day], abs=1e-12)
