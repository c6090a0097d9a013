"""`nippo import`: what became of every row that was read."""

from typing import TYPE_CHECKING

from nippo_cli.answers.care import ImportReport, Reject
from nippo_cli.ids import show_id
from nippo_cli.language import t
from nippo_cli.show import problems, shapes, words
from nippo_cli.show.page import Block, Cell, Column, Facts, Heading, Page, Prose, Run, Span, Table

if TYPE_CHECKING:
    from nippo_cli.show.emit import Screen

FIRST = 20


def page(result: ImportReport, _screen: "Screen") -> Page:
    """Counts that add up to the rows read, what was made of them, and the first rejects with what is allowed."""
    blocks: list[Block] = [Prose(_verdict(result)), _rows(result)]
    if not result.stopped:
        blocks.append(Facts(_made(result)))
    if result.rejects:
        blocks.append(Heading(t("show.import.rejects"), words.counted("show.import.rows", result.rejected)))
        for reject in result.rejects[:FIRST]:
            blocks += _reject(reject)
        rest = result.rejected - min(len(result.rejects), FIRST)
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
        "rejects_file": result.rejects_file or None,
        "rejects": [
            {"line": r.line, "row": dict(r.row), "problems": [problems.to_json(p) for p in r.problems]}
            for r in result.rejects
        ],
    }


def _verdict(result: ImportReport) -> Cell:
    if result.stopped:
        return Span(t("show.import.stopped"), "bad")
    if result.dry_run:
        return Span(t("show.import.dry_run"), "strong")
    if not result.taken:
        return t("show.import.nothing_new")
    return Span(words.counted("show.import.done", result.taken), "good")


def _rows(result: ImportReport) -> Table:
    counts = (("taken", result.taken), ("known", result.known), ("skipped", result.skipped),
              ("rejected", result.rejected))  # fmt: skip
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


def _reject(reject: Reject) -> list[Block]:
    """A row's line, and every reason; the line is not said again with each."""
    bare = [problem._replace(where=problem.where._replace(line=None, file="")) for problem in reject.problems]
    reasons = [problems.in_words(problem) for problem in bare]
    head: Run = (f"{t('show.problem.line', n=reject.line)}  ", *(reasons[0] if reasons else ()))
    return [Prose(head, indent=2, mark="-"), *(Prose(reason, indent=4) for reason in reasons[1:])]


def _hints(result: ImportReport) -> list[Block]:
    hints = []
    if result.rejects_file:
        hints.append(t("show.import.rejects_file", path=result.rejects_file))
    if result.stopped:
        hints.append(t("show.import.skip_hint"))
    elif result.batch is not None and not result.dry_run:
        hints.append(t("show.import.undo_hint", batch=show_id(result.batch)))
    return [Prose(""), *(Prose(Span(hint, "dim")) for hint in hints)] if hints else []
