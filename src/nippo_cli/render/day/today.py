"""Bare `nippo`: what is due this morning."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.day import comments, unreviewed
from nippo_cli.render.draw import Block, Cell, Column, Heading, Page, Prose, Renderer, Run, Span, Table
from nippo_cli.render.parts import entry_lines, narrow, remark_lines, shapes, words
from nippo_cli.results.recap import DueStep, TodayPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: TodayPage, screen: "Screen") -> Page:
    """What waits for an answer, what is due, what comes within a week, what is unfinished; how to begin where there is
    nothing yet."""
    title = t("show.today.title", day=words.day_name(result.as_of))
    if result.last_entry_on is None:
        return Page([*_begin(result), *_drafts(result)], title)
    blocks: list[Block] = [Prose(_state(result)), *_unwritten(result), *_drafts(result)]
    if result.comments:
        count = words.counted("show.count", len(result.comments))
        blocks += [Heading(t("show.comment.title"), count), *comments.blocks(result.comments, result.as_of)]
    if result.due:
        blocks += [Heading(t("show.today.due"), words.counted("show.count", len(result.due))), _due(result, screen)]
    if result.soon:
        blocks += [Heading(t("show.today.soon"), words.counted("show.count", len(result.soon))), _soon(result)]
    blocks += _week("quiet", result.quiet, result)
    blocks += _week("closing", result.closing, result)
    blocks += _week("holds", result.holds, result)
    if result.incomplete:
        blocks.append(Heading(t("show.today.incomplete"), words.counted("show.count", result.incomplete_total)))
        indent = entry_lines.indent_of(result.incomplete)
        for view in result.incomplete:
            blocks += entry_lines.blocks(view, indent=indent, near=result.as_of, with_day=True)[:1]
        blocks.append(Prose(Span(t("show.entry.complete_hint", id=show_id(result.incomplete[0].id)), "dim")))
    if result.unreviewed is not None:
        blocks += unreviewed.blocks(result.unreviewed, result)
    if not any(
        (result.comments, result.due, result.soon, result.quiet, result.closing, result.holds, result.incomplete)
    ):
        blocks.append(Prose(Span(t("show.today.clear"), "good")))
    return Page([*blocks, Prose(""), Prose(Span(t("show.today.next"), "dim"))], title)


def to_json(result: TodayPage) -> dict[str, object]:
    """The morning as data; `days` is negative where overdue."""
    return {
        "as_of": result.as_of.isoformat(),
        "journal": result.journal,
        "currency": shapes.currency(result.schema.currency),
        "live": result.live,
        "last_entry_on": shapes.day(result.last_entry_on),
        "due": [_step(one) for one in result.due],
        "soon": [_step(one) for one in result.soon],
        "comments": [remark_lines.comment_json(one.comment) for one in result.comments],
        "quiet": [_step(one) for one in result.quiet],
        "closing": [_step(one) for one in result.closing],
        "holds": [_step(one) for one in result.holds],
        "drafts": list(result.drafts),
        "unwritten": shapes.day(result.unwritten),
        "unreviewed": unreviewed.to_json(result.unreviewed),
        "norms": [shapes.norm(norm) for norm in result.norms],
        "incomplete_total": result.incomplete_total,
        "incomplete": [shapes.entry(view) for view in result.incomplete],
    }


def _begin(result: TodayPage) -> list[Block]:
    """Where a journal was begun, its schema was chosen already."""
    ways = (1, 3) if result.has_journal else (1, 2, 3)
    lines = [Prose(t(f"show.today.begin_{n}"), indent=2, mark="-") for n in ways]
    return [Prose(t("show.today.empty")), *lines]


def _state(result: TodayPage) -> str:
    live = words.counted("show.today.live", result.live)
    if result.last_entry_on is None:
        return live
    ago = (result.as_of - result.last_entry_on).days
    day = words.day_name(result.last_entry_on, result.as_of)
    if ago <= 0:
        return t("show.today.state_today", live=live)
    return t("show.today.state", live=live, day=day, days=words.days(ago))


def _due(result: TodayPage, screen: "Screen") -> Table:
    """The next steps that are due: a row each, two where the screen is narrow."""
    if narrow(screen):
        head = words.pair("show.head.next_step", "show.head.deal")
        columns = [Column("due", t("show.head.due"), right=True), Column("next_step", head, flex=True)]
        return Table(columns, [row for one in result.due for row in _due_in_two(one, result)])
    return Table(
        [
            Column("due", t("show.head.due"), right=True),
            Column("next_on", t("show.head.next_on"), right=True),
            Column("next_step", t("show.head.next_step"), flex=True),
            Column("id", t("show.head.id"), right=True),
            Column("deal", t("show.head.deal"), flex=True),
            Column("customer", t("show.head.customer"), flex=True),
        ],
        [_due_in_one(one, result) for one in result.due],
    )


def _due_in_one(one: DueStep, result: TodayPage) -> list[Cell]:
    head = one.status.head
    return [
        _due_in_words(one.days),
        words.when(head.next_on, result.as_of),
        head.next_step or words.NOTHING,
        show_id(head.id),
        head.name,
        head.customer,
    ]


def _due_in_two(one: DueStep, result: TodayPage) -> list[list[Cell]]:
    head = one.status.head
    deal = "  ".join(part for part in (show_id(head.id), head.name, head.customer) if part)
    return [
        [_due_in_words(one.days), head.next_step or words.NOTHING],
        [Span(words.when(head.next_on, result.as_of), "dim"), Span(deal, "dim")],
    ]


def _due_in_words(days: int) -> Cell:
    if days == 0:
        return Span(t("show.today.today"), "strong")
    if days < 0:
        return Span(words.counted("show.today.overdue", -days), "warn")
    return words.counted("show.today.in", days)


def _unwritten(result: TodayPage) -> list[Block]:
    if result.unwritten is None:
        return []
    on = words.day_name(result.unwritten, result.as_of)
    return [Prose(Span(t("show.today.unwritten", day=on, on=result.unwritten.isoformat()), "warn"))]


def _drafts(result: TodayPage) -> list[Block]:
    if not result.drafts:
        return []
    return [Prose(Span(words.counted("show.today.drafts", len(result.drafts), first=result.drafts[0]), "warn"))]


def _week(what: str, steps: Sequence[DueStep], result: TodayPage) -> list[Block]:
    """A section of what comes within a week: a row each."""
    if not steps:
        return []
    rows: list[Block] = [Prose(_coming(what, one, result), indent=2, mark="-") for one in steps]
    return [Heading(t(f"show.today.{what}"), words.counted("show.count", len(steps))), *rows]


def _coming(what: str, one: DueStep, result: TodayPage) -> Run:
    """By when, the deal, and what it is that comes."""
    head, status = one.status.head, one.status
    if what == "closing":
        said = words.when(head.closes, result.as_of)
        if head.amount is not None:
            said += f"  {words.money(head.amount, result.schema.currency)}"
    elif what == "holds":
        said = (
            t("show.today.hold", day=words.day_name(status.held.last, result.as_of), why=status.held.why)
            if status.held
            else ""
        )
    else:
        said = t("show.today.silent", days=words.days(status.silence_days))
    when = _due_in_words(one.days)
    customer = f"  {head.customer}" if head.customer else ""
    return (when, f"  {head.name}{customer}", Span(f"  {said}  #{show_id(head.id)}", "dim"))


def _soon(result: TodayPage) -> Table:
    """A row a deal that will be past its norm within a week."""
    rows: list[list[Cell]] = []
    for one in result.soon:
        head, norm = one.status.head, one.status.norm
        rows.append([
            words.counted("show.today.in", one.days),
            result.schema.stage_label(head.stage),
            words.held_against(one.status.stay_days, norm.days if norm else None),
            head.name,
            head.customer,
        ])  # fmt: skip
    return Table(
        [
            Column("passes", t("show.head.passes")),
            Column("stage", t("show.head.stage")),
            Column("days", t("show.head.days_norm"), right=True),
            Column("deal", t("show.head.deal"), flex=True),
            Column("customer", t("show.head.customer"), flex=True),
        ],
        rows,
    )


def _step(of: DueStep) -> dict[str, object]:
    return {"days": of.days, **shapes.status(of.status)}


RENDERER = Renderer(TodayPage, page=page, to_json=to_json)
