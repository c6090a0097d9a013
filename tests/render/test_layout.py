"""Rows on a screen: aligned by display width, cut and wrapped only where there is a terminal to fit."""

import re
from collections.abc import Iterator

from hypothesis import given, strategies as st
from wcwidth import wcswidth

from nippo_cli.base.text import width
from nippo_cli.render.draw.layout import lay_out, plain_text
from nippo_cli.render.draw.page import (
    Column,
    FactRows,
    Heading,
    Page,
    Prose,
    Span,
    Table,
)
from nippo_cli.render.draw.rows import LazyRows
from nippo_cli.render.draw.wrap import breaks

words = st.text(alphabet="abc 株式会社東洋ｱﾎﾟﾛ（）、。12円①", max_size=30)
cells = st.lists(st.lists(words, min_size=3, max_size=3), min_size=1, max_size=6)


def rows_of(page, columns=None, rule=""):
    """The rows of a page as text."""
    return ["".join(piece.text for piece in row) for row in lay_out(page, columns=columns, rule=rule)]


def table(rows, *, flex=True):
    """A table of three columns, the middle one flexible, the last one to the right."""
    heads = [Column("a", "日付"), Column("b", "案件", flex=flex), Column("c", "金額", right=True)]
    return Page([Table(heads, rows)])


@given(cells)
def test_every_row_of_a_table_ends_in_the_same_column(rows):
    """With a right-aligned last column every row is as wide as the others, by wcwidth's count."""
    whole = [[a, b, f"{c}|"] for a, b, c in rows]
    drawn = rows_of(table(whole))
    assert len({wcswidth(row) for row in drawn}) == 1


def test_each_row_of_a_long_table_is_made_once():
    """Two thousand deals, each measured for the columns' widths and written: no row is made for either again."""
    made = list[int]()

    def row(nth: int) -> list[str]:
        made.append(nth)
        return ["10-01", f"案件{nth}", "¥1"]

    heads = [Column("a", "日付"), Column("b", "案件"), Column("c", "金額", right=True)]
    drawn = rows_of(Page([Table(heads, LazyRows(row, range(2000)))]))
    assert (drawn[1], drawn[2000]) == ("10-01  案件0       ¥1", "10-01  案件1999    ¥1")
    assert made == list(range(2000))


def test_rows_that_are_there_are_looked_at_once_however_many(monkeypatch):
    """Those that are made as they are drawn are made anew, beyond some thousands; a list's are held with their widths."""
    looked_at = list[int]()

    class Looked(list[list[str]]):
        def __iter__(self) -> Iterator[list[str]]:
            looked_at.append(len(self))
            return super().__iter__()

    def row(nth: int) -> list[str]:
        made.append(nth)
        return [f"案件{nth}"]

    made = list[int]()
    monkeypatch.setattr("nippo_cli.render.draw.layout._HELD", 10)
    listed, lazy = (Table([Column("a", "")], rows) for rows in (Looked([["案件"]] * 30), LazyRows(row, range(30))))
    assert "".join(plain_text(Page([listed]))) == "案件\n" * 30
    assert "".join(plain_text(Page([lazy]))).endswith("案件28\n案件29\n")
    assert (looked_at, len(made)) == ([30], 60)


@given(cells, st.integers(40, 90))
def test_a_table_fits_where_its_flexible_column_can_give_way(rows, columns):
    """Nothing runs over the edge as long as the other columns leave room; the rows stay aligned."""
    whole = [[a[:5], b * 3, f"{c[:5]}|"] for a, b, c in rows]
    drawn = rows_of(table(whole), columns=columns)
    assert max(width(row) for row in drawn) <= columns
    assert len({width(row) for row in drawn}) == 1


def test_a_number_is_never_cut():
    """Where room is short the names give way, not the money."""
    page = table([["2026-11-23", "検査ライン増設" * 4, "128,000,000円"]])
    assert "128,000,000円" in rows_of(page, columns=40)[1]
    assert "…" in rows_of(page, columns=40)[1]


def test_toned_cells_stay_aligned():
    """A tone changes no width."""
    plain = rows_of(table([["11/20", "案件", "1円"], ["1/1", "長い案件名", "100円"]]))
    toned = rows_of(
        table([[Span("11/20", "dim"), "案件", Span("1円", "bad")], ["1/1", Span("長い案件名", "strong"), "100円"]])
    )
    assert [row.rstrip() for row in plain] == [row.rstrip() for row in toned]


@given(words, st.integers(8, 60))
def test_wrapping_loses_nothing_but_blanks(text, columns):
    """The rows of a paragraph hold its text in order, each within the width."""
    rows = [text[a:b] for a, b in breaks(text, columns)]
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    assert all(width(row) <= columns for row in rows)


def test_japanese_wraps_between_characters_and_keeps_its_marks():
    """No row begins with a closing mark or ends with an opening one."""
    text = "製造部の佐藤部長と面談。「年内に稟議を上げる（投資委員会は12月10日）」とのことで、見積は1,200万円。" * 3
    for columns in range(10, 60):
        rows = [text[a:b] for a, b in breaks(text, columns)]
        assert not any(re.match("[、。」）]", row) for row in rows)
        assert not any(re.search("[「（]$", row) for row in rows)


def test_a_command_is_not_broken_where_a_row_holds_it():
    """It is there to be copied; the sentence around it wraps as ever, and what no row holds does too."""
    texts = {
        "案件をフォローします（やめるには nippo follow 12 --stop）": [
            "案件をフォローします（やめるには",
            "nippo follow 12 --stop）",
        ],
        "To stop: nippo deal hold 3 --until 2/28": ["To stop:", "nippo deal hold 3 --until 2/28"],
        "全件は nippo deal list --fate 受注 で見られます": ["全件は", "nippo deal list --fate 受注 で見", "られます"],
        'To mend it: nippo deal show "a name of many words"': ['To mend it: nippo deal show "a', 'name of many words"'],
    }
    assert {text: [text[a:b] for a, b in breaks(text, 33)] for text in texts} == texts


def test_words_are_not_broken():
    """English breaks at blanks."""
    text = "the customer asked for a second quotation"
    assert [text[a:b] for a, b in breaks(text, 16)] == ["the customer", "asked for a", "second quotation"]


def test_a_word_longer_than_a_row_is_broken():
    """A path that fits no row goes on in the next."""
    rows = ["/home/sato/nippo"[a:b] for a, b in breaks("/home/sato/nippo", 8)]
    assert rows == ["/home/sa", "to/nippo"]


def test_facts_align_their_values():
    """Labels of any width have their values in one column."""
    first, second = rows_of(Page([FactRows([("顧客", "A社"), ("担当者名", "B")])]))
    assert width(first[: first.index("A")]) == width(second[: second.index("B")])


def test_a_paragraph_of_several_lines_keeps_them():
    """A line end in facts is a line end on the screen, indented like the rest."""
    assert rows_of(Page([Prose("一行目\n二行目", indent=4, mark="12")])) == ["12  一行目", "    二行目"]


def test_a_blank_line_stands_before_each_heading():
    """Sections are parted by one blank line."""
    page = Page([Prose("a"), Heading("b", "n"), Table([Column("x", "x")], [["1"]]), Prose("c")], "t")
    assert rows_of(page) == ["t", "", "a", "", "b  n", "x", "1", "", "c"]


@given(cells, st.integers(0, 3))
def test_a_pipe_gets_the_rows_that_a_terminal_without_an_edge_does(rows, more):
    """A table is laid out row by row for the one, column by column for the other."""
    (plain,) = table([[Span(a, "bad"), b, c] for a, b, c in rows]).blocks
    page = Page([Heading("b", "n"), plain._replace(more=more, more_hint="--all"), Prose("c")], "t", "n")
    assert "".join(plain_text(page)).split("\n") == [*(row.rstrip() for row in rows_of(page)), ""]


def test_ten_thousand_rows_make_plain_rows():
    """A long plain table is one piece a row: what it costs is bounded by its cells, not by their tones."""
    page = table([[str(i), "検査ライン", f"{i:,}円"] for i in range(10_000)])
    drawn = list(lay_out(page, columns=None))
    assert len(drawn) == 10_001
    assert all(len(row) == 1 for row in drawn[1:])
