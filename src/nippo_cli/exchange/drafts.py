"""Rows → drafts, each row checked as `add` checks an entry; what can't be taken keeps its line and every reason."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from nippo_cli.base.customer_names import NOBODY, CustomerNames
from nippo_cli.base.errors import Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.fit import fit_map
from nippo_cli.exchange.judging import condition
from nippo_cli.exchange.keyed_rows import FindKnown, KnownValues
from nippo_cli.exchange.mapping import ColumnRef, ImportMap
from nippo_cli.exchange.row_hashes import RowHashes
from nippo_cli.exchange.row_mapper import MappedRows, RowMapper, map_rows
from nippo_cli.exchange.sheet_rows import written_out
from nippo_cli.exchange.sifting import Rejected, RowSifter, Sifting, Skipped, filled_columns, reject_row
from nippo_cli.exchange.source import Batch, Source, column_places
from nippo_cli.line.entry_drafts import NO_DRAFTS, EntryDrafts, joined
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import ValueRefused


class Taken(NamedTuple):
    """A row that can be written: how many of the batch's drafts are its own (the next after those of the row before it), and
    its cells as read, where they are kept."""

    line: int
    drafts: int
    cells: Sequence[str]


class OtherCustomersRow(NamedTuple):
    """A row that could be written, but for its customer, who is not its deal's: `problem` says whose the deal is. It is
    taken where the map lets rows change that; else only what the journal has of it already stays."""

    line: int
    drafts: int
    cells: Sequence[str]
    problem: Problem


RowOutcome: TypeAlias = Taken | OtherCustomersRow | Skipped | Rejected


class JudgedRows(NamedTuple):
    """Some rows of the file, in its order. `drafts` are the entries of those that can be written, row after row, in the map's
    order within a row; `outcomes` what becomes of each row, None where every one is taken as one entry and no cells are kept;
    `short` as in `Batch`.
    """

    drafts: EntryDrafts
    outcomes: list[RowOutcome] | None
    short: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """How rows are judged. `of_journal`: what a deal that the journal has stands at, by field key. `write`: a value as
    the log writes it. `keep_cells`: those of rows that can be taken may be asked for.
    `customers`: what customers are called."""

    map: ImportMap
    schema: Schema
    today: date
    time_zone: str = "UTC"
    of_journal: FindKnown | None = None
    write: Callable[[Any], str] = str
    keep_cells: bool = True
    customers: CustomerNames = NOBODY


def judge_rows(source: Source, how: Import) -> Iterator[JudgedRows]:
    """Rows of the source, some at a time and in its order, as what they become.

    An entry dated after `today` is taken: what is still to come counts from its day on.

    Raises:
        MapRefused: the map names columns that the file lacks, or fields that the schema lacks; before any row.
    """
    from zoneinfo import ZoneInfo

    cell_reader = CellReader(
        how.schema,
        how.today,
        ZoneInfo(how.time_zone),
        how.map.empty,
        how.map.defused,
        loose=not source.delimiter,
        write=how.write,
        odd=source.odd,
    )
    import_map = fit_map(how.map, source.columns, cell_reader)
    places = column_places(source.columns)
    customer = how.schema.key("customer")
    known = KnownValues(
        how.schema, how.of_journal, changes=how.map.changes_customer, customers=how.customers,
        has_row_a_deal=how.map.has_row_a_deal, ignores_required=how.map.ignores_required,
        says_customer=any(customer in entry.fields for entry in import_map.entries),
    )  # fmt: skip
    judge = _Judge(
        source,
        [RowMapper(entry, places, cell_reader, known, import_map) for entry in import_map.entries],
        RowSifter(source, _sifting(import_map, places, cell_reader)),
        identify_rows(import_map, places, cell_reader),
        how.keep_cells,
    )
    rows = written_out(source, goes_on=[places[column] for column in import_map.goes_on], exact=how.map.defused)
    return map(judge.judged, rows)


class _Judge(NamedTuple):
    """What rows are judged by. `sifter` leaves rows out; `identify` says what rows' source keys begin with."""

    source: Source
    mappers: Sequence[RowMapper]
    sifter: RowSifter
    identify: Callable[[Sequence[Sequence[str]]], list[str | Problem]]
    keep_cells: bool

    def judged(self, batch: Batch) -> JudgedRows:
        """Some rows, in their order."""
        left, others = self.sifter.sift(batch)
        if not left.rows:
            return JudgedRows(NO_DRAFTS, list(others), batch.short)
        keys = self.identify(left.rows)
        made = map_rows(self.mappers, left.rows, list(zip(*left.rows, strict=True)), keys)
        first = made[0]
        if len(made) == 1 and len(first.places) == len(left.rows) and not others and not first.others:
            return JudgedRows(first.drafts, self._all_taken(left) if self.keep_cells else None, batch.short)
        problems = _problems(made, keys)
        drafts, each = _in_turn(made, problems)
        outcomes: list[RowOutcome] = [*others]
        for place, (line, cells) in enumerate(zip(left.lines, left.rows, strict=True)):
            other = next((one.others[place] for one in made if place in one.others), None)
            if place in problems:
                outcomes.append(reject_row(self.source, line, cells, problems[place]))
            elif other is not None:
                outcomes.append(OtherCustomersRow(line, each[place], cells, other))
            elif each[place]:
                outcomes.append(Taken(line, each[place], cells if self.keep_cells else ()))
            else:
                outcomes.append(Skipped(line))
        return JudgedRows(drafts, sorted(outcomes, key=attrgetter("line")), batch.short)

    @staticmethod
    def _all_taken(rows: Batch) -> list[RowOutcome]:
        return [Taken(line, 1, cells) for line, cells in zip(rows.lines, rows.rows, strict=True)]


def _sifting(import_map: ImportMap, places: Mapping[str, int], cell_reader: CellReader) -> Sifting:
    """What rows of entries are sifted by, with the columns of the map."""
    days = [column for entry in import_map.entries if entry.on for column in entry.on.columns]
    customer = cell_reader.schema.key("customer")
    names = [pick for entry in import_map.entries for pick in (entry.deal, entry.fields.get(customer or "")) if pick]
    key = import_map.key.columns if import_map.key and import_map.first_only else ()

    def at(columns: Iterable[str]) -> list[int]:
        return [places[column] for column in dict.fromkeys(columns)]

    return Sifting(
        condition(import_map.skip_when, places, cell_reader),
        filled=at(filled_columns(import_map.picks())),
        dated=at(days),
        named=at(column for pick in names for column in pick.columns),
        first_of=at(key),
        keeps_totals=import_map.keeps_totals,
    )


def _problems(made: Sequence[MappedRows], keys: Sequence[str | Problem]) -> dict[int, list[Problem]]:
    """Of each row that can't be taken all that is wrong with it: with its key, then entry by entry."""
    problems: dict[int, list[Problem]] = {place: [key] for place, key in enumerate(keys) if isinstance(key, Problem)}
    for one in made:
        for place, own in one.refused.items():
            problems.setdefault(place, []).extend(own)
    return problems


def _in_turn(made: Sequence[MappedRows], refused: Collection[int]) -> tuple[EntryDrafts, Counter[int]]:
    """The drafts of the rows that are not refused, row by row, within a row in the map's order; and by place how many of
    them are a row's."""
    places = [place for one in made for place in one.places]
    # Sorting keeps the order of one row's drafts.
    order = sorted((at for at, place in enumerate(places) if place not in refused), key=places.__getitem__)
    drafts = made[0].drafts if len(made) == 1 else joined([one.drafts for one in made])
    if len(order) < len(places) or len(made) > 1:
        drafts = drafts.at(order)
    return drafts, Counter(places[at] for at in order)


def identify_rows(
    import_map: ImportMap, places: Mapping[str, int], cell_reader: CellReader
) -> Callable[[Sequence[Sequence[str]]], list[str | Problem]]:
    """Rows → what the source key of each begins with, `source:key/`, or why it has none."""
    if import_map.key is None:
        return ByContent(import_map.source)
    return _ByKey(import_map.source, import_map.key, places, cell_reader)


class _ByKey:
    """Rows are known by a column or several, which no two rows may share."""

    def __init__(self, source: str, key: ColumnRef, places: Mapping[str, int], cell_reader: CellReader) -> None:
        self._source = source
        self._clean = cell_reader.text(ColumnRef(()))
        self._at = [places[column] for column in key.columns]
        self._bare = len(self._at) == 1 and cell_reader.only_strips(ColumnRef(()))
        self._join = key.join
        self._name = " + ".join(key.columns)
        self._hashes = RowHashes()

    def __call__(self, rows: Sequence[Sequence[str]]) -> list[str | Problem]:
        if self._bare:
            texts = list(map(str.strip, map(itemgetter(self._at[0]), rows)))
            hashes = set(map(hash, texts))
            if all(texts) and len(hashes) == len(texts) and self._hashes.add_all(hashes):
                source = self._source
                return [f"{source}:{text}/" for text in texts]
        return [self._named([cells[place] for place in self._at]) for cells in rows]

    def _named(self, cells: list[str]) -> str | Problem:
        """The key that a row's cells make, `crm:12/`; what is wrong where one is empty, or the key stood in a row before."""
        try:
            texts = list(map(self._clean, cells))
        except ValueRefused as error:
            return Problem(Place(field=self._name), error.said, error.needs)
        if not all(texts):
            return Problem(Place(field=self._name), "", msg("exchange.needs.key"))
        said = self._join.join(texts)
        if not self._hashes.add(hash(said)):
            return Problem(Place(field=self._name), " + ".join(texts), msg("exchange.key_twice"))
        return f"{self._source}:{said}/"


class ByContent:
    """A row without a key is known by all that it says, and by how many such rows stand above it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._hashes = RowHashes()
        self._again: dict[int, int] = {}

    def __call__(self, rows: Sequence[Sequence[str]]) -> list[str | Problem]:
        """What the source keys begin with."""
        return list(map(self._named, map("\x1f".join, rows)))

    def _named(self, said: str) -> str:
        digest = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        content = hash(digest)
        if self._hashes.add(content):
            return f"{self._source}:{digest}/"
        self._again[content] = self._again.get(content, 1) + 1
        return f"{self._source}:{digest}-{self._again[content]}/"
