"""What a ledger's cells say: amounts as accounting software writes them, the currency's names, months."""

from datetime import date

import pytest

from nippo_cli.base.dates.reading import UnreadableDate as UnreadableDay
from nippo_cli.base.money import UnreadableAmount
from nippo_cli.exchange.ledger import month_of
from nippo_cli.exchange.reckoning import read_entered
from nippo_cli.schema.schema import Currency

YEN, DOLLAR = Currency("JPY", 0), Currency("USD", 2)


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("1,234,567", 1_234_567),
        ("￥1,234", 1_234),
        ("１，２３４", 1_234),
        ("120万", 1_200_000),
        ("-1,234", -1_234),
        ("－１，２３４", -1_234),
        ("▲1,234", -1_234),
        ("△ 1,234", -1_234),
        ("(1,234)", -1_234),
        ("（￥1,234）", -1_234),
        ("1,234-", -1_234),
        ("1234.00", 1_234),
        ("￥1,234-", 1_234),
        ("（¥1,234-）", -1_234),
        ("１２３円也", 123),
        ("0", 0),
    ],
)
def test_amounts_are_read_as_ledgers_print_them(said, amount):
    """Thousands' commas, full width, and five ways of saying less than nothing."""
    assert read_entered(said, YEN) == amount


@pytest.mark.parametrize("said", ["", "()", "(-)", "1,23", "$5", "5 EUR", "1.5", "1-2", "--5", "NaN"])
def test_what_is_no_amount_is_refused(said):
    """Never guessed."""
    with pytest.raises(UnreadableAmount):
        read_entered(said, YEN)


def test_cents_are_the_smallest_unit():
    """Of a currency that has them."""
    assert (read_entered("(1,234.50)", DOLLAR), read_entered("$12", DOLLAR)) == (-123_450, 1_200)


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("2026-10", "2026-10"),
        ("2026/10", "2026-10"),
        ("令和8年10月", "2026-10"),
        ("11月", "2026-11"),
        ("1月", "2027-01"),
    ],
)
def test_a_month_is_read(said, month):
    """Whole, whatever it is called."""
    assert month_of(said, today=date(2026, 11, 23), fiscal_year_start=4) == month


@pytest.mark.parametrize(
    "said", ["上期", "第3四半期", "2026", "10月上旬", "2026-10-31", "10/31", "来週", "いつか", "2026-13"]
)
def test_what_is_no_whole_month_is_refused(said):
    """A day, ten days, a quarter."""
    with pytest.raises(UnreadableDay):
        month_of(said, today=date(2026, 11, 23), fiscal_year_start=4)
