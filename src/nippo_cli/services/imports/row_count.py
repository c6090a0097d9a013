"""What becomes of a file's rows, whatever an import makes of them."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.exchange.incoming import STANDARD_INPUT
from nippo_cli.exchange.sifting import Rejected, Skipped
from nippo_cli.exchange.source import Source, SourceRefused
from nippo_cli.results.care import FirstEntry, ImportReport, OddRow, OddRows, OutsideYears, Reject, SheetRead

if TYPE_CHECKING:
    from nippo_cli.exchange.rejects import RejectedRows
    from nippo_cli.journal.bulk import EntryRows
    from nippo_cli.journal.write import Writer
    from nippo_cli.schema.schema import Schema

# Told of rows read, taken and rejected.
RowProgress: TypeAlias = Callable[[int, int, int], None]
Of: TypeAlias = Literal["entries", "sales", "targets"]

PROGRESS_EVERY = 5000
# Of these the report tells one by one; the file of rejects has all.
REJECTS_KEPT = 10_000
_EXAMPLES = 5
_LINES = 100
_FIRST = 3


class ImportStopped(Exception):
    """A row failed and the import is taken back; what was counted is in its `RowCount`."""


class RowCount:
    """How many rows were read, and how many of them taken, known already, skipped or rejected; with the first of those rejected.

    Args:
        on_error: `stop` writes nothing once a row failed; `skip` leaves such rows out.
        progress: told now and then.

    Raises:
        UsageError: `on_error` is neither.
    """

    def __init__(self, on_error: str, progress: RowProgress | None) -> None:
        if on_error not in ("stop", "skip"):
            raise UsageError(msg("desk.bad_on_error", said=on_error))
        self.rows = self.taken = self.known = self.skipped = self.rejected = 0
        self.rejects: list[Rejected] = []
        self.reasons = Counter[str]()
        self._of: Source | None = None
        self._written_down: RejectedRows | None = None
        self._closing = ExitStack()
        # The lines of rows that are taken for something else than a row of the table, or in part.
        self._odd: dict[OddRow, list[int]] = {"total": [], "header": [], "repeated": [], "short": []}
        self._odd_rows = Counter[OddRow]()
        self._stop = on_error == "stop"
        self._progress = progress

    @property
    def failed(self) -> bool:
        """Whether nothing is written, for a row that failed: the others are only judged."""
        return self._stop and bool(self.rejects)

    def read_one(self) -> None:
        """One more row is read."""
        self.rows += 1
        if self.rows % PROGRESS_EVERY == 0 and self._progress:
            self._progress(self.rows, self.taken, self.rejected)

    def skip(self, row: Skipped) -> None:
        """The row is left out."""
        self.skipped += 1
        if row.why != "map":
            self._note(row.why, [row.line])

    def note_short(self, lines: Sequence[int]) -> None:
        """Rows that ended before the header did."""
        self._note("short", lines)

    def _note(self, why: OddRow, lines: Sequence[int]) -> None:
        self._odd_rows[why] += len(lines)
        noted = self._odd[why]
        noted += lines[: _LINES - len(noted)]

    def odd_rows(self) -> list[OddRows]:
        """What was left out of a sheet for what it is, and what was filled up."""
        return [OddRows(why, self._odd_rows[why], tuple(lines)) for why, lines in self._odd.items() if lines]

    def reports_within(self, rows: int) -> bool:
        """Whether progress is to be told before so many more rows are read."""
        return self.rows % PROGRESS_EVERY + rows >= PROGRESS_EVERY

    def reject(self, row: Rejected) -> None:
        """The row can't be taken."""
        self.rejected += 1
        self.reasons.update(problem.needs.key for problem in row.problems)
        if len(self.rejects) < REJECTS_KEPT:
            self.rejects.append(row)
        if self._of is not None:
            self._write_down(self._of, row)

    @contextmanager
    def writing_rejects(self, source: Source, *, dry_run: bool) -> Iterator[None]:
        """While the block runs, rows that are left out are written down, unless nothing is to be written."""
        self._of = None if dry_run or self._stop else source
        with self._closing:
            yield

    def _write_down(self, source: Source, row: Rejected) -> None:
        if self._written_down is None:
            from nippo_cli.exchange.rejects import RejectedRows
            from nippo_cli.render.parts import plainly

            self._written_down = self._closing.enter_context(RejectedRows(source, plainly))
        self._written_down.add(row)

    def publish_rejects(self, path: Path) -> str:
        """Put the rows that were written down beside the file that they come from, or in the current folder where its own can't be
        written; the path written to, "" where there are none."""
        if self._written_down is None:
            return ""
        try:
            return str(self._written_down.publish(path))
        except SourceRefused:
            return str(self._written_down.publish(Path(path.name)))


class DateCount:
    """Dates of rows that can be taken, held against the years that a diary is likely about (both included)."""

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last
        self._from, self._before = f"{first:04}", f"{last + 1:04}"
        self._dates = 0
        self._examples: dict[str, None] = {}

    def note(self, dates: Sequence[str | None]) -> None:
        """Some dates, ISO 8601, a span by both of its ends. A million come by, of which nearly all are likely ones."""
        said = list(filter(None, dates))
        if said and self._from <= min(said) and max(said) < self._before:
            return
        for one in said:
            if not (self._from <= one and one[-10:] < self._before):
                self._dates += 1
                if len(self._examples) < _EXAMPLES:
                    self._examples[one] = None

    def outside(self) -> OutsideYears | None:
        """What was told of dates outside; None where there are none."""
        return OutsideYears(self._first, self._last, self._dates, tuple(self._examples)) if self._dates else None


class FirstSight:
    """The first entries that an import brings, and who wrote them all or owns their deals."""

    def __init__(self, schema: "Schema") -> None:
        self._schema = schema
        self.first: list[FirstEntry] = []
        self.people: set[str] = set()

    def look(self, entries: "EntryRows") -> None:
        """Look at some entries; a million come by."""
        self.people.update(filter(None, entries.author), filter(None, entries.owner))

    def show(self, entries: "EntryRows", places: Iterable[int]) -> None:
        """Keep the first of entries that come in, at their places."""
        facts = self._schema.key("facts") or ""
        for place in islice(places, _FIRST - len(self.first)):
            stage = entries.stage[place]
            self.first.append(
                FirstEntry(
                    entries.on_date[place], entries.customer[place] or "", entries.deal_name[place] or "",
                    self._schema.stage_label(stage) if stage else "",
                    str(json.loads(entries.body[place]).get(facts) or ""),
                )
            )  # fmt: skip


class File:
    """The file that is imported, and the map that reads it (empty for none)."""

    def __init__(self, source: Source, path: str, map_file: str) -> None:
        self._source = source
        self.path = path
        self._map = map_file

    def end(self, writer: "Writer", batch: int, rows: RowCount) -> tuple[int | None, str]:
        """The batch, None where nothing is to be told or undone; and the file of rejects, if there is one, which is on disk
        before the commit: no row is left out without a trace.

        Raises:
            ImportStopped: a row failed, and the import is to be taken back.
        """
        if rows.failed:
            raise ImportStopped
        rejects_file = rows.publish_rejects(Path("stdin" if self.path == STANDARD_INPUT else self.path))
        # The same file again, with the same rows rejected again, is nothing new.
        # Rows that are known may say something new of their deals: another name.
        if rows.taken or writer.wrote_since(batch) or (rows.rejected and not writer.imported(self._source.sha256)):
            writer.end_batch(batch, self._body(rows))
            return batch, rejects_file
        writer.forget_batch(batch)
        return None, rejects_file

    def report(self, rows: RowCount, of: Of, *, batch: int | None, rejects_file: str, dry_run: bool) -> ImportReport:
        """What was done, as far as the rows tell."""
        return ImportReport(
            file=self.path, map=self._map, encoding=self._source.encoding, rows=rows.rows, taken=rows.taken,
            known=rows.known, skipped=rows.skipped, rejected=rows.rejected, entries=0, deals=0, new_deals=0, sales=0,
            batch=batch, rejects=[Reject(r.line, r.row, r.problems) for r in rows.rejects], rejects_file=rejects_file,
            stopped=rows.failed, dry_run=dry_run, of=of, header_line=self._source.heading.line,
            above_header=self._source.heading.above, odd_rows=rows.odd_rows(), sheet=self._sheet(),
        )  # fmt: skip

    def _sheet(self) -> SheetRead:
        at = self._source.sheet
        return SheetRead(at.name, at.visible, at.hidden, at.hidden_rows, at.merged_amounts)

    def _body(self, rows: RowCount) -> dict[str, Any]:
        """What the batch's record says."""
        return {
            "file": Path(self.path).name,
            "map": Path(self._map).name,
            "sha256": self._source.sha256,
            "rows": rows.rows,
            "taken": rows.taken,
            "known": rows.known,
            "skipped": rows.skipped,
            "rejected": rows.rejected,
            "reasons": dict(rows.reasons),
        }
