"""滞留: which stays are beyond their norm, since when, and what is left out."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from nippo_cli.gaps.facts import LiveStay
from nippo_cli.gaps.stalled import stalled
from nippo_cli.line.metrics import Metric
from nippo_cli.line.norm import Norms
from nippo_cli.line.span import ClosedDays, Hold
from nippo_cli.schema.schema import Closure, Field, Kind, Schema, Stage

TODAY = date(2026, 11, 23)
SINCE = TODAY - timedelta(days=90)
AGREEMENT = Schema(
    name="test",
    language="ja",
    stages=(
        Stage("lead", "引合い", norm=14),
        Stage("visit", "訪問"),
        Stage("won", "受注", ends="won"),
        Stage("lost", "失注", ends="lost"),
    ),
    kinds=(Kind("new", "新規"), Kind("renewal", "更新", stalls=False), Kind("parts", "部品", norms={"lead": 5})),
    fields=(Field("stage", "フェーズ", "choice", "stage"),),
)
NONE = ClosedDays(())


def stay(days: int, *, deal: int = 1, stage: str = "lead", kind: str = "new", amount: int | None = 0, holds=()):
    """A live stay of so many days."""
    return LiveStay(deal, stage, kind, TODAY - timedelta(days=days), amount, holds)


def ask(*stays, schema=AGREEMENT, counted=None, censored=None, rest=NONE, min_stay=0):
    """The question, with what a test names."""
    norms = Norms(schema, counted or {}, censored or {})
    return stalled(stays, norms, rest, as_of=TODAY, since=SINCE, min_stay=min_stay)


def test_a_stay_as_long_as_its_norm_is_not_stalled():
    """14 days in a stage whose norm is 14; the 15th day is the first beyond it."""
    assert ask(stay(14))[0] == []
    (found,) = ask(stay(15))[0]
    assert (found.stay_days, found.norm.days, found.norm.source, found.began_on) == (15, 14, "schema", TODAY)


def test_new_means_that_it_passed_its_norm_inside_the_window():
    """Both ends of the window are in."""
    (first,), _ = ask(stay(14 + 1 + 90))
    assert (first.began_on, first.new) == (SINCE, True)
    (earlier,), _ = ask(stay(14 + 1 + 91))
    assert not earlier.new


def test_a_kind_has_its_own_norm_or_never_stalls():
    """Parts have 5 days in the lead stage; renewals never stall and are counted as such."""
    found, count = ask(stay(6, kind="parts"), stay(400, kind="renewal"))
    assert [(f.norm.days, f.norm.source) for f in found] == [(5, "kind")]
    assert (count.live, count.stalled, count.never_stalls) == (2, 1, 1)


def test_a_deal_in_no_known_stage_is_of_no_kind_that_never_stalls():
    """A list named no stage for it: it is counted apart."""
    found, count = ask(stay(400, stage=""), stay(3))
    assert (found, count.live, count.never_stalls, count.stage_unknown) == ([], 2, 0, 1)


def test_a_deal_on_hold_is_left_out_and_counted():
    """Its hold covers the day; the day after it ends, the deal is back, the held days taken off."""
    held = Hold(3, TODAY - timedelta(days=10), TODAY, "予算待ち")
    found, count = ask(stay(40, holds=(held,)))
    assert (found, count.on_hold) == ([], 1)
    ended = held._replace(last=TODAY - timedelta(days=1))
    (back,), _ = ask(stay(40, holds=(ended,)))
    assert back.stay_days == 30


def test_closed_days_lengthen_the_limit_and_not_the_stay():
    """16 days with two closed ones are within a norm of 14; the figures shown stay calendar days."""
    rest = ClosedDays([Closure("棚卸", "11-14", "11-15")])
    assert ask(stay(16), rest=rest)[0] == []
    (found,) = ask(stay(17), rest=rest)[0]
    assert (found.stay_days, found.norm.days, found.began_on) == (17, 14, TODAY)


def test_most_money_first_and_the_unknown_last():
    """Then by days beyond the norm."""
    found, count = ask(
        stay(20, deal=1, amount=None),
        stay(20, deal=2, amount=5),
        stay(30, deal=3, amount=9),
        stay(40, deal=4, amount=5),
    )
    assert [f.deal for f in found] == [3, 4, 2, 1]
    assert (count.live_amount, count.stalled_amount, count.share) == (19, 19, 1.0)


def test_min_stay_leaves_out_shorter_stays():
    """`--min-stay 60d`."""
    found, _ = ask(stay(59), stay(60, deal=2), min_stay=60)
    assert [f.deal for f in found] == [2]


def seen(days, n, *, stage="visit", kind="new", won=True):
    """So many ended stays of one length."""
    return {Metric("stay", stage, kind, won, days): n}


@pytest.mark.parametrize(
    ("counted", "censored", "expected"),
    [
        pytest.param({**seen(10, 9), **seen(40, 1)}, {}, (10, "won_kind", 10), id="the P90 of ten stays of won deals"),
        pytest.param(
            {**seen(10, 5), **seen(20, 5, kind="parts")}, {}, (20, "won", 10), id="of all kinds where one has too few"
        ),
        pytest.param(
            {**seen(10, 9), **seen(30, 3, won=False)}, {}, (10, "kaplan_meier", 12), id="Kaplan-Meier over all stays"
        ),
        pytest.param(
            {**seen(10, 4), **seen(30, 6, won=False)}, {"visit": {5: 30}}, (30, "kaplan_meier", 40), id="censored ones"
        ),
        pytest.param(
            {**seen(10, 4), **seen(30, 6, won=False)}, {"visit": {60: 90}}, (30, "default", 10), id="never reached"
        ),
        pytest.param({**seen(10, 9)}, {}, (30, "default", 9), id="too few"),
    ],
)
def test_a_norm_is_learned_where_none_is_stated(counted, censored, expected):
    """The first rule that applies, with its source and n."""
    norm = Norms(AGREEMENT, counted, censored).of("visit", "new")
    assert (norm.days, norm.source, norm.n) == expected


def test_the_quiet_limit_and_its_sources():
    """The schema's; the P95 of won deals' contact gaps from n = 20; 60 days."""
    gaps = {Metric("gap", "", "", True, 7): 19, Metric("gap", "", "", True, 50): 1}
    assert Norms(AGREEMENT, gaps, {}).quiet() == (7, "won", 20)
    others = {Metric("did", "call", "", False, 24_315): 900, Metric("stay", "lead", "", True, 90): 900}
    assert Norms(AGREEMENT, {**gaps, **others}, {}).quiet() == (7, "won", 20)
    assert Norms(AGREEMENT, {Metric("gap", "", "", True, 7): 19}, {}).quiet() == (60, "default", 19)
    assert Norms(AGREEMENT._replace(quiet=45), gaps, {}).quiet() == (45, "schema", 0)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 10**9)), max_size=40))
def test_the_count_adds_up(stays: list[tuple[int, int]]):
    """Every live deal is looked at, and money stalled is part of money live."""
    found, count = ask(*(stay(d, deal=i, amount=a) for i, (d, a) in enumerate(stays)))
    assert count.live == len(stays)
    assert count.stalled == len(found) == sum(d > 14 for d, _ in stays)
    assert count.stalled_amount == sum(a for d, a in stays if d > 14)
    assert Counter(f.deal for f in found).total() == len({f.deal for f in found})


def test_an_amount_of_nothing_is_an_amount():
    """One yen before none, none before unknown, however long they stay."""
    found, count = ask(stay(90, deal=1, amount=None), stay(80, deal=2, amount=0), stay(70, deal=3, amount=1))
    assert [one.deal for one in found] == [3, 2, 1]
    assert (count.stalled, count.stalled_amount, count.live_amount) == (3, 1, 1)


def test_what_is_left_out_hides_nothing_behind_it():
    """A kind that never stalls, a deal on hold, a short stay, one below `--min-stay`, one that was on hold for most of it; the
    last is found."""
    held = (Hold(9, TODAY, TODAY, "予算"),)
    was_held = (Hold(8, TODAY - timedelta(75), TODAY - timedelta(1), "予算"),)
    stays = [
        stay(80, deal=1, kind="renewal"), stay(80, deal=2, holds=held), stay(3, deal=3), stay(50, deal=4),
        stay(80, deal=6, holds=was_held), stay(80, deal=5),
    ]  # fmt: skip
    found, count = ask(*stays, min_stay=60)
    assert ([one.deal for one in found], count.live, count.on_hold, count.never_stalls) == ([5], 6, 1, 1)


def test_norms_that_were_asked_for_stand_in_the_order_of_the_schema():
    """By stage, then by kind; without a kind before those with one, what the schema does not know at the end."""
    norms = Norms(AGREEMENT, {}, {})
    for stage, kind in (
        ("gone", "new"),
        ("visit", "parts"),
        ("visit", "new"),
        ("visit", ""),
        ("lead", "parts"),
        ("lead", ""),
    ):
        norms.of(stage, kind)
    assert [(norm.stage, norm.kind) for norm in norms.used()] == [
        ("lead", ""), ("lead", "parts"), ("visit", ""), ("visit", "new"), ("visit", "parts"), ("gone", "new"),
    ]  # fmt: skip
