"""`nippo import`: a file's rows through its map into the journal, all in one transaction; and the way back out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Place, Problem, UsageError, msg
from nippo_cli.exchange.drafts import Import, OtherCustomersRow, Rejected, Skipped
from nippo_cli.exchange.keyed_rows import OfJournal
from nippo_cli.exchange.map_reading import load_map_file
from nippo_cli.exchange.source import Source, open_source
from nippo_cli.journal.bulk import bulk
from nippo_cli.results.care import DealsCustomers, ImportReport
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, current_values, reading, writing
from nippo_cli.services.imports.intake import (
    Batch,
    Intake,
    Ready,
    Result,
    reader_beside,
    taken_in,
)
from nippo_cli.services.imports.row_count import File, ImportStopped, Progress, RowCount

if TYPE_CHECKING:
    from nippo_cli.base.worker import Worker
    from nippo_cli.exchange.mapping import ImportMap
    from nippo_cli.journal.write import Row, Writer

CUSTOMERS_TOLD = 20


def import_file(
    desk: Workspace, file: str, map_file: str, *, on_error: str, encoding: str = "", progress: Progress | None = None
) -> ImportReport:
    """Import a file. Every row is checked as `add` checks an entry; a second import of the same rows adds nothing.

    Args:
        on_error: `stop` writes nothing if any row fails; `skip` leaves those rows out and writes them, with their
            reasons, to `FILE.rejects.csv`.
        progress: told now and then of rows read, taken and rejected.

    Raises:
        UsageError: `on_error` is neither, or the file or the map can't be used.
        NotFound: there is no such file or map.
    """
    rows = _EntryRows(on_error, progress)
    import_map = load_map_file(Path(map_file))
    options = import_map.options(encoding)
    with reader_beside(Path(file), options) as second:
        source = open_source(Path(file), options)
        return _bring_in(desk, rows, source, second, import_map, File(source, file, map_file))


def _bring_in(
    desk: Workspace, rows: "_EntryRows", source: Source, second: "Worker | None", import_map: "ImportMap", file: File
) -> ImportReport:
    """Write what can be taken of a source, and say what became of its rows."""
    try:
        with writing(desk) as writer:
            how = _how(writer, import_map)
            number = writer.begin_batch()
            taken = taken_in(Intake(source, how, cells=writer.any_source()), second)
            rows.changes = import_map.changes_customer
            rows.knows = writer.knows_source if writer.any_source() else _nothing
            counts = bulk(
                writer,
                rows.through(taken.batches, source.columns),
                batch=number,
                second=taken.second,
                on_known=rows.known_already,
                on_reject=rows.refuse,
                unique_keys=True,  # a row whose key another has is rejected where rows are judged
            )
            batch, rejects_file = file.end(writer, number, rows, dry_run=desk.dry_run)
            changed = _customers(writer, rows.other_customers)
    except ImportStopped:
        return file.report(rows, "entries", batch=None, rejects_file="", dry_run=desk.dry_run)
    report = file.report(rows, "entries", batch=batch, rejects_file=rejects_file, dry_run=desk.dry_run)
    return report._replace(
        entries=rows.entries, deals=counts.deals, new_deals=counts.new_deals,
        customers=changed, customers_changed=len(rows.other_customers),
    )  # fmt: skip


def export_to(desk: Workspace, folder: str, *, force: bool = False) -> Done:
    """Write every entry to `entries.csv` in a folder, with the `import.yaml` that reads it back; and the whole log, which
    holds all else that was written, to `log.jsonl`. An earlier export there is replaced, a map that was edited only by
    `force`.

    Raises:
        UsageError: the folder can't be written, or a file there is not to be replaced.
    """
    from nippo_cli.base.files import clear_leftovers
    from nippo_cli.exchange.export import export
    from nippo_cli.journal.read.whole_log import whole_log
    from nippo_cli.services.context.guard import guard

    if not folder.strip():
        raise UsageError(msg("places.empty", option="DIR"))
    with reading(desk) as (reader, as_of):
        agreement = reader.agreement(as_of)
        # Oldest first: an import keeps its source's order, also among the entries of one day.
        ids = [entry.id for entry in reader.entries(as_of)][::-1]
        written = export(
            Path(folder),
            reader.views(as_of, ids),
            agreement,
            _told_of_damage(desk, whole_log(reader.cx, as_of)),
            force=force,
            guard=guard(desk.places),
        )
    clear_leftovers(Path(folder), desk.now, of_old=False)
    return Done("done.exported", {"n": written, "path": folder}, [], dry_run=False)


def _told_of_damage(desk: Workspace, records: Iterable[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """The records as they are; once all are through, the desk's notices say how many of them are damaged."""
    damaged = 0
    for record in records:
        damaged += "damaged" in record
        yield record
    if damaged:
        desk.notices.append(msg("damage.exported", n=damaged))


class _EntryRows(RowCount):
    """What became of each row. A row is known when every entry that it makes is in the journal already."""

    def __init__(self, on_error: str, progress: Progress | None) -> None:
        super().__init__(on_error, progress)
        self.entries = 0
        # Whether a row may give its deal another customer, and which source keys the journal has.
        self.changes = False
        self.knows: Callable[[str], bool] = _nothing
        # The deals of which a row that is written says another customer, in the file's order.
        self.other_customers: dict[str, None] = {}
        self._columns: Sequence[str] = ()
        # The row being written, and how many of its entries were known already, or refused.
        self._row: Ready = (0, (), ())
        self._known_of_row = self._refused_of_row = 0

    def through(self, batches: Iterable[Batch], columns: Sequence[str]) -> Iterator["Row"]:
        """The entries of the rows that can be taken, every row counted. Once one failed and the import is to stop, the
        rest is only judged.

        A row counts as taken as soon as it is handed on; `known_already` and `refuse` take that back.
        """
        self._columns = columns
        for batch in batches:
            if isinstance(batch, list):
                yield from self._one_by_one(batch)
            elif self.tells_within(len(batch)):
                yield from self._one_by_one([(0, (entry,), ()) for entry in batch])
            else:
                self._count(len(batch))
                if not self.failed:
                    yield from batch

    def _count(self, rows: int) -> None:
        """So many rows are taken, each as one entry, and none of them can be known already."""
        self.rows += rows
        self.taken += rows
        if not self.failed:
            self.entries += rows

    def _one_by_one(self, results: Iterable[Result]) -> Iterator["Row"]:
        for result in results:
            self.read_one()
            if isinstance(result, Skipped):
                self.skipped += 1
            elif isinstance(result, Rejected):
                self.reject(result)
            elif isinstance(result, OtherCustomersRow):
                yield from self._of_other(result)
            else:
                yield from self._take(result)

    def _take(self, row: Ready) -> Iterator["Row"]:
        self.taken += 1
        if self.failed:
            return
        self._row = row
        self._known_of_row = self._refused_of_row = 0
        entries = row[1]
        self.entries += len(entries)
        yield from entries

    def _of_other(self, row: OtherCustomersRow) -> Iterator["Row"]:
        """A row whose deal is another customer's: what of it is in the journal stays known, anything new is rejected or,
        where rows may change that, told."""
        new = [entry for entry in row.drafts if not self.knows(entry[1] or "")]
        if new and not self.changes:
            self.reject(
                Rejected(row.line, row.cells, dict(zip(self._columns, row.cells, strict=False)), (row.problem,))
            )
            return
        self.other_customers.update((entry[0], None) for entry in new if entry[0])
        yield from self._take((row.line, row.drafts, tuple(row.cells)))

    def known_already(self, _entry: "Row") -> None:
        """An entry of the row being written is in the journal already."""
        self.entries -= 1
        self._known_of_row += 1
        if self._known_of_row == len(self._row[1]):
            self.taken -= 1
            self.known += 1

    def refuse(self, entry: "Row") -> None:
        """An entry of the row being written has a key under which the journal holds something else."""
        self.entries -= 1
        self._refused_of_row += 1
        if self._refused_of_row == 1:
            self.taken -= 1
            line, _, cells = self._row
            problem = Problem(Place(line=line), entry[1] or "", msg("desk.key_says_other"))
            self.reject(Rejected(line, cells, dict(zip(self._columns, cells, strict=False)), (problem,)))


def _how(writer: "Writer", import_map: "ImportMap") -> Import:
    """How rows are judged: by the agreement in force, and by what the journal's deals already have."""
    from nippo_cli.journal.read.names import named

    reader = writer.reader
    agreement = reader.agreement(EVER)

    def of_journal(name: str) -> OfJournal | None:
        deal = named(writer.cx, name)
        if deal is None:
            return None
        head = reader.head(EVER, deal)
        return OfJournal(deal, head.name if head else name, current_values(head, agreement))

    empty = not writer.any_deal()
    return Import(import_map, agreement, writer.today, reader.time_zone, None if empty else of_journal)


def _customers(writer: "Writer", deals: Iterable[str]) -> list[DealsCustomers]:
    """The customers of the first of some deals, as their lines now say them one after another."""
    from nippo_cli.journal.read import tag
    from nippo_cli.journal.read.names import named

    found = [deal for name in islice(deals, CUSTOMERS_TOLD) if (deal := named(writer.cx, name)) is not None]
    return [DealsCustomers(deal, tag(writer.cx, deal).name, writer.reader.customers_of(deal)) for deal in found]


def _nothing(_key: str) -> bool:
    """A journal that no import ever wrote to knows no source key."""
    return False
