"""What looks the same is the same: for matching, and a little more for searching."""

import sys
from functools import cache
from unicodedata import category, normalize

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base import text as texts
from nippo_cli.base.text import normal_form, search_form, with_capital


@cache
def every_character(*, without: tuple[str, ...] = ()) -> list[str]:
    """All that there are, but for those of some categories. A million: made where they are asked for."""
    letters = [chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF]
    return [c for c in letters if category(c) not in without] if without else letters


@pytest.mark.parametrize("form", [normal_form, search_form])
@pytest.mark.parametrize("between", ["{}", "a{}b", "か{}゙", "わ{}゙e{}\u0301", "霞{}ケ{}関"])
def test_doing_it_twice_changes_nothing_for_any_character(form, between: str) -> None:
    """Alone, and between letters that a mark could join."""
    letters = every_character() if between == "{}" else every_character(without=("Cn", "Co"))
    once = form("\n".join(between.replace("{}", c) for c in letters))
    twice = form(once)
    # Told line by line only where they differ: a million lines take a while to compare.
    assert (
        once == twice
        or [pair for pair in zip(once.split("\n"), twice.split("\n"), strict=True) if len(set(pair)) > 1] == []
    )


@given(st.text())
def test_doing_it_twice_changes_nothing(text: str) -> None:
    """Whatever the text."""
    assert normal_form(normal_form(text)) == normal_form(text)
    assert search_form(search_form(text)) == search_form(text)
    assert search_form(normal_form(text)) == search_form(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, exclude_categories=("Cs", "Cn"))))
def test_what_unicode_calls_the_same_is_the_same(text: str) -> None:
    """Composed or not, full width or not."""
    assert normal_form(normalize("NFD", text)) == normal_form(normalize("NFC", text))


def test_every_letter_of_a_long_text_is_searched_as_it_is_alone() -> None:
    """Each between letters that none can join, ten thousand in one text and one by one."""
    between = "\n|\n"
    every = every_character()
    for first in range(0, len(every), 10_000):
        some = [letter for letter in every[first : first + 10_000] if letter.strip() == letter]
        alone = ["|".join(("", search_form(f"-{letter}-"), "")) for letter in some]
        together = search_form(between.join(f"-{letter}-" for letter in some)).split(between)
        assert [f"|{one}|" for one in together] == alone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ㈱", "abc(株)"), ("ﾐﾂﾓﾘ", "ミツモリ"), ("Ⅲ", "iii"), ("葛\U000e0100飾", "葛飾"), ("辻󠄀本", "辻本"),
        ("株式\u200b会社", "株式会社"), ("青\ufeff葉", "青葉"), ("2026−27", "2026-27"), ("２０２６－２７", "2026-27"),
        ("A–B", "a-b"), ("A—B", "a-b"), ("A‐B", "a-b"), ("4月〜6月", "4月～6月"), ("4月~6月", "4月〜6月"),
        ("⻑野", "長野"), ("⻄田", "西田"),
        ("⾦子", "金子"), ("☎️", "☎"), ("が", "が"), ("ﬁ", "fi"), ("straße", "STRASSE"), (" 青葉　", "青葉"),
    ],
)  # fmt: skip
def test_these_are_one(one: str, other: str) -> None:
    """For matching, and so for searching."""
    assert normal_form(one) == normal_form(other)
    assert search_form(one) == search_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋", "高橋"), ("山﨑", "山崎"), ("齋藤", "斎藤"), ("渡邊", "渡辺"), ("渡邉", "渡辺"),
        ("廣澤", "広沢"), ("みつもり", "ミツモリ"), ("霞ヶ関", "霞が関"),
        ("霞ケ関", "霞が関"), ("霞ヶ関", "霞ケ関"), ("茅ヶ崎", "茅ヶ﨑"), ("𠮷田", "吉田"),
        ("五ヵ年", "五カ年"), ("いすゞ", "イスヾ"),
    ],
)  # fmt: skip
def test_these_are_one_for_a_search_alone(one: str, other: str) -> None:
    """Names are not joined by them."""
    assert normal_form(one) != normal_form(other)
    assert search_form(one) == search_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("斎藤", "斉藤"), ("ガス", "ケス"), ("新ケース", "新ガース"), ("ハ", "バ"), ("つ", "っ"), ("ー", "-"),
        ("二", "ニ"), ("青葉", "青 葉"), ("A社", "B社"),
    ],
)  # fmt: skip
def test_these_are_two(one: str, other: str) -> None:
    """What a reader would tell apart stays apart."""
    assert search_form(one) != search_form(other)


def test_what_is_not_drawn_leaves_nothing() -> None:
    """Format characters that no reader sees are no letters of a name."""
    for c in ("\u200b", "\u200d", "\ufe0f", "\u2060", "\u00ad", "\U000e0101", "\u034f"):
        assert category(c) in ("Cf", "Mn")
        assert normal_form(f"青{c}葉") == "青葉"


@given(st.text(alphabet=st.sampled_from("ケケケ霞関々〆𠀀\U000323b0㐀鿿ァヺー・aが\n"), max_size=12))
def test_a_short_text_is_read_as_a_long_one(text: str) -> None:
    """By hand, where making the pattern takes longer than all else."""
    assert texts._as_read(text) == texts._readings().sub("ガ", text)


def test_a_text_that_stands_by_itself_begins_with_a_capital():
    """No other letter changes; where there is none, nothing does."""
    assert [with_capital(text) for text in ("can't read ABC", "日付", "“x” is", "")] == [
        "Can't read ABC", "日付", "“x” is", "",
    ]  # fmt: skip
