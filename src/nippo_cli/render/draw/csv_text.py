"""CSV for spreadsheets and scripts: machine values under fixed keys, no locale.

What a spreadsheet would run as a formula is defused with a leading `'`; a negative number of our own stays a number.
A byte order mark is the business of whoever writes the file.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from nippo_cli.base.formulas import defused
from nippo_cli.base.text import visible


def write(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A head row and the rows, line by line. None is an empty cell, a boolean `true` or `false`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
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
    rows: Iterable[Mapping[str, object]], columns: Sequence[str] = (), *, of_columns: bool = False
) -> tuple[list[str], Iterator[list[object]]]:
    """JSON rows as a table: `deal.id` for what is nested, a list in one cell, a column for every key of any row,
    `columns` first. The rows are gone through twice, and not held.

    Args:
        of_columns: each row has just these columns, in their order; then once is enough.
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
    return heads, ([leaves.get(head) for head in heads] for leaves in (dict(_leaves("", row)) for row in rows))


def _leaves(prefix: str, row: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    for key, value in row.items():
        if isinstance(value, Mapping):
            yield from _leaves(f"{prefix}{key}.", value)
        elif isinstance(value, list | tuple):
            yield prefix + key, _listed(value)
        else:
            yield prefix + key, value


def _listed(values: Sequence[object]) -> str:
    return "; ".join(_named(value) if isinstance(value, Mapping) else str(value) for value in values)


def _named(of: Mapping[str, object]) -> str:
    """A person and the like: the words that are said of them, one after the other."""
    return " ".join(value for value in of.values() if isinstance(value, str) and value)
