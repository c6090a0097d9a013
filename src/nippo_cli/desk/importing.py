"""`nippo import`: a file's rows through its map into the journal, all in one transaction; and the way back out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from nippo_cli.answers.care import ImportReport, Reject
from nippo_cli.answers.recap import Done
from nippo_cli.desk.desk import Desk, reading, writing
from nippo_cli.desk.intake import Batch, Intake, Ready, Result, reader_beside, taken_in
from nippo_cli.desk.lookup import standing_values
from nippo_cli.errors import Ambiguous, Place, Problem, UsageError, msg
from nippo_cli.exchange.drafts import Import, Rejected, Skipped
from nippo_cli.exchange.mapping import load_map_file
from nippo_cli.exchange.source import Source, SourceRefused, open_source
from nippo_cli.line.facts import AsOf

if TYPE_CHECKING:
    from nippo_cli.aside import Aside
    from nippo_cli.exchange.mapping import ImportMap
    from nippo_cli.journal.rows import Row
    from nippo_cli.journal.writer import Writer

Progress: TypeAlias = Callable[[int, int, int], None]

TOLD_EVERY = 5000
REJECTS_KEPT = 100_000


class Stopped(Exception):
    """A row failed and the import is taken back; what was counted is in `rows`."""


def import_file(
    desk: Desk, file: str, map_file: str, *, on_error: str, encoding: str = "", progress: Progress | None = None
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
    if on_error not in ("stop", "skip"):
        raise UsageError(msg("desk.bad_on_error", said=on_error))
    import_map = load_map_file(Path(map_file))
    options = import_map.options(encoding)
    with reader_beside(Path(file), options) as second:
        source = open_source(Path(file), options)
        rows = _Rows(source.columns, stop=on_error == "stop", progress=progress)
        return _bring_in(desk, rows, source, second, import_map, file=file, map_file=map_file)


def _bring_in(
    desk: Desk,
    rows: "_Rows",
    source: Source,
    second: "Aside | None",
    import_map: "ImportMap",
    *,
    file: str,
    map_file: str,
) -> ImportReport:
    """Write what can be taken of a source, and say what became of its rows."""
    batch: int | None = None
    try:
        with writing(desk) as writer:
            how = _how(writer, import_map)
            batch = writer.begin_batch()
            taken = taken_in(Intake(source, how, cells=writer.any_source()), second)
            counts = writer.bulk(
                rows.through(taken.batches),
                batch=batch,
                second=taken.second,
                on_known=rows.known_already,
                on_reject=rows.refuse,
                unique_keys=True,  # a row whose key another has is rejected where rows are judged
            )
            if rows.stop and rows.rejects:
                raise Stopped  # noqa: TRY301  the block's end commits; only an exception takes it back
            rejects_file = "" if desk.dry_run or not rows.rejects else write_rejects_of(Path(file), source, rows)
            # The same file again, with the same rows rejected again, is nothing new to tell or to undo.
            if counts.taken or (rows.rejected and not writer.imported(source.sha256)):
                writer.end_batch(batch, batch_body(source, Path(file), map_file, rows))
            else:
                writer.forget_batch(batch)
                batch = None
    except Stopped:
        return rows.report(source, file, map_file, batch=None, dry_run=desk.dry_run)
    report = rows.report(source, file, map_file, batch=batch, dry_run=desk.dry_run)
    return report._replace(deals=counts.deals, new_deals=counts.new_deals, rejects_file=rejects_file)


def export_to(desk: Desk, folder: str) -> Done:
    """Write every entry to `entries.csv` in a folder, with the `import.yaml` that reads it back; and the whole log, which
    holds all else that was written, to `log.jsonl`.

    Raises:
        UsageError: the folder can't be written, or holds an export already.
    """
    from nippo_cli.exchange.export import export, export_log
    from nippo_cli.journal.whole_log import whole_log

    with reading(desk) as (reader, as_of):
        agreement = reader.agreement(as_of)
        # Oldest first: an import keeps its source's order, also among the entries of one day.
        ids = [entry.id for entry in reader.entries(as_of)][::-1]
        n = export(Path(folder), reader.views(as_of, ids), agreement)
        export_log(Path(folder), whole_log(reader.cx, as_of))
    return Done("done.exported", {"n": n, "path": folder}, [], dry_run=False)


class Counted(Protocol):
    """What became of a file's rows: how many were read, taken, known already, skipped and rejected, and the rejects."""

    rows: int
    taken: int
    known: int
    skipped: int
    rejected: int
    rejects: list[Rejected]


class _Rows:
    """What became of each row. A row is known when every entry that it makes is in the journal already."""

    def __init__(self, columns: Sequence[str], *, stop: bool, progress: Progress | None) -> None:
        self.stop = stop
        self._columns = columns
        self.rejects: list[Rejected] = []
        self.rows = self.taken = self.known = self.skipped = self.rejected = self.entries = 0
        self._progress = progress
        # The row being written, and how many of its entries were known already, or refused.
        self._row: Ready = (0, (), ())
        self._known_of_row = self._refused_of_row = 0

    def through(self, batches: Iterable[Batch]) -> Iterator["Row"]:
        """The entries of the rows that can be taken, every row counted. Once one failed and the import is to stop, the
        rest is only judged.

        A row counts as taken as soon as it is handed on; `known_already` and `refuse` take that back.
        """
        for batch in batches:
            if isinstance(batch, list):
                yield from self._one_by_one(batch)
            elif self.rows % TOLD_EVERY + len(batch) < TOLD_EVERY:
                self._count(len(batch))
                if not (self.stop and self.rejects):
                    yield from batch
            else:
                yield from self._one_by_one([(0, (entry,), ()) for entry in batch])

    def _count(self, rows: int) -> None:
        """So many rows are taken, each as one entry, and none of them can be known already."""
        self.rows += rows
        self.taken += rows
        if not (self.stop and self.rejects):
            self.entries += rows

    def _one_by_one(self, results: Iterable[Result]) -> Iterator["Row"]:
        for result in results:
            self.rows += 1
            if self.rows % TOLD_EVERY == 0 and self._progress:
                self._progress(self.rows, self.taken, self.rejected)
            if isinstance(result, Skipped):
                self.skipped += 1
            elif isinstance(result, Rejected):
                self._reject(result)
            else:
                self.taken += 1
                if self.stop and self.rejects:
                    continue
                self._row = result
                self._known_of_row = self._refused_of_row = 0
                entries = result[1]
                self.entries += len(entries)
                yield from entries

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
            self._reject(Rejected(line, cells, dict(zip(self._columns, cells, strict=False)), (problem,)))

    def _reject(self, row: Rejected) -> None:
        self.rejected += 1
        if len(self.rejects) < REJECTS_KEPT:
            self.rejects.append(row)

    def report(self, source: Source, file: str, map_file: str, *, batch: int | None, dry_run: bool) -> ImportReport:
        """What was done, as far as the rows tell."""
        stopped = self.stop and bool(self.rejects)
        return ImportReport(
            file=file,
            map=map_file,
            encoding=source.encoding,
            rows=self.rows,
            taken=self.taken,
            known=self.known,
            skipped=self.skipped,
            rejected=self.rejected,
            entries=0 if stopped else self.entries,
            deals=0,
            new_deals=0,
            sales=0,
            batch=batch,
            rejects=[Reject(r.line, r.row, r.problems) for r in self.rejects],
            rejects_file="",
            stopped=stopped,
            dry_run=dry_run,
        )


def _how(writer: "Writer", import_map: "ImportMap") -> Import:
    """How rows are judged: by the agreement in force, and by what the journal's deals already have."""
    from nippo_cli.journal.names import answering
    from nippo_cli.journal.reader import Reader

    reader = Reader(writer.cx)
    ever = AsOf(writer.today)
    agreement = reader.agreement(ever)

    def of_journal(name: str) -> dict[str, Any]:
        try:
            deal = answering(writer.cx, name, script=True)
        except Ambiguous:
            return {}
        return standing_values(reader.head(ever, deal), agreement) if deal is not None else {}

    empty = not writer.any_deal()
    return Import(import_map, agreement, writer.today, reader.time_zone, None if empty else of_journal)


def batch_body(source: Source, path: Path, map_file: str, rows: Counted) -> dict[str, Any]:
    """What the batch's record says of a file's rows."""
    reasons = Counter(p.needs.key for r in rows.rejects for p in r.problems)
    return {
        "file": path.name,
        "map": Path(map_file).name,
        "sha256": source.sha256,
        "rows": rows.rows,
        "taken": rows.taken,
        "known": rows.known,
        "skipped": rows.skipped,
        "rejected": rows.rejected,
        "reasons": dict(reasons),
    }


def write_rejects_of(path: Path, source: Source, rows: Counted) -> str:
    """Write what was rejected, before the commit, so that no row is left out without a trace; in the current folder where
    the file's own can't be written."""
    from nippo_cli.exchange.rejects import write_rejects
    from nippo_cli.show.problems import plainly

    for beside in (path, Path(path.name)):
        try:
            return str(write_rejects(beside, source, rows.rejects, plainly))
        except SourceRefused as error:
            refused = error
    raise refused
