"""Entries out: CSV or JSONL, each with a map by which `nippo import` reads them back as they were."""

import csv
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TextIO, TypeAlias

from nippo_cli.base.customers import same_customer
from nippo_cli.base.formulas import defused
from nippo_cli.base.guards import Guard, OutputKind
from nippo_cli.base.ids import show_id
from nippo_cli.base.outputs import folder, replacing, target, unwritable
from nippo_cli.base.text import normal_form
from nippo_cli.exchange.cells import JSON
from nippo_cli.exchange.mapping import EXPORT_KEY
from nippo_cli.results.entries import EntryView
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import FieldType, Reading, ValueRefused, reader_for, type_of

# What an entry has besides its fields; the map reads all but the last four. Whose the deal is today is one of these: where the rows
# are taken in, it may have gone to somebody else since.
_OWN = (
    *EXPORT_KEY, "on", "known_on", "author", "deal", "incomplete", "snapshot", "deal_id", "owner", "meeting", "recorded_at",
)  # fmt: skip
_NOTHING = Guard()
# Says the beginning of the hash of an entry's record, by its id.
SealOf: TypeAlias = Callable[[int], str]
_NO_SEAL = "0" * 12


def export(
    to: Path,
    entries: Iterable[EntryView],
    schema: Schema,
    records: Iterable[Mapping[str, object]] = (),
    *,
    names: Mapping[int, str] = MappingProxyType({}),
    apart: Container[str] = frozenset(),
    seal_of: SealOf = lambda _: _NO_SEAL,
    force: bool = False,
    guard: Guard = _NOTHING,
) -> int:
    """Write into a folder, made if need be, `entries.csv`; the `import.yaml` that reads it back; and a log's records, one
    object a line, as `log.jsonl`. All three are written before the first of them takes its place.

    Entries come oldest first: an import keeps their order. Returns how many were written.

    Args:
        to: the folder.
        names: of deals that share theirs with another, the names under which they are told apart.
        apart: the names of which two legal forms are known (`same_customer`).
        seal_of: 12 digits of the hash of an entry's record, by which its own journal knows it again.
        force: also over a map that was edited since it was exported.
        guard: what nothing is written over.

    Raises:
        UsageError: the folder can't be written, or one of the files is not to be replaced.
    """
    maps = [map_text(schema, changes_customer=changes) for changes in (False, True)]
    # Those of exports before entries were taken back as they are, and before some were marked as a list's.
    earlier = [text.replace(_TAKES_ALL, "") for text in maps]
    known = [*maps, *earlier, *(text.replace(f"{_MARKED}\n", "") for text in earlier)]
    kinds = {
        "import.yaml": OutputKind((), tuple(text.encode() for text in known)),
        "entries.csv": OutputKind((".csv",)),
        "log.jsonl": OutputKind((".jsonl",)),
    }
    folder(str(to), "DIR")
    try:
        targets = [target(str(to / name), kind, force=force, guard=guard) for name, kind in kinds.items()]
        customers = _Customers(schema, names, apart)
        with ExitStack() as stack:
            map_file, csv_file, log_file = (stack.enter_context(replacing(one)) for one in targets)
            # Excel reads a CSV file as UTF-8 only behind a byte order mark.
            with csv_file.open("w", encoding="utf-8-sig", newline="") as out:
                written = write_csv(map(customers.pass_on, entries), schema, out, seal_of)
            map_file.write_bytes(maps[customers.changed].encode())
            with log_file.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
            return written
    except OSError as error:
        raise unwritable(to, error) from error


def columns(schema: Schema) -> dict[str, str]:
    """The column of each field, by key: the key itself, unless it is one of an entry's own columns."""
    fields = (f.key for f in schema.fields if f.role != "deal")
    return {key: f"field_{key}" if key in _OWN else key for key in fields}


def write_csv(entries: Iterable[EntryView], schema: Schema, out: TextIO, seal_of: SealOf) -> int:
    """Write entries as CSV and return how many. Cells that a spreadsheet would take for formulas get a `'` in front.

    Open `out` with `newline=""`, and as `utf-8-sig` where it is to be opened by Excel. Erased entries are left out, and
    damaged ones: an import would take what is left of them for the whole. A NUL, which no CSV holds, becomes its visible
    mark.
    """
    writer = csv.writer(out)
    writer.writerow(head_row(schema))
    written = 0
    for row in rows_of(entries, schema, seal_of):
        writer.writerow(defused(cell.replace("\0", "␀")) for cell in row)
        written += 1
    return written


def head_row(schema: Schema) -> list[str]:
    """The columns of an export: an entry's own, and one a field."""
    return [*_OWN, *columns(schema).values()]


def rows_of(entries: Iterable[EntryView], schema: Schema, seal_of: SealOf) -> Iterator[list[str]]:
    """Entries as texts under `head_row`; erased and damaged ones are left out."""
    readers = {f.key: reader_for(f, Reading(date.min, schema)) for f in schema.fields}
    keys = list(columns(schema))
    for entry in _sound(entries):
        values = _current(entry, schema)
        yield [*_own(entry, seal_of(entry.id)), *(_text(readers[key], values.get(key)) for key in keys)]


_MARKED: Final = "snapshot: snapshot"
_TAKES_ALL: Final = "required: ignore   # what is in a diary was taken once, whatever it lacks\n"


def map_text(schema: Schema, *, changes_customer: bool = False) -> str:
    """The map that reads an export back. `changes_customer`: in the export some deal's customer changes."""
    lines = [
        "# Reads what `nippo export` wrote. A record's id and hash are its key, so a second import adds nothing, nor does",
        "# one into the journal that the export comes from.",
        'source: "nippo"',
        "file: {type: csv, encoding: utf-8}",
        "defused: true   # a \"'\" before a formula is nippo's",
        f"key: [{', '.join(EXPORT_KEY)}]",
        'on: {column: "on", format: "%Y-%m-%d"}',
        'known_on: {column: known_on, format: "%Y-%m-%d"}',
        "deal: deal",
        "author: author",
        "incomplete: incomplete",
        _MARKED,
        _TAKES_ALL.rstrip("\n"),
        *(["customer: change   # as it did in the journal that this comes from"] if changes_customer else []),
        "fields:",
    ]
    by_key = schema.by_key
    for key, column in columns(schema).items():
        structured = type_of(by_key[key]).structured
        lines.append(f"  {key}: " + (f"{{column: {column}, format: {JSON}}}" if structured else column))
    return "\n".join(lines) + "\n"


class _Customers:
    """Whose each deal is while its entries pass, oldest first; `changed` once one is another customer's."""

    def __init__(self, schema: Schema, names: Mapping[int, str], apart: Container[str]) -> None:
        self._schema = schema
        self._names = names
        self._apart = apart
        self._key = schema.key("customer")
        # By names, as they are read back.
        self._of: dict[str, str] = {}
        self.changed = False

    def pass_on(self, entry: EntryView) -> EntryView:
        """The entry, looked at, its deal under the name that tells it apart."""
        if entry.deal is not None and entry.deal.id in self._names:
            entry = entry._replace(deal=entry.deal._replace(name=self._names[entry.deal.id]))
        if self._key and entry.deal and not entry.erased:
            said = _current(entry, self._schema).get(self._key)
            first = self._of.setdefault(normal_form(entry.deal.name), said) if said else ""
            if said and not same_customer(first, said, self._apart):
                self.changed = True
        return entry


def _sound(entries: Iterable[EntryView]) -> Iterator[EntryView]:
    return (entry for entry in entries if not entry.erased and not entry.damaged)


def _current(entry: EntryView, schema: Schema) -> Mapping[str, Any]:
    """The values by today's field keys, those of fields that are gone left out."""
    renamed = schema.renamed_fields
    named = ((renamed.get(key, key), value) for key, value in entry.values.items())
    return {key: value for key, value in named if key in schema.by_key}


def _own(entry: EntryView, seal: str) -> Sequence[str]:
    """The cells of an entry in the order of `_OWN`."""
    return (
        show_id(entry.id),
        seal,
        entry.on.isoformat(),
        entry.known_on.isoformat(),
        entry.author,
        entry.deal.name if entry.deal else "",
        "true" if entry.incomplete else "false",
        "true" if entry.snapshot else "false",
        show_id(entry.deal.id) if entry.deal else "",
        entry.deal.owner if entry.deal else "",
        show_id(entry.meeting) if entry.meeting else "",
        entry.recorded_at,
    )


def _text(reader: FieldType, value: Any) -> str:
    """A cell that is read back for the value: as people write it where that is exact, else JSON."""
    if value is None:
        return ""
    typed = reader.typed(value)
    if not reader.structured:
        return typed
    try:
        exact = typed[:1] not in ("[", "{") and reader.read(typed) == value
    except ValueRefused:
        exact = False
    return typed if exact else json.dumps(value, ensure_ascii=False)
