"""Rows → drafts, each row checked as `add` checks an entry; what can't be taken keeps its line and every reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from nippo_cli.base.errors import Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.fit import fitted
from nippo_cli.exchange.judging import condition
from nippo_cli.exchange.keyed_rows import Known, KnownValues
from nippo_cli.exchange.mapping import ColumnRef, ImportMap
from nippo_cli.exchange.row_mapper import RowMapper, made_of
from nippo_cli.exchange.source import Batch, Source
from nippo_cli.line.checked_entry import EntryDrafts
from nippo_cli.schema.schema import Schema


class Taken(NamedTuple):
    """A row that can be written: what is made of its entries' drafts (`Import.make`) in the map's order, and its cells
    as read."""

    line: int
    drafts: tuple[Any, ...]
    cells: Sequence[str]


class OtherCustomersRow(NamedTuple):
    """A row that could be written, but for its customer, who is not its deal's: `problem` says whose the deal is. It is
    taken where the map lets rows change that; else only what the journal has of it already stays."""

    line: int
    drafts: tuple[Any, ...]
    cells: Sequence[str]
    problem: Problem


class Skipped(NamedTuple):
    """A row that the map leaves out, one that no entry applies to, or one without a single filled cell."""

    line: int


class Rejected(NamedTuple):
    """A row that can't be taken. `cells` are as read; `row` names them, as far as they have columns."""

    line: int
    cells: Sequence[str]
    row: Mapping[str, str]
    problems: tuple[Problem, ...]


Result: TypeAlias = Taken | OtherCustomersRow | Skipped | Rejected


class AllTaken(NamedTuple):
    """Rows that can all be written, each as one entry: `Taken` side by side."""

    lines: Sequence[int]
    drafts: Sequence[Any]
    rows: Sequence[Sequence[str]]

    def each(self) -> list[Result]:
        """The rows one by one."""
        whole = zip(self.lines, self.drafts, self.rows, strict=True)
        return [Taken(line, (draft,), cells) for line, draft, cells in whole]


@dataclass(frozen=True, slots=True)
class Import:
    """How rows are judged. `of_journal`: what a deal that the journal has stands at, by field key. `write`: a value as
    the log writes it. `make`: what becomes of drafts, one for each."""

    map: ImportMap
    agreement: Schema
    today: date
    time_zone: str = "UTC"
    of_journal: Known | None = None
    write: Callable[[Any], str] = str
    make: Callable[[EntryDrafts], Sequence[Any]] = EntryDrafts.each


def drafts(source: Source, how: Import) -> Iterator[Result]:
    """Each row of the source, in its order, as what it becomes; `draft_batches` in one."""
    for batch in draft_batches(source, how):
        yield from batch.each() if isinstance(batch, AllTaken) else batch


def draft_batches(source: Source, how: Import) -> Iterator[AllTaken | list[Result]]:
    """Rows of the source, some at a time and in its order, as what they become.

    An entry dated after `today` is taken: what is still to come counts from its day on.

    Raises:
        MapRefused: the map names columns that the file lacks, or fields that the agreement lacks; before any row.
    """
    from zoneinfo import ZoneInfo

    kitchen = CellReader(
        how.agreement,
        how.today,
        ZoneInfo(how.time_zone),
        how.map.empty,
        how.map.defused,
        loose=not source.delimiter,
        write=how.write,
    )
    import_map = fitted(how.map, source.columns, kitchen)
    places = {name: place for place, name in enumerate(source.columns)}
    standing = KnownValues(how.agreement, how.of_journal, changes=how.map.changes_customer)
    recipes = [RowMapper(entry, places, kitchen, standing) for entry in import_map.entries]
    skips = condition(import_map.skip_when, places, kitchen)
    gate = _Gate(skips, _identity(import_map, places, kitchen))
    return (_results(source, batch, recipes, gate, how.make) for batch in source.batches())


class _Gate(NamedTuple):
    """What decides of a row before any entry is made of it. `identify` says what rows' source keys begin with."""

    skips: Callable[[Sequence[str]], bool] | None
    identify: Callable[[Sequence[Sequence[str]]], list[str | Problem]]


def _results(
    source: Source,
    batch: Batch,
    recipes: Sequence[RowMapper],
    gate: _Gate,
    make: Callable[[EntryDrafts], Sequence[Any]],
) -> AllTaken | list[Result]:
    left, others = gated(source, batch, gate.skips)
    results = list[Result](others)
    if not left.rows:
        return results
    keys, columns = gate.identify(left.rows), list(zip(*left.rows, strict=True))
    made = made_of(recipes, left.rows, columns, keys)
    entries = [make(one.drafts) for one in made]
    if len(made) == 1 and len(entries[0]) == len(left.rows) and not results and not made[0].others:
        return AllTaken(left.lines, entries[0], left.rows)
    by_place = [dict(zip(one.places, own, strict=True)) for one, own in zip(made, entries, strict=True)]
    for place, (line, cells, key) in enumerate(zip(left.lines, left.rows, keys, strict=True)):
        problems = [problem for one in made for problem in one.refused.get(place, ())]
        if isinstance(key, Problem):
            problems.insert(0, key)
        drafts = tuple(own[place] for own in by_place if place in own)
        other = next((one.others[place] for one in made if place in one.others), None)
        if problems:
            results.append(rejected_row(source, line, cells, problems))
        elif other is not None:
            results.append(OtherCustomersRow(line, drafts, cells, other))
        else:
            results.append(Taken(line, drafts, cells) if drafts else Skipped(line))
    return sorted(results, key=attrgetter("line"))


def gated(
    source: Source, batch: Batch, skips: Callable[[Sequence[str]], bool] | None
) -> tuple[Batch, list[Skipped | Rejected]]:
    """The rows of which something is to be made, and what becomes of the others."""
    if not batch.broken and skips is None and all(map(any, batch.rows)):
        return batch, []
    lines, rows, results = list[int](), list[Sequence[str]](), list[Skipped | Rejected]()
    for place, (line, cells) in enumerate(zip(batch.lines, batch.rows, strict=True)):
        if place in batch.broken:
            results.append(rejected_row(source, line, cells, (batch.broken[place],)))
        elif not any(cells) or (skips is not None and skips(cells)):
            results.append(Skipped(line))
        else:
            lines.append(line)
            rows.append(cells)
    return Batch(lines, rows, {}), results


def rejected_row(source: Source, line: int, cells: Sequence[str], problems: Sequence[Problem]) -> Rejected:
    """A row that can't be taken, each of its problems once."""
    # Entries of one row share columns, and so their problems.
    once: list[Problem] = []
    for problem in problems:
        placed = problem._replace(where=Place(field=problem.where.field, line=line))
        if placed not in once:
            once.append(placed)
    named = dict(zip(source.columns, cells, strict=False))
    return Rejected(line, cells, named, tuple(once))


def _identity(
    import_map: ImportMap, places: Mapping[str, int], kitchen: CellReader
) -> Callable[[Sequence[Sequence[str]]], list[str | Problem]]:
    """Rows → what the source key of each begins with, `source:key/`, or why it has none."""
    if import_map.key is None:
        return ByContent(import_map.source)
    return _ByKey(import_map.source, import_map.key, places, kitchen)


class _ByKey:
    """Rows are known by a column or several, which no two rows may share."""

    def __init__(self, source: str, key: ColumnRef, places: Mapping[str, int], kitchen: CellReader) -> None:
        self._source = source
        self._cook = kitchen.text(ColumnRef(()))
        self._at = [places[column] for column in key.columns]
        self._bare = len(self._at) == 1 and kitchen.only_strips(ColumnRef(()))
        self._join = key.join
        self._name = " + ".join(key.columns)
        # Hashes rather than texts: a million of them stay small.
        self._seen: set[int] = set()

    def __call__(self, rows: Sequence[Sequence[str]]) -> list[str | Problem]:
        if self._bare:
            texts = list(map(str.strip, map(itemgetter(self._at[0]), rows)))
            hashes = set(map(hash, texts))
            if all(texts) and len(hashes) == len(texts) and self._seen.isdisjoint(hashes):
                self._seen |= hashes
                source = self._source
                return [f"{source}:{text}/" for text in texts]
        return [self._named([self._cook(cells[place]) for place in self._at]) for cells in rows]

    def _named(self, texts: list[str]) -> str | Problem:
        if not all(texts):
            return Problem(Place(field=self._name), "", msg("exchange.needs.key"))
        said = self._join.join(texts)
        known = len(self._seen)
        self._seen.add(hash(said))
        if len(self._seen) == known:
            return Problem(Place(field=self._name), " + ".join(texts), msg("exchange.key_twice"))
        return f"{self._source}:{said}/"


class ByContent:
    """A row without a key is known by all that it says, and by how many such rows stand above it."""

    def __init__(self, source: str) -> None:
        self._source = source
        # Hashes rather than contents: a million of them stay small.
        self._seen: set[int] = set()
        self._again: dict[int, int] = {}

    def __call__(self, rows: Sequence[Sequence[str]]) -> list[str | Problem]:
        """What the source keys begin with."""
        return list(map(self._named, map("\x1f".join, rows)))

    def _named(self, said: str) -> str:
        digest = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        content = hash(digest)
        if content not in self._seen:
            self._seen.add(content)
            return f"{self._source}:{digest}/"
        self._again[content] = self._again.get(content, 1) + 1
        return f"{self._source}:{digest}-{self._again[content]}/"
