"""How much one page of HTML holds, so that a browser draws it at once and a mailbox takes it: what is beyond is counted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from nippo_cli.base.language import tn
from nippo_cli.render.draw.layout import spans
from nippo_cli.render.draw.page import (
    Block,
    Cell,
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
MOST_BYTES: Final = 1_700_000
_BELOW_TABLES: Final = 150_000
# What stands around a piece of text: the marks of its cell or paragraph, and of its tone.
_OF_PIECE: Final = 28
# A picture in both its widths.
_OF_PICTURE: Final = 9_000
# A table of more rows than this is cut, and says so: nobody waits for a browser that draws more.
_MOST_ROWS: Final = 5000


class PageRoom:
    """What is left of a page.

    Args:
        blocks: those of the page: the lists that figures lead to have their place, whatever stands before them.
        fitted: all of the page is known to have room.
    """

    def __init__(self, blocks: Iterable[Block], *, fitted: bool = False) -> None:
        self._fitted = fitted
        lists = (b for b in (blocks if isinstance(blocks, Sequence) else ()) if isinstance(b, Details) and b.called)
        self._left = MOST_BYTES if fitted else MOST_BYTES - sum(map(bytes_of, lists))

    @property
    def is_short(self) -> bool:
        """Whether no further row of a table is drawn: what stands below it has its place."""
        return self._left <= _BELOW_TABLES and not self._fitted

    @property
    def is_full(self) -> bool:
        """Whether nothing more is drawn."""
        return self._left <= 0 and not self._fitted

    def take(self, pieces: Iterable[Span]) -> None:
        """Text is drawn."""
        self._left -= _of_run(tuple(pieces))

    def take_bytes(self, n: int) -> None:
        """Something of this size is drawn."""
        self._left -= n

    def leaves_out(self, block: Block) -> bool:
        """Whether a block of the page has no place any more. What links lead to has: a list of deals, the head of a part."""
        stays = (isinstance(block, Details) and block.called) or (isinstance(block, Heading) and bool(block.anchor))
        return self.is_full and not stays

    def parted(self, block: Block) -> tuple[Block, FactRows | None]:
        """A block as far as there is room, and what is left of it: one line a finding may be longer than a page."""
        if self._fitted or not isinstance(block, FactRows):
            return block, None
        ends = accumulate(len(label.encode()) + _OF_PIECE + _of_run(value) for label, value in block.pairs)
        fit = sum(end <= self._left for end in ends)
        if fit == len(block.pairs):
            return block, None
        return block._replace(pairs=block.pairs[:fit]), block._replace(pairs=block.pairs[fit:])


def bytes_of(block: Block) -> int:
    """How much a block takes on a page, about."""
    match block:
        case Table():
            heads = sum(len(column.head.encode()) for column in block.columns)
            return sum(heads + _of_run(tuple(row)) for row in block.rows)
        case Details():
            return _of_run(block.summary) + sum(map(bytes_of, block.blocks))
        case Picture():
            return _OF_PICTURE + (bytes_of(block.table) if block.table is not None else 0)
        case FactRows():
            return sum(len(label.encode()) + _of_run(value) for label, value in block.pairs)
        case TextLines():
            return sum(map(_of_run, block.rows))
        case Heading() | Prose():
            return _of_run(block.text)


def _of_run(of: Cell | Run) -> int:
    return sum(_OF_PIECE + len(piece.text.encode()) + len(piece.link) for piece in spans(of))


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
            if self._room.is_short or self._drawn == _MOST_ROWS:
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
