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


def test_what_all_came_to_has_no_interval_though_its_parts_lack_a_hair_of_one():
    """Seven won: two on day 1, four on day 2, one on day 5. 2/7 + 5/7 × 4/5 + 1/7 is 0.9999999999999999 to a computer."""
    steps = aalen_johansen({"won": {1: 2, 2: 4, 5: 1}, "lost": {}}, {})
    assert steps[-1].reached == pytest.approx({"won": 1, "lost": 0})
    assert [set(step.bounds) for step in steps] == [{"won"}, {"won"}, set()]


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
        fitter = lifelines.AalenJohansenFitter(calculate_variance=True)
        fitter.fit(pandas.Series(days), pandas.Series(ends), event_of_interest=end)
        curve = fitter.cumulative_density_.iloc[:, 0]
        for step in steps:
            assert step.reached[str(end)] == pytest.approx(curve.loc[step.day], abs=1e-12)
        between = fitter.confidence_interval_
        compared = 0
        for step in steps:
            # Lifelines divide by zero where the last deal at risk ends.
            if step.at_risk > 1 and (bounds := step.bounds.get(str(end))) is not None:
                ours, theirs = sorted(bounds), sorted(between.loc[step.day])
                assert ours == pytest.approx(theirs, abs=1e-9)
                compared += 1
        assert compared > 150


def test_an_interval_by_hand():
    """One of four is won on day 1 and nothing else happened: F 1/4, its variance 1/4 × 3/4 / 4 = 3/64; on the scale of log(−log) the
    error is √(3/64) / (1/4 × ln 4) = 0.6247, so the bounds are (1/4)^e^±1.2244. Of none and of all there is no interval."""
    (step,) = aalen_johansen({"won": {1: 1}, "lost": {}}, {9: 3})
    assert step.bounds == {"won": pytest.approx((0.25**3.4022, 0.25 ** (1 / 3.4022)), abs=1e-4)}
    assert aalen_johansen({"won": {1: 4}}, {})[0].bounds == {}


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
