"""`nippo gap next`: deals for which nothing dated is planned, or whose date has passed and nothing came of it."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.gaps.next import NoNext
from nippo_cli.line.facts import DealSummary
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Prose,
    Span,
    Table,
)
from nippo_cli.render.gaps.page import mark_new, nothing_live
from nippo_cli.render.parts import (
    counts,
    counts_line,
    deal_cells,
    deal_columns,
    deal_table,
    heads,
    named,
    shapes,
    share,
    stands_since,
    whose,
    words,
)
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = ("why", "overdue_days", "next_step", "next_on", "last_contact_on", "silence_days", "closes")


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts, the findings, and how late a step may be."""
    count = result.counted
    if not count.live:
        return nothing_live(result)
    found = brief(result, screen)
    if result.rows:
        found.append(Prose(t("show.next.question")))
    elif not count.found:
        found.append(Prose(Span(t("show.next.none_found"), "good")))
    grace = words.counted("show.next.grace", result.agreement.grace)
    return [*found, Prose(""), Prose(Span(grace, "dim"))]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts and the findings."""
    lines = _summary(result, screen)
    return [*lines, _table(result, screen)] if result.rows else lines


def summary(result: GapPage) -> dict[str, object]:
    """Deals live, and those without a step or with one overdue, with their money."""
    count = result.counted
    return {
        "live": count.live,
        "live_amount": count.live_amount,
        "found": count.found,
        "found_amount": count.found_amount,
        "share": shapes.rate(count.share),
        "none": count.none,
        "overdue": count.overdue,
        "new": count.new,
        "new_amount": count.new_amount,
    }


def figures(result: GapPage) -> dict[str, object]:
    """How many business days late a step may be."""
    return {"grace_days": result.agreement.grace}


def entries(row: GapRow) -> list[int]:
    """The entry that named the step, and the last contact."""
    head = row.head
    found = (head.next_entry, head.last_contact)
    return list(dict.fromkeys(e for e in found if e is not None)) or [head.stay_entry]


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """What is missing or overdue, and when something was last heard."""
    found, head = row.found, row.head
    return {
        "why": found.why,
        "overdue_days": found.overdue_days,
        "next_step": head.next_step or None,
        "next_on": shapes.when(head.next_on),
        "last_contact_on": head.last_contact_on.isoformat() if head.last_contact_on else None,
        "silence_days": row.silence_days,
        "closes": shapes.when(head.closes),
    }


def sign(found: NoNext, head: DealSummary, _agreement: Schema) -> str:
    """`次の一手なし`, `次の一手 11/11 12日超過`."""
    if found.why == "none":
        return t("show.next.sign_none")
    due = words.when(head.next_on, found.began_on)
    return t("show.next.sign_overdue", day=due, days=words.days_short(found.overdue_days))


def ask() -> str:
    """What to ask about such a deal."""
    return t("show.next.ask")


def _summary(result: GapPage, screen: "Screen") -> list[Block]:
    count, currency = result.counted, result.agreement.currency
    live = counts_line("show.stalled.live", count.live, count.live_amount, currency)
    said = counts_line("show.next.found", count.found, count.found_amount, currency)
    new = counts_line("show.gap_live.new", count.new, count.new_amount, currency) if count.found else ""
    found = counts((f"{live}  ", Span(said, "strong"), share(count.share)), new, screen)
    if count.found:
        parts = t("show.next.parts", none=f"{count.none:,}", overdue=f"{count.overdue:,}")
        found.append(Prose(Span(parts, "dim")))
    return found


def _table(result: GapPage, screen: "Screen") -> Table:
    return deal_table(result, screen, (_columns, _one), (_two_columns, _two))


def _columns() -> list[Column]:
    return [
        *deal_columns(),
        Column("stage", t("show.head.stage")),
        Column("why", t("show.next.head_late"), right=True),
        Column("due", t("show.head.next_on"), right=True),
        Column("step", t("show.head.next_step"), flex=True),
        Column("silence", t("show.head.silence"), right=True),
        Column("since", t("show.gap_live.head_since"), right=True),
        Column("new", t("show.head.new")),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _one(row: GapRow, result: GapPage) -> list[Cell]:
    found, head, as_of = row.found, row.head, result.as_of
    return [
        *deal_cells(head),
        result.agreement.stage_label(found.stage),
        _late(found),
        words.when(head.next_on, as_of),
        head.next_step,
        words.days_short(row.silence_days),
        words.day(found.began_on, as_of),
        mark_new(new=found.new),
        words.money(found.amount, result.agreement.currency),
    ]


def _two_columns() -> list[Column]:
    return [
        Column("deal", heads(t("show.head.deal"), t("show.head.next_step")), flex=True),
        Column("stage", heads(t("show.head.stage"), t("show.gap_live.head_since"))),
        Column("late", heads(t("show.next.head_late"), t("show.head.next_on")), right=True),
        Column("amount", heads(t("show.head.amount"), t("show.head.silence")), right=True),
    ]


def _two(row: GapRow, result: GapPage) -> list[list[Cell]]:
    """What stands still, then what was to come; whose it is where nothing was."""
    found, head, as_of = row.found, row.head, result.as_of
    return [
        [
            named(head),
            result.agreement.stage_label(found.stage),
            _late(found),
            words.money(found.amount, result.agreement.currency),
        ],
        [
            whose(head.owner, head.next_step or head.customer),
            stands_since(found, as_of),
            Span(words.when(head.next_on, as_of), "dim"),
            Span(t("show.stalled.silence", days=words.days_short(row.silence_days)), "dim"),
        ],
    ]


def _late(found: NoNext) -> Cell:
    if found.why == "none":
        return Span(t("show.next.nothing"), "warn")
    return words.days_short(found.overdue_days)
