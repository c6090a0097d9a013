"""A screen before it is drawn: blocks of text and tables that a terminal, a pipe and Markdown each draw their way.

Text in a page is stored text or spoken text as it is; the writers make it safe for where it goes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.render.draw.rows import LazyRows

if TYPE_CHECKING:
    from nippo_cli.render.draw.marks import LegendEntry, PictureAxis, PictureMark, PictureRow

NO_LINKS: Mapping[str, str] = MappingProxyType({})
# So many entries, one under the other, has a page of HTML: with some more of them it would be larger than a mailbox takes.
MOST_ENTRIES: Final = 2000
# A table of more rows than this is cut, and says so: nobody waits for a browser that draws more.
MOST_ROWS: Final = 5000
Tone: TypeAlias = Literal["plain", "dim", "strong", "good", "warn", "bad"]


class Span(NamedTuple):
    """A run of text in one tone. A tone only ever repeats what the words say. `link` is an anchor of the same page, or a page
    beside it, that tells more: where links can be followed, it is one."""

    text: str
    tone: Tone = "plain"
    link: str = ""


Cell: TypeAlias = str | Span
Run: TypeAlias = tuple[Cell, ...]


class Column(NamedTuple):
    """A table's column. A `flex` one is cut first where the terminal is narrow; `key` names it in CSV."""

    key: str
    head: str
    right: bool = False
    flex: bool = False


class Table(NamedTuple):
    """Rows under heads; `more` rows are not shown, and `more_hint` says how to see them. One that `stacks` is never cut: where the
    terminal is narrow, its columns stand in several tables under each other, each behind the first column. Links lead to its
    `anchor`."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]] | LazyRows[Sequence[Cell]]
    more: int = 0
    more_hint: str = ""
    stacks: bool = False
    anchor: str = ""


class FactRows(NamedTuple):
    """Labels and values, one pair a row, the labels aligned."""

    pairs: Sequence[tuple[str, Cell | Run]]


class TextLines(NamedTuple):
    """Rows already laid out, such as a drawn time axis; never wrapped, never reflowed."""

    rows: Sequence[Run]


class Prose(NamedTuple):
    """A paragraph, wrapped to the width; `indent` columns from the left, the first row behind `mark`. A `menu` only leads elsewhere:
    paper is without it."""

    text: Cell | Run
    indent: int = 0
    mark: str = ""
    menu: bool = False


class Heading(NamedTuple):
    """A section's title and what stands beside it. `part`: it begins a part of the page, of several sections; links lead to its
    `anchor`, and what stands beside it leads to its `link`."""

    text: str
    note: str = ""
    anchor: str = ""
    part: bool = False
    link: str = ""


class Details(NamedTuple):
    """What stands behind a figure or a name, opened where that can be done, and drawn nowhere else. `open`: it is open already;
    `listed`: on paper its summary is there, though it is closed; `called`: it is there at all only once a link has led to it."""

    summary: Cell | Run
    blocks: "Sequence[Block]"
    anchor: str = ""
    open: bool = False
    listed: bool = False
    called: bool = False


class Picture(NamedTuple):
    """Marks on axes: rows under each other, or a plane where there are none but a `y` axis.

    `title` states what there is to see, `text` says the same as the marks do. `table` has their numbers where no other block of the
    page has them. `drawn` is the picture in letters, for a terminal and a pipe; without any they leave it to the table beside it.
    Names of `stacked` rows stand above their marks, however wide the picture is. A `small` one is one of many on its page.
    """

    title: str
    text: str
    x: "PictureAxis"
    marks: "Sequence[PictureMark]"
    rows: "Sequence[PictureRow]" = ()
    y: "PictureAxis | None" = None
    legend: "Sequence[LegendEntry]" = ()
    table: Table | None = None
    drawn: Sequence[Run] = ()
    stacked: bool = False
    small: bool = False


LetterBlock: TypeAlias = Table | FactRows | TextLines | Prose | Heading
Block: TypeAlias = LetterBlock | Details | Picture


class Page(NamedTuple):
    """A whole screen. An empty title draws none. Blocks are parted by a blank line before each heading; they are gone
    through once, so a long page's may be made meanwhile. `links` leads from the number of a deal to where its line is drawn;
    `head` stands above the title of what is handed on; a `dense` one is set in small type on paper; of a `fitted` one its maker has seen
    to it that it is no larger than a file may be."""

    blocks: Iterable[Block] = ()
    title: str = ""
    note: str = ""
    links: Mapping[str, str] = NO_LINKS
    head: str = ""
    dense: bool = False
    fitted: bool = False


def in_letters(blocks: Iterable[Block], *, tables: bool = False) -> Iterator[LetterBlock]:
    """The blocks with each picture as the letters that it is drawn in, and nothing of what is only to be opened.

    Args:
        tables: of one that is not, its title and its numbers; else nothing stands in its place.
    """
    for block in blocks:
        if isinstance(block, Details):
            continue
        if not isinstance(block, Picture):
            yield block
        elif block.drawn:
            yield TextLines(block.drawn)
        elif tables and block.table is not None:
            yield Prose(Span(block.title, "strong"))
            yield block.table


class Screen(NamedTuple):
    """What is drawn on. `columns` counts on a terminal alone; `limit` 0 is all rows; `ascii` says that nothing else
    can be drawn there; `opens` that what stands behind a figure can be opened, and links followed; `pictures` that shapes can be
    drawn, beside letters."""

    columns: int = 80
    terminal: bool = False
    color: bool = False
    limit: int = 0
    ascii: bool = False
    opens: bool = False
    pictures: bool = False
