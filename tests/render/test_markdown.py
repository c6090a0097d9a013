"""Markdown that reads as what was written: markdown-it is the judge."""

from hypothesis import given, strategies as st
from markdown_it import MarkdownIt

from nippo_cli.render.draw import markdown
from nippo_cli.render.draw.page import Column, Page, Prose, Table, TextLines

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
inline = st.text(alphabet="ab1.株 *_[]()<>#|~`\\&;:!+-=x/", max_size=25).filter(
    lambda s: s == " ".join(s.split()) and s
)


def text_of(source):
    """The text that a reader of the rendered Markdown sees."""
    return ["".join(c.content for c in t.children) for t in READER.parse(source) if t.type == "inline"]


@given(inline)
def test_a_paragraph_reads_as_itself(text):
    """No character of stored text is taken for markup."""
    assert text_of("".join(markdown.write(Page([Prose(text)])))) == [text]


@given(st.lists(st.lists(inline, min_size=2, max_size=2), min_size=1, max_size=3))
def test_a_table_keeps_its_cells(rows):
    """A bar, a backtick or a bracket in a name leaves the table whole."""
    page = Page([Table([Column("a", "案件"), Column("b", "金額", right=True)], rows)])
    assert text_of("".join(markdown.write(page))) == ["案件", "金額", *(cell for row in rows for cell in row)]


def test_html_is_no_html():
    """A tag in stored text is text."""
    assert READER.render("".join(markdown.write(Page([Prose("<script>x</script>")])))).strip() == (
        "<p>&lt;script&gt;x&lt;/script&gt;</p>"
    )


def test_drawn_rows_are_a_code_block():
    """A time axis keeps its columns, and backticks in it end nothing."""
    page = Page([TextLines([("──█",), ("```",), ("  ▼",)])])
    token = READER.parse("".join(markdown.write(page)))[0]
    assert (token.type, token.content) == ("fence", "──█\n```\n  ▼\n")


def test_what_hangs_below_an_item_stays_in_it():
    """Facts under an entry are a list inside its item."""
    page = Page([Prose("訪問", 4, "12"), Prose("事実", 4), Prose("電話", 4, "13")])
    assert "".join(markdown.write(page)) == "- 12 訪問\n  - 事実\n- 13 電話\n"
