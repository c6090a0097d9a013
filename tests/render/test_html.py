"""A page as HTML: html.parser of the standard library is the judge of what a browser would take for markup."""

import re
from html.parser import HTMLParser

from hypothesis import given, strategies as st

from nippo_cli.render.draw import html
from nippo_cli.render.draw.layout import safe
from nippo_cli.render.draw.page import Block, Column, Details, FactRows, Heading, Page, Prose, Span, Table, TextLines

TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "section", "h1", "h2", "p", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "dl", "dt", "dd", "figure", "pre", "span", "strong", "i",
}  # fmt: skip
WORDS = st.text(alphabet="ab株<>&\"'{}%#/!-= script\u202e\x1b\n", min_size=1, max_size=30).filter(
    lambda s: bool(s.strip())
)


class Reader(HTMLParser):
    """The tags of a document, the names of their attributes, and the text outside of the style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.cells: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that was opened."""
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag != "meta":
            self._open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        """Tags are closed in the order in which they were opened."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        if "style" not in self._open:
            self.text += data
        if {"td", "th"} & set(self._open):
            self.cells[-1] += data


def read(*blocks: Block, title: str = "題") -> Reader:
    """A page of some blocks, read back."""
    return Reader("".join(html.write(Page(blocks, title))))


@given(WORDS)
def test_no_text_is_taken_for_markup(text: str) -> None:
    """Whatever stands in a title, a heading, a paragraph, a fact, a drawn line or a cell: the document has nippo's own tags, none that
    asks for anything, and reads as the text does."""
    page = read(
        Heading(text, text), Prose(Span(text, "bad"), mark=text), FactRows([(text, text)]), TextLines([(text.replace("\n", " "),)]),
        Table([Column("a", text)], [[text]]), title=text,
    )  # fmt: skip
    assert page.tags <= TAGS
    assert page.attributes.isdisjoint({"src", "href", "onerror", "onclick", "onload", "action", "data", "formaction"})
    assert page.cells == [safe(text), safe(text, multiline=True)]
    assert safe(text, multiline=True) in page.text


def test_the_head_allows_nothing_from_outside_and_no_script() -> None:
    """The policy stands before anything that it is about."""
    text = "".join(html.write(Page([], "題")))
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert text.index("Content-Security-Policy") < text.index("<style>")
    assert not any(word in text for word in ("http:", "https:", "url(", "@import", "<script", "<link", "<img"))


def test_a_tables_caption_is_the_heading_above_it() -> None:
    """And its numbers stand at the right, each cell with its head for a narrow screen."""
    text = "".join(html.write(Page([Heading("滞留"), Table([Column("n", "件数", right=True)], [["12"]])], "題")))
    assert "<caption>滞留</caption>" in text
    assert '<td class="right" data-head="件数">12</td>' in text


def test_a_table_of_more_than_a_browser_can_take_is_cut_and_says_so() -> None:
    """Of 5,003 rows three are left out, of 5,000 none."""
    rows = [[str(n)] for n in range(5003)]
    page = read(Table([Column("n", "番号")], rows))
    assert page.cells[-1] == "4999"
    assert "ほか3行" in page.text
    assert "ほか" not in read(Table([Column("n", "番号")], rows[:5000])).text


def test_a_page_is_below_two_megabytes_and_counts_what_is_beyond() -> None:
    """Rows of long text, paragraphs, lists that figures lead to: the lists stay, of the rest as much as there is room for."""
    long, rest = "あ" * 300, Prose("終わりの一行")
    table = Table([Column("n", "番号"), Column("text", "本文")], [[str(n), long] for n in range(4000)])
    lists = [
        Details("一覧", [Prose(long, mark=str(n)) for n in range(100)], f"list-{at}", called=True) for at in range(5)
    ]
    facts = FactRows([(str(n), long) for n in range(4000)])
    for blocks in ([table, rest, *lists], [facts, *lists], [*(Prose(f"{n} {long}") for n in range(4000)), *lists]):
        text = "".join(html.write(Page(blocks, "題")))
        assert 1_200_000 < len(text.encode()) < 2_000_000
        assert all(f'id="list-{at}"' in text for at in range(5))
        drawn = text.count(long) - 500
        assert f"ほか{4000 - drawn:,}行" in text
        assert ("終わりの一行" in text) is (rest in blocks)


def test_a_table_for_which_there_is_no_room_is_counted_as_what_is_left_out() -> None:
    """Not as one of which so many rows are there: none is. Nor does a paragraph of no words keep a page from being drawn."""
    first = Table([Column("n", "番号")], [["あ" * 3000] for _ in range(400)])
    inner = Details("内", [Table([Column("n", "番号")], [["い"]] * 7), Prose(())], "d")
    text = "".join(html.write(Page([first, inner], "題")))
    assert "ほか7行はこの頁に載せていません" in text
    assert "0行まで" not in text


def test_the_head_of_a_column_of_names_stands_once_on_a_telephone() -> None:
    """There each row is a list of its own, and its name stands above its figures: `税抜・万円` before the first alone."""
    table = Table([Column("line", "税抜・万円"), Column("1", "1月", right=True)], [["目標", "5"], ["差", "-3"]])
    alike, lines = ("".join(html.write(Page([table._replace(stacks=stacks)], "題"))) for stacks in (False, True))
    assert [text.count('<table class="lines">') for text in (alike, lines)] == [0, 1]
    assert ".lines tr + tr td:first-child::before { display: none; }" in lines


def test_each_letter_of_a_drawn_line_keeps_its_column() -> None:
    """`a` takes one, `株` two, `█` one: what stands behind them begins in column 6."""
    text = "".join(html.write(Page([TextLines([("ab株█c",)])], "題")))
    # A column is what a letter takes where nothing is said.
    drawn = re.findall(r"<i([^>]*)>([^<]*)</i>", text)
    widths = [(look.partition("--n:")[2] or "1", letters) for look, letters in drawn]
    assert widths == [("2", "ab"), ("2", "株"), ("1", "█"), ("1", "c")]
