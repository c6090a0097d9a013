"""A sheet of an Excel workbook (.xlsx): formulas by their values, merged cells filled from above, hidden ones told."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final
from zipfile import Path as InsideOf, ZipFile

from nippo_cli.base.errors import Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.encoding import refuse_no_text
from nippo_cli.exchange.source import (
    NO_HEADER,
    Batch,
    HeaderPlace,
    Options,
    SheetPlace,
    SourceRow,
    batched,
    refused,
)
from nippo_cli.exchange.table_header import HEADER_WITHIN, find_header, of_rejects
from nippo_cli.exchange.zips import BROKEN_ZIP

_ZIP: Final = b"PK\x03\x04"
# What a workbook may unpack to, from which size on it may not be a hundred times what it is packed (sheets of real numbers and
# words come to twenty), how many cells a sheet may have from its first to its last, the empty ones too, since all of them are held,
# and how many merged ranges it may have, and cells they may cover: of more none is looked at, since all of them would be held.
# Excel's own largest cell has 32,767 letters.
_LARGEST_MIB: Final = 1024
_UNUSUAL_MIB: Final = 64
_MOST_PACKED: Final = 100
_MOST_CELLS: Final = 32_000_000
_MOST_RANGES: Final = 100_000
_LARGEST_CELL: Final = 131_072
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\b")
_HIDDEN: Final = re.compile(rb"<row\b[^>]*\bhidden=\"(?:1|true)\"")
# Rows, and of cells that hold something those far to the right or far down. A row that is coloured to its end holds nothing there.
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*\br=[\"'](\d+)[\"'][^>]*(?<!/)>")
_FAR_CELL: Final = re.compile(rb"<(?:\w+:)?c\b[^>]*\br=[\"']([A-Z]{2,3}\d+|[A-Z]\d{6,})[\"'][^>]*(?<!/)>(?!</)")
_LETTERS: Final = 26
_DIGITS: Final = 9
_CHUNK: Final = 1 << 20
_AMOUNTS: Final = ("額", "売上")
_MIDNIGHT: Final = time()


class XlsxFile:
    """A sheet whose header has been read. A row's cells are texts, days as `2026-11-20`, as many as there are columns."""

    encoding = ""
    delimiter = ""
    odd = True

    def __init__(self, path: Path, opened: "_Table", header: tuple[int, tuple[str, ...], tuple[str, ...]]) -> None:
        self._path = path
        self._table = opened
        line, names, above = header
        self._skip = 2 if of_rejects(names) else 0
        self._width = len(names)
        self.columns = tuple(names[self._skip :]) if line else tuple(map(str, range(1, len(names) + 1)))
        self.heading = HeaderPlace(line, above)
        self.sheet = opened.place._replace(merged_amounts=opened.take_once(_amounts(names), after=line))
        with path.open("rb") as stream:
            self.sha256 = file_digest(stream, "sha256").hexdigest()

    def batches(self) -> Iterator[Batch]:
        """The rows, some at a time."""
        return batched(self._rows())

    def _rows(self) -> Iterator[SourceRow]:
        for line, cells in self._table.rows():
            if line > self.heading.line and any(cells):
                own = [*cells, *[""] * (self._width - len(cells))][self._skip : self._width]
                huge = max(map(len, own), default=0) > _LARGEST_CELL
                needs = msg("exchange.huge_cell", most=_LARGEST_CELL)
                problem = Problem(Place(file=self._path.name, line=line), "", needs) if huge else None
                yield SourceRow(line, own, problem)


class _Table:
    """What a sheet holds, as texts."""

    def __init__(self, sheet: Any, place: SheetPlace, *, merges: bool) -> None:
        self._sheet = sheet
        self._merges = merges
        self.place = place
        self._once = frozenset[int]()
        self._first_column = (sheet.start or (0, 0))[1]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with its line, from 1; a cell merged with the one above it says what that one says."""
        merged = self._merged
        above: dict[int, str] = {}
        for line, cells in enumerate(self._sheet.iter_rows(), start=1):
            texts = list(map(_text, cells))
            for column, first in merged.get(line, ()):
                if column < len(texts):
                    if first:
                        above[column] = texts[column]
                    elif not texts[column] and column not in self._once:
                        texts[column] = above.get(column, "")
            yield line, texts

    def take_once(self, columns: frozenset[int], *, after: int) -> int:
        """Have a merged cell of some columns say something in its first row alone; how many rows after the header that is about."""
        self._once = columns
        return sum(
            any(column in columns and not first for column, first in cells)
            for line, cells in self._merged.items()
            if line > after
        )

    @cached_property
    def _merged(self) -> dict[int, list[tuple[int, bool]]]:
        """By line the columns that are merged over several lines, and whether it is the first of those."""
        merged: dict[int, list[tuple[int, bool]]] = {}
        most = _MOST_RANGES
        for (first, column), (last, _) in (self._sheet.merged_cell_ranges if self._merges else ()) or ():
            lines = range(first + 1, min(last + 2, first + 1 + most))
            most -= len(lines)
            for line in lines if len(lines) > 1 else ():
                merged.setdefault(line, []).append((column - self._first_column, line == lines.start))
        return merged


def open_file(path: Path, options: Options) -> XlsxFile:
    """Open a workbook, and read the header of the sheet that is named, else of the first visible one that looks most like a table.

    Raises:
        SourceRefused: it is no workbook, has a password, unpacks beyond measure, or has no such sheet, or none with a table.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    _check_packed(path)
    try:
        workbook = CalamineWorkbook.from_path(path)
        shown = [one.name for one in workbook.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        hidden = [one.name for one in workbook.sheets_metadata if one.visible != SheetVisibleEnum.Visible]
        if options.sheet and options.sheet not in (*shown, *hidden):
            raise refused("exchange.no_sheet", path, said=options.sheet, sheets=(*shown, *hidden))
        names = [options.sheet] if options.sheet else shown or hidden
        places = {one.name: at for at, one in enumerate(workbook.sheets_metadata)}
        looks = {name: _look_into(path, places[name]) for name in names}
        tables = [
            _Table(workbook.get_sheet_by_name(name), SheetPlace(name), merges=looks[name].merged <= _MOST_RANGES)
            for name in names
        ]
        table = max(tables, key=_likeness(options.wanted)) if tables else None
        header = _header_of(table, options) if table is not None else None
    except CalamineError as error:
        raise refused("exchange.broken_workbook", path, reason=str(error)) from error
    if table is None or header is None:
        raise refused("exchange.empty", path)
    name = table.place.name
    visible, unseen = (tuple(one for one in some if one != name) for some in (shown, hidden))
    table.place = SheetPlace(name, visible, unseen, looks[name].hidden)
    if options.peeks:
        others = (_Table(workbook.get_sheet_by_name(one), SheetPlace(one), merges=False) for one in visible)
        table.place = table.place._replace(alike=tuple(_alike(others, header[1], options)))
    return XlsxFile(path, table, header)


def _alike(others: Iterable[_Table], names: tuple[str, ...], options: Options) -> Iterator[str]:
    """The sheets of some others that have columns of just these names, as where each member of a team has one."""
    for other in others:
        header = _header_of(other, options)
        if header is not None and header[1] == names:
            yield other.place.name


def _amounts(names: Sequence[str]) -> frozenset[int]:
    """The columns that are called like amounts: one that goes for several rows is theirs together, and is no amount of each."""
    from nippo_cli.exchange.recognition import header_key, words

    known = words().columns["amount"]
    keys = [header_key(name) for name in names]
    return frozenset(at for at, key in enumerate(keys) if key.endswith(_AMOUNTS) or any(one in key for one in known))


def _header_of(table: _Table, options: Options) -> tuple[int, tuple[str, ...], tuple[str, ...]] | None:
    rows = list(_first_rows(table, HEADER_WITHIN if options.header is None else 0))
    if options.header == NO_HEADER:
        return 0, ("",) * max((len(cells) for _, cells in rows), default=0), ()
    if options.header:
        rows = [row for row in table.rows() if row[0] == options.header]
    return find_header(rows, options.wanted) if rows else None


def _first_rows(table: _Table, most: int) -> Iterator[tuple[int, list[str]]]:
    """The first rows that hold anything; all of them where nothing bounds them."""
    met = 0
    for line, cells in table.rows():
        if any(cells):
            yield line, cells
            met += 1
            if met == most:
                return


def _likeness(wanted: frozenset[str]) -> Any:
    """How much a sheet looks like a table: wanted names in its header, then as many filled cells as its first rows have."""

    def likeness(table: _Table) -> tuple[int, int]:
        rows = list(_first_rows(table, HEADER_WITHIN))
        if not rows:
            return -1, -1
        _, names, _ = find_header(rows, wanted)
        return len(wanted.intersection(names)), sum(sum(map(bool, cells)) for _, cells in rows)

    return likeness


def _text(cell: object) -> str:
    """A cell as CSV would have it: `1234567`, `0.1`, `2026-11-20`, `2026-11-20 10:30:00`, `TRUE`."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == _MIDNIGHT else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return (
        "" if cell is None else str(cell) if not isinstance(cell, timedelta) else f"{cell.total_seconds() / 3600:.2f}"
    )


def _check_packed(path: Path) -> None:
    """Refuse what only its name makes a workbook, and what would unpack beyond measure."""
    with path.open("rb") as stream:
        head = stream.read(len(_ZIP))
    if not head:
        raise refused("exchange.empty", path)
    refuse_no_text(path, but="xlsx")
    if head != _ZIP:
        raise refused("exchange.no_workbook", path, hint=msg("exchange.workbook_hint"))
    try:
        with ZipFile(path) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            packed_size = sum(part.compress_size for part in parts)
    except (*BROKEN_ZIP, OSError) as error:
        raise refused("exchange.broken_workbook", path, reason=str(error)) from error
    if size > _LARGEST_MIB << 20:
        raise refused("exchange.packed_too_much", path, most=_LARGEST_MIB)
    if size > max(_UNUSUAL_MIB << 20, packed_size * _MOST_PACKED):
        raise refused("exchange.packed_too_well", path, times=f"{size // max(packed_size, 1):,}")


class _SheetMarks(NamedTuple):
    """How many rows of a sheet are hidden, and how many merged ranges it has."""

    hidden: int = 0
    merged: int = 0


def _look_into(path: Path, at: int) -> _SheetMarks:
    """What the XML of a sheet, by its place in the workbook, says of it.

    Raises:
        SourceRefused: one of its cells stands so far out that all those between could not be held.
    """
    with ZipFile(path) as packed:
        part = _part_of(packed, at)
        if part is None:
            return _SheetMarks()
        hidden, merged, tail, far = 0, 0, b"", (_LETTERS, 1)
        with InsideOf(packed, part).open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                whole = tail + chunk
                # An element may begin in one chunk and end in the next.
                ends = whole.rfind(b">") + 1
                hidden += len(_HIDDEN.findall(whole[:ends]))
                merged += len(_MERGED.findall(whole[:ends]))
                far = _farthest(far, _ROW.findall(whole[:ends]), _FAR_CELL.findall(whole[:ends]))
                if far[0] * far[1] > _MOST_CELLS:
                    raise refused("exchange.too_many_cells", path, most=f"{_MOST_CELLS:,}")
                tail = whole[ends:][-_CHUNK:]
        return _SheetMarks(hidden, merged)


def _farthest(far: tuple[int, int], rows: Sequence[bytes], cells: Sequence[bytes]) -> tuple[int, int]:
    """The last column and the last row, from 1, of what was met before, of some rows and of some cells: `12`, `AB12`."""
    column, row = far[0], max((far[1], *map(int, (said[:_DIGITS] for said in rows))))
    for said in cells:
        letters, number = said.rstrip(b"0123456789"), 0
        for letter in letters:
            number = number * _LETTERS + letter - ord("A") + 1
        column, row = max(column, number), max(row, int(said[len(letters) :][:_DIGITS]))
    return column, row


def _part_of(packed: ZipFile, at: int) -> str | None:
    """The part of a workbook that holds its sheet at a place."""
    try:
        book, links = packed.read("xl/workbook.xml"), packed.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return None
    sheets = re.findall(rb"<(?:\w+:)?sheet\b[^>]*\br:id=\"([^\"]+)\"", book)
    if at >= len(sheets):
        return None
    link = next(
        (one for one in re.findall(rb"<Relationship\b[^>]*>", links) if b'Id="' + sheets[at] + b'"' in one), b""
    )
    target = re.search(rb"Target=\"/?(?:xl/)?([^\"]+)\"", link)
    name = f"xl/{target[1].decode()}" if target else ""
    return name if name in packed.namelist() else None
