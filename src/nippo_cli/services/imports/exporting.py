"""Entries out as one table or as an event log, and the map for such a file that comes back."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from nippo_cli.base.language import current
from nippo_cli.exchange.entry_table import LISTED, OwnMap, heads_of, may_be_own, own_map
from nippo_cli.exchange.export import columns, head_row, rows_of
from nippo_cli.exchange.source import Options, open_source
from nippo_cli.exchange.xes_text import XesEvent, XesTrace, write
from nippo_cli.results.entries import EntryList
from nippo_cli.results.exported import EntryTable
from nippo_cli.schema.types import type_of
from nippo_cli.services.context import Workspace, in_force, reading, writing
from nippo_cli.services.imports.entries import deal_labels
from nippo_cli.services.pages import LogFilter
from nippo_cli.services.pages.log import log

if TYPE_CHECKING:
    from nippo_cli.results.entries import EntryView

_AT_ONCE = 1000
ExportRow: TypeAlias = list[str | int]


def entry_table(workspace: Workspace) -> EntryTable:
    """Every entry that is there and sound, oldest first, in a row.

    Raises:
        NotFound: there is no journal.
    """
    rows = _ExportedRows(workspace, _ids(workspace))
    return EntryTable(head_row(rows.schema), heads_of(rows.schema, current()), rows, rows.money)


def event_log(workspace: Workspace) -> Iterator[str]:
    """The deals as an event log in XES: a trace a deal, an event an entry, called by the stage that the deal stands in then.
    What belongs to no deal is not in it.

    Raises:
        NotFound: there is no journal.
    """
    by_deal: dict[int, list[int]] = {}
    with reading(workspace) as (reader, as_of):
        for entry in reader.views(as_of, _ids(workspace)):
            if entry.deal is not None:
                by_deal.setdefault(entry.deal.id, []).append(entry.id)
        zone = ZoneInfo(reader.time_zone)
    return write(_traces(_ExportedRows(workspace, [entry for entries in by_deal.values() for entry in entries]), zone))


def _traces(rows: "_ExportedRows", zone: ZoneInfo) -> Iterator[XesTrace]:
    """The entries of each deal as a trace of events, one by one."""
    schema, names = rows.schema, head_row(rows.schema)
    stage_key = schema.key("stage")
    stage_at = names.index(columns(schema)[stage_key]) if stage_key else None
    for _, some in groupby(rows.with_entries(), key=lambda pair: pair[0].deal and pair[0].deal.id):
        events, stage, called = list[XesEvent](), schema.stages[0].key, ""
        for entry, row in some:
            called = entry.deal.name if entry.deal else ""
            stage = (str(row[stage_at]) if stage_at is not None else "") or stage
            label = schema.stage_by_key[stage].label if stage in schema.stage_by_key else stage
            at = datetime.combine(entry.on, time(), zone).isoformat(timespec="milliseconds")
            events.append(XesEvent(label, at, entry.author, dict(zip(names, row, strict=True))))
        yield XesTrace(called, events)


def own_map_of(workspace: Workspace, file: str, *, encoding: str = "", sheet: str = "") -> OwnMap | None:
    """The map of a file that `nippo export -o` wrote, of any journal's entries; None of any other file."""
    from nippo_cli.exchange.recognition import known_columns
    from nippo_cli.exchange.source import SourceRefused, format_of

    path = Path(file)
    file_format = format_of(path, Options())
    if not path.is_file() or not may_be_own(path):
        return None
    listed = (LISTED,) if file_format == "json" else ()
    try:
        source = open_source(path, Options(encoding=encoding, sheet=sheet, path=listed, wanted=known_columns()))
    except SourceRefused:
        # What it is refused for is said where it is read.
        return None
    if not workspace.places.journal_db.exists():
        from nippo_cli.services.context import of_file

        schema = of_file(workspace.places.schema)
    else:
        apart = workspace.apart()
        apart.dry_run = True
        with writing(apart) as writer:
            schema = in_force(writer)
    return own_map(source.columns, schema, file_format, source.encoding)


def _ids(workspace: Workspace) -> Sequence[int]:
    """The entries, oldest first: an import keeps their order, also among those of one day."""
    entries = log(workspace, LogFilter(), count=False).entries
    ids = entries.ids if isinstance(entries, EntryList) else [entry.id for entry in entries]
    return ids[::-1]


class _ExportedRows:
    """The rows of entries, read anew each time, some at a time: the journal is not held while they are written. Amounts are numbers
    where the currency has no smaller unit.
    """

    def __init__(self, workspace: Workspace, ids: Sequence[int]) -> None:
        self._workspace = workspace
        self._ids = ids
        with reading(workspace) as (reader, as_of):
            self.schema = reader.schema(as_of)
            self._names = deal_labels(reader)
        fields = columns(self.schema) if not self.schema.currency.digits else {}
        self.money = frozenset(column for key, column in fields.items() if type_of(self.schema.by_key[key]).is_amount)

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[ExportRow]:
        return (row for _, row in self.with_entries())

    def with_entries(self) -> Iterator[tuple["EntryView", ExportRow]]:
        """Each entry, its deal under the name that tells it apart, and its row; erased and damaged ones left out."""
        money = [n for n, column in enumerate(head_row(self.schema)) if column in self.money]
        ids = iter(self._ids)
        while chunk := list(islice(ids, _AT_ONCE)):
            for entry, texts in self._read(chunk):
                row: ExportRow = list(texts)
                for n in money:
                    row[n] = int(texts[n]) if texts[n] else ""
                yield entry, row

    def _read(self, chunk: Sequence[int]) -> list[tuple["EntryView", list[str]]]:
        """The rows of some entries, with their records' hashes; erased and damaged ones left out."""
        from nippo_cli.journal.bulk import HASH_OF

        with reading(self._workspace) as (reader, as_of):
            entries = [
                entry._replace(deal=entry.deal._replace(name=self._names.get(entry.deal.id, entry.deal.name)))
                if entry.deal is not None
                else entry
                for entry in reader.views(as_of, chunk)
                if not entry.erased and not entry.damaged
            ]
            seals = {entry.id: str(reader.cx.execute(HASH_OF, (entry.id,)).fetchone()[0]) for entry in entries}
        return list(zip(entries, rows_of(entries, self.schema, seals.__getitem__), strict=True))
