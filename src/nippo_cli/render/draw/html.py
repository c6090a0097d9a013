"""A page as one self-contained HTML file: to hand on, to project, to print on A4. It asks the network for nothing, and nothing in it
moves: a policy in its head allows neither scripts nor anything from outside.
"""

from collections.abc import Iterator, Sequence
from itertools import count, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import current, t, tn
from nippo_cli.render.draw.layout import measure, safe, spans
from nippo_cli.render.draw.page import (
    Cell,
    Column,
    FactRows,
    Heading,
    LetterBlock,
    Page,
    Picture,
    Prose,
    Run,
    Span,
    Table,
    TextLines,
    Tone,
)

if TYPE_CHECKING:
    from jinja2 import Template

    from nippo_cli.render.draw.svg.sheet import Drawing

# A table of more rows than this is cut, and says so: a browser draws no hundred thousand in a time that anybody waits.
_MOST_ROWS: Final = 5000
_TEMPLATE: Final = "page.html.jinja"
# A picture is drawn twice, for paper and a desk and for a telephone; the style shows one of them.
_WIDTHS: Final = {"wide": 760.0, "narrow": 330.0}


class _Part(NamedTuple):
    """A block as the template takes it: what it is, and its pieces, each a text that is safe to be shown and its tone."""

    kind: str
    text: Sequence[Span] = ()
    note: str = ""
    mark: str = ""
    indent: int = 0
    caption: str = ""
    columns: Sequence[Column] = ()
    rows: "Iterator[Sequence[Sequence[Span]]] | Sequence[Sequence[Sequence[Span]]]" = ()
    pairs: Sequence[tuple[str, Sequence[Span]]] = ()
    lines: "Sequence[Sequence[_DrawnRun]]" = ()
    width: int = 0
    more: str = ""
    number: int = 0
    drawings: "Sequence[tuple[str, Drawing]]" = ()
    table: "_Part | None" = None


class _DrawnRun(NamedTuple):
    """Letters of a drawn line that are equally wide, with the columns that they take: a browser's fonts keep to no grid by
    themselves."""

    text: str
    tone: Tone
    columns: int
    wide: bool


def write(page: Page) -> Iterator[str]:
    """The page as HTML in pieces."""
    yield from _template().generate(
        language=current(), title=safe(page.title), note=safe(page.note), parts=_parts(page)
    )
    yield "\n"


def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    # Every value is escaped, for no text of a page is markup.
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    return environment.from_string(Path(__file__).with_name(_TEMPLATE).read_text(encoding="utf-8"))


def _parts(page: Page) -> Iterator[_Part]:
    """The blocks one by one; a table's caption is the heading above it."""
    heading = page.title
    for number, block in enumerate(page.blocks):
        if isinstance(block, Heading):
            heading = block.text
        yield _picture(block, number) if isinstance(block, Picture) else _part(block, safe(heading))


def _picture(of: Picture, number: int) -> _Part:
    """A picture in both widths, and its numbers where no other block has them; `number` tells it from the others of its page."""
    from nippo_cli.render.draw.svg.picture import draw_svg

    return _Part(
        "picture", text=_pieces(of.text), caption=safe(of.title), number=number, more=t("html.numbers"),
        drawings=[(name, draw_svg(of, wide)) for name, wide in _WIDTHS.items()],
        table=_part(of.table, safe(of.title)) if of.table is not None else None,
    )  # fmt: skip


def _part(block: LetterBlock, caption: str) -> _Part:
    match block:
        case Heading():
            return _Part("heading", text=_pieces(block.text), note=safe(block.note))
        case Table():
            columns = [Column(c.key, safe(c.head), c.right, c.flex) for c in block.columns]
            rows = ([_pieces(cell) for cell in cells] for cells in islice(block.rows, _MOST_ROWS))
            return _Part("table", caption=caption, columns=columns, rows=rows, more=_more(block))
        case FactRows():
            return _Part("facts", pairs=[(safe(label), _pieces(value)) for label, value in block.pairs])
        case TextLines():
            lines = [[run for piece in _pieces(row) for run in _runs(piece)] for row in block.rows]
            width = max((sum(run.columns for run in line) for line in lines), default=0)
            return _Part("drawn", caption=caption, lines=lines, width=width)
        case Prose():
            text = _pieces(block.text)
            # A paragraph of nothing parts others on a screen; here the style does.
            kind = "prose" if any(piece.text.strip() for piece in text) else "nothing"
            return _Part(kind, text=text, mark=safe(block.mark.strip()), indent=block.indent)


def _pieces(of: Cell | Run) -> list[Span]:
    return [Span(safe(piece.text, multiline=True), piece.tone) for piece in spans(of)]


def _runs(piece: Span) -> Iterator[_DrawnRun]:
    """A piece of a drawn line by what keeps its place on the grid: ASCII together, wide letters together, any other alone."""
    alone = count()

    def sort_of(letter: str) -> object:
        return "ascii" if letter.isascii() else "wide" if measure(letter) > 1 else next(alone)

    for sort, letters in groupby(piece.text, key=sort_of):
        text = "".join(letters)
        yield _DrawnRun(text, piece.tone, measure(text), sort == "wide")


def _more(table: Table) -> str:
    """How many rows are not there, and how to see them."""
    cut = max(0, len(table.rows) - _MOST_ROWS)
    if cut:
        return tn("html.cut", cut + table.more, n=f"{cut + table.more:,}", most=f"{_MOST_ROWS:,}")
    if not table.more:
        return ""
    return "  ".join(filter(None, (tn("show.more", table.more, n=f"{table.more:,}"), table.more_hint)))
