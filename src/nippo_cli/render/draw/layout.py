"""A page as rows of safe text: what plain text and the terminal share.

Every text that comes out has been through `text.visible`; tables are aligned by display width.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import TypeAlias

from nippo_cli.base.language import tn
from nippo_cli.base.text import cut, visible, width
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
from nippo_cli.render.draw.wrap import breaks

Row: TypeAlias = tuple[Span, ...]

GAP = 2
LEAST_FLEX = 8
LEAST_OTHER = 4
_BLANK: Row = ()
# So many rows are measured at once; and so many are held for being written, where a longer table's are made twice.
_AT_ONCE, _HELD = 500, 10_000


def lay_out(page: Page, *, columns: int | None, rule: str = "", toned: bool = True) -> Iterator[Row]:
    """The rows of a page. With `columns`, tables are cut and paragraphs wrapped to it; without, neither is.

    `rule` is the character of the line under a table's heads; none without it. Rows that are not `toned` and not cut
    are laid out at a fraction of the cost.
    """
    if page.title:
        yield from _heading(page.title, page.note, columns)
    before: LetterBlock | None = None
    for block in in_letters(page.blocks):
        if (before is not None or page.title) and _parted(before, block):
            yield _BLANK
        yield from _block(block, columns, rule, toned=toned or columns is not None)
        before = block


def plain_text(page: Page) -> Iterator[str]:
    """The page for pipes and files row by row, a newline at the end of each: without colour, and nothing is cut or
    wrapped, so that `grep` finds it."""
    for row in lay_out(page, columns=None, toned=False):
        yield "".join(piece.text for piece in row).rstrip() + "\n"


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


def _block(block: LetterBlock, columns: int | None, rule: str, *, toned: bool) -> Iterator[Row]:
    """A block as rows of so many columns; None: as wide as it is."""
    if isinstance(block, Table):
        yield from _table(block, columns, rule, toned=toned)
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


def _table(table: Table, columns: int | None, rule: str, *, toned: bool) -> Iterator[Row]:
    """Head, rule and rows, each column as wide as it needs to be and as there is room for."""
    heads = [safe(c.head) for c in table.columns]
    natural = [measure(h) for h in heads]
    # A very long table's rows are measured once for the widths, and once more when they are written.
    held = list(_measured(table.rows)) if len(table.rows) <= _HELD else None
    for _, _, sizes in held or _measured(table.rows):
        natural = [max(widths) for widths in zip(natural, *sizes, strict=True)]
    if columns is not None and table.stacks and _taken(natural) > columns:
        yield from _stacked(table, natural, columns, rule, toned=toned)
        return
    widths = _fit(table.columns, natural, columns)
    if any(heads):
        yield _cells(table.columns, widths, heads, [measure(h) for h in heads], ["dim"] * len(heads))
        if rule:
            yield (Span(rule * (sum(widths) + GAP * (len(widths) - 1)), "dim"),)
    for rows, texts, sizes in held or _measured(table.rows):
        if toned:
            tones: list[list[Tone]] = [[c.tone if isinstance(c, Span) else "plain" for c in row] for row in rows]
            for row, size, tone in zip(texts, sizes, tones, strict=True):
                yield _cells(table.columns, widths, row, size, tone)
        else:
            yield from _uncut(table.columns, widths, texts, sizes)
    if table.more:
        more = tn("show.more", table.more, n=f"{table.more:,}")
        yield (Span(safe(f"{more}  {table.more_hint}" if table.more_hint else more), "dim"),)


def _stacked(table: Table, natural: Sequence[int], columns: int, rule: str, *, toned: bool) -> Iterator[Row]:
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
        yield from _table(beside, columns, rule, toned=toned)


def _taken(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _measured(
    rows: Iterable[Sequence[Cell]],
) -> Iterator[tuple[list[Sequence[Cell]], list[list[str]], list[list[int]]]]:
    """Rows some hundreds at a time, with the safe text of each cell and the columns that it takes."""
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        # `safe`, but without a call for each of a great many cells that need nothing.
        texts = [
            [t if (t := c.text if isinstance(c, Span) else c).isprintable() else visible(t) for c in row]
            for row in some
        ]
        yield some, texts, [[len(t) if t.isascii() else width(t) for t in row] for row in texts]


def _uncut(
    columns: Sequence[Column], widths: Sequence[int], texts: Sequence[Sequence[str]], sizes: Sequence[Sequence[int]]
) -> Iterator[Row]:
    """Rows of a table that is as wide as it is, each in one piece: a pipe may get many thousands of them."""
    blanks = [" " * n for n in range(max(widths, default=0) + 1)]
    right = [c.right for c in columns]
    for row, size in zip(texts, sizes, strict=True):
        cells = [
            blanks[room - taken] + text if ends else text + blanks[room - taken]
            for text, taken, room, ends in zip(row, size, widths, right, strict=True)
        ]
        yield (Span((" " * GAP).join(cells).rstrip()),)


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
