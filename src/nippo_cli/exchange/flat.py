"""Rows of a table that is no diary, each read part by part; what can't be taken keeps its line and every reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from unicodedata import normalize

from nippo_cli.base.errors import Message, Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.money import UnreadableAmount
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.drafts import ByContent
from nippo_cli.exchange.flat_map import FlatMap, TableShape
from nippo_cli.exchange.judging import Cells, ReadCell, cell_of, condition
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.reckoning import read_entered
from nippo_cli.exchange.sheet_rows import written_out
from nippo_cli.exchange.sifting import Rejected, RowSifter, ShortRows, Sifting, Skipped, filled_columns, reject_row
from nippo_cli.exchange.source import Source, column_places
from nippo_cli.schema.schema import Currency
from nippo_cli.schema.types import ValueRefused

# How one's own currency is written where a column names it.
_NAMES = {"JPY": ("円", "¥", "yen")}


class FlatRow(NamedTuple):
    """A row that can be read. `values` are by part, None where a cell is empty; `key` is how its source knows it."""

    line: int
    cells: Cells
    key: str
    values: Mapping[str, Any]


def read_rows(
    source: Source,
    flat_map: FlatMap,
    shape: TableShape,
    cell_reader: CellReader,
    readers: Mapping[str, Callable[[ColumnRef], ReadCell]],
) -> Iterator[FlatRow | Skipped | Rejected | ShortRows]:
    """Each row of the source, in its order, as what it becomes.

    A row is known by the map's `key`, else by its reference, else by all that its cells say. Two rows of one key are
    one too many: the second is rejected, and where its amount is another, both are said.

    Args:
        readers: how a part is read; a day or a text where nothing is said.
    """
    places = column_places(source.columns)
    parts = [
        _FlatPart(name, pick, cell_of(pick, places), _reader(name, pick, shape, cell_reader, readers))
        for name, pick in flat_map.picks.items()
    ]
    keys = _FlatKeys(flat_map, places, cell_reader)
    sifter = RowSifter(source, _sifting(flat_map, shape, places, cell_reader))
    for batch in written_out(source, exact=flat_map.defused or flat_map.books is not None):
        if batch.short:
            yield ShortRows(batch.short)
        left, results = sifter.sift(batch)
        made = [
            _row(source, line, cells, parts, shape, keys) for line, cells in zip(left.lines, left.rows, strict=True)
        ]
        yield from sorted([*results, *made], key=lambda row: row.line)


def amounts(cell_reader: CellReader, currency: Currency) -> Callable[[ColumnRef], ReadCell]:
    """How an amount is read: as people type it, or as accounting software writes what is negative."""

    def reader(pick: ColumnRef) -> ReadCell:
        clean = cell_reader.text(pick)

        def read(cell: str) -> int | None:
            text = clean(cell)
            if not text:
                return None
            try:
                return read_entered(text, currency)
            except UnreadableAmount as error:
                raise ValueRefused(text, error.needs) from None

        return read

    return reader


def currencies(cell_reader: CellReader, currency: Currency) -> Callable[[ColumnRef], ReadCell]:
    """How a column that names the currency is read: the journal's own, or refused."""
    own = {name.casefold() for name in (currency.code, *_NAMES.get(currency.code, ()))}

    def reader(pick: ColumnRef) -> ReadCell:
        clean = cell_reader.text(pick)

        def read(cell: str) -> str:
            text = clean(cell)
            if text and normalize("NFKC", text).casefold() not in own:
                raise ValueRefused(text, msg("exchange.flat.currency", code=currency.code))
            return text

        return read

    return reader


def names(cell_reader: CellReader) -> Callable[[ColumnRef], ReadCell]:
    """How a name is read: one line."""

    def reader(pick: ColumnRef) -> ReadCell:
        clean = cell_reader.text(pick)

        def read(cell: str) -> str:
            text = clean(cell)
            if "\n" in text or "\r" in text:
                raise ValueRefused(text, msg("entry.needs.one_line"))
            return text

        return read

    return reader


def _sifting(flat_map: FlatMap, shape: TableShape, places: Mapping[str, int], cell_reader: CellReader) -> Sifting:
    """What a table's rows are sifted by, with the columns of the map."""

    def at(*parts: str) -> list[int]:
        picks = (flat_map.picks[part] for part in parts if part in flat_map.picks)
        return [places[column] for pick in picks for column in pick.columns]

    key = flat_map.key.columns if flat_map.key else ()
    return Sifting(
        condition(flat_map.skip_when, places, cell_reader),
        filled=[places[column] for column in filled_columns(flat_map.picks.values())],
        dated=at("on", "month"),
        named=at(*shape.names),
        first_of=([places[column] for column in key] or at("reference")) if flat_map.first_only else (),
        keeps_totals=flat_map.keeps_totals,
    )


class _FlatPart(NamedTuple):
    name: str
    pick: ColumnRef
    cell: Callable[[Cells], str]
    read: ReadCell

    def problem(self, said: str, needs: Message) -> Problem:
        return Problem(Place(field=" + ".join(self.pick.columns) or self.name), said, needs)


def _reader(
    name: str,
    pick: ColumnRef,
    shape: TableShape,
    cell_reader: CellReader,
    readers: Mapping[str, Callable[[ColumnRef], ReadCell]],
) -> ReadCell:
    if name in readers:
        return readers[name](pick)
    return cell_reader.day(pick) if name in shape.days else cell_reader.text(pick)


def _row(
    source: Source, line: int, cells: Cells, parts: Sequence[_FlatPart], shape: TableShape, keys: "_FlatKeys"
) -> FlatRow | Rejected:
    """A row as it can be read, or with all that is wrong with it."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for part in parts:
        try:
            values[part.name] = part.read(part.cell(cells))
        except ValueRefused as error:
            problems.append(part.problem(error.said, error.needs))
            continue
        if part.name in shape.needed and values[part.name] in (None, ""):
            problems.append(part.problem("", msg(f"exchange.flat.needs_{part.name}")))
    amount = next((part.cell(cells).strip() for part in parts if part.name == "amount"), "")
    key = keys.of(cells, values.get("amount"), amount)
    if isinstance(key, Problem):
        problems.insert(0, key)
    if problems or isinstance(key, Problem):
        return reject_row(source, line, cells, problems)
    return FlatRow(line, cells, key, values)


class _FlatKeys:
    """How each row is known, and the amount that each key came with first, as read and as written."""

    def __init__(self, flat_map: FlatMap, places: Mapping[str, int], cell_reader: CellReader) -> None:
        pick = flat_map.key or flat_map.picks.get("reference")
        self._source = flat_map.source
        self._name = " + ".join(pick.columns) if pick else ""
        self._needed = flat_map.key is not None
        self._cells = [(places[column], cell_reader.text(pick)) for column in pick.columns] if pick else []
        self._by_content = ByContent(flat_map.source)
        self._met: dict[str, tuple[int | None, str]] = {}

    def of(self, cells: Cells, amount: int | None, said: str) -> str | Problem:
        """The row's source key, or why it has none."""
        try:
            texts = [clean(cells[place]) for place, clean in self._cells]
        except ValueRefused as error:
            return Problem(Place(field=self._name), error.said, error.needs)
        if self._needed and not all(texts):
            return Problem(Place(field=self._name), "", msg("exchange.needs.key"))
        if not any(texts):
            return self._by_content([cells])[0]
        key = f"{self._source}:{_APART.join(texts)}"
        if key not in self._met:
            self._met[key] = amount, said
            return key
        first, first_said = self._met[key]
        needs = msg("exchange.key_twice")
        if None not in (first, amount) and first != amount:
            needs = msg("exchange.flat.key_twice_other", first=first_said, second=said)
        return Problem(Place(field=self._name), " + ".join(texts), needs)


# `a b` + `c` is not `a` + `b c`.
_APART = "\x1f"
