"""A screen before it is drawn: blocks of text and tables that a terminal, a pipe and Markdown each draw their way.

Text in a page is stored text or spoken text as it is; the writers make it safe for where it goes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.render.draw.rows import LazyRows

NO_LINKS: Mapping[str, str] = MappingProxyType({})
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
    """Rows under heads; `more` rows are not shown, and `more_hint` says how to see them."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]] | LazyRows[Sequence[Cell]]
    more: int = 0
    more_hint: str = ""


class FactRows(NamedTuple):
    """Labels and values, one pair a row, the labels aligned."""

    pairs: Sequence[tuple[str, Cell | Run]]


class TextLines(NamedTuple):
    """Rows already laid out, such as a drawn time axis; never wrapped, never reflowed."""

    rows: Sequence[Run]


class Prose(NamedTuple):
    """A paragraph, wrapped to the width; `indent` columns from the left, the first row behind `mark`."""

    text: Cell | Run
    indent: int = 0
    mark: str = ""


class Heading(NamedTuple):
    """A section's title and what stands beside it. `part`: it begins a part of the page, of several sections; links lead to its
    `anchor`."""

    text: str
    note: str = ""
    anchor: str = ""
    part: bool = False


class Details(NamedTuple):
    """What stands behind a figure or a name, opened where that can be done, and drawn nowhere else. `open`: it is open already."""

    summary: Cell | Run
    blocks: "Sequence[Block]"
    anchor: str = ""
    open: bool = False


LetterBlock: TypeAlias = Table | FactRows | TextLines | Prose | Heading
Block: TypeAlias = LetterBlock | Details


class Page(NamedTuple):
    """A whole screen. An empty title draws none. Blocks are parted by a blank line before each heading; they are gone
    through once, so a long page's may be made meanwhile. `links` leads from the number of a deal to where its line is drawn;
    `head` stands above the title of what is handed on."""

    blocks: Iterable[Block] = ()
    title: str = ""
    note: str = ""
    links: Mapping[str, str] = NO_LINKS
    head: str = ""


def in_letters(blocks: Iterable[Block]) -> Iterator[LetterBlock]:
    """The blocks without those that can be drawn in letters alone nowhere."""
    return (block for block in blocks if not isinstance(block, Details))


class Screen(NamedTuple):
    """What is drawn on. `columns` counts on a terminal alone; `limit` 0 is all rows; `ascii` says that nothing else
    can be drawn there; `opens` that what stands behind a figure can be opened, and links followed."""

    columns: int = 80
    terminal: bool = False
    color: bool = False
    limit: int = 0
    ascii: bool = False
    opens: bool = False
