"""CSV and its kin: any delimiter, quoted newlines, CRLF. A row that is not as wide as the header is no row."""

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from nippo_cli.base.errors import Message, Place, Problem, msg
from nippo_cli.base.text import cut
from nippo_cli.exchange.encoding import Scanned, scan
from nippo_cli.exchange.source import (
    BATCH,
    LINE_COLUMN,
    REASON_COLUMN,
    Batch,
    Options,
    SourceRow,
    refused,
)
from nippo_cli.exchange.spreadsheet import column_name, without_end_mark

_DELIMITERS = (",", "\t", ";", "|")
_SHOWN = 60


class CsvFile:
    """A CSV file whose header has been read. A row's cells are texts, as many as there are columns."""

    def __init__(self, path: Path, scanned: Scanned, delimiter: str, header: Sequence[str]) -> None:
        self._path = path
        self._nul, self._ended = scanned.nul, scanned.ended
        self.odd = scanned.odd
        self._header = len(header)
        # A file of rejects, mended: its first two columns are ours.
        self._skip = 2 if tuple(header[:2]) == (LINE_COLUMN, REASON_COLUMN) else 0
        self.columns = tuple(header[self._skip :])
        self.encoding = scanned.encoding
        self.sha256 = scanned.sha256
        self.delimiter = delimiter

    def batches(self) -> Iterator[Batch]:
        """The rows, some at a time."""
        with self._path.open(encoding=self.encoding, newline="") as stream:
            source = _Lines(_lines(stream, ended=self._ended))
            reader = csv.reader(source, delimiter=self.delimiter, strict=True)
            _header(reader)
            begins, more = reader.line_num + 1, True
            while more:
                source.taken.clear()
                rows, failure = list[list[str]](), ""
                try:
                    for cells in islice(reader, BATCH):
                        rows.append(cells)
                except csv.Error as error:
                    failure = str(error)
                    # A quote that is left open takes in line after line: those behind its own may be rows of their own.
                    source.give_back(sum(map(_lines_of, rows)) + 1)
                more = bool(failure) or len(rows) == BATCH
                lines = range(begins, begins + len(source.taken))
                begins = lines.stop
                if failure or len(lines) != len(rows) or self._nul or self._skip or not self._all_wide(rows):
                    yield self._picked(lines.start, rows, failure)
                elif rows:
                    yield Batch(lines, rows, {})

    def _all_wide(self, rows: Sequence[Sequence[str]]) -> bool:
        return all(map(self._header.__eq__, map(len, rows)))

    def _picked(self, line: int, rows: Sequence[Sequence[str]], failure: str) -> Batch:
        """Rows looked at one by one: cells with line ends, blank lines, rows too wide or too narrow."""
        picked: list[SourceRow] = []
        for cells in rows:
            if cells:
                problem = None if len(cells) == self._header else self._ragged(line, cells)
                own = cells[self._skip :]
                if problem is None and self._nul and any("\0" in cell for cell in own):
                    problem = self._problem(line, "", msg("exchange.nul"))
                picked.append(SourceRow(line, own, problem))
            line += _lines_of(cells)
        if failure:
            picked.append(SourceRow(line, (), self._problem(line, "", _reason(failure))))
        broken = {place: row.problem for place, row in enumerate(picked) if row.problem is not None}
        return Batch([row.line for row in picked], [row.cells for row in picked], broken)

    def _ragged(self, line: int, cells: Sequence[str]) -> Problem:
        needs = msg("exchange.ragged", columns=self._header, cells=len(cells))
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

    def give_back(self, keep: int) -> None:
        """Have the lines taken read again, but for the first `keep`."""
        self._again.extendleft(reversed(self.taken[keep:]))
        del self.taken[keep:]


def open_file(path: Path, options: Options) -> CsvFile:
    """Read a CSV file's header.

    The delimiter, where none is given, is the one of `, tab ; |` that splits the header into most of the wanted
    columns, then into most columns.

    Raises:
        SourceRefused: there is no header, or two columns have one name.
    """
    scanned = scan(path, options.encoding)
    possible = (options.delimiter,) if options.delimiter else _DELIMITERS
    tried = {delimiter: _first(path, scanned, delimiter) for delimiter in possible}
    # One that splits nothing is no better than a comma that splits nothing.
    delimiter = max(tried, key=lambda d: (len(options.wanted.intersection(tried[d])), max(len(tried[d]), 1)))
    header = tried[delimiter]
    if not header:
        _refuse_broken(path, scanned, delimiter)
    if not any(header):
        raise refused("exchange.empty", path)
    twice = sorted(name for name, times in Counter(header).items() if name and times > 1)
    if twice:
        raise refused("exchange.duplicate_columns", path, names=", ".join(twice))
    return CsvFile(path, scanned, delimiter, header)


def _first(path: Path, scanned: Scanned, delimiter: str) -> list[str]:
    """The header as the delimiter splits it; nothing where it can't."""
    with path.open(encoding=scanned.encoding, newline="") as stream:
        try:
            return _header(csv.reader(_lines(stream, ended=scanned.ended), delimiter=delimiter, strict=True))
        except csv.Error:
            return []


def _lines(stream: Iterable[str], *, ended: bool) -> Iterable[str]:
    return without_end_mark(stream) if ended else stream


def _refuse_broken(path: Path, scanned: Scanned, delimiter: str) -> None:
    with path.open(encoding=scanned.encoding, newline="") as stream:
        try:
            _header(csv.reader(stream, delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise refused("exchange.broken_header", path, reason=_reason(str(error))) from error


def _header(reader: Iterator[list[str]]) -> list[str]:
    """The first row that holds anything."""
    for cells in reader:
        if any(cells):
            return list(map(column_name, cells))
    return []


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
