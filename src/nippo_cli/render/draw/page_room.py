"""How much one page of HTML holds, so that a browser draws it at once and a mailbox takes it: what is beyond is counted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from nippo_cli.base.language import tn
from nippo_cli.render.draw.layout import spans
from nippo_cli.render.draw.page import (
    MOST_ROWS,
    Block,
    Cell,
    Column,
    Details,
    FactRows,
    Heading,
    Picture,
    Prose,
    Run,
    Span,
    Table,
    TextLines,
)

# A page is to stay below two million bytes, with its style and the lists that its figures lead to.
MOST_BYTES: Final = 1_850_000
_BELOW_TABLES: Final = 150_000
# What the template writes around what stands in a page. A test holds the sums against real pages.
_OF_TONE: Final = len("<span class=></span>")
_OF_LINK: Final = len('<a href=""></a>')
_OF_CELL: Final = len('<td class="right" data-head=""></td>')
_OF_HEAD: Final = len('<th scope="col" class="right"></th>')
_OF_ROW: Final = len("<tr></tr>\n")
_OF_TABLE: Final = len("<table>\n<caption></caption>\n<thead><tr></tr></thead>\n<tbody>\n</tbody>\n</table>\n\n")
_OF_PROSE: Final = len("<p></p>\n\n")
_OF_INDENT: Final = len(" style=--indent:8")
_OF_MARK: Final = len("<span class=mark></span>")
_OF_HEADING: Final = len("</section>\n<section>\n<h2></h2>\n")
_OF_NOTE: Final = len('<span class="note"></span>')
_OF_PAIR: Final = len("<dt></dt><dd></dd>\n")
_OF_DETAILS: Final = len('<details id="" class="listed">\n<summary></summary>\n</details>\n')
# A column of a drawn line, alone or with others.
_OF_DRAWN: Final = 10
# The shapes of a picture in both its widths, and of one of many, and what stands around them.
_OF_SHAPES: Final = 7_500
_OF_SMALL_SHAPES: Final = 2_400
_OF_PICTURE: Final = 600


class PageRoom:
    """What is left of a page.

    Args:
        blocks: those of the page: the lists that figures lead to have their place, whatever stands before them.
        fitted: all of the page is known to have room.
    """

    def __init__(self, blocks: Iterable[Block], *, fitted: bool = False) -> None:
        self._fitted = fitted
        lists = (b for b in (blocks if isinstance(blocks, Sequence) else ()) if isinstance(b, Details) and b.called)
        self._left, self._taken = MOST_BYTES if fitted else MOST_BYTES - sum(map(bytes_of, lists)), 0

    @property
    def is_short(self) -> bool:
        """Whether no further row of a table is drawn: what stands below it has its place."""
        return self._left <= _BELOW_TABLES and not self._fitted

    @property
    def is_full(self) -> bool:
        """Whether nothing more is drawn."""
        return self._left <= 0 and not self._fitted

    @property
    def taken(self) -> int:
        """How much is drawn by now, about: all that was taken."""
        return self._taken

    def take(self, pieces: Iterable[Span]) -> None:
        """Text is drawn."""
        self.take_bytes(_of_run(tuple(pieces)))

    def take_link(self, link: str) -> None:
        """What is drawn leads somewhere."""
        self.take_bytes(_OF_LINK + len(link) if link else 0)

    def take_bytes(self, n: int) -> None:
        """Something of this size is drawn."""
        self._left -= n
        self._taken += n

    def leaves_out(self, block: Block) -> bool:
        """Whether a block of the page has no place any more. What links lead to has: a list of deals, the head of a part."""
        stays = (isinstance(block, Details) and block.called) or (isinstance(block, Heading) and bool(block.anchor))
        return self.is_full and not stays

    def parted(self, block: Block) -> tuple[Block, FactRows | None]:
        """A block as far as there is room, and what is left of it: one line a finding may be longer than a page."""
        if self._fitted or not isinstance(block, FactRows):
            return block, None
        ends = accumulate(len(label.encode()) + _OF_PAIR + _of_run(value) for label, value in block.pairs)
        fit = sum(end <= self._left for end in ends)
        if fit == len(block.pairs):
            return block, None
        return block._replace(pairs=block.pairs[:fit]), block._replace(pairs=block.pairs[fit:])


def bytes_of(block: Block) -> int:
    """How much a block takes on a page, about."""
    match block:
        case Table():
            row = bytes_of_row(block.columns)
            return frame_of(block) + sum(row + sum(map(_of_run, cells)) for cells in block.rows)
        case Details():
            return frame_of(block) + _of_run(block.summary) + sum(map(bytes_of, block.blocks))
        case Picture():
            said = len(block.text.encode()) + (_OF_SMALL_SHAPES if block.small else _OF_SHAPES)
            return frame_of(block) + said + (bytes_of(block.table) if block.table is not None else 0)
        case FactRows():
            return frame_of(block) + sum(len(label.encode()) + _of_run(value) for label, value in block.pairs)
        case TextLines():
            return frame_of(block) + sum(map(_of_run, block.rows))
        case Heading() | Prose():
            return frame_of(block) + _of_run(block.text)


def frame_of(block: Block) -> int:
    """What is written around what a block says, beside the rows of a table and the pieces of text."""
    match block:
        case Table():
            return _OF_TABLE + sum(_OF_HEAD + len(column.head.encode()) for column in block.columns)
        case Details():
            return _OF_DETAILS + len(block.anchor)
        case Picture():
            return _OF_PICTURE + len(block.title.encode())
        case FactRows():
            return len(block.pairs) * _OF_PAIR
        case TextLines():
            return _OF_DRAWN * sum(len(piece.text) for row in block.rows for piece in spans(row))
        case Heading() | Prose():
            return _of_heading(block) if isinstance(block, Heading) else _of_prose(block)


def _of_heading(block: Heading) -> int:
    note = _OF_NOTE + len(block.note.encode()) if block.note else 0
    return _OF_HEADING + note + len(block.anchor) + (_OF_LINK + len(block.link) if block.link else 0)


def _of_prose(block: Prose) -> int:
    mark = _OF_MARK + len(block.mark.encode()) if block.mark else 0
    return _OF_PROSE + mark + (_OF_INDENT if block.indent else 0)


def bytes_of_row(columns: Sequence[Column]) -> int:
    """What is written around the cells of a row: each says the head of its column, too."""
    return _OF_ROW + sum(_OF_CELL + len(column.head.encode()) for column in columns)


def _of_run(of: Cell | Run) -> int:
    return sum(
        len(piece.text.encode())
        + (_OF_TONE + len(piece.tone) if piece.tone != "plain" else 0)
        + (_OF_LINK + len(piece.link) if piece.link else 0)
        for piece in spans(of)
    )


class DrawnRows:
    """The rows of a table, each made when it is drawn, as long as there is room.

    Args:
        make: what a row is drawn of.
    """

    def __init__(
        self, table: Table, make: "Callable[[Sequence[Cell]], Sequence[Sequence[Span]]]", room: PageRoom
    ) -> None:
        self._table, self._make, self._room = table, make, room
        self._drawn = 0

    def __iter__(self) -> Iterator[Sequence[Sequence[Span]]]:
        for cells in self._table.rows:
            if self._room.is_short or self._drawn == MOST_ROWS:
                return
            self._drawn += 1
            yield self._make(cells)

    def more(self) -> str:
        """Once they are drawn: how many rows are not there, and how to see them."""
        cut, table = len(self._table.rows) - self._drawn, self._table
        if cut and not self._drawn:
            return _left_out(cut + table.more)
        if cut:
            return tn("html.cut", cut + table.more, n=f"{cut + table.more:,}", most=f"{self._drawn:,}")
        if not table.more:
            return ""
        return "  ".join(filter(None, (tn("show.more", table.more, n=f"{table.more:,}"), table.more_hint)))


def lines_left_out(blocks: Iterable[Block]) -> str:
    """How many lines of a page are not there, a row of a table and a paragraph each one, and how to see them."""
    n = sum(map(_lines_of, blocks))
    return _left_out(n) if n else ""


def _lines_of(block: Block) -> int:
    match block:
        case Table():
            return len(block.rows) + block.more
        case FactRows():
            return len(block.pairs)
        case _:
            return 1


def _left_out(n: int) -> str:
    return tn("html.cut_lines", n, n=f"{n:,}")
