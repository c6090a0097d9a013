"""CSV and its kin: any delimiter, quoted newlines, CRLF. A row that is not as wide as the header is no row."""

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from nippo_cli.errors import Message, Place, Problem, msg
from nippo_cli.exchange.encoding import Scanned, scan
from nippo_cli.exchange.source import BATCH, LINE_COLUMN, REASON_COLUMN, Batch, Options, SourceRow, refused
from nippo_cli.text import cut

_DELIMITERS = (",", "\t", ";", "|")
_SHOWN = 60


class CsvFile:
    """A CSV file whose header has been read. A row's cells are texts, as many as there are columns."""

    def __init__(self, path: Path, scanned: Scanned, delimiter: str, header: Sequence[str]) -> None:
        self._path = path
        self._nul = scanned.nul
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
            reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
            _header(reader)
            more = True
            while more:
                begins, rows, failure = reader.line_num + 1, list[list[str]](), ""
                try:
                    for cells in islice(reader, BATCH):
                        rows.append(cells)
                except csv.Error as error:
                    # The reader starts afresh on the next line; what it had of this row is gone.
                    failure = str(error)
                more = bool(failure) or len(rows) == BATCH
                lines = range(begins, reader.line_num + 1)
                if failure or len(lines) != len(rows) or self._nul or self._skip or not self._all_wide(rows):
                    yield self._picked(begins, rows, failure)
                elif rows:
                    yield Batch(lines, rows, {})

    def _all_wide(self, rows: Sequence[Sequence[str]]) -> bool:
        return all(map(self._header.__eq__, map(len, rows)))

    def _picked(self, line: int, rows: Sequence[Sequence[str]], failure: str) -> Batch:
        """Rows looked at one by one: cells with line ends, blank lines, rows too wide or too narrow."""
        found: list[SourceRow] = []
        for cells in rows:
            if cells:
                problem = None if len(cells) == self._header else self._ragged(line, cells)
                own = cells[self._skip :]
                if problem is None and self._nul and any("\0" in cell for cell in own):
                    problem = self._problem(line, "", msg("exchange.nul"))
                found.append(SourceRow(line, own, problem))
            line += 1 + sum(map(_line_ends, cells))
        if failure:
            found.append(SourceRow(line, (), self._problem(line, "", _reason(failure))))
        broken = {place: row.problem for place, row in enumerate(found) if row.problem is not None}
        return Batch([row.line for row in found], [row.cells for row in found], broken)

    def _ragged(self, line: int, cells: Sequence[str]) -> Problem:
        needs = msg("exchange.ragged", columns=self._header, cells=len(cells))
        return self._problem(line, self.delimiter.join(cells), needs)

    def _problem(self, line: int, said: str, needs: Message) -> Problem:
        return Problem(Place(file=self._path.name, line=line), cut(said, _SHOWN), needs)


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
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise refused("exchange.duplicate_columns", path, names=", ".join(twice))
    return CsvFile(path, scanned, delimiter, header)


def _first(path: Path, scanned: Scanned, delimiter: str) -> list[str]:
    """The header as the delimiter splits it; nothing where it can't."""
    with path.open(encoding=scanned.encoding, newline="") as stream:
        try:
            return _header(csv.reader(stream, delimiter=delimiter, strict=True))
        except csv.Error:
            return []


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
            return [name.strip() for name in cells]
    return []


def _line_ends(cell: str) -> int:
    r"""The line ends in a cell, as many as the reader counted: `\r\n` is one."""
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _reason(said: str) -> Message:
    if "larger than field limit" in said:
        return msg("exchange.huge_cell", most=csv.field_size_limit())
    if "end of data" in said:
        return msg("exchange.open_quote")
    return msg("exchange.broken_quotes")
