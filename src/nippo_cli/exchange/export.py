"""Entries out: CSV or JSONL, each with a map by which `nippo import` reads them back as they were."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from nippo_cli.answers.entries import EntryView
from nippo_cli.errors import UsageError, msg
from nippo_cli.exchange.cooking import JSON, defused
from nippo_cli.ids import show_id
from nippo_cli.schema.agreement import Agreement
from nippo_cli.schema.fieldtypes import Reader, Reading, Refused, reader_for

# What an entry has besides its fields; the map reads all but the last three.
_OWN = ("nippo_id", "on", "known_on", "author", "deal", "incomplete", "deal_id", "meeting", "recorded_at")
_STRUCTURED = ("choices", "person", "people")


def export(folder: Path, entries: Iterable[EntryView], agreement: Agreement) -> int:
    """Write `entries.csv` and the `import.yaml` that reads it back into a folder, made if need be.

    Entries come oldest first: an import keeps their order. Returns how many were written.

    Raises:
        UsageError: the folder can't be written, or one of the files is there already.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "import.yaml").open("x", encoding="utf-8", newline="\n") as out:
            out.write(map_text(agreement))
        # Excel reads a CSV file as UTF-8 only behind a byte order mark.
        with (folder / "entries.csv").open("x", encoding="utf-8-sig", newline="") as out:
            return write_csv(entries, agreement, out)
    except FileExistsError as error:
        raise UsageError(msg("exchange.export.exists", path=error.filename)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(msg("exchange.unwritable", path=str(folder), reason=reason)) from error


def export_log(folder: Path, records: Iterable[Mapping[str, object]]) -> None:
    """Write the records of a log, one object a line, to `log.jsonl` in a folder that is there.

    Raises:
        UsageError: the file can't be written, or is there already.
    """
    path = folder / "log.jsonl"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as out:
            out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    except FileExistsError as error:
        raise UsageError(msg("exchange.export.exists", path=error.filename)) from error
    except OSError as error:
        raise UsageError(msg("exchange.unwritable", path=str(path), reason=error.strerror or str(error))) from error


def columns(agreement: Agreement) -> dict[str, str]:
    """The column of each field, by key: the key itself, unless it is one of an entry's own columns."""
    fields = (f.key for f in agreement.fields if f.type != "deal")
    return {key: f"field_{key}" if key in _OWN else key for key in fields}


def write_csv(entries: Iterable[EntryView], agreement: Agreement, out: TextIO) -> int:
    """Write entries as CSV and return how many. Cells that a spreadsheet would take for formulas get a `'` in front.

    Open `out` with `newline=""`, and as `utf-8-sig` where it is to be opened by Excel. Erased entries are left out, and
    damaged ones: an import would take what is left of them for the whole. A NUL, which no CSV holds, becomes its visible
    mark.
    """
    readers = {f.key: reader_for(f, Reading(date.min, agreement)) for f in agreement.fields}
    named = columns(agreement)
    writer = csv.writer(out)
    writer.writerow([*_OWN, *named.values()])
    written = 0
    for entry in _kept(entries):
        values = _current(entry, agreement)
        cells = [_text(readers[key], values.get(key)) for key in named]
        writer.writerow(defused(cell.replace("\0", "␀")) for cell in (*_own(entry), *cells))
        written += 1
    return written


def map_text(agreement: Agreement) -> str:
    """The map that reads an export back."""
    lines = [
        "# Reads what `nippo export` wrote. A record's id is its key, so a second import adds nothing.",
        'source: "nippo"',
        "file: {type: csv, encoding: utf-8}",
        "defused: true   # a \"'\" before a formula is nippo's",
        "key: nippo_id",
        'on: {column: "on", format: "%Y-%m-%d"}',
        'known_on: {column: known_on, format: "%Y-%m-%d"}',
        "deal: deal",
        "author: author",
        "incomplete: incomplete",
        "fields:",
    ]
    by_key = agreement.by_key
    for key, column in columns(agreement).items():
        structured = by_key[key].type in _STRUCTURED
        lines.append(f"  {key}: " + (f"{{column: {column}, format: {JSON}}}" if structured else column))
    return "\n".join(lines) + "\n"


def _kept(entries: Iterable[EntryView]) -> Iterator[EntryView]:
    return (entry for entry in entries if not entry.erased and not entry.damaged)


def _current(entry: EntryView, agreement: Agreement) -> Mapping[str, Any]:
    """The values by today's field keys, those of fields that are gone left out."""
    renamed = agreement.renamed_fields
    named = ((renamed.get(key, key), value) for key, value in entry.values.items())
    return {key: value for key, value in named if key in agreement.by_key}


def _own(entry: EntryView) -> Sequence[str]:
    return (
        show_id(entry.id),
        entry.on.isoformat(),
        entry.known_on.isoformat(),
        entry.author,
        entry.deal.name if entry.deal else "",
        "true" if entry.incomplete else "false",
        show_id(entry.deal.id) if entry.deal else "",
        show_id(entry.meeting) if entry.meeting else "",
        entry.recorded_at,
    )


def _text(reader: Reader, value: Any) -> str:
    """A cell that is read back for the value: as people write it where that is exact, else JSON."""
    if value is None:
        return ""
    typed = reader.typed(value)
    if reader.field.type not in _STRUCTURED:
        return typed
    try:
        exact = typed[:1] not in ("[", "{") and reader.read(typed) == value
    except Refused:
        exact = False
    return typed if exact else json.dumps(value, ensure_ascii=False)
