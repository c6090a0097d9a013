"""Amounts: what is shown reads back, and nothing is lost on the way. What can be typed: docs/dates.md, test_dates.py."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base import language
from nippo_cli.base.money import MOST, UnreadableAmount, read_money, show_money
from nippo_cli.schema.schema import Currency

YEN, DOLLAR, DINAR, FRANC = Currency(), Currency("USD", 2), Currency("KWD", 3), Currency("CHF", 2)


@pytest.mark.parametrize(
    ("lang", "amount", "currency", "shown"),
    [
        ("ja", 1_200_000, YEN, "1,200,000円"),
        ("en", 1_200_000, YEN, "¥1,200,000"),
        ("ja", -50, YEN, "-50円"),
        ("en", -50, YEN, "-¥50"),
        ("ja", 123_450, DOLLAR, "$1,234.50"),
        ("en", 5, DOLLAR, "$0.05"),
        ("en", -5, DOLLAR, "-$0.05"),
        ("en", 1_000_005, DINAR, "1,000.005 KWD"),
        ("ja", 0, FRANC, "0.00 CHF"),
    ],
)
def test_money_is_shown_as_the_language_writes_it(lang, amount, currency, shown):
    """Yen by language; other currencies by their sign, or their code behind."""
    language.bind(lang)
    assert show_money(amount, currency) == shown


@given(st.integers(-MOST, MOST), st.sampled_from([YEN, DOLLAR, DINAR, FRANC]), st.sampled_from(["ja", "en"]))
def test_what_is_shown_reads_back(amount, currency, lang):
    """To the smallest unit, in either language."""
    language.bind(lang)
    assert read_money(show_money(amount, currency), currency) == amount


@given(st.decimals(0, 10_000, places=4), st.sampled_from([("万", 10**4), ("億", 10**8), ("", 1), ("百万", 10**6)]))
def test_units_are_exact_or_refused(number, unit):
    """`1.2345万` is 12345 yen, exactly; what is finer than a yen is refused, never rounded."""
    name, times = unit
    exact = Decimal(number) * times
    try:
        assert read_money(f"{number}{name}", YEN) == exact
    except UnreadableAmount:
        assert exact != exact.to_integral_value()


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(said):
    """Whatever is typed is read as a whole number or refused."""
    found: int | None = None
    with suppress(UnreadableAmount):
        found = read_money(said, DOLLAR)
    assert found is None or abs(found) <= MOST


@pytest.mark.parametrize(
    "said", ["", "円", "¥", "-", "1e5", "NaN", "inf", "0x10", "1_000", "9" * 5000, "１，２", "1 200", "٣"]
)
def test_what_only_a_program_would_take_is_refused(said):
    """Nothing that Python's own `int` or `float` takes slips through."""
    with pytest.raises(UnreadableAmount):
        read_money(said, YEN)
