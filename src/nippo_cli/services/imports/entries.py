"""`nippo import`: a file's rows through its map into the journal, all in one transaction; and the way back out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Place, Problem, UsageError, msg
from nippo_cli.base.text import normal_form
from nippo_cli.exchange.drafts import Import, OtherCustomersRow, Rejected, RowOutcome, Skipped, Taken
from nippo_cli.exchange.keyed_rows import OfJournal
from nippo_cli.exchange.map_reading import load_map_file
from nippo_cli.exchange.source import Source, open_source
from nippo_cli.journal.bulk import BulkImport, EntryRows, importing
from nippo_cli.results.care import DealsCustomers, ImportReport
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, current_values, in_force, reading, writing
from nippo_cli.services.imports.intake import (
    Intake,
    ReadyRows,
    begin_reader,
    take_in,
)
from nippo_cli.services.imports.row_count import DateCount, File, ImportStopped, RowCount, RowProgress

if TYPE_CHECKING:
    from nippo_cli.base.worker import Worker
    from nippo_cli.exchange.mapping import ImportMap
    from nippo_cli.journal.write import Writer

CUSTOMERS_SHOWN = 20
# Why a row is rejected that could mean several deals, even where rows may change a deal's customer.
_UNCLEAR = "exchange.whose_deal"


def import_file(
    workspace: Workspace,
    file: str,
    map_file: str,
    *,
    on_error: str,
    encoding: str = "",
    progress: RowProgress | None = None,
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
    rows = RowCount(on_error, progress)
    import_map = load_map_file(Path(map_file))
    options = import_map.options(encoding)
    with begin_reader(Path(file), options) as second:
        source = open_source(Path(file), options)
        return _bring_in(workspace, rows, source, second, import_map, File(source, file, map_file))


def _bring_in(
    workspace: Workspace, rows: RowCount, source: Source, second: "Worker | None", import_map: "ImportMap", file: File
) -> ImportReport:
    """Write what can be taken of a source, and say what became of its rows."""
    try:
        with writing(workspace) as writer:
            again = writer.any_source()
            number = writer.begin_batch()
            taken = take_in(Intake(source, _how(writer, import_map, keep_cells=again)), second)
            # A row whose key another has is rejected where rows are judged.
            with importing(
                writer, number, second=taken.second, unique_keys=True, changes_customer=import_map.changes_customer
            ) as bulk:
                knows = writer.knows_source if again else _knows_none
                entries = _EntryWriter(bulk, rows, source, knows, changes_customer=import_map.changes_customer)
                dates = DateCount(*in_force(writer).plausible_years(writer.today))
                for batch in taken.batches:
                    for days in (batch.entries.on_date, batch.entries.closes, batch.entries.next_on):
                        dates.note(days)
                    entries.write(batch)
                written = bulk.end()
            batch_id, rejects_file = file.end(writer, number, rows, dry_run=workspace.dry_run)
            others = dict.fromkeys(bulk.deal_of(*pair) for pair in entries.other_customers)
            changed = _customers(writer, [deal for deal in others if deal is not None])
    except ImportStopped:
        stopped = file.report(rows, "entries", batch=None, rejects_file="", dry_run=workspace.dry_run)
        return stopped._replace(outside_years=dates.outside())
    report = file.report(rows, "entries", batch=batch_id, rejects_file=rejects_file, dry_run=workspace.dry_run)
    return report._replace(
        entries=entries.count, deals=written.deals, new_deals=written.new_deals,
        customers=changed, customers_changed=len(others),
        outside_years=dates.outside(),
    )  # fmt: skip


class _EntryWriter:
    """Writes the rows that can be taken, and counts what becomes of each. A row is known when every entry that it makes is in
    the journal already. Once one failed and the import is to stop, the rest is only judged.

    Args:
        knows: whether the journal has a record of a source key.
        changes_customer: a row may give its deal another customer.
    """

    def __init__(
        self, bulk: BulkImport, rows: RowCount, source: Source, knows: Callable[[str], bool], *, changes_customer: bool
    ) -> None:
        self._bulk = bulk
        self._rows = rows
        self._source = source
        self._knows = knows
        self._changes = changes_customer
        # How many entries were written.
        self.count = 0
        # The deals of which a row that is written says another customer, in the file's order.
        self.other_customers: dict[tuple[str, str | None], None] = {}

    def write(self, batch: ReadyRows) -> None:
        """Write some rows of the file."""
        rows, entries = self._rows, batch.entries
        outcomes = batch.outcomes
        if outcomes is None:
            if not rows.reports_within(len(entries.body)):
                rows.rows += len(entries.body)
                rows.taken += len(entries.body)
                if not rows.failed:
                    self.count += len(entries.body)
                    self._bulk.write(entries)
                return
            outcomes = [Taken(0, 1, ())] * len(entries.body)
        self._one_by_one(entries, outcomes)

    def _one_by_one(self, entries: EntryRows, outcomes: Iterable[RowOutcome]) -> None:
        """Write rows that may become different things; those that are taken one after another all at once."""
        # The place of the next row's first entry, and the rows whose entries wait to be written from there on.
        first, waiting = 0, list[Taken]()
        for outcome in outcomes:
            if isinstance(outcome, Taken) and not self._rows.reports_within(len(waiting) + 1):
                waiting.append(outcome)
                continue
            self._rows.rows += len(waiting)
            first = self._take(entries, first, waiting)
            waiting = []
            self._rows.read_one()
            if isinstance(outcome, Skipped):
                self._rows.skipped += 1
            elif isinstance(outcome, Rejected):
                self._rows.reject(outcome)
            elif isinstance(outcome, Taken):
                first = self._take(entries, first, [outcome])
            else:
                first = self._take_other(entries, first, outcome)
        self._rows.rows += len(waiting)
        self._take(entries, first, waiting)

    def _take_other(self, entries: EntryRows, first: int, row: OtherCustomersRow) -> int:
        """A row whose deal is another customer's: what of it is in the journal stays known, anything new is rejected or,
        where rows may change that, noted. Returns where the next row's entries begin."""
        end = first + row.drafts
        new = [place for place in range(first, end) if not self._knows(entries.source_key[place] or "")]
        if new and (not self._changes or row.problem.needs.key == _UNCLEAR):
            self._rows.reject(self._rejected(row, row.problem))
            return end
        self.other_customers.update(
            ((deal, entries.customer[place]), None) for place in new if (deal := entries.deal_name[place])
        )
        return self._take(entries, first, [row])

    def _take(self, entries: EntryRows, first: int, taken: Sequence[Taken | OtherCustomersRow]) -> int:
        """Write the entries of rows, of which the first's begin at a place. Returns where the next row's begin."""
        end = first + sum(row.drafts for row in taken)
        if self._rows.failed or not taken:
            self._rows.taken += len(taken)
            return end
        not_new = self._bulk.write(entries.part(first, end))
        if not not_new.known and not not_new.rejected:
            self._rows.taken += len(taken)
            self.count += end - first
            return end
        known, rejected = ({first + place for place in places} for places in not_new)
        for row in taken:
            own = range(first, first + row.drafts)
            first = own.stop
            self._count(entries, row, [p for p in own if p in known], [p for p in own if p in rejected])
        return end

    def _count(
        self, entries: EntryRows, row: Taken | OtherCustomersRow, known: Sequence[int], rejected: Sequence[int]
    ) -> None:
        """Count a row of which some entries are in the journal already, or have a key under which that holds something else."""
        if self._rows.failed:
            self._rows.taken += 1
            return
        self.count += row.drafts - len(known) - len(rejected)
        if rejected:
            key = entries.source_key[rejected[0]] or ""
            self._rows.reject(self._rejected(row, Problem(Place(line=row.line), key, msg("desk.key_says_other"))))
        elif len(known) == row.drafts:
            self._rows.known += 1
        else:
            self._rows.taken += 1

    def _rejected(self, row: Taken | OtherCustomersRow, problem: Problem) -> Rejected:
        named = dict(zip(self._source.columns, row.cells, strict=False))
        return Rejected(row.line, row.cells, named, (problem,))


def export_to(workspace: Workspace, folder: str, *, force: bool = False) -> Done:
    """Write every entry to `entries.csv` in a folder, with the `import.yaml` that reads it back; and the whole log, which
    holds all else that was written, to `log.jsonl`. An earlier export there is replaced, a map that was edited only by
    `force`.

    Raises:
        UsageError: the folder can't be written, or a file there is not to be replaced.
    """
    from nippo_cli.base.files import clear_leftovers
    from nippo_cli.exchange.export import export
    from nippo_cli.journal.read import sharing_names
    from nippo_cli.journal.read.whole_log import whole_log
    from nippo_cli.services.context.guard import guard

    if not folder.strip():
        raise UsageError(msg("places.empty", option="DIR"))
    with reading(workspace) as (reader, as_of):
        schema = reader.schema(as_of)
        # Oldest first: an import keeps its source's order, also among the entries of one day.
        ids = [entry.id for entry in reader.entries(as_of)][::-1]
        written = export(
            Path(folder),
            reader.views(as_of, ids),
            schema,
            _with_damage_counted(workspace, whole_log(reader.cx, as_of)),
            names={deal.id: f"{deal.name}（{deal.customer}）" for deal in sharing_names(reader.cx) if deal.customer},
            force=force,
            guard=guard(workspace.places),
        )
    clear_leftovers(Path(folder), workspace.now, of_old=False)
    return Done("done.exported", {"n": written, "path": folder}, [], dry_run=False)


def _with_damage_counted(
    workspace: Workspace, records: Iterable[Mapping[str, object]]
) -> Iterator[Mapping[str, object]]:
    """The records as they are; once all are through, the workspace's notices say how many of them are damaged."""
    damaged = 0
    for record in records:
        damaged += "damaged" in record
        yield record
    if damaged:
        workspace.notices.append(msg("damage.exported", n=damaged))


def _how(writer: "Writer", import_map: "ImportMap", *, keep_cells: bool) -> Import:
    """How rows are judged: by the schema in force, and by what the journal's deals already have."""
    from nippo_cli.journal.read import namesakes

    reader = writer.reader
    schema = reader.schema(EVER)

    def of_journal(name: str) -> list[OfJournal]:
        normal = normal_form(name)
        deals = []
        for deal in namesakes(writer.cx, name):
            head = reader.head(EVER, deal.id)
            called = head.name if head else deal.name
            values = current_values(head, schema)
            deals.append(OfJournal(deal.id, called, values, normal_form(called) != normal))
        return deals

    empty = not writer.any_deal()
    return Import(
        import_map, schema, writer.today, reader.time_zone, None if empty else of_journal, keep_cells=keep_cells
    )


def _customers(writer: "Writer", deals: Sequence[int]) -> list[DealsCustomers]:
    """The customers of the first of some deals, as their lines now say them one after another."""
    from nippo_cli.journal.read import tag

    reader = writer.reader
    return [
        DealsCustomers(deal, tag(writer.cx, deal).name, reader.customers_of(deal)) for deal in deals[:CUSTOMERS_SHOWN]
    ]


def _knows_none(_key: str) -> bool:
    """A journal that no import ever wrote to knows no source key."""
    return False
