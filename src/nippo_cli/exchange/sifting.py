"""Which rows of a table anything is made of: not blank ones, rows of totals, headers said again, rows that the map leaves out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Literal, TypeAlias
from unicodedata import normalize

from nippo_cli.base.errors import Place, Problem
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.row_hashes import RowHashes
from nippo_cli.exchange.source import Batch, Source

# Why a row is left out: the map says so, or it says nothing; it is a sum of others; it is the header again; its key stood above.
Why: TypeAlias = Literal["map", "total", "header", "repeated"]

_WORDS = ("合計", "小計", "総計", "総合計")
_SUM = r"(?:.+\s)?(?:総?合計|小計|総計|累計|集計|計|(?:(?:sub|grand)[- ]?)?total):?"
_EACH = r"(?:.+\s)?(?:(?:総|訪問|面談|活動|商談|案件|引合|見積|受注|失注)?件数|平均|average):?"
_SUM_ALONE = re.compile(_SUM, re.IGNORECASE | re.DOTALL)
_TOTAL = re.compile(f"{_SUM}|{_EACH}", re.IGNORECASE | re.DOTALL)


class Skipped(NamedTuple):
    """A row of which nothing is made, and why."""

    line: int
    why: Why = "map"


class ShortRows(NamedTuple):
    """The lines of rows that ended before the header did; the rows themselves come besides."""

    lines: Sequence[int]


class Rejected(NamedTuple):
    """A row that can't be taken. `cells` are as read; `row` names them, as far as they have columns."""

    line: int
    cells: Sequence[str]
    row: Mapping[str, str]
    problems: tuple[Problem, ...]


class Sifting(NamedTuple):
    """What rows are sifted by. `skips`: those that the map leaves out; `filled`: the columns whose empty cells are filled from
    above; `dated`: those of the day; `named`: those of what a sum is not, deals, customers, owners; `first_of`: the columns of
    the key of which only the first row counts."""

    skips: Callable[[Sequence[str]], bool] | None
    filled: Sequence[int] = ()
    dated: Sequence[int] = ()
    named: Sequence[int] = ()
    first_of: Sequence[int] = ()
    keeps_totals: bool = False


def says_total(cells: Sequence[str]) -> bool:
    """Whether a cell of a row says that it is a sum of others, or its first one how many or how much each they are: further on
    平均 and `Average` may be what somebody thinks of a deal."""
    first = next(filter(str.strip, cells), "")
    if first[-1:] in "数均eE：:" and _TOTAL.fullmatch(_plain(first)):
        return True
    return any(cell[-1:] in "計lL：:" and _SUM_ALONE.fullmatch(_plain(cell)) for cell in cells if cell)


class RowSifter:
    """Sifts the rows of a file, in its order."""

    def __init__(self, source: Source, by: Sifting) -> None:
        self._source = source
        self._by = by
        self._header = list(source.columns) if source.heading.line else None
        self._above: dict[int, str] = {}
        self._met = RowHashes()

    def sift(self, batch: Batch) -> tuple[Batch, list[Skipped | Rejected]]:
        """The rows of which something is to be made, and what becomes of the others."""
        by = self._by
        plain = not batch.broken and by.skips is None and not by.filled and not by.first_of
        if plain and all(map(any, batch.rows)) and not self._may_leave_out(batch.rows):
            return batch, []
        lines, rows, results = list[int](), list[Sequence[str]](), list[Skipped | Rejected]()
        for place, (line, cells) in enumerate(zip(batch.lines, batch.rows, strict=True)):
            if place in batch.broken:
                results.append(reject_row(self._source, line, cells, (batch.broken[place],)))
                continue
            full = self._fill(cells)
            why = self._why(cells, full)
            if why is not None:
                results.append(Skipped(line, why))
            else:
                lines.append(line)
                rows.append(full)
        return Batch(lines, rows, {}, batch.short), results

    def _may_leave_out(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether a row of totals or the header may be among rows; a million of them come by."""
        by = self._by
        if self._header in rows:
            return True
        if by.keeps_totals:
            return False
        if any(not _WORD_SET.isdisjoint(map(itemgetter(at), rows)) for at in by.named):
            return True
        if not by.dated:
            return any("" in set(map(itemgetter(at), rows)) for at in by.named)
        return all(any(not cell[:1].isdecimal() for cell in set(map(itemgetter(at), rows))) for at in by.dated)

    def _why(self, cells: Sequence[str], full: Sequence[str]) -> Why | None:
        """Why nothing is made of a row, if so. `full` is with what is filled in from above."""
        by = self._by
        if not any(cells):
            return "map"
        if list(cells) == self._header:
            return "header"
        if not by.keeps_totals and self._is_total(cells):
            return "total"
        if by.skips is not None and by.skips(full):
            return "map"
        if by.first_of and not self._met.add(hash(tuple(full[at].strip() for at in by.first_of))):
            return "repeated"
        return None

    def _is_total(self, cells: Sequence[str]) -> bool:
        """Whether a row is plainly a sum of others: it has no day and begins with a word for it (`合計`, `A社 小計`), or
        such a word alone stands where a deal, a customer or an owner would."""
        if any(_plain(cells[at]) in _WORD_SET for at in self._by.named):
            return True
        first = next((plain for plain in map(_plain, cells) if plain), "")
        # Of a sheet without a day what a row is about tells it from a sum: whose deal it is.
        at = self._by.dated or self._by.named
        return bool(at) and _TOTAL.fullmatch(first) is not None and all(_plain(cells[one]) in ("", first) for one in at)

    def _fill(self, cells: Sequence[str]) -> Sequence[str]:
        """The row with what cells that were merged into one with those above them stand for."""
        if not self._by.filled or not any(cells) or (not self._by.keeps_totals and self._is_total(cells)):
            return cells
        full = list(cells)
        for at in self._by.filled:
            if cells[at].strip():
                self._above[at] = cells[at]
            else:
                full[at] = self._above.get(at, "")
        return full


_WORD_SET = frozenset(_WORDS)


def _plain(cell: str) -> str:
    return normalize("NFKC", cell).strip()


def filled_columns(picks: Iterable[ColumnRef]) -> list[str]:
    """The columns whose empty cells are filled from above."""
    return list(dict.fromkeys(column for pick in picks if pick.filled for column in pick.columns))


def reject_row(source: Source, line: int, cells: Sequence[str], problems: Sequence[Problem]) -> Rejected:
    """A row that can't be taken, each of its problems once."""
    # Entries of one row share columns, and so their problems.
    once: list[Problem] = []
    for problem in problems:
        placed = problem._replace(where=Place(field=problem.where.field, line=line))
        if placed not in once:
            once.append(placed)
    named = dict(zip(source.columns, cells, strict=False))
    return Rejected(line, cells, named, tuple(once))
