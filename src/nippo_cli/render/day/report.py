"""Reports written from the diary: 日報, 週報, 月報. One page for the screen and for a mail."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.day import report_day
from nippo_cli.render.day.report_day import deal_words, planned
from nippo_cli.render.draw import Block, Cell, Column, FactRows, Glyphs, Heading, Page, Prose, Renderer, Span, Table
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import entry_lines, remark_lines, shapes, words
from nippo_cli.results.report import Closed, ReportPage, StageMove

if TYPE_CHECKING:
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.render.draw import Screen
    from nippo_cli.results.entries import EntryView


def page(result: ReportPage, screen: "Screen") -> Page:
    """A day contact by contact; a longer period by what moved, then day by day."""
    marks = glyphs(ascii_only=screen.ascii)
    if result.period == "day":
        return report_day.page(result, marks)
    title = t(f"show.report.{result.period}", span=words.between(result.since, result.until))
    blocks: list[Block] = [FactRows(_counts(result))]
    if result.won:
        blocks += [_heading("won", len(result.won)), *(_closed(one, result) for one in result.won)]
    if result.lost:
        blocks += [_heading("lost", len(result.lost)), *(_closed(one, result) for one in result.lost)]
    if result.new_deals:
        blocks += [_heading("new", len(result.new_deals)), *(_new(head, result) for head in result.new_deals)]
    if result.moves:
        blocks += [_heading("moves", len(result.moves)), _moves(result.moves, result, marks)]
    blocks += _days(result)
    if result.planned:
        span = words.between(result.plan_since, result.plan_until)
        head = Heading(t(f"show.report.planned_{result.period}"), span)
        blocks += [head, *planned(result)]
    if result.comments:
        blocks += [Heading(t("show.comment.heading")), *remark_lines.thread(result.comments, result.as_of)]
    return Page(blocks, title, report_day.authors(result))


def to_json(result: ReportPage) -> dict[str, object]:
    """The period with its counts, what moved, its entries, remarks, comments and plans."""
    return {
        "as_of": result.as_of.isoformat(),
        "period": result.period,
        "since": result.since.isoformat(),
        "until": result.until.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "author": result.author or None,
        "authors": list(result.authors),
        "counts": {
            "entries": len(result.entries),
            "contacts": result.contacts,
            "new_deals": len(result.new_deals),
            "moves_on": sum(move.step > 0 for move in result.moves),
            "moves_back": sum(move.step < 0 for move in result.moves),
            "won": len(result.won),
            "won_amount": _amount(result.won),
            "lost": len(result.lost),
            "lost_amount": _amount(result.lost),
        },
        "won": [_closed_json(one) for one in result.won],
        "lost": [_closed_json(one) for one in result.lost],
        "new_deals": [shapes.deal(head) for head in result.new_deals],
        "moves": [_move_json(move) for move in result.moves],
        "entries": [shapes.entry(view) for view in result.entries],
        "days": [remark_lines.note_json(note) for note in result.notes],
        "comments": [remark_lines.comment_json(one) for one in result.comments],
        "plan_since": result.plan_since.isoformat(),
        "plan_until": result.plan_until.isoformat(),
        "planned": [shapes.status(one) for one in result.planned],
    }


def _heading(what: str, n: int) -> Heading:
    return Heading(t(f"show.report.{what}"), words.counted("show.count", n))


def _counts(result: ReportPage) -> list[tuple[str, Cell]]:
    """Contacts, deals begun, moves, and what was won and lost with its money."""
    currency = result.schema.currency
    on = sum(move.step > 0 for move in result.moves)
    back = sum(move.step < 0 for move in result.moves)

    def closed(deals: Sequence[Closed]) -> str:
        count = words.counted("show.count", len(deals))
        amount = _amount(deals)
        return f"{count}  {words.money(amount, currency)}" if amount else count

    contacts = words.counted("show.report.contacts_of", result.contacts, entries=f"{len(result.entries):,}")
    return [
        (t("show.report.contacts"), contacts),
        (t("show.report.new"), words.counted("show.count", len(result.new_deals))),
        (t("show.report.moves"), t("show.report.on_and_back", on=on, back=back)),
        (t("show.report.won"), closed(result.won)),
        (t("show.report.lost"), closed(result.lost)),
    ]


def _amount(deals: Iterable[Closed]) -> int:
    return sum(one.head.amount or 0 for one in deals)


def _closed(one: Closed, result: ReportPage) -> Prose:
    """The day, the deal, its money; of one that was lost, the reason given."""
    parts: list[Cell] = [f"{words.day_name(one.on, result.as_of)}  ", *deal_words(one.head)]
    if one.head.amount is not None:
        parts.append(f"  {words.money(one.head.amount, result.schema.currency)}")
    reason = entry_lines.field_words(one.entry, "lost_reason") if one.entry is not None else ""
    if reason:
        parts.append(f"  {t('show.labelled', label=t('show.report.reason'), value=reason)}")
    return Prose(tuple(parts), indent=2, mark="-")


def _new(head: "DealSummary", result: ReportPage) -> Prose:
    amount = f"  {words.money(head.amount, result.schema.currency)}" if head.amount is not None else ""
    return Prose((f"{words.day_name(head.began_on, result.as_of)}  ", *deal_words(head), amount), indent=2, mark="-")


def _moves(moves: Sequence[StageMove], result: ReportPage, marks: Glyphs) -> Table:
    """A row a change of stage: the day, from where to where, how long it had stayed, the deal."""
    label = result.schema.stage_label
    rows: list[list[Cell]] = [
        [
            words.day_name(move.on, result.as_of),
            Span(f"{label(move.before)} {marks.moved} {label(move.stage)}", "warn" if move.step < 0 else "plain"),
            words.days_short(move.stay_days),
            "  ".join(part for part in (f"#{show_id(move.head.id)} {move.head.name}", move.head.customer) if part),
        ]
        for move in moves
    ]
    return Table(
        [
            Column("on", t("show.head.date")),
            Column("move", t("show.head.stage")),
            Column("days", t("show.report.stayed"), right=True),
            Column("deal", t("show.head.deal"), flex=True),
        ],
        rows,
    )


def _days(result: ReportPage) -> list[Block]:
    """Day by day: who was off, what was done, what was remarked. A month tells a contact in a row, a week its facts."""
    indent = entry_lines.indent_of(result.entries)
    days = sorted({*(view.on for view in result.entries), *(note.on for note in result.notes)})
    blocks: list[Block] = []
    for on in days:
        same = [view for view in result.entries if view.on == on]
        notes = [note for note in result.notes if note.on == on]
        blocks.append(
            Heading(words.day_name(on, result.as_of), words.counted("show.entries", len(same)) if same else "")
        )
        blocks += [
            Prose(report_day.off_line(note, result), indent=2, mark="-") for note in notes if note.off is not None
        ]
        for view in same:
            blocks += _entry(view, result, indent)
        blocks += [
            Prose(text, indent=2, mark="-") for note in notes for text in report_day.remark_lines_of(note, result)
        ]
    return blocks


def _entry(view: "EntryView", result: ReportPage, indent: int) -> list[Block]:
    rows = entry_lines.blocks(view, indent=indent, near=result.as_of)
    if result.period == "month":
        return rows[:1]
    shown = rows[:1]
    if facts := entry_lines.field_words(view, "facts"):
        shown.append(Prose(facts, indent=indent))
    return shown


def _closed_json(one: Closed) -> dict[str, object]:
    entry = one.entry
    reason = entry.values.get(entry.schema.key("lost_reason") or "") if entry is not None else None
    return {
        "on": one.on.isoformat(),
        "deal": shapes.deal(one.head),
        "amount": one.head.amount,
        "entry": shapes.maybe_id(entry.id if entry else None),
        "reason": reason,
    }


def _move_json(move: StageMove) -> dict[str, object]:
    return {
        "on": move.on.isoformat(),
        "deal": shapes.deal(move.head),
        "entry": show_id(move.entry),
        "from": move.before,
        "to": move.stage,
        "step": move.step,
        "stay_days": move.stay_days,
    }


RENDERER = Renderer(ReportPage, page=page, to_json=to_json, rows="entries")
