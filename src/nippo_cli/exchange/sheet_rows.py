"""Rows as people write them under each other: a mark for what stands above, a line that goes on with the one above it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from nippo_cli.exchange.sifting import says_total
from nippo_cli.exchange.source import Batch, Source, SourceRow, batched

# What a cell says that means the cell above it, and nothing else, whatever blanks set it in its middle.
DITTOS: Final = frozenset(("〃", "″", "〟", "”", "〞", "仝", "同上"))


def written_out(source: Source, *, goes_on: Sequence[int] = (), exact: bool = False) -> Iterator[Batch]:
    """The rows of a file, each saying itself what it means.

    Args:
        goes_on: the places of columns; a row in which nothing else is filled in goes on with the row above it.
        exact: cells are what they say, as in a file of nippo's own.
    """
    batches = source.batches()
    if exact or not (source.delimiter or source.sheet.name):
        return batches
    batches = _without_dittos(batches, list(source.columns))
    return _joined(batches, frozenset(goes_on)) if goes_on else batches


def goes_on_with(cells: Sequence[str], places: frozenset[int]) -> bool:
    """Whether nothing is filled in but some of these places."""
    said = [at for at, cell in enumerate(cells) if cell.strip()]
    return bool(said) and places.issuperset(said)


def _without_dittos(batches: Iterable[Batch], header: Sequence[str]) -> Iterator[Batch]:
    """Rows with every ditto mark read as the cell above it."""
    above: list[str] = []
    for batch in batches:
        rows = batch.rows
        whole = "\n".join(chain.from_iterable(rows))
        if any(mark in whole for mark in DITTOS):
            rows = []
            for cells in batch.rows:
                said = [
                    above[at] if cell.strip() in DITTOS and at < len(above) else cell for at, cell in enumerate(cells)
                ]
                above = _last_cells(said, above, header)
                rows.append(said)
        else:
            # A mark stands for the row just above it; what that left empty was said further up.
            for cells in rows[-_LOOKED_BACK:]:
                above = _last_cells(cells, above, header)
        yield batch._replace(rows=rows)


_LOOKED_BACK: Final = 20


def _last_cells(cells: Sequence[str], above: list[str], header: Sequence[str]) -> list[str]:
    """What each column says last, once a row was read, of however many cells: one that can't be read has none. Nobody means a sum,
    or the header on the next page, by what stands above."""
    if says_total(cells) or list(cells) == header:
        return above
    return [cell if cell.strip() or at >= len(above) else above[at] for at, cell in enumerate(cells)]


def _joined(batches: Iterable[Batch], places: frozenset[int]) -> Iterator[Batch]:
    """Rows with each that goes on with the one above put together with it, as `goes_on_with` tells; empty ones left
    out."""
    short = list[int]()

    def rows() -> Iterator[SourceRow]:
        held: SourceRow | None = None
        for batch in batches:
            short.extend(batch.short)
            for place, (line, cells) in enumerate(zip(batch.lines, batch.rows, strict=True)):
                problem = batch.broken.get(place)
                if held is not None and held.problem is None and problem is None and goes_on_with(cells, places):
                    held = held._replace(cells=_with_more(held.cells, cells))
                    continue
                if held is not None and (problem is not None or any(cells)):
                    yield held
                    held = None
                if problem is not None or any(cells):
                    held = SourceRow(line, cells, problem)
        if held is not None:
            yield held

    for batch in batched(rows()):
        yield batch._replace(short=tuple(short))
        short.clear()


def _with_more(cells: Sequence[str], more: Sequence[str]) -> list[str]:
    return [
        "\n".join(filter(str.strip, both)) if both[1].strip() else both[0] for both in zip(cells, more, strict=True)
    ]
