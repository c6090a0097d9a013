"""`nippo import`: a file's rows through its map into the journal, all in one transaction; and the way back out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.customers import customer_key, deal_label
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.text import normal_form
from nippo_cli.exchange.drafts import Import
from nippo_cli.exchange.incoming import readable_file
from nippo_cli.exchange.keyed_rows import OfJournal
from nippo_cli.exchange.map_reading import load_map, load_map_file
from nippo_cli.exchange.source import Source, open_source
from nippo_cli.journal.bulk import importing
from nippo_cli.journal.log import other_spellings
from nippo_cli.results.care import DealsCustomers, ImportReport
from nippo_cli.results.recap import Done
from nippo_cli.services.context import EVER, Workspace, current_values, in_force, reading, writing
from nippo_cli.services.imports.changes import chosen
from nippo_cli.services.imports.entry_writer import EntryWriter
from nippo_cli.services.imports.intake import (
    Intake,
    ReadyRows,
    TakenIn,
    begin_reader,
    take_in,
)
from nippo_cli.services.imports.near_imported import note_imported_near
from nippo_cli.services.imports.row_count import DateCount, File, FirstSight, ImportStopped, RowCount, RowProgress

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from nippo_cli.base.worker import Worker
    from nippo_cli.exchange.mapping import ImportMap
    from nippo_cli.journal.bulk import BulkImport, BulkWritten
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.journal.write import Writer

CUSTOMERS_SHOWN = 20


def import_file(
    workspace: Workspace,
    file: str,
    map_file: str = "",
    *,
    map_text: str = "",
    on_error: str,
    changed: str = "",
    encoding: str = "",
    sheet: str = "",
    progress: RowProgress | None = None,
) -> ImportReport:
    """Import a file. Every row is checked as `add` checks an entry; a second import of the same rows adds nothing.

    Args:
        map_text: a map that is in no file.
        changed: what becomes of a row whose key stands for an entry that says something else: `reject`, `amend` corrects that
            entry, `add` is an entry beside it; "" is what the map says, else `reject`.
        on_error: `stop` writes nothing if any row fails; `skip` leaves those rows out and writes them, with their
            reasons, to `FILE.rejects.csv`.
        progress: told now and then of rows read, taken and rejected.

    Raises:
        UsageError: `on_error` or `changed` is none of these, or the file or the map can't be used.
        NotFound: there is no such file or map.
    """
    import_map = load_map(map_text, file) if map_text else load_map_file(Path(map_file))
    import_map = replace(import_map, changed=chosen(changed, import_map.changed))
    forms = frozenset[str]()
    with readable_file(file, import_map.options(encoding, sheet)) as (path, options):
        while True:
            rows = RowCount(on_error, progress)
            with begin_reader(path, options) as second:
                source = open_source(path, options)
                try:
                    report = _bring_in(workspace, rows, source, second, import_map, File(source, file, map_file), forms)
                except FormsBroughtIn as brought_in:
                    forms |= brought_in.names
                    continue
            # What was noticed twice is told once.
            every = workspace.notices
            every[:] = [one for at, one in enumerate(every) if one not in every[:at]]
            return report


class FormsBroughtIn(Exception):
    """Rows bring in a second legal form of a name, of which it was not known while they were read: whose deals they speak of may
    be others. The import is taken back, to be made knowing it.

    Args:
        names: these names, as customers are matched.
    """

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names


def _bring_in(
    workspace: Workspace,
    rows: RowCount,
    source: Source,
    second: "Worker | None",
    import_map: "ImportMap",
    file: File,
    forms: frozenset[str],
) -> ImportReport:
    """Write what can be taken of a source, and say what became of its rows.

    Args:
        forms: the names of which rows are known to bring in two legal forms.

    Raises:
        FormsBroughtIn: they bring in others.
    """
    try:
        with writing(workspace) as writer, rows.writing_rejects(source, dry_run=workspace.dry_run):
            again = writer.any_source() or import_map.reads_export
            before = frozenset(writer.reader.spelled_customers())
            apart = forms | writer.projection.customer_names.apart_names
            number = writer.begin_batch()
            taken = take_in(Intake(source, _how(writer, import_map, apart, keep_cells=again)), second)
            with _bulk(writer, number, taken, import_map, apart) as bulk:
                schema, knows = in_force(writer), bulk.knows if again else _knows_none
                sight = FirstSight(schema)
                entries = EntryWriter(bulk, rows, source, knows, import_map, schema, sight)
                dates = DateCount(*schema.plausible_years(writer.today))
                said = _write(taken.batches, entries, sight, dates, before)
                _expect_known_forms(writer, before, said, apart)
                written = bulk.end()
            entries.correct(writer, number, Path(file.path).name)
            batch_id, rejects_file = file.end(writer, number, rows)
            note_imported_near(workspace, writer, before)
            _note_left(workspace, writer, bulk.left_deals)
            others = _with_other_customers(writer, entries)
            customers = _customers(writer, [deal for deal in others if deal is not None])
    except ImportStopped:
        stopped = file.report(rows, "entries", batch=None, rejects_file="", dry_run=workspace.dry_run)
        return stopped._replace(outside_years=dates.outside(), first=sight.first)
    report = file.report(rows, "entries", batch=batch_id, rejects_file=rejects_file, dry_run=workspace.dry_run)
    return _with_entries(report, entries, written)._replace(
        customers=customers, customers_changed=len(others),
        outside_years=dates.outside(), first=sight.first, people=len(sight.people),
        corrected_since=bulk.corrected, taken_back=bulk.taken_back,
    )  # fmt: skip


def _with_entries(report: ImportReport, entries: EntryWriter, written: "BulkWritten") -> ImportReport:
    """A report with what was written."""
    new_deals = len(entries.new_deals)
    return report._replace(
        entries=entries.count, deals=written.deals + new_deals, new_deals=written.new_deals + new_deals,
        amended=entries.amended, added=entries.added, changed=entries.changed,
    )  # fmt: skip


def _bulk(
    writer: "Writer", number: int, taken: TakenIn, import_map: "ImportMap", apart: frozenset[str]
) -> "AbstractContextManager[BulkImport]":
    """What writes rows as their map has it. A row whose key another has is rejected where rows are judged."""
    return importing(
        writer, number, second=taken.second, unique_keys=True, changes_customer=import_map.changes_customer,
        adds_changed=import_map.changed == "add", exported=import_map.reads_export,
        dated_by_file=frozenset(entry.part for entry in import_map.entries if entry.dated_by_export),
        says_owners=import_map.says_owners, apart=apart, has_row_a_deal=import_map.has_row_a_deal,
    )  # fmt: skip


def _write(
    batches: Iterable[ReadyRows], entries: EntryWriter, sight: FirstSight, dates: DateCount, before: Collection[str]
) -> set[str | None]:
    """Write all rows, looking at what they are; the customers that they name beside those of `before`."""
    said = set[str | None]()
    for batch in batches:
        for days in (batch.entries.on_date, batch.entries.closes, batch.entries.next_on):
            dates.note(days)
        sight.look(batch.entries)
        said.update(set(batch.entries.customer).difference(before))
        entries.write(batch)
    return said


def export_to(workspace: Workspace, folder: str, *, force: bool = False) -> Done:
    """Write every entry to `entries.csv` in a folder, with the `import.yaml` that reads it back; and the whole log, which
    holds all else that was written, to `log.jsonl`. An earlier export there is replaced, a map that was edited only by
    `force`.

    Raises:
        UsageError: the folder can't be written, or a file there is not to be replaced.
    """
    from nippo_cli.base.files import clear_leftovers
    from nippo_cli.exchange.export import export
    from nippo_cli.journal.bulk import HASH_OF
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
            seal_of=lambda entry: str(reader.cx.execute(HASH_OF, (entry,)).fetchone()[0]),
            names=deal_labels(reader),
            apart=reader.past(as_of).customers.apart_names,
            force=force,
            guard=guard(workspace.places),
        )
    clear_leftovers(Path(folder), workspace.now, of_old=False)
    return Done("done.exported", {"n": written, "path": folder}, [], dry_run=False)


def deal_labels(reader: "JournalReader") -> dict[int, str]:
    """Names that tell deals of one name apart: by the customer; by the id where another deal is called just so."""
    from nippo_cli.journal.read import called_so, sharing_names

    sharing = sharing_names(reader.cx)
    labels = {deal.id: deal_label(deal.name, deal.customer) for deal in sharing}
    times = Counter(map(normal_form, labels.values()))
    times.update(called_so(reader.cx, times.keys(), besides=labels.keys()))
    return {
        deal.id: labels[deal.id]
        if times[normal_form(labels[deal.id])] == 1
        else deal_label(deal.name, deal.customer, deal.id)
        for deal in sharing
    }


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


def _expect_known_forms(
    writer: "Writer", before: Collection[str], said: Collection[str | None], apart: Collection[str]
) -> None:
    """Refuse rows that bring in two legal forms of a name of which it was not known.

    Args:
        before: every spelling of a customer that the diary had.
        said: those that the rows say besides.

    Raises:
        FormsBroughtIn: they do.
    """
    forms, several = dict[str, str](), set[str]()

    def note(names: Iterable[str]) -> None:
        for core, form in map(customer_key, names):
            if form and forms.setdefault(core, form) != form:
                several.add(core)

    note(filter(None, said))
    cores = forms.keys() - apart
    if not cores:
        return
    # A name of which the rows bring in no form is none of theirs, whatever the journal has.
    note(before)
    note(other_spellings(writer.cx))
    if brought_in := frozenset(cores & several):
        raise FormsBroughtIn(brought_in)


def _how(writer: "Writer", import_map: "ImportMap", apart: frozenset[str], *, keep_cells: bool) -> Import:
    """How rows are judged: by the schema in force, and by what the journal's deals already have. `apart`: the names of which two
    legal forms are known."""
    from nippo_cli.base.customer_names import names_from
    from nippo_cli.journal.bulk import deal_with_key, has_key_beside
    from nippo_cli.journal.log import every_name
    from nippo_cli.journal.read import namesakes, tag

    reader = writer.reader
    schema = reader.schema(EVER)

    def of_journal(name: str, key: str | None) -> list[OfJournal]:
        normal = normal_form(name)
        own = deal_with_key(writer.cx, writer.projection.batches, key) if key is not None else None
        deals = []
        for deal in namesakes(writer.cx, name) if own is None else [tag(writer.cx, own)]:
            if key is not None and own is None and has_key_beside(writer.cx, writer.projection.batches, deal.id, key):
                continue
            head = reader.head(EVER, deal.id)
            called = head.name if head else deal.name
            values = current_values(head, schema)
            once_of = frozenset if deal.customer else partial(writer.once_of, deal.id)
            deals.append(OfJournal(deal.id, called, values, normal_form(called) != normal, own is not None, once_of))
        return deals

    empty = not writer.any_deal()
    return Import(
        import_map, schema, writer.today, reader.time_zone, None if empty else of_journal, keep_cells=keep_cells,
        customers=names_from(every_name(writer.cx), apart),
    )  # fmt: skip


def _note_left(workspace: Workspace, writer: "Writer", deals: list[int]) -> None:
    """Say that rows began deals of their own beside some that another customer left."""
    from nippo_cli.journal.read import tag
    from nippo_cli.line.facts import deal_tag

    if deals:
        first = tag(writer.cx, deals[0])
        workspace.notices.append(msg("exchange.left_deals", n=len(deals), deal=deal_tag(first.id, first.name, "")))


def _with_other_customers(writer: "Writer", entries: EntryWriter) -> Collection[int | None]:
    """The deals that have another customer than before, or of which a row says one."""
    corrected = writer.projection.customers if entries.amended else ()
    return dict.fromkeys([*entries.other_customers, *corrected, *writer.taken_over()])


def _customers(writer: "Writer", deals: Sequence[int]) -> list[DealsCustomers]:
    """The customers of the first of some deals, as their lines now say them one after another, after the one that a line does not
    say any more since its entries were corrected."""
    from nippo_cli.journal.read import tag

    reader, same = writer.reader, writer.projection.customer_names.same
    changes = writer.taken_over() | writer.projection.customers
    shown = []
    for deal in deals[:CUSTOMERS_SHOWN]:
        before, said = changes.get(deal, ("", ""))[0], reader.customers_of(deal)
        former = [before] if before and not any(same(before, one) for one in said) else []
        shown.append(DealsCustomers(deal, tag(writer.cx, deal).name, [*former, *said]))
    return shown


def _knows_none(_key: str) -> bool:
    """A journal that no import ever wrote to knows no source key."""
    return False
