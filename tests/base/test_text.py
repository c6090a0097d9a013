"""Text from outside: folded to match by, made visible, measured as a terminal draws it."""

import unicodedata

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len
from wcwidth import wcswidth

from nippo_cli.base.text import (
    cut,
    nearest,
    normal_form,
    pad,
    take_ambiguous_as_wide,
    visible,
    width,
    widths_of,
)

# Characters whose width terminals agree on, from the scripts that a Japanese sales diary holds.
_BLOCKS = (
    (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x24F), (0x300, 0x52F), (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x262F),
    (0x2638, 0x2689), (0x2690, 0x27BF), (0x2E80, 0x312F), (0x3190, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0xA4CF),
    (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF01, 0xFF9F), (0xFFE0, 0xFFE6), (0x1F300, 0x1F3FA),
    (0x1F400, 0x1F64F), (0x1F900, 0x1F9FF), (0x20000, 0x20FFF),
)  # fmt: skip
CHARACTERS = [chr(c) for a, b in _BLOCKS for c in range(a, b + 1) if unicodedata.category(chr(c)) != "Cn"]


@pytest.mark.parametrize(
    ("said", "folded"),
    [
        ("ＡＢＣ㈱", "abc(株)"),
        ("ﾃｽﾄ", "テスト"),
        ("  Straße ", "strasse"),
        ("①号機", "1号機"),
        ("が", "が"),
        ("　山田　", "山田"),
        ("～", "~"),
    ],
)
def test_what_people_type_alike_folds_alike(said, folded):
    """Width, case, compatibility forms and combining marks make no difference."""
    assert normal_form(said) == folded


@given(st.text())
def test_folding_twice_changes_nothing(said):
    """A folded copy is its own folded copy."""
    assert normal_form(normal_form(said)) == normal_form(said)


@pytest.mark.parametrize(
    ("said", "one_row", "rows"),
    [
        ("\x1b[31m赤", "␛[31m赤", "␛[31m赤"),
        ("a\tb\nc", "a b⏎c", "a b\nc"),
        ("a\r\nb", "a⏎b", "a\nb"),
        ("a\rb", "a␍b", "a␍b"),
        ("\x9b31m", "⟨U+009B⟩31m", "⟨U+009B⟩31m"),
        ("\u202e逆", "⟨U+202E⟩逆", "⟨U+202E⟩逆"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("\x00\x7f", "␀␡", "␀␡"),
        ("\ud800", "⟨U+D800⟩", "⟨U+D800⟩"),
        ("a\u2028b", "a⏎b", "a\nb"),
        ("[bold]値引[/]:smile: 株式会社　山田 👨\u200d👩", "[bold]値引[/]:smile: 株式会社　山田 👨\u200d👩", None),
    ],
)
def test_what_steers_a_terminal_is_shown(said, one_row, rows):
    """Controls, bidi and invisible characters become marks; everything a person sees stays."""
    assert visible(said) == one_row
    assert visible(said, multiline=True) == (one_row if rows is None else rows)


@given(st.text(st.characters(exclude_categories=())))
def test_no_control_survives(said):
    """Whatever is stored, no control, bidi override or lone surrogate reaches the terminal."""
    for char in visible(said) + visible(said, multiline=True).replace("\n", ""):
        assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(char) not in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI")


def test_every_character_is_as_wide_as_rich_and_wcwidth_say():
    """One by one, over the scripts of a Japanese diary."""
    assert [c for c in CHARACTERS if width(c) != cell_len(c)] == []
    assert [c for c in CHARACTERS if width(c) != wcswidth(c) and not unicodedata.combining(c)] == []


@given(st.lists(st.one_of(st.text("検査ラインabc 12"), st.text(st.sampled_from(CHARACTERS)), st.text())))
def test_many_texts_are_as_wide_as_each_of_them(texts):
    """Whether all of their letters are wide or ASCII, or some are neither."""
    assert widths_of(texts) == [width(text) for text in texts]


def test_every_letter_takes_in_a_column_what_it_takes_alone():
    """One by one, whatever Unicode has in its first plane; behind one that is Japanese in any case."""
    letters = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    assert [letter for letter in letters if widths_of(["字", letter]) != [2, width(letter)]] == []


def test_many_texts_are_as_wide_as_each_where_ambiguous_letters_are_wide():
    """`①` is as wide as `漢` there, and narrow again afterwards."""
    texts = ["①漢", "①", "a"]
    take_ambiguous_as_wide()
    try:
        assert widths_of(texts) == [4, 2, 1]
    finally:
        take_ambiguous_as_wide(wide=False)
    assert widths_of(texts) == [3, 1, 1]


@pytest.mark.parametrize(
    ("said", "columns"),
    [
        ("❤️", 2),
        ("👨‍👩‍👧", 2),
        ("👍🏽", 2),
        ("🇯🇵", 2),
        ("か\u3099", 2),
        ("e\u0301", 1),
        ("ﾃｽﾄ", 3),
        ("①…─", 3),
        ("각", 2),
    ],
)
def test_what_is_drawn_as_one_is_measured_as_one(said, columns):
    """Joined emoji, skin tones, flags, combining marks."""
    assert width(said) == columns == cell_len(said)


@given(st.text(st.sampled_from(CHARACTERS)), st.integers(0, 30))
def test_a_cut_text_fits_and_begins_the_text(said, columns):
    """It is never wider than asked, never more than a column short, and what fits is left alone."""
    found = cut(said, columns)
    assert width(found) <= columns
    if width(said) <= columns:
        assert found == said
    elif columns:
        assert found.endswith("…")
        assert said.startswith(found[:-1])
        assert width(found) >= columns - 1


@given(st.text(st.sampled_from(CHARACTERS), max_size=20), st.integers(0, 60), st.booleans())
def test_a_padded_text_is_as_wide_as_asked(said, columns, right):
    """Or as wide as it was, where that is more."""
    found = pad(said, columns, right=right)
    assert width(found) == max(columns, width(said))
    assert found.strip(" ") == said.strip(" ")


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("搬送ロボット更新", ["搬送ロボット", "搬送ロボットB"]),
        ("ロボット", ["搬送ロボット", "搬送ロボットB"]),
        ("ｈansou", ["HANSOU"]),
        ("ステージ", ["ステーシ"]),
        ("塗裝", ["塗装"]),
        ("すてーし", ["ステーシ"]),
        ("画像検査", []),
        ("", []),
    ],
)
def test_the_nearest_names_are_those_a_person_would_mean(said, near):
    """A slip, a part, another width; and nothing where nothing is like it."""
    assert nearest(said, ["搬送ロボットB", "搬送ロボット", "HANSOU", "ステーシ", "塗装"]) == near


def test_a_name_that_holds_what_was_said_is_nearer_than_one_that_it_holds():
    """`voicemail` is a part of the one, and has the letters of the other."""
    assert nearest("voicemail", ["Email", "Not in or voicemail", "Visit"]) == ["Not in or voicemail", "Email"]
    assert nearest("電話中", ["電話", "留守番電話中"]) == ["留守番電話中", "電話"]
