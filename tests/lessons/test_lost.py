"""What lost deals have in common, counted by hand."""

from datetime import date

import pytest

from nippo_cli.lessons.facts import LostDeal, Narrowed, WonCount
from nippo_cli.lessons.lost import behind, lesson, quarter
from nippo_cli.line.facts import Review
from nippo_cli.line.rate import Rate
from nippo_cli.schema.schema import Choice, Field, Schema, Stage

REASONS = (Choice("price", "価格"), Choice("rival", "競合"), Choice("late", "回答の遅れ"))
AGREEMENT = Schema(
    name="test",
    language="ja",
    stages=(
        Stage("lead", "引合い"),
        Stage("quote", "見積"),
        Stage("won", "受注", "won"),
        Stage("lost", "失注", "lost"),
    ),
    fields=(Field("lost_reason", "失注理由", "choice", "lost_reason", choices=REASONS),),
    causes=(Choice("price_gap", "価格"), Choice("late", "対応の遅れ"), Choice("decider", "決裁者に会えず")),
    fiscal_year_start=4,
)


def learned(deal: int, cause: str) -> Review:
    """A review of a deal."""
    return Review(deal + 100, deal, date(2026, 9, 1), date(2026, 9, 1), "佐藤", cause, "聞いた", "asked")


def lost(
    deal,
    reason="price",
    *,
    amount=100,
    stage="quote",
    owner="佐藤",
    days=10,
    contacts=2,
    cause=None,
    on=date(2026, 5, 1),
    **more,
):
    """A lost deal."""
    reasons = (reason,) if reason else ()
    review = learned(deal, cause) if cause is not None else None
    return LostDeal(
        deal,
        more.get("customer", "東亜"),
        owner,
        amount,
        on,
        days,
        contacts,
        stage,
        reasons,
        more.get("rival", ""),
        review,
    )


def keys(groups):
    """Keys and counts."""
    return [(*group.key, group.n) for group in groups]


def test_reasons_are_counted_with_their_money_days_and_contacts():
    """Three over the price with medians of 20 days and 4 contacts, one of them without an amount; two over the rival."""
    found = lesson(
        [
            lost(1, days=10, contacts=2), lost(2, days=20, contacts=4, amount=None), lost(3, days=90, contacts=9),
            lost(4, "rival", amount=500), lost(5, "rival", amount=50),
        ],
        [],
        AGREEMENT,
    )  # fmt: skip
    price, rival = found.reasons
    assert (price.key, price.n, price.amount, price.without_amount) == (("price",), 3, 200, 1)
    assert (price.days, price.contacts) == (20, 4)
    assert (rival.n, rival.amount) == (2, 550)
    assert rival.days is None, "the median of two tells of those two"
    assert found.whole.n == 5


def test_reason_by_the_stage_where_it_died():
    """A deal that says no reason, or began as lost, is a group of its own: nothing leaves the count."""
    found = lesson([lost(1), lost(2, stage="lead"), lost(3, None), lost(4, stage="")], [], AGREEMENT)
    assert sorted(keys(found.reasons_by_stage)) == [
        ("", "quote", 1), ("price", "", 1), ("price", "lead", 1), ("price", "quote", 1),
    ]  # fmt: skip
    assert sum(group.n for group in found.stages) == 4
    assert [group.key[0] for group in found.stages] == ["lead", "quote", ""], "in the order of the sale"


def test_a_deal_with_two_reasons_counts_under_each():
    """And once in the whole."""
    found = lesson([lost(1)._replace(reasons=("price", "rival"))], [], AGREEMENT)
    assert sorted(keys(found.reasons)) == [("price", 1), ("rival", 1)]
    assert found.whole.n == 1


def test_a_loss_rate_has_the_orders_of_the_same_owner_in_its_denominator():
    """Two lost and three won of 佐藤; one lost and none won of 鈴木."""
    won = [WonCount("佐藤", date(2026, 5, 1), 2), WonCount("佐藤", date(2026, 6, 1), 1)]
    found = lesson([lost(1), lost(2), lost(3, owner="鈴木")], won, AGREEMENT)
    assert {group.key[0]: group.lost for group in found.owners} == {"佐藤": Rate(2, 5), "鈴木": Rate(1, 1)}
    assert [group.lost for group in found.customers] == [None], "one customer's deals are too few for a rate of them"
    assert {group.key[0]: group.lost for group in found.quarters} == {"2026-Q1": Rate(3, 6)}


@pytest.mark.parametrize(("on", "start", "expected"), [
    ("2026-04-01", 4, "2026-Q1"), ("2026-03-31", 4, "2025-Q4"), ("2026-12-31", 4, "2026-Q3"),
    ("2026-01-01", 1, "2026-Q1"), ("2026-12-31", 1, "2026-Q4"), ("2026-01-15", 12, "2025-Q1"),
])  # fmt: skip
def test_quarters_are_those_of_the_fiscal_year(on, start, expected):
    """Called by the calendar year in which the fiscal year begins."""
    assert quarter(date.fromisoformat(on), start) == expected


def test_stated_against_learned():
    """Reviewed deals alone; the table shows every pair. Whether they differ is said only where a reason has the key or
    the label of a cause: 価格 is one by its label, late by its key; 競合 is none."""
    found = lesson(
        [
            lost(1, "price", cause="price_gap"), lost(2, "price", cause="decider"), lost(3, "late", cause="late"),
            lost(4, "rival", cause="decider"), lost(5, "price"), lost(6, "price", cause="decider", amount=900),
        ],
        [],
        AGREEMENT,
    )  # fmt: skip
    assert [(c.reason, c.cause, c.n, c.amount) for c in found.crossed] == [
        ("price", "decider", 2, 1000), ("late", "late", 1, 100), ("price", "price_gap", 1, 100),
        ("rival", "decider", 1, 100),
    ]  # fmt: skip
    assert found.differ == Rate(2, 4)
    assert found.whole.reviewed == 5


def test_nothing_is_said_of_differing_where_no_reason_is_a_cause():
    """A schema whose reasons and causes share no word can't be said to disagree with itself."""
    apart = AGREEMENT._replace(causes=(Choice("decider", "決裁者に会えず"),))
    assert lesson([lost(1, cause="decider")], [], apart).differ is None


def test_a_competitor_is_one_however_it_is_spelled():
    """Width and case apart; shown as it is most often written."""
    found = lesson(
        [lost(1, rival="ＡＢＣ工機"), lost(2, rival="ABC工機"), lost(3, rival="abc工機"), lost(4, rival="ABC工機")],
        [],
        AGREEMENT,
    )
    assert keys(found.competitors) == [("ABC工機", 4)]


def test_what_nobody_named_is_one_group_without_a_name():
    """Two deals without a competitor, one of them without a customer and an owner: each is counted, under the empty key."""
    found = lesson(
        [lost(1, rival="甲社"), lost(2, customer="", owner=""), lost(3)], [WonCount("", date(2026, 5, 1), 3)], AGREEMENT
    )
    assert keys(found.competitors) == [("", 2), ("甲社", 1)]
    assert sorted(keys(found.customers)) == [("", 1), ("東亜", 2)]
    assert {group.key[0]: group.lost for group in found.owners} == {"佐藤": Rate(2, 2), "": Rate(1, 4)}


def test_the_deals_behind_are_those_with_most_money_first():
    """Unknown last, of equals the earlier one; narrowed by reason, cause or a part of the competitor's name."""

    class Only:
        def lost(self):
            return [
                lost(1, amount=None), lost(2, amount=0, cause="late"), lost(3, "rival", amount=9, rival="ＡＢＣ工機"),
                lost(4, amount=9), lost(5, amount=1, cause="decider"),
            ]  # fmt: skip

    def of(**by) -> list[int]:
        return [one.deal for one in behind(Only(), Narrowed(**by))]

    assert of() == [3, 4, 5, 2, 1]
    assert (of(reason="rival"), of(cause="late"), of(competitor="abc")) == ([3], [2], [3])


def test_tables_that_nobody_looks_at_are_not_made():
    """The page of all lessons tells of the whole and of the reasons: no other table goes through the deals before it is looked at."""

    class Counted(list):
        """Deals that count how often they are gone through."""

        times = 0

        def __iter__(self):
            self.times += 1
            return super().__iter__()

    deals = Counted([lost(1), lost(2, "rival", customer="西陽")])
    found = lesson(deals, [], AGREEMENT)
    in_short = deals.times
    assert keys(found.customers) == keys(found.customers) == [("東亜", 1), ("西陽", 1)]
    assert deals.times == in_short + 1
