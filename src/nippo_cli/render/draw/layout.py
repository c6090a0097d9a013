"""A page as rows of safe text: what plain text and the terminal share.

Every text that comes out has been through `text.visible`; tables are aligned by display width.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import tn
from nippo_cli.base.text import cut, visible, width, widths_of
from nippo_cli.render.draw.page import (
    Cell,
    Column,
    FactRows,
    Heading,
    LetterBlock,
    Page,
    Prose,
    Run,
    Span,
    Table,
    TextLines,
    Tone,
    in_letters,
)

Row: TypeAlias = tuple[Span, ...]

GAP = 2
LEAST_FLEX = 8
LEAST_OTHER = 4
_BLANK: Row = ()
_BLANK_ROW = TextLines((_BLANK,))
# So many rows are measured at once; and so many that are made as they are drawn are held, where more are made twice.
_AT_ONCE, _HELD = 500, 10_000


def lay_out(page: Page, *, columns: int | None, rule: str = "") -> Iterator[Row]:
    """The rows of a page. With `columns`, tables are cut and paragraphs wrapped to it; without, neither is.

    `rule` is the character of the line under a table's heads; none without it.
    """
    for block in _spaced(page):
        yield from _block(block, columns, rule)


def plain_text(page: Page) -> Iterator[str]:
    """The page for pipes and files, some rows at a time, a newline at the end of each: without colour, and nothing is cut or
    wrapped, so that `grep` finds it."""
    for block in _spaced(page):
        if isinstance(block, Table):
            yield from _uncut(block)
        else:
            for row in _block(block, None, ""):
                yield "".join(piece.text for piece in row).rstrip() + "\n"


def _spaced(page: Page) -> Iterator[LetterBlock]:
    """The title and the blocks, with a blank row between those that are parted."""
    if page.title:
        yield Heading(page.title, page.note)
    before: LetterBlock | None = None
    for block in in_letters(page.blocks):
        if (before is not None or page.title) and _parted(before, block):
            yield _BLANK_ROW
        yield block
        before = block


def spans(of: Cell | Run) -> tuple[Span, ...]:
    """A cell's or a run's text, piece by piece."""
    if isinstance(of, str):
        return (Span(of),)
    if isinstance(of, Span):
        return (of,)
    return tuple(Span(piece) if isinstance(piece, str) else piece for piece in of)


def safe(text: str, *, multiline: bool = False) -> str:
    """Text with what is not to be shown as such turned into visible marks."""
    # What Python calls printable holds no control, format or surrogate character.
    return text if text.isprintable() else visible(text, multiline=multiline)


def measure(text: str) -> int:
    """The columns that safe text takes."""
    return len(text) if text.isascii() else width(text)


def _parted(before: LetterBlock | None, block: LetterBlock) -> bool:
    if isinstance(block, Heading):
        return True
    if before is None:
        return True
    return isinstance(before, Table) or (isinstance(block, Table) and not isinstance(before, Heading))


def _block(block: LetterBlock, columns: int | None, rule: str) -> Iterator[Row]:
    """A block as rows of so many columns; None: as wide as it is."""
    if isinstance(block, Table):
        yield from _table(block, columns, rule)
    elif isinstance(block, FactRows):
        yield from _facts(block, columns)
    elif isinstance(block, TextLines):
        yield from (_safe(spans(row)) for row in block.rows)
    elif isinstance(block, Heading):
        yield from _heading(block.text, block.note, columns)
    else:
        yield from _prose(block, columns)


def _heading(text: str, note: str, columns: int | None) -> Iterator[Row]:
    """A title and its note, side by side where there is room; else the note below, each wrapped between words."""
    row = (Span(safe(text), "strong"), *((Span(f"  {safe(note)}", "dim"),) if note else ()))
    if columns is None or sum(measure(piece.text) for piece in row) <= columns:
        yield row
        return
    for piece in (Span(text, "strong"), Span(note, "dim")):
        yield from _prose(Prose(piece), columns) if piece.text else ()


def _safe(pieces: Sequence[Span]) -> Row:
    return tuple(Span(safe(p.text), p.tone) for p in pieces)


class _Measured(NamedTuple):
    """Some hundreds of a table's rows, and column by column the safe text of their cells and the columns that it takes."""

    rows: Sequence[Sequence[Cell]]
    texts: Sequence[Sequence[str]]
    sizes: Sequence[Sequence[int]]


def _table(table: Table, columns: int | None, rule: str) -> Iterator[Row]:
    """Head, rule and rows, each column as wide as it needs to be and as there is room for."""
    measured, natural = _all_measured(table)
    if columns is not None and table.stacks and _taken(natural) > columns:
        yield from _stacked(table, natural, columns, rule)
        return
    widths = _fit(table.columns, natural, columns)
    heads = [safe(c.head) for c in table.columns]
    if any(heads):
        yield _cells(table.columns, widths, heads, [measure(h) for h in heads], ["dim"] * len(heads))
        if rule:
            yield (Span(rule * (sum(widths) + GAP * (len(widths) - 1)), "dim"),)
    for rows, texts, sizes in measured:
        for row, text, size in zip(rows, zip(*texts, strict=True), zip(*sizes, strict=True), strict=True):
            tones: list[Tone] = [c.tone if isinstance(c, Span) else "plain" for c in row]
            yield _cells(table.columns, widths, text, size, tones)
    if table.more:
        yield (Span(_more(table), "dim"),)


def _uncut(table: Table) -> Iterator[str]:
    """The same as text that is as wide as it is, a column at a time: a pipe may get many thousands of rows."""
    measured, rooms = _all_measured(table)
    heads = [safe(c.head) for c in table.columns]
    blanks = [" " * n for n in range(max(rooms, default=0) + 1)]
    above = [_Measured([heads], [[h] for h in heads], [[measure(h)] for h in heads])] if any(heads) else []
    for _, texts, sizes in chain(above, measured):
        columns = [
            [blanks[room - n] + t for t, n in zip(text, size, strict=True)]
            if column.right
            else [t + blanks[room - n] for t, n in zip(text, size, strict=True)]
            for column, text, size, room in zip(table.columns, texts, sizes, rooms, strict=True)
        ]
        between = " " * GAP
        yield "".join(f"{between.join(row).rstrip()}\n" for row in zip(*columns, strict=True))
    if table.more:
        yield _more(table) + "\n"


def _more(table: Table) -> str:
    more = tn("show.more", table.more, n=f"{table.more:,}")
    return safe(f"{more}  {table.more_hint}" if table.more_hint else more)


def _stacked(table: Table, natural: Sequence[int], columns: int, rule: str) -> Iterator[Row]:
    """The table's columns in as few tables under each other as the room allows, the first column before each of them."""
    first = min(natural[0], columns // 3) if table.columns[0].flex else natural[0]
    others = len(natural) - 1
    for many in range(2, others + 1):
        ends = [1 + others * part // many for part in range(many + 1)]
        parts = [range(start, end) for start, end in pairwise(ends)]
        if many == others or all(_taken([first, *(natural[at] for at in part)]) <= columns for part in parts):
            break
    else:
        parts = [range(1, 1 + others)]
    for part in parts:
        if part.start > 1:
            yield _BLANK
        which = (0, *part)
        rows = [[row[at] for at in which] for row in table.rows]
        last = part.stop > others
        beside = table._replace(
            columns=[table.columns[at] for at in which], rows=rows, more=table.more if last else 0, stacks=False
        )
        yield from _table(beside, columns, rule)


def _taken(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _all_measured(table: Table) -> tuple[Iterable[_Measured], list[int]]:
    """A table's rows, and the widths that its columns need. Very many rows that are made as they are drawn are made and measured
    once for the widths, and once more when they are written."""
    held = list(_measured(table.rows)) if isinstance(table.rows, Sequence) or len(table.rows) <= _HELD else None
    natural = [measure(safe(c.head)) for c in table.columns]
    for some in held or _measured(table.rows):
        natural = [max(width, *sizes) for width, sizes in zip(natural, some.sizes, strict=True)]
    return held or _measured(table.rows), natural


def _measured(rows: Iterable[Sequence[Cell]]) -> Iterator[_Measured]:
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        columns = ([c.text if isinstance(c, Span) else c for c in column] for column in zip(*some, strict=True))
        # Mostly a look at all of a column shows that none of its texts needs one of its own.
        texts = [column if "".join(column).isprintable() else [*map(safe, column)] for column in columns]
        yield _Measured(some, texts, [*map(widths_of, texts)])


def _cells(
    columns: Sequence[Column], widths: Sequence[int], texts: Sequence[str], sizes: Sequence[int], tones: Sequence[Tone]
) -> Row:
    """One row: runs of plain cells are one piece, so that a long plain table is not made of a million of them."""
    pieces: list[Span] = []
    plain: list[str] = []
    last = len(columns) - 1
    for i, text in enumerate(texts):
        size, room = sizes[i], widths[i]
        if size > room:
            text = cut(text, room)  # noqa: PLW2901
            size = measure(text)
        blank = " " * (room - size)
        lead, trail = (blank, "") if columns[i].right else ("", blank if i < last else "")
        if tones[i] == "plain":
            plain.append(lead + text + trail)
        else:
            pieces.append(Span("".join((*plain, lead))))
            pieces.append(Span(text, tones[i]))
            plain = [trail]
        if i < last:
            plain.append("  ")
    pieces.append(Span("".join(plain).rstrip() if plain else ""))
    return tuple(p for p in pieces if p.text)


def _fit(columns: Sequence[Column], natural: Sequence[int], room: int | None) -> list[int]:
    """Widths that fit the room: flexible columns give way first, widest first; then the others but the numbers."""
    widths = list(natural)
    if room is None:
        return widths
    room -= GAP * (len(widths) - 1)
    flexible = [i for i, c in enumerate(columns) if c.flex]
    others = [i for i, c in enumerate(columns) if not c.flex and not c.right]
    for group, least in ((flexible, LEAST_FLEX), (others, LEAST_OTHER)):
        _shrink(widths, group, least, sum(widths) - room)
    return widths


def _shrink(widths: list[int], group: Sequence[int], least: int, excess: int) -> None:
    """Take `excess` columns from a group, always from its widest, none below `least`."""
    while excess > 0:
        widest = max(group, key=lambda i: widths[i], default=None)
        if widest is None or widths[widest] <= least:
            return
        widths[widest] -= 1
        excess -= 1


def _facts(facts: FactRows, columns: int | None) -> Iterator[Row]:
    labels = [safe(label) for label, _ in facts.pairs]
    indent = max((measure(label) for label in labels), default=0) + GAP
    for label, (_, value) in zip(labels, facts.pairs, strict=True):
        head = Span(label + " " * (indent - measure(label)), "dim")
        for i, row in enumerate(_wrapped(spans(value), columns, indent)):
            yield (head, *row) if i == 0 else (Span(" " * indent), *row)


def _prose(prose: Prose, columns: int | None) -> Iterator[Row]:
    mark = safe(prose.mark)
    for i, row in enumerate(_wrapped(spans(prose.text), columns, prose.indent)):
        if i == 0 and mark:
            blank = " " * max(prose.indent - measure(mark), 1)
            yield (Span(mark + blank, "dim"), *row)
        else:
            yield (Span(" " * prose.indent), *row) if prose.indent and row else row


def _wrapped(pieces: Sequence[Span], columns: int | None, indent: int) -> Iterator[Row]:
    """A paragraph's rows; its own line ends are kept."""
    if columns is not None:
        from nippo_cli.render.draw.wrap import breaks

    shown = [Span(safe(p.text, multiline=True), p.tone) for p in pieces]
    text = "".join(p.text for p in shown)
    start = 0
    for line in text.split("\n"):
        if columns is None:
            yield tuple(_slice(shown, start, start + len(line)))
        else:
            for a, b in breaks(line, max(columns - indent, LEAST_FLEX)):
                yield tuple(_slice(shown, start + a, start + b))
        start += len(line) + 1


def _slice(pieces: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    at = 0
    for piece in pieces:
        first, last = max(start - at, 0), min(end - at, len(piece.text))
        if last > first:
            yield Span(piece.text[first:last], piece.tone)
        at += len(piece.text)
