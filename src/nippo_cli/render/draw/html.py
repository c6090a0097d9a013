"""A page as one self-contained HTML file: to hand on, to project, to print on A4. It asks the network for nothing, and nothing in it
moves: a policy in its head allows neither scripts nor anything from outside.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import current, t
from nippo_cli.render.draw.layout import measure, safe, spans
from nippo_cli.render.draw.page import (
    Block,
    Cell,
    Column,
    Details,
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
    in_letters,
)
from nippo_cli.render.draw.page_room import DrawnRows, PageRoom, bytes_of_row, frame_of, lines_left_out

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


# A cell of so many columns stays in one line.
_SHORT: Final = 16
# Letters that bars and rules are made of.
_BARS: Final = "─━═░▒▓█"
_TEMPLATE: Final = "page.html.jinja"
# Columns whose cells begin with the number of a deal.
_NUMBERED: Final = frozenset({"id", "deal"})
# A picture is drawn twice, for paper and a desk and for a telephone; the style shows one of them.
_WIDTHS: Final = {"wide": 760.0, "narrow": 330.0}
# One of many on a page is drawn once, readable on all of them.
_ONE_OF_MANY: Final = {"small": 400.0}


class _Part(NamedTuple):
    """A block as the template takes it: what it is, and its pieces, each a text that is safe to be shown and its tone."""

    kind: str
    text: Sequence[Span] = ()
    note: str = ""
    mark: str = ""
    indent: int = 0
    caption: str = ""
    columns: Sequence[Column] = ()
    rows: "DrawnRows | None" = None
    pairs: Sequence[tuple[str, Sequence[Span]]] = ()
    lines: "Sequence[Sequence[_DrawnRun]]" = ()
    width: int = 0
    more: str = ""
    anchor: str = ""
    open: bool = False
    listed: bool = False
    called: bool = False
    first: bool = False
    menu: bool = False
    stacks: bool = False
    parts: "Sequence[_Part]" = ()
    number: int = 0
    link: str = ""
    drawings: "Sequence[_SizedShapes]" = ()
    table: "_Part | None" = None


class _SizedShapes(NamedTuple):
    """A picture in one of its widths: the style's name of it, its size, its shapes."""

    name: str
    width: str
    height: str
    shapes: "Markup"


class _DrawnRun(NamedTuple):
    """Letters of a drawn line that are equally wide, with the columns that they take: a browser's fonts keep to no grid by
    themselves."""

    text: str
    tone: Tone
    columns: int
    wide: bool


def write(page: Page, *, flat: bool = False) -> Iterator[str]:
    """The page as HTML in pieces.

    Args:
        flat: as the text of a mail, whose readers open nothing, follow no link within it and show no shapes.
    """
    if flat:
        page = page._replace(blocks=in_letters(page.blocks, tables=True), links={})
    links = _Links(page.links, follows=not flat)
    yield from _template().generate(
        language=current(), head=safe(page.head), title=safe(page.title), note=safe(page.note),
        parts=links.of_page(page), dense=page.dense,
    )  # fmt: skip
    yield "\n"


@cache
def _template() -> "Template":
    """Compiled once, however many files are written."""
    from jinja2 import Environment, StrictUndefined

    # Every value is escaped, for no text of a page is markup.
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters["look"] = _look
    environment.filters["only_tone"] = _only_tone
    return environment.from_string(Path(__file__).with_name(_TEMPLATE).read_text(encoding="utf-8"))


def _look(column: Column, cell: Sequence[Span]) -> "Markup | str":
    """The classes of a cell, if any: what is short is not broken into lines, but where the column gives way first."""
    from markupsafe import Markup

    text = "".join(piece.text for piece in cell)
    short = not column.flex and not column.right and 0 < measure(text) <= _SHORT
    said = {"right": column.right, "short": short, "empty": not text}
    classes = " ".join(name for name, is_so in said.items() if is_so)
    return Markup(f' class="{classes}"') if classes else ""  # noqa: S704  names of its own


def _only_tone(of: _Part) -> Tone | Literal[""]:
    """The tone of a paragraph that is in one tone, and needs no marks around its words; else none."""
    if len(of.text) != 1 or of.mark or of.menu:
        return ""
    piece = of.text[0]
    return piece.tone if not piece.link and piece.tone not in ("plain", "strong") else ""


class _Links:
    """Makes the parts of a page. The number of a deal leads to its line where that is drawn.

    Args:
        to: where each number leads.
        follows: whether links can be followed at all.
    """

    def __init__(self, to: Mapping[str, str], *, follows: bool = True) -> None:
        self._to, self._follows = to, follows
        self._has_part = False
        self._pictures = 0
        self._called = set[str]()
        self._room = PageRoom(())

    def of_page(self, page: Page) -> Iterator[_Part]:
        """What stands on a page, as much as it has room for."""
        self._room = PageRoom(page.blocks, fitted=page.fitted)
        left_out = list[Block]()

        def drawn() -> Iterator[Block]:
            for block in page.blocks:
                if self._room.leaves_out(block):
                    left_out.append(block)
                    continue
                shown, rest = self._room.parted(block)
                if rest is not None:
                    left_out.append(rest)
                yield shown

        yield from self._parts(drawn(), page.title)
        if said := lines_left_out(left_out):
            yield _Part("prose", text=[Span(said, "dim")])

    def _parts(self, blocks: Iterable[Block], heading: str) -> Iterator[_Part]:
        """The blocks one by one; a table's caption is the heading above it."""
        for block in blocks:
            if isinstance(block, Heading):
                heading = block.text
            if not self._stands_already(block):
                yield self._part(block, safe(heading))

    def _stands_already(self, block: Block) -> bool:
        """Whether it is a list that figures lead to, and several of them to the same."""
        if not isinstance(block, Details) or not block.called:
            return False
        stands = block.anchor in self._called
        self._called.add(block.anchor)
        return stands

    def _part(self, block: Block, caption: str) -> _Part:
        """A block as the template draws it, counted against the room that the page has."""
        if not isinstance(block, Table):
            self._room.take_bytes(frame_of(block))
        match block:
            case Details():
                inner = list(self._parts(block.blocks, "".join(piece.text for piece in spans(block.summary))))
                return _Part(
                    "details",
                    text=self._pieces(block.summary),
                    anchor=block.anchor,
                    open=block.open,
                    listed=block.listed,
                    called=block.called,
                    parts=inner,
                )
            case Picture():
                return self._picture(block)
            case _:
                return self._letters(block, caption)

    def _letters(self, block: LetterBlock, caption: str) -> _Part:
        """A block of letters as the template draws it: heading, table, facts, prose or lines."""
        match block:
            case Heading():
                first, self._has_part = block.part and not self._has_part, self._has_part or block.part
                kind = "part" if block.part else "heading"
                note, link = safe(block.note), self._led(block.link)
                text = self._pieces(block.text)
                return _Part(kind, text=text, note=note, anchor=block.anchor, first=first, link=link)
            case Table():
                return self._table(block, caption)
            case FactRows():
                return _Part("facts", pairs=[(safe(label), self._pieces(value)) for label, value in block.pairs])
            case TextLines():
                lines = [[run for piece in self._pieces(row) for run in _runs(piece)] for row in block.rows]
                width = max((sum(run.columns for run in line) for line in lines), default=0)
                return _Part("drawn", caption=caption, lines=lines, width=width)
            case Prose():
                return self._prose(block)

    def _table(self, block: Table, caption: str) -> _Part:
        """A table as the template draws it, its rows made as they are written, as many as there is room for."""
        columns = [Column(c.key, safe(c.head), c.right, c.flex) for c in block.columns]
        linked = {at for at, column in enumerate(columns) if self._to and column.key in _NUMBERED}
        row = bytes_of_row(columns)
        self._room.take_bytes(frame_of(block))

        def drawn(cells: Sequence[Cell]) -> Sequence[Sequence[Span]]:
            self._room.take_bytes(row)
            pieces = [self._pieces(cell) for cell in cells]
            return [self._linked(cell) if at in linked else cell for at, cell in enumerate(pieces)]

        return _Part(
            "table",
            caption=caption,
            columns=columns,
            rows=DrawnRows(block, drawn, self._room),
            stacks=block.stacks,
            anchor=block.anchor,
        )

    def _picture(self, of: Picture) -> _Part:
        """A picture in both widths, and its numbers where no other block has them; its number tells it from the others of its page."""
        self._pictures += 1
        drawings = [_drawn(of, name, wide) for name, wide in (_ONE_OF_MANY if of.small else _WIDTHS).items()]
        self._room.take_bytes(sum(len(one.shapes.encode()) for one in drawings))
        return _Part(
            "picture", text=self._pieces(of.text), caption=safe(of.title), number=self._pictures, more=t("html.numbers"),
            drawings=drawings,
            table=self._table(of.table, safe(of.title)) if of.table is not None else None,
        )  # fmt: skip

    def _prose(self, block: Prose) -> _Part:
        """A paragraph as the template draws it; a mark that is an id leads to its entry."""
        text, mark = self._pieces(block.text), block.mark.strip()
        # A paragraph of nothing parts others on a screen; here the style does.
        kind = "prose" if any(piece.text.strip() for piece in text) else "nothing"
        self._room.take_link(self._to.get(mark, ""))
        return _Part(
            kind,
            text=text,
            mark=safe(mark),
            anchor=self._to.get(mark, ""),
            indent=block.indent,
            menu=block.menu,
        )

    def _linked(self, pieces: list[Span]) -> list[Span]:
        """A cell that begins with the number of a deal, as a link to it."""
        number = pieces[0].text.partition(" ")[0].removeprefix("#")
        link = self._to.get(number, "")
        self._room.take_link(link)
        return [piece._replace(link=piece.link or link) for piece in pieces] if link else pieces

    def _pieces(self, of: Cell | Run) -> list[Span]:
        """The pieces of a text, safe to be shown; a link to what stands in another file leads there."""
        pieces = [
            piece._replace(text=safe(piece.text, multiline=True), link=self._led(piece.link)) for piece in spans(of)
        ]
        self._room.take(pieces)
        return pieces

    def _led(self, link: str) -> str:
        return self._to.get(link, link) if self._follows else ""


def _drawn(of: Picture, name: str, wide: float) -> _SizedShapes:
    from nippo_cli.render.draw.svg.markup import markup, number
    from nippo_cli.render.draw.svg.picture import draw_svg

    drawing = draw_svg(of, wide)
    return _SizedShapes(name, number(drawing.width), number(drawing.height), markup(drawing.elements))


def _runs(piece: Span) -> Iterator[_DrawnRun]:
    """A piece of a drawn line by what keeps its place on the grid: ASCII together, wide letters together, a bar's letters together,
    which may be cut or end early, any other alone."""
    alone = count()

    def sort_of(letter: str) -> object:
        if letter.isascii():
            return "ascii"
        return "wide" if measure(letter) > 1 else letter if letter in _BARS else next(alone)

    for sort, letters in groupby(piece.text, key=sort_of):
        text = "".join(letters)
        yield _DrawnRun(text, piece.tone, measure(text), sort == "wide")
