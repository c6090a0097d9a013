"""`nippo import`: what became of every row that was read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say, t
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    FactRows,
    Glyphs,
    Heading,
    Page,
    Prose,
    Renderer,
    Run,
    Span,
    Table,
)
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import problems, shapes, words
from nippo_cli.results.care import ChangedRow, FieldChange, ImportReport, OutsideYears, Reject, SheetRead

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

FIRST = 20
_OTHER_CUSTOMER = ("exchange.other_customer", "exchange.other_customer.here")
_RUNS, _DEALS, _INDENT, _TITLES, _SHEETS, _NAMED = 5, 3, 2, 3, 5, 8


def page(result: ImportReport, screen: "Screen") -> Page:
    """Counts that add up to the rows read, what was made of them, and the first rejects with what is allowed."""
    blocks: list[Block] = [Prose(_verdict(result)), _rows(result)]
    if not result.stopped:
        blocks.append(FactRows(_made(result)))
        blocks += _customers(result, glyphs(ascii_only=screen.ascii))
        blocks += _changed(result, glyphs(ascii_only=screen.ascii))
    blocks += [Prose(row) for row in since(result)]
    blocks += [Prose(row) for row in _sheet(result)]
    if result.outside_years:
        blocks.append(Prose(_outside(result.outside_years)))
    if result.rejects:
        blocks.append(Heading(t("show.import.rejects"), words.counted("show.import.rows", result.rejected)))
        alike = _alike(result.rejects)[:FIRST]
        for rejects in alike:
            blocks += _reject(rejects)
        rest = result.rejected - sum(map(len, alike))
        if rest > 0:
            blocks.append(Prose(Span(words.counted("show.more", rest), "dim")))
    blocks += _hints(result)
    return Page(blocks, t("show.import.title"), f"{result.file}  {result.encoding}".rstrip())


def to_json(result: ImportReport) -> dict[str, object]:
    """The counts, and every reject that is at hand."""
    return {
        "file": result.file,
        "map": result.map or None,
        "encoding": result.encoding,
        "rows": result.rows,
        "taken": result.taken,
        "known": result.known,
        "skipped": result.skipped,
        "rejected": result.rejected,
        "entries": result.entries,
        "deals": result.deals,
        "new_deals": result.new_deals,
        "sales": result.sales,
        "batch": shapes.maybe_id(result.batch),
        "stopped": result.stopped,
        "dry_run": result.dry_run,
        "sheet": _sheet_json(result.sheet) if result.sheet.name else None,
        "header_line": result.header_line or None,
        "above_header": list(result.above_header),
        "odd_rows": [{"why": odd.why, "rows": odd.rows, "lines": list(odd.lines)} for odd in result.odd_rows],
        "outside_years": _outside_json(result.outside_years) if result.outside_years else None,
        "customers_changed": result.customers_changed,
        "customers": [
            {"deal": {"id": show_id(of.deal), "name": of.name}, "customers": list(of.customers)}
            for of in result.customers
        ],
        "amended": result.amended,
        "added": result.added,
        "changed": list(map(_changed_json, result.changed)),
        "corrected_since": list(map(show_id, result.corrected_since)),
        "taken_back": list(map(show_id, result.taken_back)),
        "rejects_file": result.rejects_file or None,
        "rejects": [
            {"line": r.line, "row": dict(r.row), "problems": [problems.to_json(p) for p in r.problems]}
            for r in result.rejects
        ],
    }


def _changed_json(row: ChangedRow) -> dict[str, object]:
    """A row that says something else than its entry did, field by field."""
    changes = [{"field": c.field, "before": c.before, "after": c.after} for c in row.changes]
    return {"line": row.line, "record": show_id(row.record), "changes": changes}


def since(result: ImportReport) -> list[Cell]:
    """Which entries of known rows stand otherwise by now than the file says, since people corrected them or took them back."""
    said = (("corrected_since", result.corrected_since), ("taken_back", result.taken_back))
    return [Span(words.counted(f"show.import.{name}", len(ids), ids=_named(ids)), "warn") for name, ids in said if ids]


def _named(ids: Sequence[int]) -> str:
    """The first of some entries, and how many more there are."""
    more = [t("done.thing.more", n=len(ids) - _NAMED)] if len(ids) > _NAMED else []
    return t("language.comma").join([*(f"#{show_id(one)}" for one in ids[:_NAMED]), *more])


def _sheet(result: ImportReport) -> list[Cell]:
    """What of a sheet is no row of its table: titles above the header, rows of totals; and rows that were filled up."""
    said: list[Cell] = _workbook(result.sheet) if result.sheet.name else []
    if result.above_header:
        above = t("language.comma").join(result.above_header[:_TITLES]) + ("…" if result.above_header[_TITLES:] else "")
        said.append(t("show.import.above_header", line=result.header_line, above=above))
    said += [
        t(f"show.import.odd.{odd.why}", rows=words.counted("show.import.rows", odd.rows), lines=_runs(odd.lines))
        for odd in result.odd_rows
    ]
    return said


def _workbook(sheet: SheetRead) -> list[Cell]:
    """Which sheet was read, which were not, and that hidden rows were read as well."""
    comma = t("language.comma")
    said: list[Cell] = [t("show.import.sheet", name=sheet.name)]
    for kind, others in (("visible", sheet.visible), ("hidden", sheet.hidden)):
        if others:
            names = comma.join(others[:_SHEETS]) + ("…" if others[_SHEETS:] else "")
            said.append(t(f"show.import.sheets_{kind}", n=len(others), names=names))
    if sheet.hidden_rows:
        said.append(Span(words.counted("show.import.hidden_rows", sheet.hidden_rows), "warn"))
    if sheet.merged_amounts:
        said.append(Span(words.counted("show.import.merged_amounts", sheet.merged_amounts), "warn"))
    return said


def _outside_json(outside: OutsideYears) -> dict[str, object]:
    return {**outside._asdict(), "examples": list(outside.examples)}


def _sheet_json(sheet: SheetRead) -> dict[str, object]:
    return {**sheet._asdict(), "visible": list(sheet.visible), "hidden": list(sheet.hidden)}


def _outside(outside: OutsideYears) -> Cell:
    """`2 dates are outside of the years 1990 to 2046: 1926-11-20`."""
    years = {"first": outside.first, "last": outside.last, "dates": list(outside.examples)}
    return Span(words.counted("show.import.outside_years", outside.dates, **years), "warn")


def _verdict(result: ImportReport) -> Cell:
    if result.stopped:
        return Span(t("show.import.stopped"), "bad")
    if result.dry_run:
        return Span(t("show.import.dry_run"), "strong")
    if not result.taken:
        what = ("nothing_new" if result.batch is None else "no_new_rows") if result.rows else "no_rows"
        return t(f"show.import.{what}")
    return Span(words.counted("show.import.done", result.taken), "good")


def _rows(result: ImportReport) -> Table:
    counts = (("taken", result.taken), ("amended", result.amended), ("added", result.added), ("known", result.known),
              ("skipped", result.skipped), ("rejected", result.rejected))  # fmt: skip
    taken = "would_take" if result.stopped or result.dry_run else "taken"
    rows: list[list[Cell]] = [
        [t(f"show.import.{taken if name == 'taken' else name}"), f"{n:,}"] for name, n in counts if n or name == "taken"
    ]
    rows.append([Span(t("show.import.read"), "dim"), Span(f"{result.rows:,}", "dim")])
    return Table([Column("what", t("show.head.became")), Column("rows", t("show.head.rows"), right=True)], rows)


def _made(result: ImportReport) -> list[tuple[str, Cell | Run]]:
    if result.of == "sales":
        return [(t("show.import.sales"), f"{result.sales:,}")]
    if result.of == "targets":
        return [(t("show.import.targets"), f"{result.taken:,}")]
    deals = t("show.import.deals_of_which", n=f"{result.deals:,}", new=f"{result.new_deals:,}")
    return [(t("show.import.entries"), f"{result.entries:,}"), (t("show.import.deals"), deals)]


def _customers(result: ImportReport, marks: Glyphs) -> list[Block]:
    """How many deals are another customer's by now, and the first of them."""
    if not result.customers_changed:
        return []
    named = result.customers[:_DEALS]
    rows = [
        t("show.import.customers_of", deal=of.name, customers=f" {marks.moved} ".join(of.customers)) for of in named
    ]
    rest = result.customers_changed - len(named)
    if rest > 0:
        rows.append(words.counted("show.more", rest))
    head = Span(words.counted("show.import.customers", result.customers_changed), "strong")
    return [Prose(head), *(Prose(row, indent=_INDENT) for row in rows)]


def _changed(result: ImportReport, marks: Glyphs) -> list[Block]:
    """The first rows that say something else than before, each with what changes."""
    if not result.changed:
        return []
    total = result.amended + result.added
    blocks: list[Block] = [Heading(t("show.import.changed"), words.counted("show.import.rows", total))]
    for row in result.changed[:FIRST]:
        head = t("show.problem.line", n=row.line)
        of = t(f"show.import.changed_row{'.sale' if result.of == 'sales' else ''}", id=show_id(row.record))
        blocks.append(Prose((f"{head}  {of}",), indent=_INDENT, mark="-"))
        blocks += [
            Prose(f"{_label(one)}: {one.texts[0]} {marks.moved} {one.texts[1]}", indent=2 * _INDENT)
            for one in row.changes
        ]
    if total > FIRST:
        blocks.append(Prose(Span(words.counted("show.more", total - FIRST), "dim")))
    return blocks


def _label(one: FieldChange) -> str:
    return one.label if isinstance(one.label, str) else say(one.label)


def _alike(rejects: Sequence[Reject]) -> list[list[Reject]]:
    """Rows that were rejected for the same reasons, in the order of their first ones: one fault of a map or of a column
    is one thing to mend, however many rows it is in."""
    alike: dict[tuple[object, ...], list[Reject]] = {}
    for reject in rejects:
        why = tuple((p.where.field, p.said, p.needs.key, str(p.needs.params)) for p in reject.problems)
        alike.setdefault(why, []).append(reject)
    return list(alike.values())


def _reject(rejects: Sequence[Reject]) -> list[Block]:
    """The lines of rows, and every reason; the line is not said again with each."""
    bare = [problem._replace(where=problem.where._replace(line=None, file="")) for problem in rejects[0].problems]
    reasons = [problems.in_words(problem) for problem in bare]
    lines = [reject.line for reject in rejects]
    where = t("show.problem.line", n=lines[0]) if len(lines) == 1 else _lines(lines)
    head: Run = (f"{where}  ", *(reasons[0] if reasons else ()))
    return [Prose(head, indent=2, mark="-"), *(Prose(reason, indent=4) for reason in reasons[1:])]


def _lines(lines: Sequence[int]) -> str:
    """`lines 3, 8302–8801 (501 rows)`; not more runs than can be looked up."""
    return t("show.import.lines", lines=_runs(lines), rows=words.counted("show.import.rows", len(lines)))


def _runs(lines: Sequence[int]) -> str:
    """`3, 8302–8801`."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = tuple(
        str(first) if first == last else t("show.import.line_run", first=first, last=last)
        for first, last in runs[:_RUNS]
    )
    return t("language.comma").join(shown) + ("…" if len(runs) > _RUNS else "")


def _hints(result: ImportReport) -> list[Block]:
    """What to do next after an import: where the rejected rows are, how to go on, how to take it back."""
    hints = []
    if any(p.needs.key in _OTHER_CUSTOMER for reject in result.rejects for p in reject.problems):
        hints.append(t("show.import.customer_hint"))
    if result.rejects_file:
        hints.append(t("show.import.rejects_file", path=result.rejects_file))
    if result.stopped:
        hints.append(t("show.import.skip_hint"))
    elif result.batch is not None and not result.dry_run:
        hints.append(t("show.import.undo_hint", batch=show_id(result.batch)))
    return [Prose(""), *(Prose(Span(hint, "dim")) for hint in hints)] if hints else []


RENDERER = Renderer(ImportReport, page=page, to_json=to_json)
