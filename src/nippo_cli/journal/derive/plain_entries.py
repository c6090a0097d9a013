"""Entries of which no other record says anything, nearly all of a log, as the rows derived from them: many at a time, in a second
process where they are many."""

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.worker import Parent, Worker
from nippo_cli.journal.derive.building import build_in_worker
from nippo_cli.journal.derive.points import entry_row
from nippo_cli.journal.log import Columns, EntryState, ReadColumns, Rec, SchemaMigrator, column_reader, first_version
from nippo_cli.schema.schema import Schema

# So many chunks are on their way to the second process and back.
_AHEAD: Final = 12

# What the search index holds of entries, each under the schema that it was written under.
TextsOf: TypeAlias = Callable[[Sequence[EntryState], Mapping[int, Schema]], list[str]]
# Of a schema: it, those adopted since, and the one that all is read under.
_SchemaWay: TypeAlias = tuple[Schema, Sequence[Schema], Schema]


class SearchRows(Protocol):
    """The search index, as it is filled with a rebuild."""

    def put(self, entries: Sequence[Sequence[Any]], texts: Sequence[str]) -> None:
        """Take the rows of entries, and what the index holds of each."""

    def put_others(self, entries: Sequence[int]) -> None:
        """Put in entries of which other records say something as well."""

    def merged(self) -> Iterator[object]:
        """Put the index in order, a step each time that it is asked."""


class Derived(NamedTuple):
    """Some entries' rows, each of its own deal still, and their texts if those are asked for."""

    entries: list[tuple[Any, ...]]
    texts: list[str]


class PlainEntries:
    """What makes the rows of sound records.

    Args:
        second: a process that does `derive_in_worker`, if there is one.
        texts_of: what the search index holds of them, if that is asked for.
    """

    def __init__(self, migrator: SchemaMigrator, second: Worker | None, texts_of: TextsOf | None) -> None:
        self._migrator = migrator
        self._second = second
        self._derived = _EntryDeriver(texts_of)

    def of(self, chunks: Iterable[list[tuple[Any, ...]]]) -> Iterator[Derived]:
        """The rows of chunks of records (the columns of `Rec`), in their order."""
        if self._second is not None and self._second.started():
            yield from self._beside(chunks, self._second)
            return
        for chunk in chunks:
            self._derived.learn(self._new_schemas(chunk))
            yield self._derived.of(chunk)

    def _beside(self, chunks: Iterable[list[tuple[Any, ...]]], second: Worker) -> Iterator[Derived]:
        asked = (((self._new_schemas(chunk), marshal.dumps(chunk)), None) for chunk in chunks)
        for _, answer in second.answers(asked, _AHEAD):
            yield Derived(*marshal.loads(answer))  # noqa: S302  from the process that this one began
        second.send(None)
        second.send(self._migrator.schema)

    def _new_schemas(self, chunk: Sequence[Sequence[Any]]) -> dict[int, _SchemaWay]:
        """Those that some records were written under and no other before."""
        new = {record[_SCHEMA] for record in chunk} - self._derived.schemas.keys()
        ways = {schema: self._migrator.way_from(schema) for schema in new}
        self._derived.schemas.update({schema: way[0] for schema, way in ways.items()})
        return ways


_SCHEMA: Final = Rec._fields.index("schema")


class _EntryDeriver:
    """The rows of records whose schemas are known."""

    def __init__(self, texts_of: TextsOf | None) -> None:
        self._texts_of = texts_of
        self._readers: dict[int, ReadColumns] = {}
        self.schemas: dict[int, Schema] = {}

    def learn(self, schemas: Mapping[int, _SchemaWay]) -> None:
        for schema, way in schemas.items():
            self._readers[schema] = column_reader(*way)
            self.schemas[schema] = way[0]

    def of(self, records: Sequence[Sequence[Any]]) -> Derived:
        readers, states = self._readers, [first_version(Rec(*record)) for record in records]
        entries = [entry_row(one, Columns(*readers[one.schema](one.values)), one.deal) for one in states]
        return Derived(entries, self._texts_of(states, self.schemas) if self._texts_of is not None else [])


def derive_in_worker(first: Parent, texts_of: TextsOf) -> None:
    """What the second process of a rebuild does: it is told chunks of records and says their rows; then, told None and the schema that
    all is read under, it builds histories."""
    derived = _EntryDeriver(texts_of)
    while (message := first.receive()) is not None:
        schemas, chunk = message
        derived.learn(schemas)
        entries, texts = derived.of(marshal.loads(chunk))  # noqa: S302  from the process that began this one
        first.send(marshal.dumps((entries, texts)))
    build_in_worker(first, first.receive())
