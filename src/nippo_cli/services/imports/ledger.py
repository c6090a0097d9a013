"""`nippo sales import` and `nippo target import`: rows of accounting software and of a plan, in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from nippo_cli.base.errors import Message, Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.money import show_money
from nippo_cli.base.text import normal_form
from nippo_cli.exchange.bookkeeping import BookkeepingRows
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.flat_map import SALES, TARGETS, FlatMap, fit_flat_map, load_flat_map, read_flat_map_text
from nippo_cli.exchange.incoming import readable_file
from nippo_cli.exchange.ledger import SaleDraft, TargetDraft, read_sales, read_targets
from nippo_cli.exchange.sifting import Rejected, ShortRows, Skipped, reject_row
from nippo_cli.exchange.source import Options, Source, open_source
from nippo_cli.gaps.facts import SaleKind
from nippo_cli.results.care import ChangedRow, FirstSale, ImportReport
from nippo_cli.services.context import Workspace, in_force, writing
from nippo_cli.services.imports.changes import ROWS_KEPT, chosen
from nippo_cli.services.imports.row_count import DateCount, File, ImportStopped, RowCount, RowProgress
from nippo_cli.services.imports.sales_book import ChangedSale, SalesBook

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer

Draft: TypeAlias = SaleDraft | TargetDraft
# What becomes of a draft: taken, known already, taken though it was known otherwise, or what is wrong with it.
LedgerOutcome: TypeAlias = Literal["taken", "known"] | ChangedSale | Message
Book: TypeAlias = Callable[[Any, int], LedgerOutcome]

# So many of the first sales are shown.
_FIRST = 3
# A table of targets without a map: the first of these names that the file has.
_TARGET_COLUMNS = {
    "team": ("team", "全社", "チーム"),
    "kind": ("kind", "案件種別", "種別"),
    "owner": ("owner", "担当", "担当者", "氏名"),
    "month": ("month", "月", "年月"),
    "amount": ("amount", "目標", "目標額", "目標金額", "売上目標", "予算", "金額"),
}


def import_sales(
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
    """Import rows of the ledger. A second import of the same rows adds nothing.

    A row whose deal nothing answers to is taken all the same, without a deal: the ledger is to be whole. They are
    counted in a notice.

    Args:
        map_text: a map that is in no file.
        on_error: `stop` writes nothing if any row fails; `skip` leaves those rows out and writes them, with their
            reasons, to `FILE.rejects.csv`.
        changed: what becomes of a row that is known with another amount, on another day, of another customer or kind: `reject`,
            `amend` corrects the sale, `add` is a sale beside it; nothing said is as the map says, else `reject`.
        progress: told now and then of rows read, taken and rejected.

    Raises:
        UsageError: `on_error` or `changed` is none of these, or the file or the map can't be used.
        NotFound: there is no such file or map.
    """
    rows = _LedgerRows(on_error, progress)
    flat_map = read_flat_map_text(map_text, file, SALES) if map_text else load_flat_map(Path(map_file), SALES)
    on_changed = chosen(changed, flat_map.changed, SALES.changed)
    how = _How("sales", read_sales, lambda writer: SalesBook(workspace, writer, on_changed, file).book)
    return _imported(workspace, file, flat_map, flat_map.options(encoding, sheet), rows, how)


def import_targets(
    workspace: Workspace,
    file: str,
    map_file: str | None,
    *,
    on_error: str,
    changed: str = "",
    encoding: str = "",
    sheet: str = "",
    progress: RowProgress | None = None,
) -> ImportReport:
    """Import targets by month of an owner, the team or a kind of deal, of a file with a map or with columns that say so. One that
    stands already adds nothing; another amount takes its place, or with `changed` as `reject` is refused.

    Raises:
        UsageError, NotFound: as for sales.
    """
    flat_map = load_flat_map(Path(map_file), TARGETS) if map_file else FlatMap("", "targets", {})
    on_changed = chosen(changed, flat_map.changed or "amend", TARGETS.changed)
    how = _How("targets", read_targets, lambda writer: _ImportPlan(writer, on_changed).book)
    return _imported(workspace, file, flat_map, flat_map.options(encoding, sheet), _LedgerRows(on_error, progress), how)


class _LedgerRows(RowCount):
    """What became of each row; `changed` are the first that say something else than before, `sums` what the sales that can be taken
    come to by their kind, `first` the first of them."""

    def __init__(self, on_error: str, progress: RowProgress | None) -> None:
        super().__init__(on_error, progress)
        self.amended, self.added = 0, 0
        self.changed: list[ChangedRow] = []
        self.sums = Counter[SaleKind]()
        self.first: list[FirstSale] = []

    def look(self, draft: SaleDraft) -> None:
        """Look at a sale that can be taken."""
        self.sums[draft.kind] += draft.amount
        if len(self.first) < _FIRST:
            self.first.append(
                FirstSale(draft.on.isoformat(), draft.customer, draft.deal_said, draft.amount, draft.kind, draft.note)
            )

    def go(
        self,
        source: Source,
        drafts: Iterator[Draft | Skipped | Rejected | ShortRows],
        book: Callable[[Draft], LedgerOutcome],
    ) -> None:
        """Every row; what is booked once one failed is taken back with all the others."""
        for result in drafts:
            if isinstance(result, ShortRows):
                self.note_short(result.lines)
                continue
            self.read_one()
            if isinstance(result, Skipped):
                self.skip(result)
            elif isinstance(result, Rejected):
                self.reject(result)
            else:
                self._book(source, result, book(result))

    def _book(self, source: Source, draft: Draft, outcome: LedgerOutcome) -> None:
        """Count what became of a row of the ledger, and keep what a report shows of it."""
        if isinstance(outcome, Message):
            self.reject(reject_row(source, draft.line, draft.cells, [Problem(Place(), "", outcome)]))
        elif isinstance(outcome, ChangedSale):
            self.taken += 1
            self.amended += outcome.corrects
            self.added += not outcome.corrects
            if len(self.changed) < ROWS_KEPT:
                self.changed.append(ChangedRow(draft.line, outcome.record, outcome.changes))
        else:
            self.taken += outcome == "taken"
            self.known += outcome == "known"


class _How(NamedTuple):
    """How an import goes: what its rows make, and what books it."""

    of: Literal["sales", "targets"]
    drafts: Callable[[Source, FlatMap, CellReader], Iterator[Any]]
    begin: Callable[["Writer"], Book]


def _imported(
    workspace: Workspace, path: str, flat_map: FlatMap, options: Options, rows: _LedgerRows, how: _How
) -> ImportReport:
    """Import a file by its map, or by the columns that a table of targets has; what became of its rows."""
    if not flat_map.file:
        wanted = frozenset(name for names in _TARGET_COLUMNS.values() for name in names)
        options = options._replace(wanted=wanted)
    with readable_file(path, options) as (readable, how_opened):
        source = open_source(readable, how_opened)
        if flat_map.books is not None:
            dated, noted = (flat_map.picks[part].columns if part in flat_map.picks else () for part in ("on", "note"))
            source = BookkeepingRows(source, flat_map.books, dated=dated, noted=noted)
        return _booked(workspace, path, flat_map, source, rows, how)


def _booked(
    workspace: Workspace, path: str, flat_map: FlatMap, source: Source, rows: _LedgerRows, how: _How
) -> ImportReport:
    """Book the rows of a file; what became of them."""
    if not flat_map.file:
        flat_map = replace(flat_map, source=Path(path).name)
    fitted = fit_flat_map(flat_map, source, _TARGET_COLUMNS if not flat_map.file else None)
    file = File(source, path, flat_map.file if flat_map.file != path else "")
    try:
        with writing(workspace) as writer, rows.writing_rejects(source, dry_run=workspace.dry_run):
            cell_reader = _cell_reader(writer, fitted, source)
            number, book = writer.begin_batch(), how.begin(writer)
            dates = DateCount(*in_force(writer).plausible_years(writer.today))

            def book_dated(draft: Draft) -> LedgerOutcome:
                dates.note([draft.on.isoformat() if isinstance(draft, SaleDraft) else f"{draft.month}-01"])
                if isinstance(draft, SaleDraft):
                    rows.look(draft)
                return book(draft, number)

            rows.go(source, how.drafts(source, fitted, cell_reader), book_dated)
            batch, rejects_file = file.end(writer, number, rows)
    except ImportStopped:
        stopped = file.report(rows, how.of, batch=None, rejects_file="", dry_run=workspace.dry_run)
        return stopped._replace(outside_years=dates.outside())
    report = file.report(rows, how.of, batch=batch, rejects_file=rejects_file, dry_run=workspace.dry_run)
    report = report._replace(
        outside_years=dates.outside(), amended=rows.amended, added=rows.added, changed=rows.changed
    )
    if how.of != "sales":
        return report
    return report._replace(
        sales=rows.taken, sale_sum=rows.sums["sale"], advance_sum=rows.sums["advance"], first_sales=rows.first
    )


def _cell_reader(writer: "Writer", flat_map: FlatMap, source: Source) -> CellReader:
    zone = ZoneInfo(writer.time_zone)
    return CellReader(
        in_force(writer), writer.today, zone, flat_map.empty, flat_map.defused, loose=not source.delimiter,
        odd=source.odd,
    )  # fmt: skip


class _ImportPlan:
    """Books targets: what stands already is known."""

    def __init__(self, writer: "Writer", on_changed: str) -> None:
        from nippo_cli.services.imports.targets import Owners, current_targets

        self._writer = writer
        self._on_changed = on_changed
        self._owners = Owners(writer)
        self._current = current_targets(writer)

    def book(self, draft: TargetDraft, batch: int) -> LedgerOutcome:
        """Write a target that is new, or another than the one that stands."""
        owner = self._owners.named(draft.owner) if draft.owner else ""
        before = self._current.get((normal_form(owner), draft.kind, draft.month))
        if before == draft.amount:
            return "known"
        if before is not None and self._on_changed == "reject":
            schema = in_force(self._writer)
            was, now = (show_money(amount, schema.currency) for amount in (before, draft.amount))
            if owner:
                return msg("target.other_amount", owner=owner, month=draft.month, was=was, now=now)
            whose = schema.kind_label(draft.kind) if draft.kind else msg("landing.for_team")
            return msg("target.other_amount_of_all", whose=whose, month=draft.month, was=was, now=now)
        self._writer.set_target(owner, draft.month, draft.amount, kind=draft.kind, known_on=draft.known_on, batch=batch)
        return "taken"
