"""見込みと実績: a year of promises worked out by hand."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, strategies as st
from lines import line_of, point

from nippo_cli.base.dates.calendar import month_number
from nippo_cli.base.dates.when import When
from nippo_cli.gaps.aims import Aim, aims
from nippo_cli.gaps.promises import BECAME, Missed, PromiseJudge, add_up, full_months, look, missed
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.promised import MonthMoney, Promised, Target, ordered_money
from nippo_cli.line.span import ClosedDays, Hold
from nippo_cli.schema.schema import Field, Rank, Schema, Stage

TODAY = date(2026, 11, 23)
SEP, OCT = (month_number(date(2026, month, 1)) for month in (9, 10))
AGREEMENT = Schema(
    name="test",
    language="ja",
    stages=(Stage("quote", "見積"), Stage("won", "受注", ends="won"), Stage("lost", "失注", ends="lost")),
    ranks=(Rank("A", "A", chance=0.8, was=("Z",)), Rank("B", "B", chance=0.5), Rank("C", "C")),
    fields=(Field("stage", "フェーズ", "choice", "stage"),),
)
JUDGE = PromiseJudge(AGREEMENT, 60, ClosedDays(()), TODAY)


def promised(deal: int, amount: int | None = 100, rank: str = "A", owner: str = "佐藤", *, held=False) -> Promised:
    """A deal as it stood on the eve."""
    return Promised(deal, amount, rank, owner, held)


def head(deal: int, fate: str = "live", closed: str | None = None, **changed: Any) -> DealSummary:
    """The same deal on the day that is asked about; heard of three weeks ago."""
    on = date.fromisoformat(closed) if closed else None
    found: dict[str, Any] = dict.fromkeys(DealSummary._fields)
    found |= {
        "id": deal, "name": f"案件{deal}", "customer": "", "kind": "", "owner": "佐藤", "fate": fate, "closed_on": on,
        "stage": {"live": "quote"}.get(fate, fate), "amount": 100, "holds": (), "began_on": date(2026, 1, 5),
        "heard_on": date(2026, 11, 2),
    }  # fmt: skip
    return DealSummary(**(found | changed))


def keep(month: int, of: list[Promised], heads: dict[int, DealSummary], ordered=(), ledger=None):
    """A month."""
    return JUDGE.outcome(month, of, heads, list(ordered_money(ordered)), ledger)


def aims_of_orders(targets: list[Target], of: dict[int, list[Promised]], ordered: Sequence[DealSummary]) -> list[Aim]:
    """The targets against orders."""
    return aims(targets, of, ordered_money(ordered), {one.id: one for one in ordered})


def test_what_became_of_exactly_those_deals():
    """One of each: won in the month, after it, before it (and written down later), lost, fizzled, open, taken back."""
    heads = {
        1: head(1, "won", "2026-09-30"),
        2: head(2, "won", "2026-10-01"),
        3: head(3, "won", "2026-08-31"),
        4: head(4, "lost", "2026-09-02"),
        5: head(5, heard_on=date(2026, 9, 23)),
        6: head(6, heard_on=date(2026, 9, 24)),
    }
    kept = keep(SEP, [promised(n) for n in range(1, 8)], heads)
    assert {name: kept.became[name].deals for name in BECAME} == {
        "won": (1,), "later": (2,), "earlier": (3,), "lost": (4,), "fizzled": (5,), "open": (6,), "gone": (7,),
    }  # fmt: skip
    assert (kept.promised.deals, kept.promised.amount) == ((1, 2, 3, 4, 5, 6, 7), 700)
    assert (kept.hit_rate, kept.money_rate) == (1 / 7, 1 / 7)


def test_the_hit_rate_counts_what_was_promised_and_not_what_it_was_won_for():
    """Promised 300 and 100; the first was won, for 250."""
    kept = keep(SEP, [promised(1, 300), promised(2, 100)], {1: head(1, "won", "2026-09-10", amount=250), 2: head(2)})
    assert (kept.hit_rate, kept.money_rate, kept.became["won"].amount, kept.won_for) == (0.5, 0.75, 300, 250)


def test_weighted_by_the_chance_of_the_confidence_of_then():
    """100 × 0.8, 200 × 0.5, and a rank that was renamed since; one without a chance and one without an amount are
    counted apart."""
    found = [promised(1), promised(2, 200, "B"), promised(3, 50, "Z"), promised(4, 900, "C"), promised(5, None)]
    kept = keep(SEP, found, {})
    assert (kept.weighted, kept.unweighted) == (80 + 100 + 40, 2)
    assert (kept.promised.amount, kept.promised.without_amount) == (1250, 1)


def test_a_deal_on_hold_then_is_no_promise():
    """It is counted apart; won all the same, it was won unpromised."""
    won = head(1, "won", "2026-09-10")
    kept = keep(SEP, [promised(1, held=True), promised(2)], {1: won, 2: head(2)}, [won])
    assert (kept.promised.deals, kept.on_hold, kept.unpromised.deals) == ((2,), 1, (1,))


def test_won_unpromised():
    """Won in the month and not promised for it; another month's wins are another month's."""
    ordered = [head(1, "won", "2026-09-10"), head(2, "won", "2026-09-11", amount=7), head(3, "won", "2026-10-01")]
    kept = keep(SEP, [promised(1)], {1: ordered[0]}, ordered, 42)
    assert (kept.unpromised.deals, kept.unpromised.amount, kept.ledger) == ((2,), 7, 42)


def test_two_promises_that_were_merged_into_one_order():
    """Both were kept; what it was won for counts once, and it is not won unpromised as well."""
    joint = head(2, "won", "2026-09-10", amount=150)
    kept = keep(SEP, [promised(1), promised(2)], {1: joint, 2: joint}, [joint])
    assert (kept.became["won"].deals, kept.won_for, kept.unpromised.deals) == ((1, 2), 150, ())


def test_months_add_up():
    """A deal promised for two months counts in both; a ledger that is not there adds nothing."""
    heads = {1: head(1, "won", "2026-10-05")}
    months = [keep(SEP, [promised(1)], heads, (), 5), keep(OCT, [promised(1)], heads, (), 6)]
    total = add_up(months)
    assert (total.promised.deals, total.promised.amount, total.weighted, total.ledger) == ((1, 1), 200, 160, 11)
    assert (total.became["later"].deals, total.became["won"].deals, total.hit_rate) == ((1,), (1,), 0.5)
    assert add_up([keep(SEP, [], {})]).ledger is None
    assert add_up([]).hit_rate is None


def test_a_missed_deal_comes_once_with_its_months():
    """Promised for September and October and still open: since 1 October, most money first, unknown money last."""
    of = {SEP: [promised(1, 100), promised(2, 80), promised(3)], OCT: [promised(1, 90, "B")]}
    heads = {1: head(1, amount=70), 2: head(2, "won", "2026-09-02"), 3: head(3, "lost", "2026-10-02", amount=None)}
    kept = [keep(month, found, heads) for month, found in of.items()]
    first, second = missed(kept, of, heads, since=date(2026, 8, 25), as_of=TODAY)
    assert (first.deal, first.months, first.began_on, first.new, first.measure) == (
        1, (SEP, OCT), date(2026, 10, 1), True, 2,
    )  # fmt: skip
    assert (first.amount, first.promised_amount, first.confidence, first.became) == (70, 90, "B", "open")
    assert (second.deal, second.became, second.amount) == (3, "lost", None)


def test_a_month_that_ends_today_is_missed_today():
    """Its last day is over when it is asked about at its end; no finding begins tomorrow."""
    of, heads = {OCT: [promised(1)]}, {1: head(1)}
    (found,) = missed([keep(OCT, of[OCT], heads)], of, heads, since=date(2026, 8, 2), as_of=date(2026, 10, 31))
    assert (found.began_on, found.new) == (date(2026, 10, 31), True)


@pytest.mark.parametrize(
    ("since", "as_of", "months"),
    [
        ("2026-08-25", "2026-11-23", ["2026-09", "2026-10"]),
        ("2026-09-01", "2026-10-31", ["2026-09", "2026-10"]),
        ("2026-09-02", "2026-10-30", []),
        ("2025-12-31", "2026-01-31", ["2026-01"]),
        ("2026-11-16", "2026-11-23", []),
    ],
)
def test_full_months_of_a_window(since, as_of, months):
    """Both ends of the window are in it."""
    found = full_months(date.fromisoformat(since), date.fromisoformat(as_of))
    assert [f"{n // 12}-{n % 12 + 1:02}" for n in found] == months


def test_targets_by_owner_and_month():
    """目標・受注・見込・差: everyone's first; who has orders and no target is there too; months without a target are not."""
    targets = [Target(1, "佐藤", SEP, 500), Target(2, "鈴木", SEP, 300)]
    of = {SEP: [promised(1, 200), promised(2, 50, owner="田中"), promised(3, 999, held=True)], OCT: [promised(4)]}
    ordered = [
        head(1, "won", "2026-09-10", amount=180),
        head(5, "won", "2026-09-11", amount=400, owner="鈴木"),
        head(6, "won", "2026-10-11", amount=400),
    ]
    found = aims_of_orders(targets, of, ordered)
    assert [(a.owner, a.target, a.came, a.promised, a.difference) for a in found] == [
        ("", 800, 580, 250, -220),
        ("佐藤", 500, 180, 200, -320),
        ("田中", None, 0, 50, None),
        ("鈴木", 300, 400, 0, 100),
    ]
    assert {a.month for a in found} == {SEP}


def test_an_owner_is_one_however_the_name_is_written():
    """Ｓａｔｏ of the target list is Sato of the diary."""
    (everyone, sato) = aims_of_orders([Target(1, "Ｓａｔｏ", SEP, 5)], {SEP: [promised(1, owner="Sato")]}, ())
    assert (everyone.target, sato.promised) == (5, 100)


FATES = st.sampled_from([("live", None), ("won", "2026-09-15"), ("won", "2026-10-15"), ("lost", "2026-09-20")])


@given(st.lists(st.tuples(FATES, st.integers(0, 10**9), st.booleans(), st.booleans()), max_size=30))
def test_every_promise_is_somewhere(deals):
    """Nothing leaves the denominator silently: what became of them adds up to what was promised, in deals and money."""
    of = [promised(n, amount, held=held) for n, (_, amount, held, _) in enumerate(deals)]
    heads = {n: head(n, *fate) for n, (fate, _, _, gone) in enumerate(deals) if not gone}
    kept = keep(SEP, of, heads)
    assert sorted(chain.from_iterable(kept.became[name].deals for name in BECAME)) == list(kept.promised.deals)
    assert sum(kept.became[name].amount for name in BECAME) == kept.promised.amount
    assert len(kept.promised.deals) + kept.on_hold == len(deals)


def test_a_hold_of_today_keeps_a_deal_from_fizzling():
    """Silent for long, but on hold: still open."""
    hold = Hold(1, date(2026, 11, 1), date(2026, 12, 31), "予算待ち")
    held = head(1, heard_on=date(2026, 6, 1), holds=(hold,))
    assert keep(SEP, [promised(1)], {1: held}).became["open"].deals == (1,)
    ahead = head(1, heard_on=date(2026, 6, 1), next_on=When.day(date(2026, 12, 1)))
    assert keep(SEP, [promised(1)], {1: ahead}).became["open"].deals == (1,)


def test_an_order_without_an_amount_adds_nothing():
    """To what was ordered, promised or aimed at."""
    ordered = [head(1, "won", "2026-09-10", amount=None), head(2, "won", "2026-09-11", amount=7)]
    found = aims_of_orders([Target(1, "佐藤", SEP, 50)], {SEP: [promised(1, None), promised(2, 3)]}, ordered)
    assert [(aim.owner, aim.target, aim.came, aim.promised) for aim in found] == [("", 50, 7, 3), ("佐藤", 50, 7, 3)]


def test_missed_deals_come_with_most_money_first():
    """Unknown last; nothing before it."""
    of = [promised(deal) for deal in (1, 2, 3, 4)]
    heads = {deal: head(deal, amount=amount) for deal, amount in ((1, None), (2, 0), (3, 9), (4, 1))}
    found = missed([keep(OCT, of, heads)], {OCT: of}, heads, since=date(2026, 8, 25), as_of=TODAY)
    assert [one.deal for one in found] == [3, 4, 2, 1]


def test_the_entries_that_a_missed_deal_rests_on():
    """The last promise before each month, and the order: of an August promise renewed on 20 August and put off on 10
    September, entries 3 and 4; 6 won it."""
    line = line_of(
        point(1, "8/1", "quote", closes="9/10"), point(2, "8/10"), point(3, "8/20", closes="9/20"),
        point(4, "9/10", closes="10/31"), point(5, "9/20", confidence="A", amount=5, step="電話"), point(6, "11/5", "won"),
    )  # fmt: skip
    missing = Missed(1, "won", date(2026, 10, 1), True, 100, (SEP, OCT), "later", 100, "A")
    assert look(SimpleNamespace(lines=lambda _: {1: line}), [missing]) == [(3, 4, 6)]
    assert look(SimpleNamespace(lines=lambda _: {1: line}), [missing._replace(months=(OCT,))]) == [(4, 6)]


def test_an_order_whose_amount_is_unknown_was_won_for_nothing_known():
    """Promised with 100, won without an amount."""
    kept = keep(
        OCT, [promised(1), promised(2)], {1: head(1, "won", "2026-10-05", amount=None), 2: head(2, "won", "2026-10-06")}
    )
    assert (kept.won_for, kept.became["won"].amount, kept.became["won"].without_amount) == (100, 200, 0)


def test_of_equal_amounts_the_one_promised_in_vain_most_often_first():
    """Two months before one, then by deal."""
    of = {SEP: [promised(3), promised(4)], OCT: [promised(deal) for deal in (1, 2, 3, 4)]}
    heads = {deal: head(deal) for deal in (1, 2, 3, 4)}
    found = missed(
        [keep(month, asked, heads) for month, asked in of.items()], of, heads, since=date(2026, 8, 25), as_of=TODAY
    )
    assert [(one.deal, one.measure) for one in found] == [(3, 2), (4, 2), (1, 1), (2, 1)]


def test_a_chance_is_that_of_the_rank_wherever_it_stands():
    """The schema may list the lowest first; one that it does not know, or that has no chance, weighs nothing."""
    ranks = (Rank("C", "C", chance=0.1), Rank("A", "A", chance=0.8), Rank("B", "B"))
    judge = JUDGE._replace(schema=AGREEMENT._replace(ranks=ranks))
    of = [
        promised(1, 1000, "A"),
        promised(2, 100, "C"),
        promised(3, 10, "B"),
        promised(4, 10, "?"),
        promised(5, None, "A"),
    ]
    found = judge.outcome(OCT, of, {}, (), None)
    assert (found.weighted, found.unweighted) == (810, 3)


def test_by_sales_a_promise_is_held_against_what_the_ledger_shows_in_its_month():
    """Promised 300 and 100 for September; the first was won in August and invoiced in two parts in September, the second won in
    September and invoiced in October. Of September's ledger 40 are of another deal, 5 of none; an order itself counts nothing."""
    judge = JUDGE._replace(basis="sale")
    heads = {1: head(1, "won", "2026-08-31", amount=250), 2: head(2, "won", "2026-09-20")}
    rows = [(SEP, 1, 200), (SEP, 1, 50), (SEP, 9, 40), (SEP, None, 5), (OCT, 2, 100)]
    month = judge.outcome(SEP, [promised(1, 300), promised(2, 100)], heads, [MonthMoney(*row) for row in rows], 295)
    assert (month.in_time.deals, month.won_for, month.unpromised.amount) == ((1,), 250, 45)
    assert (month.hit_rate, month.money_rate) == (0.5, 250 / 400)
    assert month.won_for + month.unpromised.amount == month.ledger
    assert {name: month.became[name].deals for name in ("won", "earlier")} == {"won": (2,), "earlier": (1,)}


def test_targets_are_held_against_sales_of_each_owners_deals():
    """佐藤's deal brought 70; 5 of the ledger are of no deal: everyone's, nobody's own."""
    rows = [MonthMoney(SEP, 1, 70), MonthMoney(SEP, None, 5)]
    found = aims([Target(1, "佐藤", SEP, 100)], {SEP: []}, rows, {1: head(1, "won", "2026-08-01")})
    assert [(aim.owner, aim.came, aim.difference) for aim in found] == [("", 75, -25), ("佐藤", 70, -30)]
