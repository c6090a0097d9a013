"""CSV and its kin: any delimiter, quoted newlines, CRLF; titles above the header. A row wider than the header is no row."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from nippo_cli.base.errors import Message, Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import cut
from nippo_cli.exchange.encoding import PEEKED, Scanned, scan
from nippo_cli.exchange.source import (
    BATCH,
    NO_HEADER,
    Batch,
    HeaderPlace,
    Options,
    SheetPlace,
    SourceRow,
    refused,
)
from nippo_cli.exchange.spreadsheet import without_end_mark
from nippo_cli.exchange.table_header import HEADER_WITHIN, find_header, of_rejects

_DELIMITERS = (",", "\t", ";", "|")
_SHOWN = 60
_SAID = re.compile(r'"?sep=([^"\r\n])"?\r?\n?')


class CsvTable(NamedTuple):
    """Where a file's table begins: behind so many lines, with these columns; blank ones where it has no header."""

    delimiter: str
    lines_above: int
    names: tuple[str, ...]
    heading: HeaderPlace = HeaderPlace()


class CsvFile:
    """A CSV file whose header has been read. A row's cells are texts, as many as there are columns."""

    sheet = SheetPlace()

    def __init__(self, path: Path, scanned: Scanned, table: CsvTable) -> None:
        self._path = path
        self._nul, self._ended = scanned.nul, scanned.ended
        self.odd = scanned.odd
        self._above = table.lines_above
        self._width = len(table.names)
        # A file of rejects, mended: its first two columns are ours.
        self._skip = 2 if of_rejects(table.names) else 0
        self.columns = tuple(table.names[self._skip :])
        self.heading = table.heading
        if not table.heading.line:
            self.columns = tuple(map(str, range(1, len(self.columns) + 1)))
        self.encoding = scanned.encoding
        self.sha256 = scanned.sha256
        self.delimiter = table.delimiter

    def batches(self) -> Iterator[Batch]:
        """The rows, some at a time."""
        with self._path.open(encoding=self.encoding, newline="") as stream:
            source = _Lines(_lines(stream, ended=self._ended, above=self._above))
            reader = csv.reader(source, delimiter=self.delimiter, strict=True)
            if self.heading.line:
                next(reader)
            begins, more = self._above + reader.line_num + 1, True
            plain = True
            while more:
                rows, failure = self._plain_rows(source) if plain else [], ""
                plain = bool(rows)
                if not plain:
                    rows, failure = _rows_one_by_one(reader, source)
                more = bool(failure) or len(rows) == BATCH
                lines = range(begins, begins + len(source.taken))
                begins = lines.stop
                if failure or len(lines) != len(rows) or self._nul or self._skip or not self._all_wide(rows):
                    yield self._picked(lines.start, rows, failure)
                elif rows:
                    yield Batch(lines, rows, {})

    def _plain_rows(self, source: "_Lines") -> list[list[str]]:
        """The next rows, if each is a line; else none, and nothing is read. Lines that are handed over one by one take twice as
        long."""
        lines = source.take(BATCH)
        with suppress(csv.Error):
            rows = list(csv.reader(lines, delimiter=self.delimiter, strict=True))
            if len(rows) == len(lines):
                return rows
        source.give_back(0)
        return []

    def _all_wide(self, rows: Sequence[Sequence[str]]) -> bool:
        return all(map(self._width.__eq__, map(len, rows)))

    def _picked(self, line: int, rows: Sequence[Sequence[str]], failure: str) -> Batch:
        """Rows looked at one by one: cells with line ends, blank lines, rows too wide or too narrow."""
        picked: list[SourceRow] = []
        short: list[int] = []
        for cells in rows:
            if cells:
                if len(cells) < self._width and any(cells):
                    short.append(line)
                own = self._fitted(cells)[self._skip :]
                problem = None if len(own) + self._skip == self._width else self._ragged(line, cells)
                if problem is None and self._nul and any("\0" in cell for cell in own):
                    problem = self._problem(line, "", msg("exchange.nul"))
                picked.append(SourceRow(line, own, problem))
            line += _lines_of(cells)
        if failure:
            picked.append(SourceRow(line, (), self._problem(line, "", _reason(failure))))
        broken = {place: row.problem for place, row in enumerate(picked) if row.problem is not None}
        return Batch([row.line for row in picked], [row.cells for row in picked], broken, short)

    def _fitted(self, cells: Sequence[str]) -> Sequence[str]:
        """A row as wide as the header, unless more is said in it: programs leave out empty cells at a row's end, or add some."""
        if any(cells[self._width :]):
            return cells
        return [*cells[: self._width], *[""] * (self._width - len(cells))]

    def _ragged(self, line: int, cells: Sequence[str]) -> Problem:
        needs = msg("exchange.ragged", columns=self._width, cells=len(cells))
        return self._problem(line, self.delimiter.join(cells), needs)

    def _problem(self, line: int, said: str, needs: Message) -> Problem:
        return Problem(Place(file=self._path.name, line=line), cut(said, _SHOWN), needs)


class _Lines:
    """The lines of a file, some of which can be given back to be read anew. `taken` are those since it was cleared."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = iter(stream)
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._stream)
        self.taken.append(line)
        return line

    def take(self, most: int) -> Sequence[str]:
        """The next lines, at most so many; before any was given back."""
        self.taken = list(islice(self._stream, most))
        return self.taken

    def give_back(self, keep: int) -> None:
        """Have the lines taken read again, but for the first `keep`."""
        self._again.extendleft(reversed(self.taken[keep:]))
        del self.taken[keep:]


def _rows_one_by_one(reader: Iterable[list[str]], source: _Lines) -> tuple[list[list[str]], str]:
    """The next rows, of however many lines; and why there are no more before those that were given back, "" if there are."""
    source.taken = []
    rows = list[list[str]]()
    try:
        for cells in islice(reader, BATCH):
            rows.append(cells)
    except csv.Error as error:
        # A quote that is left open takes in line after line: those behind its own may be rows of their own.
        source.give_back(sum(map(_lines_of, rows)) + 1)
        return rows, str(error)
    return rows, ""


def open_file(path: Path, options: Options) -> CsvFile:
    """Read a CSV file's header.

    The header is where the map says, else the row among the first 100 that names most of the wanted columns, if it is more
    than one of several; else the first that is not blank. The delimiter, where none is given, is what a first line `sep=;`
    says, else the one of `, tab ; |` that splits the header into most of the wanted columns, then into most columns.

    Raises:
        SourceRefused: there is no header, or none begins on the line that the map says.
    """
    scanned = scan(path, options.encoding, within=PEEKED if options.peeks else 0)
    said = _stated_delimiter(path, scanned)
    possible = tuple(filter(None, (options.delimiter or said,))) or _DELIMITERS
    tables = [_table(path, scanned, options, delimiter, lines_said=1 if said else 0) for delimiter in possible]
    # One that splits nothing is no better than a comma that splits nothing.
    table = max(tables, key=lambda one: (len(options.wanted.intersection(one.names)), max(len(one.names), 1)))
    if not table.names:
        _refuse_broken(path, scanned, table)
        if options.header:
            raise refused("exchange.no_header_there", path, line=options.header)
    if not table.names or (table.heading.line and not any(table.names)):
        raise refused("exchange.empty", path)
    return CsvFile(path, scanned, table)


def _stated_delimiter(path: Path, scanned: Scanned) -> str:
    """What a first line such as `sep=;`, which Excel reads and writes, says; "" where there is none."""
    with path.open(encoding=scanned.encoding, newline="") as stream:
        match = _SAID.fullmatch(stream.readline(_SHOWN))
    return match[1] if match else ""


def _table(path: Path, scanned: Scanned, options: Options, delimiter: str, *, lines_said: int) -> CsvTable:
    """The table as the delimiter splits it; without names where it can't, or holds nothing."""
    rows = _first_rows(path, scanned, delimiter, lines_said)
    # A file of rejects has its header on top, wherever the file's was that it comes from.
    header = None if rows and of_rejects(rows[0][1]) else options.header
    if not rows and not header:
        return CsvTable(delimiter, lines_said, ())
    if header == NO_HEADER:
        return CsvTable(delimiter, lines_said, ("",) * max(len(cells) for _, cells in rows))
    if header is not None:
        rows = _first_rows(path, scanned, delimiter, header - 1)[:1]
        if not rows or rows[0][0] != header:
            return CsvTable(delimiter, header - 1, ())
    line, names, above = find_header(rows, options.wanted)
    return CsvTable(delimiter, line - 1, names, HeaderPlace(line, above))


def _first_rows(path: Path, scanned: Scanned, delimiter: str, above: int) -> list[tuple[int, list[str]]]:
    """The first rows that hold anything, each with its line; as many as can be read."""
    rows: list[tuple[int, list[str]]] = []
    with path.open(encoding=scanned.encoding, newline="") as stream:
        reader = csv.reader(_lines(stream, ended=scanned.ended, above=above), delimiter=delimiter, strict=True)
        line = above + 1
        with suppress(csv.Error):
            for cells in islice(reader, HEADER_WITHIN):
                if any(cells):
                    rows.append((line, cells))
                line = above + reader.line_num + 1
    return rows


def _lines(stream: Iterable[str], *, ended: bool, above: int) -> Iterable[str]:
    """The lines of the table; so many `above` it are passed over."""
    return islice(without_end_mark(stream) if ended else stream, above, None)


def _refuse_broken(path: Path, scanned: Scanned, table: CsvTable) -> None:
    with path.open(encoding=scanned.encoding, newline="") as stream:
        lines = islice(stream, table.lines_above, None)
        try:
            next(filter(any, csv.reader(lines, delimiter=table.delimiter, strict=True)), None)
        except csv.Error as error:
            raise refused("exchange.broken_header", path, reason=_reason(str(error))) from error


def _lines_of(cells: Sequence[str]) -> int:
    """The lines that a row takes; a blank one has no cells."""
    return 1 + sum(map(_line_ends, cells))


def _line_ends(cell: str) -> int:
    r"""The line ends in a cell, as many as the reader counted: `\r\n` is one."""
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _reason(said: str) -> Message:
    if "larger than field limit" in said:
        return msg("exchange.huge_cell", most=csv.field_size_limit())
    if "end of data" in said:
        return msg("exchange.open_quote")
    return msg("exchange.broken_quotes")
