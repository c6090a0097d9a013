"""Which row of a sheet names its columns: titles, dates and conditions may stand above it."""

from collections.abc import Sequence
from itertools import pairwise, zip_longest
from statistics import median
from typing import TypeAlias
from unicodedata import normalize

from nippo_cli.base.text import cut
from nippo_cli.exchange.source import LINE_COLUMN, REASON_COLUMN
from nippo_cli.exchange.spreadsheet import column_name

HEADER_WITHIN = 100
_SHOWN = 60
_LEAST_SHARE = 0.6
_SIGNS = frozenset(",.-/:%¥$ ")
# What stands above the names of several columns is a word or two, and no title.
_LONGEST_GROUP = 20
_Named: TypeAlias = tuple[int, tuple[str, ...]]


def find_header(
    rows: Sequence[tuple[int, Sequence[str]]], wanted: frozenset[str]
) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """The line and the names of the row that is the header, and what stands in the rows above it, a text a row.

    It is the row that names most of the wanted columns, if it is more than one of several. Else, where as many columns as most
    rows have are filled in further down, the first such row of names alone; else the first. Of a header of two lines, groups above
    names, it is the second, each name behind its group's: `見積金額` of 見積 above 金額.

    Args:
        rows: the first rows that hold anything, each with its line.
    """
    named = [(line, tuple(map(column_name, cells))) for line, cells in rows]
    best = max(named, key=lambda row: len(wanted.intersection(row[1])))
    # One name of many may be a word of a title.
    seeks_names = not wanted or len(wanted) > HEADER_WITHIN
    if of_rejects(named[0][1]):
        return *named[0], ()
    if len(wanted.intersection(best[1])) < max(min(2, len(wanted)), 1):
        best = _first_of_names(named) if seeks_names else named[0]
    first, best = _of_two_lines(named, best, wanted, seeks_names=seeks_names)
    above = tuple(cut(" ".join(filter(None, cells)), _SHOWN) for at, cells in rows if at < first)
    return (*best, above)


def _of_two_lines(
    named: Sequence[_Named], best: _Named, wanted: frozenset[str], *, seeks_names: bool
) -> tuple[int, _Named]:
    """The line on which the header begins, and the header: with the names of both lines where it has two, of which none is left out
    between them; of several such pairs, as with a title above, the one that names most. A map that names the columns of one line
    goes on doing so."""
    first, chosen, most = best[0], best, -1
    for upper, lower in pairwise(named):
        both = _joined(upper, lower, wanted) if lower[0] == upper[0] + 1 else None
        if both is None or (seeks_names and not _are_groups(upper, lower, wanted)):
            continue
        names = len(wanted.intersection(both))
        is_best = seeks_names and best[0] in (upper[0], lower[0])
        if names > most and (is_best or names > len(wanted.intersection(best[1]))):
            first, chosen, most = upper[0], (lower[0], both), names
    return first, chosen


def _joined(upper: _Named, lower: _Named, wanted: frozenset[str]) -> tuple[str, ...] | None:
    """The names of a header of two lines that stand under each other; None where they are none.

    A group stands above its first name, with nothing above the others; what goes for both lines stands in the upper one, or, merged, in
    each.
    """
    width = max(len(upper[1]), len(lower[1]))
    above, below = ((*names, *("",) * (width - len(names))) for names in (upper[1], lower[1]))
    if not any(map(_begins_group, above, below)):
        # A blank line, or a cell beside the names.
        return None
    group, names = "", list[str]()
    for at, (head, name) in enumerate(zip(above, below, strict=True)):
        begins = _begins_group(head, name)
        if begins and not (at + 1 < width and not above[at + 1] and below[at + 1]):
            return None
        group = head if begins else "" if head else group
        of_group = bool(group and name) and (begins or not head)
        names.append(_of_group(group, name, wanted, below) if of_group else name or head)
    if tuple(names) == below or any(map(_is_number, filter(None, (*above, *below)))):
        return None
    return tuple(names)


def _begins_group(head: str, name: str) -> bool:
    """Whether what stands above a name is its group's, and not the name itself in a merged cell."""
    return bool(head and name and head != name)


def _are_groups(upper: _Named, lower: _Named, wanted: frozenset[str]) -> bool:
    """Whether most of what stands above names are words that are known, or go for both lines: a title is neither."""
    pairs = list(zip_longest(upper[1], lower[1], fillvalue=""))
    heads = [head for head, _ in pairs if head]
    known = [head for head, name in pairs if head and (head in wanted or not _begins_group(head, name))]
    return len(heads) > 1 and len(known) * 2 >= len(heads) and max(map(len, heads)) <= _LONGEST_GROUP


def _of_group(group: str, name: str, wanted: frozenset[str], names: Sequence[str]) -> str:
    """A name behind its group's; one that says the group itself stays, as does one that is known alone, not behind its group, and of
    which there is no other."""
    both = f"{group} {name}" if group.isascii() or name.isascii() else f"{group}{name}"
    is_alone = both not in wanted and name in wanted and names.count(name) == 1
    return name if is_alone or name.startswith(group) else both


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
