"""Whether a map fits a file and a schema: every column and every field that it names must be there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from nippo_cli.base.errors import Message, Place, Problem, msg
from nippo_cli.base.text import cut, nearest
from nippo_cli.exchange.cells import JSON, PERSON, CellReader
from nippo_cli.exchange.column_reading import unknown
from nippo_cli.exchange.mapping import ColumnRef, EntryMap, ImportMap, map_refused
from nippo_cli.exchange.source import column_places
from nippo_cli.schema.schema import Field
from nippo_cli.schema.types import Reading, ValueRefused, reader_for, type_of

# A file that is no table has whatever there is between its commas for columns.
_LONGEST, _MOST = 40, 30


def fit_map(import_map: ImportMap, columns: Sequence[str], cell_reader: CellReader) -> ImportMap:
    """The map with its fields named by their keys.

    Raises:
        MapRefused: with each column that the file lacks, each field that the schema lacks or that an import
            can't fill, and each constant or translation that its field does not take.
    """
    problems = list(missing_columns(import_map.columns(), import_map.file, columns))
    entries = []
    for entry in import_map.entries:
        fields: dict[str, ColumnRef] = {}
        for said, pick in entry.fields.items():
            field = field_named(said, cell_reader.schema.fields)
            place = Place(field=said, file=import_map.file, line=pick.line)
            problems += _field(field, said, pick, place, cell_reader)
            if field is not None and field.key in fields:
                problems.append(Problem(place, said, msg("exchange.map.field_twice", field=field.label)))
            elif field is not None:
                fields[field.key] = pick
        problems += _formats(import_map, entry)
        entries.append(replace(entry, fields=fields))
    if problems:
        once: list[Problem] = []
        once.extend(p for p in problems if p not in once)
        raise map_refused(import_map.file, once)
    return replace(import_map, entries=tuple(entries))


def field_named(said: str, fields: Sequence[Field]) -> Field | None:
    """The field of a key, a label, or a former key."""
    for names in (lambda f: (f.key,), lambda f: (f.label,), lambda f: f.was):
        for field in fields:
            if said in names(field):
                return field
    return None


def shown_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """Columns as a message names them: of a file that is no table their names are pages of text."""
    named = [cut(column, _LONGEST) for column in columns if column]
    return (*named[:_MOST], *(["…"] if len(named) > _MOST else []))


def missing_columns(named: Mapping[str, int], file: str, columns: Sequence[str]) -> Iterator[Problem]:
    """Columns that a map names, each with its line, and the file lacks, or has more than once."""
    places, times = column_places(columns), Counter(columns)
    for name, line in named.items():
        if name in places:
            continue
        near = shown_columns(nearest(name, columns))
        key = "exchange.map.no_column.near" if near else "exchange.map.no_column"
        needs = msg(key, near=near, columns=shown_columns(columns))
        if times[name] > 1:
            needs = msg("exchange.map.column_twice", n=times[name], name=name)
        yield Problem(Place(field=name, file=file, line=line), name, needs)


def _field(field: Field | None, said: str, pick: ColumnRef, place: Place, cell_reader: CellReader) -> Iterator[Problem]:
    """What is wrong with a field of the map: it is not in the schema, is the deal's, or can't be read as the map
    says."""
    if field is None:
        yield Problem(place, said, unknown(said, tuple(f.key for f in cell_reader.schema.fields)))
        return
    if field.role == "deal":
        yield Problem(place, said, msg("exchange.map.deal_apart"))
        return
    of = type_of(field)
    if pick.counts and not of.is_amount:
        yield Problem(place, said, msg("exchange.map.no_amount"))
    elif pick.formats and not (
        of.dated or (pick.formats == (JSON,) and of.structured) or (pick.formats == (PERSON,) and of.names_people)
    ):
        yield Problem(place, " ".join(pick.formats), msg("exchange.map.no_format"))
    elif of.dated and (wrong := _of_structure(pick)):
        yield Problem(place, wrong, msg("exchange.map.bad_format"))
    else:
        yield from _texts(field, pick, place, cell_reader)


def _texts(field: Field, pick: ColumnRef, place: Place, cell_reader: CellReader) -> Iterator[Problem]:
    """The constant and the translations, which can be judged before any row."""
    take = reader_for(field, Reading(cell_reader.today, cell_reader.schema)).read
    # A translated date is read by the column's format, as the cells are.
    translated = () if type_of(field).dated else tuple(pick.values.values())
    for text in (pick.constant, *translated):
        if text:
            try:
                take(text)
            except ValueRefused as error:
                yield Problem(place, error.said, error.needs)


def _formats(import_map: ImportMap, entry: EntryMap) -> Iterator[Problem]:
    for name, pick in (("on", entry.on), ("known_on", entry.known_on)):
        if pick is not None and (wrong := _of_structure(pick)):
            yield _wrong(import_map, name, pick, wrong, msg("exchange.map.bad_format"))
    for name, pick in (("on", entry.on), ("known_on", entry.known_on), *_plain_parts(entry)):
        if pick is not None and pick.counts:
            yield _wrong(import_map, name, pick, name, msg("exchange.map.no_amount"))
    for name, pick in _plain_parts(entry):
        if pick is not None and pick.formats:
            yield _wrong(import_map, name, pick, " ".join(pick.formats), msg("exchange.map.no_format"))


def _of_structure(pick: ColumnRef) -> str:
    """The format among a pick's that is none of days."""
    return next((one for one in pick.formats if one in (JSON, PERSON)), "")


def _plain_parts(entry: EntryMap) -> tuple[tuple[str, ColumnRef | None], ...]:
    return (
        ("deal", entry.deal), ("owner", entry.owner), ("author", entry.author), ("incomplete", entry.incomplete),
        ("snapshot", entry.snapshot),
    )  # fmt: skip


def _wrong(import_map: ImportMap, name: str, pick: ColumnRef, said: str, needs: Message) -> Problem:
    return Problem(Place(field=name, file=import_map.file, line=pick.line), said, needs)
