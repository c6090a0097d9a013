"""活動と売上: cohorts counted by hand, and signs that are there where they are planted and nowhere else."""

from collections import Counter
from datetime import date
from random import Random
from types import SimpleNamespace

import pytest
from lines import AGREEMENT

from nippo_cli.base.dates.calendar import month_name, month_number
from nippo_cli.gaps.activity import Triangle, find, held_against, last_full_month, triangle, won_stage
from nippo_cli.line.metrics import Metric
from nippo_cli.line.rate import Share

UPTO = month_number(date(2026, 10, 1))
STAGES = ("lead", "quote", "won")


def cohort(months_ago: int, size: int, **reached: dict[int, int]) -> Counter[Metric]:
    """Deals first met so many months before October, and when how many of them came to a stage."""
    name = month_name(UPTO - months_ago)
    found = Counter({Metric("cohort", "", name, False, 0): size})
    for stage, by_age in reached.items():
        found.update({Metric("cohort", stage, name, False, age): n for age, n in by_age.items()})
    return found


def ask(*cohorts: Counter[Metric], sold=None, stage: str = "won") -> Triangle:
    """The triangle of some cohorts."""
    return triangle(sum(cohorts, Counter()), sold, STAGES, upto=UPTO, stage=stage)


def test_a_cohort_is_counted_by_the_end_of_each_month():
    """Of ten deals first met in August, two quoted at once, three a month later, one won two months later."""
    found = ask(cohort(2, 10, quote={0: 2, 1: 3}, won={2: 1}), stage="quote").cohorts[0]
    assert (found.month, found.size) == (UPTO - 2, 10)
    assert [cell.share for cell in found.by_age] == [Share(2, 10), Share(5, 10), Share(5, 10)]
    assert {stage: cell.share.hits for stage, cell in found.reached.items()} == {"lead": 0, "quote": 5, "won": 1}


def test_a_month_that_is_not_over_is_not_counted():
    """What was reached in November, the month of the question, waits; so does who was first met in it."""
    found = ask(cohort(2, 10, won={2: 1, 3: 4}), cohort(-1, 7, lead={0: 7}))
    assert [c.month for c in found.cohorts] == [UPTO - 2, UPTO - 1, UPTO]
    assert found.cohorts[0].reached["won"].share == Share(1, 10)
    assert [len(c.by_age) for c in found.cohorts] == [3, 2, 1]
    assert found.cohorts[1].size == 0


def test_at_most_two_years_and_a_year_of_ages():
    """24 cohorts, 0–12 months elapsed."""
    found = ask(*(cohort(ago, 5) for ago in range(40)))
    assert (len(found.cohorts), found.cohorts[0].month) == (24, UPTO - 23)
    assert len(found.cohorts[0].by_age) == 13


def test_a_hole_is_marked_against_earlier_cohorts_at_the_same_age():
    """Half of each month's deals were quoted a month later; of May's none were. Older cohorts went on to nine in ten,
    which is no measure for one that is a month old."""
    usual = [cohort(ago, 20, quote={1: 10, 8: 8}) for ago in range(10, 5, -1)]
    found = ask(*usual, cohort(5, 20), cohort(1, 20, quote={1: 10}), stage="quote")
    by_month = {c.month: c for c in found.cohorts}
    may = by_month[UPTO - 5]
    assert may.reached["quote"].mark == "below"
    assert (may.reached["quote"].before.hits, may.reached["quote"].before.n) == (50, 100)
    assert [cell.mark for cell in may.by_age[:2]] == ["", "below"]
    assert by_month[UPTO - 1].reached["quote"].mark == ""
    assert all(not c.reached["quote"].mark for c in found.cohorts if c.month != UPTO - 5)
    assert found.marked == 1


def test_two_cohorts_are_no_measure():
    """Marks need three earlier cohorts, however large."""
    big = [cohort(ago, 500, quote={0: 250}) for ago in (3, 2)]
    assert ask(*big, cohort(1, 500)).marked == 0
    assert ask(cohort(4, 500, quote={0: 250}), *big, cohort(1, 500)).marked == 1


def test_what_the_ledger_shows_of_a_cohort():
    """Sales up to the last full month; None without a ledger."""
    name = month_name(UPTO - 1)
    found = ask(cohort(1, 3), cohort(0, 1), sold={(name, 0): 100, (name, 1): 20, (name, 2): 9})
    assert [c.sold for c in found.cohorts] == [120, 0]
    assert ask(cohort(1, 3)).cohorts[0].sold is None


@pytest.mark.parametrize(
    ("as_of", "month"), [("2026-11-23", "2026-10"), ("2026-11-29", "2026-10"), ("2026-11-30", "2026-11")]
)
def test_a_month_is_full_at_the_end_of_its_last_day(as_of, month):
    """Not before."""
    assert month_name(last_full_month(date.fromisoformat(as_of))) == month


# --- what goes with what


def noise(random: Random, months: int) -> dict[int, int]:
    """So many whole months up to October."""
    return {UPTO - ago: random.randint(0, 12) for ago in range(months)}


def ask_pairs(series, orders, **results):
    """The tests, by what was held against what."""
    found = held_against(
        {("did", key): months for key, months in series.items()},
        {"orders": orders, **results},
        written=[month for months in series.values() for month in months if month <= UPTO],
        upto=UPTO,
    )
    return {(test.key, test.result): test for test in found}


def test_a_planted_effect_is_found_with_its_lag():
    """Orders follow demos two months later, with some noise; visits do nothing."""
    random = Random(5)
    demos, visits = noise(random, 31), noise(random, 31)
    orders = {month: demos.get(month - 2, 0) * 2 + random.randint(0, 8) for month in demos}
    found = ask_pairs({"demo": demos, "visit": visits}, orders)
    demo, visit = found["demo", "orders"], found["visit", "orders"]
    assert (demo.state, demo.moves.lag) == ("moves", 2)
    assert demo.moves.rho > 0.6
    assert demo.p <= 0.05
    assert visit.state == "none"
    # The first month of the diary is left out, and six of the rest lie before the first result.
    assert (demo.months, demo.moves.n) == (30, 24)


def test_more_of_it_may_go_with_less():
    """An effect the other way round is found as such."""
    random = Random(6)
    visits = noise(random, 31)
    orders = {month: 30 - 2 * visits[month] + random.randint(0, 4) for month in visits}
    found = ask_pairs({"visit": visits}, orders)["visit", "orders"]
    assert (found.state, found.moves.lag) == ("moves", 0)
    assert found.moves.rho < -0.6


def test_false_alarms_stay_within_their_promise():
    """Two hundred diaries of pure noise, six series against two results: any alarm in at most 5 % of them, and a
    margin that chance goes beyond once in a thousand times."""
    from scipy.stats import binom

    alarms = 0
    for seed in range(200):
        random = Random(seed)
        series = {str(i): noise(random, 25) for i in range(6)}
        found = ask_pairs(series, noise(random, 25), ordered=noise(random, 25))
        alarms += any(test.state == "moves" for test in found.values())
    assert alarms <= binom.ppf(0.999, 200, 0.05)


@pytest.mark.parametrize(
    ("months", "state", "n", "lags"),
    [(8, "short", None, None), (12, "short", None, None), (13, "none", 12, 0), (16, "none", 12, 3), (19, "none", 12, 6),
     (60, "none", 36, 6)],
)  # fmt: skip
def test_too_little_says_so(months, state, n, lags):
    """Twelve pairs at least at every lag: one month more than that, for the first of a diary is not counted. Of many
    months the last 36 results are."""
    random = Random(months)
    found = ask_pairs({"visit": noise(random, months)}, noise(random, months))["visit", "orders"]
    assert (found.state, found.months) == (state, months - 1)
    assert (found.moves.n if found.moves else None) == n
    if lags is not None:
        assert found.moves.lag <= lags


def test_months_after_a_diary_ended_are_none_of_its_months():
    """An import that ends in May, read in November: its last month may be cut off, and after it nothing was not done."""
    random = Random(1)
    months = {month: n for month, n in noise(random, 30).items() if month <= UPTO - 5}
    found = ask_pairs({"visit": months}, {})["visit", "orders"]
    assert found.months == 30 - 5 - 2


def test_a_result_that_never_changes_is_not_tested():
    """Nothing sold in any month; it counts for nothing in the adjustment of the others."""
    random = Random(2)
    found = ask_pairs({"visit": noise(random, 30), "call": {UPTO - ago: 3 for ago in range(30)}}, noise(random, 30))
    assert found["call", "orders"].state == "flat"
    assert found["visit", "orders"].p == found["visit", "orders"].moves.p
    assert ask_pairs({"visit": noise(random, 30)}, {})["visit", "orders"].state == "flat"


def test_a_ledger_is_asked_for_its_own_months():
    """Fourteen months of sales in a diary of thirty: all lags can be tried, over fourteen results."""
    random = Random(3)
    sales = {UPTO - ago: random.randint(1, 9) for ago in range(2, 16)}
    found = ask_pairs({"visit": noise(random, 30)}, noise(random, 30), sales=sales)["visit", "sales"]
    assert (found.months, found.moves.n) == (14, 14)


def test_nothing_written_is_nothing_tested():
    """An empty diary has no tests."""
    assert ask_pairs({}, {}) == {}
    assert ask_pairs({"visit": {UPTO + 1: 4}}, {}) == {}


def test_without_a_deal_there_is_no_cohort():
    """Not even an empty one of the last month."""
    assert ask().cohorts == []


def test_a_cohort_is_held_against_the_two_years_before_it_and_no_more():
    """Of 48 months of a hundred deals each, 24 are before the last and 24 before the first that is shown."""
    found = ask(*(cohort(ago, 100, quote={0: ago + 1}) for ago in range(48)), stage="quote").cohorts
    last, first = found[-1].reached["quote"].before, found[0].reached["quote"].before
    assert (last.n, last.hits) == (2400, sum(range(2, 26)))
    assert (first.n, first.hits) == (2400, sum(range(25, 49)))


def test_the_last_full_month_is_a_cohort_too():
    """And the oldest of those that others are held against is 47 months before it."""
    found = ask(cohort(47, 9), cohort(23, 7), cohort(0, 4, quote={0: 1})).cohorts
    assert (found[-1].month, found[-1].size, found[-1].reached["quote"].share) == (UPTO, 4, Share(1, 4))
    assert (found[0].month, found[0].size) == (UPTO - 23, 7)
    assert found[0].reached["quote"].before.n == 9
    assert ask(cohort(48, 9), cohort(23, 7)).cohorts[0].reached["quote"].before.n == 0


def test_of_too_few_months_every_pair_says_so():
    """Two activities and two results: four pairs, none of them tested."""
    done = {month: month % 5 for month in range(UPTO - 8, UPTO + 1)}
    series = {("did", "call"): done, ("did", "visit"): done}
    found = held_against(series, {"orders": done, "ordered": done}, written=done, upto=UPTO)
    assert [(pair.key, pair.result, pair.state, pair.months, pair.p) for pair in found] == [
        (key, result, "short", 8, None) for result in ("orders", "ordered") for key in ("call", "visit")
    ]


def test_a_diary_ends_with_its_last_order_not_with_its_last_lead():
    """Leads came in the first four of ten months, orders in the rest: all but the first month and the last, the fifth before
    October, are full ones."""
    leads = Counter({Metric("enter", "lead", "", False, UPTO - ago): 3 for ago in range(14, 10, -1)})
    wins = Counter({Metric("enter", "won", "", False, UPTO - ago): 1 for ago in range(10, 4, -1)})
    orders = Counter({Metric("order", "", "", False, UPTO - ago): 1 for ago in range(10, 4, -1)})
    asked = facts()
    counters = {"did": Counter(), "enter": leads + wins, "order": orders, "ordered": orders, "cohort": Counter()}
    asked.counters = counters.__getitem__
    assert {pair.months for pair in find(asked).counted.tests} == {8}


def facts(*, ledger: dict[int, int] | None = None, stage: str = ""):
    """Fourteen months of calls and of leads that were entered, quotes and orders; entered after-stages and losses too."""
    months = range(UPTO - 13, UPTO + 2)

    def of(what, **per_month):
        return Counter({Metric(what, key, "", False, month): n for month in months for key, n in per_month.items()})

    counters = {
        "did": of("did", call=2) + of("did", gone=1), "enter": of("enter", lead=3, won=1, lost=1, follow=1, quote=2),
        "order": of("order", **{"": 1}), "ordered": of("ordered", **{"": 100}), "cohort": cohort(3, 20, won={1: 5}, quote={0: 9}),
    }  # fmt: skip
    return SimpleNamespace(
        as_of=date(2026, 11, 23), schema=AGREEMENT, stage=stage, counters=counters.__getitem__,
        ledger=SimpleNamespace(by_month=lambda: ledger or {}, by_cohort=lambda: {(month_name(UPTO - 3), 0): 7}),
    )  # fmt: skip


def test_what_is_held_against_what():
    """Each activity of the schema and each stage before the end; against the orders and their money, or the ledger."""
    pairs = find(facts()).counted.tests
    assert {(pair.what, pair.key, pair.result) for pair in pairs} == {
        (what, key, result)
        for what, key in (("did", "call"), ("enter", "lead"), ("enter", "quote"))
        for result in ("orders", "ordered")
    }
    assert {pair.state for pair in pairs} == {"flat"}
    with_ledger = find(facts(ledger={UPTO - 20: 5, UPTO: 7})).counted
    assert {pair.result for pair in with_ledger.tests} == {"orders", "sales"}
    assert with_ledger.triangle.cohorts[0].sold == 7
    assert find(facts()).counted.triangle.cohorts[0].sold is None


@pytest.mark.parametrize(("asked", "stage", "hits"), [("", "won", 5), ("quote", "quote", 9)])
def test_the_stage_that_is_looked_at_by_age(asked, stage, hits):
    """The one that is asked about, else that of the order."""
    shown = find(facts(stage=asked)).counted.triangle
    assert (shown.stage, shown.upto, shown.cohorts[0].by_age[3].share) == (stage, UPTO, Share(hits, 20))


def test_the_stage_of_the_order_is_the_last_where_none_is_said_to_win():
    """A schema of a service desk may have none."""
    assert won_stage(AGREEMENT) == "won"
    stages = tuple(stage for stage in AGREEMENT.stages if not stage.ends)
    assert won_stage(AGREEMENT._replace(stages=stages)) == "follow"
