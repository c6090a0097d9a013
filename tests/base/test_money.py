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


@pytest.mark.parametrize(
    "said",
    ["1万20000", "1万10000", "1万1万", "1億10000万", "1億1億", "1千1000", "1百万1千万", "3k3000", "1m1m", "5万1億", "1万2億3",
     "1.5万2", "1万2.5", "万", "万2", "--5", "-▲5", "5-", "1万-2", "1,0000", "1,00", ",100", "0万,5", "1.", ".5", "1..5", "1.5.2"],
)  # fmt: skip
def test_an_amount_that_may_mean_two_things_is_refused(said):
    """`1万20000` may be a slip for 1万2000 or for 12万: what runs past the unit before it is never added up."""
    with pytest.raises(UnreadableAmount):
        read_money(said, YEN)


@pytest.mark.parametrize(("said", "yen"), [
    ("1万9999", 19_999), ("1億9,999万9999", 199_999_999), ("2億", 200_000_000), ("1億5千", 100_005_000), ("3百万5千", 3_005_000),
    ("1m2k", 1_002_000), ("1bn2m3k4", 1_002_003_004), ("0万5", 5), ("1億0万1", 100_000_001), ("¥-5", -5), ("-¥5", -5), ("△1万", -10_000),
    ("\u22121万円", -10_000), ("1万2000円", 12_000), ("jpy 100", 100), ("100 JPY", 100),
])  # fmt: skip
def test_parts_of_an_amount_run_from_great_to_small(said, yen):
    """Each part is less than the unit before it, to the last yen; a sign stands before or behind the currency's."""
    assert read_money(said, YEN) == yen


@pytest.mark.parametrize(("said", "yen"), [
    ("￥4,950,000-", 4_950_000), ("¥4,950,000.-", 4_950_000), ("¥4,950,000－", 4_950_000), ("¥ 4,950,000―", 4_950_000), ("¥300ー", 300),
    ("4,950,000円也", 4_950_000), ("金4,950,000円也", 4_950_000), ("金４，９５０，０００円－", 4_950_000), ("495万円也", 4_950_000),
    ("▲¥300-", -300), ("¥4,950,000\u2212", 4_950_000), ("4,950,000円\u2212", 4_950_000),
])  # fmt: skip
def test_what_closes_yen_on_paper_is_no_part_of_them(said, yen):
    """A stroke or 也 behind an amount keeps others from adding a digit; it makes nothing negative."""
    assert read_money(said, YEN) == yen


@pytest.mark.parametrize("said", ["¥-", "金", "円也", "也", "4,950,000-", "4,950,000.-", "¥4,950,000-円", "金額"])
def test_a_stroke_behind_bare_digits_may_be_a_minus_and_closes_nothing(said):
    """Nor is there an amount in the signs alone."""
    with pytest.raises(UnreadableAmount):
        read_money(said, YEN)


@given(st.integers(1, 9999), st.sampled_from([("億", 10**8, "万", 10**4), ("万", 10**4, "", 1)]), st.integers(0, 10**6))
def test_a_part_is_added_only_where_it_is_less_than_the_unit_before_it(n, units, rest):
    """9,999 behind 万 is, 10,000 is not."""
    great, times, small, once = units
    said = f"{n}{great}{rest}{small}"
    if rest * once < times:
        assert read_money(said, YEN) == n * times + rest * once
    else:
        with pytest.raises(UnreadableAmount):
            read_money(said, YEN)


def test_the_greatest_amount_is_read_and_the_next_refused():
    """A quintillion less one, of the smallest unit; with a sign too."""
    assert read_money(str(MOST), YEN) == MOST == 999_999_999_999_999_999
    assert read_money(f"-{MOST}", YEN) == -MOST
    for said in (str(MOST + 1), "100億億", "9" * 41, f"{MOST + 1}"):
        with pytest.raises(UnreadableAmount):
            read_money(said, YEN)
    assert read_money("0" * 38 + "12", YEN) == 12, "forty characters are read"
    with pytest.raises(UnreadableAmount):
        read_money("0" * 39 + "12", YEN)


@given(st.integers(0, 10**20), st.sampled_from([YEN, DOLLAR]))
def test_bare_digits_are_what_they_say_up_to_the_greatest_amount(n, currency):
    """As programs write amounts; never rounded, never cut."""
    exact = n * 10**currency.digits
    if exact <= MOST:
        assert read_money(str(n), currency) == exact
        return
    with pytest.raises(UnreadableAmount):
        read_money(str(n), currency)


def test_a_currency_takes_its_own_sign_and_name_only():
    """Before the number or behind it; the refusal names what can be read, by the currency."""
    assert [read_money(said, DOLLAR) for said in ("$5", "5$", "US$5", "5ドル", "usd5", "5 USD")] == [500] * 6
    assert [read_money(said, FRANC) for said in ("5CHF", "chf 5.05")] == [500, 505]
    for said, currency, needs in (
        ("€5", DOLLAR, "money.needs.other"),
        ("$5", YEN, "money.needs.yen"),
        ("¥5", FRANC, "money.needs.other"),
    ):
        with pytest.raises(UnreadableAmount) as refused:
            read_money(said, currency)
        assert (refused.value.said, refused.value.needs.key) == (said, needs)
