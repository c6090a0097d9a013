"""CSV for spreadsheets and scripts: machine values under fixed keys, no locale.

What a spreadsheet would run as a formula is defused with a leading `'`; a negative number of our own stays a number.
A byte order mark is the business of whoever writes the file.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from nippo_cli.base.formulas import defused
from nippo_cli.base.text import visible

if TYPE_CHECKING:
    from nippo_cli.render.draw.cell_words import CellWords


def write(heads: Sequence[str], rows: Iterable[Sequence[object]], between: str = ",") -> Iterator[str]:
    """A head row and the rows, line by line, `between` between their cells. None is an empty cell, a boolean `true` or `false`."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=between, lineterminator="\n")
    for row in chain((heads,), rows):
        writer.writerow([cell(value) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def cell(value: object) -> object:
    """A value as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    return defused(visible(str(value), multiline=True))


def flat(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str] = (),
    *,
    of_columns: bool = False,
    cells: "CellWords | None" = None,
) -> tuple[list[str], Iterator[list[object]]]:
    """JSON rows as a table: `deal.id` for what is nested, a list in one cell, a column for every key of any row,
    `columns` first. The rows are gone through twice, and not held.

    Args:
        of_columns: each row has just these columns, in their order; then once is enough.
        cells: what puts cells into words; None for the fixed keys.
    """
    if of_columns:
        return list(columns), (list(row.values()) for row in rows)
    keys = dict.fromkeys(columns)
    for row in rows:
        keys.update(dict.fromkeys(key for key, _ in _leaves("", row)))
    heads = list(keys)
    # Where one row nests something, another's null under the same key is no column of its own.
    nested = {head[: head.rindex(".")] for head in heads if "." in head}
    nested |= {parent[:i] for parent in nested for i, letter in enumerate(parent) if letter == "."}
    heads = [head for head in heads if head not in nested]
    return heads, ([leaves.get(head) for head in heads] for leaves in (dict(_leaves("", row, cells)) for row in rows))


def _leaves(prefix: str, row: Mapping[str, object], cells: "CellWords | None" = None) -> Iterable[tuple[str, object]]:
    for key, value in row.items():
        head = prefix + key
        if isinstance(value, Mapping):
            yield from _leaves(f"{head}.", value, cells)
        elif isinstance(value, list | tuple):
            yield head, _listed(value if cells is None else [_in_words(cells, head, one, row) for one in value])
        else:
            yield head, value if cells is None else cells(head, value, row)


def _in_words(cells: "CellWords", head: str, value: object, row: Mapping[str, object]) -> object:
    """One of several values in a cell; of what is nested, its texts."""
    if not isinstance(value, Mapping):
        return cells(head, value, row)
    return {key: cells(f"{head}.{key}", one, value) for key, one in value.items() if isinstance(one, str)}


def _listed(values: Sequence[object]) -> str:
    return "; ".join(_named(value) if isinstance(value, Mapping) else str(value) for value in values)


def _named(of: Mapping[str, object]) -> str:
    """A person and the like: the words that are said of them, one after the other."""
    return " ".join(value for value in of.values() if isinstance(value, str) and value)
