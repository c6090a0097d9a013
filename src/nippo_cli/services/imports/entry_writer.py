"""The rows of an import that can be taken, on their way into the journal; and what becomes of each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Place, Problem, msg
from nippo_cli.exchange.drafts import OtherCustomersRow, RowOutcome, Taken
from nippo_cli.exchange.keyed_rows import OF_ITS_KEY
from nippo_cli.exchange.sifting import Rejected, Skipped
from nippo_cli.exchange.source import Source
from nippo_cli.journal.bulk import BulkImport, EntryRows
from nippo_cli.services.imports.changes import ROWS_KEPT, Correction, correct, refusal_of
from nippo_cli.services.imports.intake import ReadyRows
from nippo_cli.services.imports.row_count import FirstSight, RowCount

if TYPE_CHECKING:
    from nippo_cli.exchange.mapping import ImportMap
    from nippo_cli.journal.bulk import ChangedEntry
    from nippo_cli.journal.write import Writer
    from nippo_cli.results.care import ChangedRow
    from nippo_cli.schema.schema import Schema

# Why a row is rejected that could mean several deals, even where rows may change a deal's customer.
_UNCLEAR = "exchange.whose_deal"


class EntryWriter:
    """Writes the rows that can be taken, and counts what becomes of each. A row is known when every entry that it makes is in
    the journal already. Once one failed and the import is to stop, the rest is only judged.

    Args:
        knows: whether the journal has a record of a source key.
        import_map: says whether a row may give its deal another customer, and what becomes of one that says something else than
            before.
        sight: is shown the first entries that come in.
    """

    def __init__(
        self,
        bulk: BulkImport,
        rows: RowCount,
        source: Source,
        knows: Callable[[str], bool],
        import_map: "ImportMap",
        schema: "Schema",
        sight: FirstSight,
    ) -> None:
        self._bulk = bulk
        self._sight = sight
        self._rows = rows
        self._source = source
        self._knows = knows
        self._changes = import_map.changes_customer
        self._on_changed = import_map.changed
        self._schema = schema
        self._corrections: list[Correction] = []
        # Of the rows taken, how many correct an entry and how many are beside one; and the first of both.
        self.amended = self.added = 0
        self.changed: list[ChangedRow] = []
        # How many entries were written.
        self.count = 0
        # The deals that corrections begin.
        self.new_deals: list[int] = []
        # The deals of which a row that is written says another customer, in the file's order.
        self.other_customers: dict[int | None, None] = {}

    def write(self, batch: ReadyRows) -> None:
        """Write some rows of the file."""
        rows, entries = self._rows, batch.entries
        rows.note_short(batch.short)
        outcomes = batch.outcomes
        if outcomes is None:
            if not rows.reports_within(len(entries.body)):
                rows.rows += len(entries.body)
                rows.taken += len(entries.body)
                self._sight.show(entries, range(len(entries.body)))
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
                self._rows.skip(outcome)
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
        if new and (row.problem.needs.key == _UNCLEAR or not (self._changes or row.problem.needs.key == OF_ITS_KEY)):
            self._rows.reject(self._rejected(row, row.problem))
            return end
        end = self._take(entries, first, [row])
        # Asked at once: the bulk forgets a deal of which no other row can speak.
        for place in new:
            if deal := entries.deal_name[place]:
                self.other_customers[self._bulk.deal_of(deal, entries.customer[place], entries.deal_key[place])] = None
        return end

    def _take(self, entries: EntryRows, first: int, taken: Sequence[Taken | OtherCustomersRow]) -> int:
        """Write the entries of rows, of which the first's begin at a place. Returns where the next row's begin."""
        end = first + sum(row.drafts for row in taken)
        if not taken:
            return end
        # Once a row failed, the others are still held against what their keys stand for.
        looks = self._rows.failed
        not_new = (self._bulk.look if looks else self._bulk.write)(entries.part(first, end))
        if not not_new.known and not not_new.changed and not not_new.rejected:
            self._rows.taken += len(taken)
            self.count += 0 if looks else end - first
            self._sight.show(entries, range(first, end))
            return end
        known, rejected = ({first + place for place in places} for places in not_new[:2])
        self._sight.show(entries, (place for place in range(first, end) if place not in known | rejected))
        changed = {first + place: one for place, one in not_new.changed.items()}
        for row in taken:
            own = range(first, first + row.drafts)
            first = own.stop
            self.count += 0 if looks else row.drafts - len(known.intersection(own)) - len(rejected.intersection(own))
            if all(place in known for place in own):
                self._rows.known += 1
            else:
                self._take_changed(
                    entries, row, [p for p in own if p in rejected], {p: changed[p] for p in own if p in changed}
                )
        return end

    def _take_changed(
        self,
        entries: EntryRows,
        row: Taken | OtherCustomersRow,
        rejected: Sequence[int],
        changed: "Mapping[int, ChangedEntry]",
    ) -> None:
        """Count a row that is taken, unless an entry of it may not be. `changed`: by their places, what entries say otherwise than
        before."""
        keys = entries.source_key
        corrects = self._on_changed == "amend"
        if rejected and self._on_changed == "keep" and all(place in changed for place in rejected):
            self._rows.known += 1
            return
        for place in rejected:
            one = changed.get(place)
            if one is None:
                problem = Problem(Place(line=row.line), keys[place] or "", msg("desk.key_says_other"))
            elif not corrects or one.taken_back:
                problem = refusal_of(one, self._schema, row.line, keys[place] or "")
            else:
                continue
            self._rows.reject(self._rejected(row, problem))
            return
        self._rows.taken += 1
        for place, one in changed.items():
            correction = Correction(
                self._rejected(row),
                keys[place] or "",
                entries.deal_name[place],
                entries.customer[place],
                one,
                entries.deal_key[place],
            )
            if corrects:
                self._corrections.append(correction)
            else:
                self._show(correction)
        self.added += bool(changed) and not corrects

    def _show(self, correction: Correction) -> None:
        if len(self.changed) < ROWS_KEPT:
            self.changed.append(correction.shown(self._schema))

    def correct(self, writer: "Writer", batch: int, file: str) -> None:
        """Write what corrects entries, once all others are written."""
        if self._rows.failed:
            return
        amended: set[int] = set()
        for one, problem in correct(
            writer,
            self._corrections,
            batch=batch,
            file=file,
            changes_customer=self._changes,
            new_deals=self.new_deals,
            other_customers=self.other_customers,
        ):
            if problem is not None:
                self._rows.taken -= 1
                self._rows.reject(one.row._replace(problems=(problem,)))
            else:
                amended.add(one.row.line)
                self._show(one)
        self.amended = len(amended)

    def _rejected(self, row: Taken | OtherCustomersRow, *problems: Problem) -> Rejected:
        named = dict(zip(self._source.columns, row.cells, strict=False))
        return Rejected(row.line, row.cells, named, problems)
