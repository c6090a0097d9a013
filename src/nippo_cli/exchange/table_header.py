"""Which row of a sheet names its columns: titles, dates and conditions may stand above it."""

from collections.abc import Sequence
from statistics import median
from unicodedata import normalize

from nippo_cli.base.text import cut
from nippo_cli.exchange.source import LINE_COLUMN, REASON_COLUMN
from nippo_cli.exchange.spreadsheet import column_name

HEADER_WITHIN = 100
_SHOWN = 60
_LEAST_SHARE = 0.6
_SIGNS = frozenset(",.-/:%¥$ ")


def find_header(
    rows: Sequence[tuple[int, Sequence[str]]], wanted: frozenset[str]
) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """The line and the names of the row that is the header, and what stands in the rows above it, a text a row.

    It is the row that names most of the wanted columns, if it is more than one of several. Else, where as many columns as most
    rows have are filled in further down, the first such row of names alone; else the first.

    Args:
        rows: the first rows that hold anything, each with its line.
    """
    named = [(line, tuple(map(column_name, cells))) for line, cells in rows]
    best = max(named, key=lambda row: len(wanted.intersection(row[1])))
    # One name of many may be a word of a title.
    if of_rejects(named[0][1]):
        best = named[0]
    elif len(wanted.intersection(best[1])) < max(min(2, len(wanted)), 1):
        best = _first_of_names(named) if not wanted or len(wanted) > HEADER_WITHIN else named[0]
    above = tuple(cut(" ".join(filter(None, cells)), _SHOWN) for at, cells in rows if at < best[0])
    return (*best, above)


def of_rejects(names: Sequence[str]) -> bool:
    """Whether they are the columns of a file of rejects."""
    return tuple(names[:2]) == (LINE_COLUMN, REASON_COLUMN)


def _first_of_names(named: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[int, tuple[str, ...]]:
    """The first row as wide as most that holds no number and no day; a title is one cell, or a few."""
    usual = median(sum(map(bool, cells)) for _, cells in named)
    for line, cells in named:
        said = [cell for cell in cells if cell]
        if len(said) > 1 and len(said) >= usual * _LEAST_SHARE and not any(map(_is_number, said)):
            return line, cells
    return named[0]


def _is_number(cell: str) -> bool:
    plain = normalize("NFKC", cell)
    return any(map(str.isdigit, plain)) and all(char.isdigit() or char in _SIGNS for char in plain)
