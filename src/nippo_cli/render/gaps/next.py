"""`nippo gap next`: deals for which nothing dated is planned, or whose date has passed and nothing came of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.gaps.next import NoNext
from nippo_cli.render.draw import Block, Cell, Prose, Span
from nippo_cli.render.gaps import table
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.gaps.table import Narrow, Wide
from nippo_cli.render.parts import sentence, shapes, whose, words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_COLUMNS = (
    "why",
    "overdue_days",
    "next_step",
    "next_on",
    "last_contact_on",
    "silence_days",
    "silence_at_least",
    "closes",
)


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts, the findings, and how late a step may be."""
    if not result.counted.live:
        return table.nothing_live(result)
    grace = words.counted("show.next.grace", result.schema.grace)
    return [
        *brief(result, screen),
        *table.question(result, "show.next.question", none="show.next.none_found"),
        Prose(""),
        Prose(Span(grace, "dim")),
    ]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts and the findings."""
    count = result.counted
    lines = table.counts_above(
        result,
        screen,
        ("show.stalled.live", count.live, count.live_amount),
        ("show.next.found", count.flagged, count.flagged_amount),
        ("show.gap_live.new", count.new, count.new_amount),
    )
    if count.flagged:
        lists = table.GapLists(result, "parts")
        parts = {
            why: lists.matching(f"{n:,}", t(f"show.next.listed_{why}"), _is_so(why))
            for why, n in (("none", count.none), ("overdue", count.overdue))
        }
        lines += [Prose(sentence("show.next.parts", "dim", **parts)), *lists.blocks()]
    return [*lines, *table.findings(result, screen, _WIDE, _NARROW)]


def _is_so(why: str) -> Callable[[NoNext], bool]:
    return lambda one: one.why == why


def summary(result: GapPage) -> dict[str, object]:
    """Deals live, and those without a step or with one overdue, with their money."""
    count = result.counted
    return {
        "live": count.live,
        "live_amount": count.live_amount,
        "found": count.flagged,
        "found_amount": count.flagged_amount,
        "share": shapes.rate(count.share),
        "none": count.none,
        "overdue": count.overdue,
        "new": count.new,
        "new_amount": count.new_amount,
    }


def figures(result: GapPage) -> dict[str, object]:
    """How many business days late a step may be."""
    return {"grace_days": result.schema.grace}


def entries(row: GapRow) -> list[int]:
    """The entry that named the step, and the last contact."""
    head = row.head
    named = (head.next_entry, head.last_contact)
    return list(dict.fromkeys(e for e in named if e is not None)) or [head.stay_entry]


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """What is missing or overdue, and when something was last heard."""
    one, head = row.finding, row.head
    return {
        "why": one.why,
        "overdue_days": one.overdue_days,
        "next_step": head.next_step or None,
        "next_on": shapes.when(head.next_on),
        "last_contact_on": shapes.day(head.last_contact_on),
        "silence_days": row.silence_days,
        "silence_at_least": head.silence_at_least,
        "closes": shapes.when(head.closes),
    }


def _late(row: GapRow, _result: GapPage) -> Cell:
    if row.finding.why == "none":
        return Span(t("show.next.nothing"), "warn")
    return words.days_short(row.finding.overdue_days)


def _due(row: GapRow, result: GapPage) -> Cell:
    return words.when(row.head.next_on, result.as_of)


def _whose_step(row: GapRow, _result: GapPage) -> Cell:
    """What was to come; the customer where nothing was."""
    return whose(row.head.owner, row.head.next_step or row.head.customer)


_WIDE = (
    *table.DEAL,
    table.STAGE,
    Wide("why", "show.next.head_late", _late, right=True),
    Wide("due", "show.head.next_on", _due, right=True),
    Wide("step", "show.head.next_step", lambda row, _: row.head.next_step, flex=True),
    table.SILENCE,
    table.SINCE,
    table.NEW,
    table.AMOUNT,
)
_NARROW = (
    Narrow("deal", ("show.head.deal", "show.head.next_step"), table.deal_named, _whose_step, flex=True),
    table.STAGE_SINCE,
    Narrow("late", ("show.next.head_late", "show.head.next_on"), _late, _due, right=True),
    Narrow("amount", ("show.head.amount", "show.head.silence"), table.amount, table.silence_in_words, right=True),
)

RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="show.next.ask",
    summary=summary,
    figures=figures,
    finding=finding,
    columns=_COLUMNS,
    entries=entries,
)
