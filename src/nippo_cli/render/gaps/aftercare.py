"""`nippo gap aftercare`: customers who bought and hear nothing, what they bought, and how long ago."""

from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.gaps.aftercare import Unheard
from nippo_cli.line.facts import DealSummary
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Heading,
    Prose,
    Span,
    Table,
)
from nippo_cli.render.gaps.page import mark_new
from nippo_cli.render.parts import (
    counts,
    counts_line,
    deal_cells,
    deal_columns,
    deal_table,
    heads,
    named,
    norms,
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

COLUMNS = ("why", "silence_days", "norm_days", "norm.source", "norm.n", "won_on", "days_since_won", "last_contact_on")


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """How many customers hear nothing, the deals, and the norms they rest on."""
    count = result.counted
    if not count.followed:
        return [Prose(t("show.aftercare.no_stages")), Prose(t("show.aftercare.no_stages_hint"), indent=2)]
    if not count.won:
        return [Prose(t("show.gap.none_match" if result.filtered else "show.aftercare.none_won"))]
    found = brief(result, screen)
    if result.rows:
        found.append(Prose(t("show.aftercare.question")))
    elif not count.unheard:
        found.append(Prose(Span(t("show.aftercare.none"), "good")))
    if result.norms:
        found += [Heading(t("show.gap.norms")), norms.facts(result.norms, result.agreement)]
    return found


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts and the findings."""
    lines = _summary(result, screen)
    return [*lines, _table(result, screen)] if result.rows else lines


def lacking(result: GapPage) -> str:
    """No stage after the order, or no order yet."""
    if not result.counted.followed:
        return t("show.aftercare.no_stages")
    return "" if result.counted.won else t("show.aftercare.none_won")


def summary(result: GapPage) -> dict[str, object]:
    """Customers who bought, those who hear nothing, and the deals with their money."""
    count = result.counted
    return {
        "won": count.won,
        "customers": count.customers,
        "unheard_customers": count.unheard,
        "share": shapes.rate(count.share),
        "found": count.found,
        "found_amount": count.found_amount,
        "new": count.new,
        "new_amount": count.new_amount,
    }


def entries(row: GapRow) -> list[int]:
    """Where the stage was entered, and the last contact."""
    head = row.head
    return list(dict.fromkeys(e for e in (head.stay_entry, head.last_contact) if e is not None))


def finding(row: GapRow, result: GapPage) -> dict[str, object]:
    """The silence against its norm, and when it was sold."""
    found, head = row.found, row.head
    return {
        "why": found.why,
        "silence_days": found.silence_days,
        "norm_days": found.norm.days,
        "norm": {"source": found.norm.source, "n": found.norm.n},
        "won_on": head.closed_on.isoformat() if head.closed_on else None,
        "days_since_won": (result.as_of - head.closed_on).days if head.closed_on else None,
        "last_contact_on": head.last_contact_on.isoformat() if head.last_contact_on else None,
    }


def sign(found: Unheard, _head: DealSummary, _agreement: Schema) -> str:
    """`契約後の連絡なし 120日/60日`."""
    return t("show.aftercare.sign", days=words.held_against(found.silence_days, found.norm.days))


def ask() -> str:
    """What to ask about such a deal."""
    return t("show.aftercare.ask")


def _summary(result: GapPage, screen: "Screen") -> list[Block]:
    count, currency = result.counted, result.agreement.currency
    bought = words.counted("show.aftercare.bought", count.customers)
    unheard = words.counted("show.aftercare.unheard", count.unheard)
    found = counts((f"{bought}  ", Span(unheard, "strong"), share(count.share)), "", screen)
    if count.found:
        listed = counts_line("show.aftercare.found", count.found, count.found_amount, currency)
        new = counts_line("show.gap_live.new", count.new, count.new_amount, currency)
        found += counts((listed,), new, screen)
    return found


def _table(result: GapPage, screen: "Screen") -> Table:
    return deal_table(result, screen, (_columns, _one), (_two_columns, _two))


def _columns() -> list[Column]:
    return [
        *deal_columns(),
        Column("won", t("show.aftercare.head_won"), right=True),
        Column("stage", t("show.aftercare.head_stage")),
        Column("silence", t("show.aftercare.head_silence"), right=True),
        Column("last", t("show.gap_live.head_last"), right=True),
        Column("since", t("show.head.since"), right=True),
        Column("new", t("show.head.new")),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _one(row: GapRow, result: GapPage) -> list[Cell]:
    found, head, as_of = row.found, row.head, result.as_of
    return [
        *deal_cells(head),
        words.day(head.closed_on, as_of) if head.closed_on else words.NOTHING,
        _stage(found, result.agreement),
        words.held_against(found.silence_days, found.norm.days),
        words.day(head.last_contact_on, as_of) if head.last_contact_on else words.NOTHING,
        words.day(found.began_on, as_of),
        mark_new(new=found.new),
        words.money(found.amount, result.agreement.currency),
    ]


def _two_columns() -> list[Column]:
    return [
        Column("deal", heads(t("show.head.deal"), t("show.head.customer")), flex=True),
        Column("stage", heads(t("show.head.stage"), t("show.gap_live.head_since"))),
        Column("silence", heads(t("show.aftercare.head_silence"), t("show.gap_live.head_last")), right=True),
        Column("amount", heads(t("show.head.amount"), t("show.aftercare.head_won")), right=True),
    ]


def _two(row: GapRow, result: GapPage) -> list[list[Cell]]:
    found, head, as_of = row.found, row.head, result.as_of
    return [
        [
            named(head),
            _stage(found, result.agreement),
            words.held_against(found.silence_days, found.norm.days),
            words.money(found.amount, result.agreement.currency),
        ],
        [
            whose(head.customer, head.owner),
            stands_since(found, as_of),
            Span(words.day(head.last_contact_on, as_of) if head.last_contact_on else words.NOTHING, "dim"),
            Span(_won(head, as_of), "dim"),
        ],
    ]


def _stage(found: Unheard, agreement: Schema) -> Cell:
    if found.why == "never_entered":
        return Span(t("show.aftercare.never_entered", stage=agreement.stage_label(found.stage)), "warn")
    return agreement.stage_label(found.stage)


def _won(head: DealSummary, as_of: date) -> str:
    """`264日前`."""
    if head.closed_on is None:
        return words.NOTHING
    return t("show.aftercare.won_ago", ago=words.days((as_of - head.closed_on).days))
