"""`nippo gap stalled`: which deals have stayed longer than their norm, and what they were held against.

A finding is a question to a colleague: the page says what is so, and asks.
"""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.gaps.stalled import Stalled
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
from nippo_cli.render.gaps.page import mark_new, nothing_live
from nippo_cli.render.parts import (
    counts,
    counts_line,
    deal_cells,
    deal_columns,
    deal_table,
    named,
    norms,
    shapes,
    share,
    whose,
    words,
)
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = ("stay_days", "norm_days", "norm.source", "norm.n", "silence_days", "closes", "confidence")
TOO_MANY = 0.5


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """A summary line, the findings, and the norms they rest on."""
    if not result.counted.live:
        return nothing_live(result)
    found = brief(result, screen)
    if result.rows:
        found.append(Prose(t("show.stalled.question")))
    elif not result.counted.stalled:
        found.append(Prose(Span(t("show.stalled.none"), "good")))
    if (result.counted.share or 0) > TOO_MANY:
        found += _too_many(result)
    if result.norms:
        found += [Heading(t("show.gap.norms")), norms.facts(result.norms, result.agreement)]
    return found


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The summary line and the findings."""
    lines = _summary(result, screen)
    return [*lines, _table(result, screen)] if result.rows else lines


def sign(found: Stalled, _head: DealSummary, _agreement: Schema) -> str:
    """`滞留 75日/30日`."""
    return t("show.stalled.sign", days=words.held_against(found.stay_days, found.norm.days))


def ask() -> str:
    """What the deal waits for."""
    return t("show.stalled.ask")


def summary(result: GapPage) -> dict[str, object]:
    """Deals live, stalled and new, with their money."""
    count = result.counted
    return {
        "live": count.live,
        "live_amount": count.live_amount,
        "stalled": count.stalled,
        "stalled_amount": count.stalled_amount,
        "new": count.new,
        "new_amount": count.new_amount,
        "share": shapes.rate(count.share),
        "on_hold": count.on_hold,
    }


def entries(row: GapRow) -> list[int]:
    """Where the stay began, and the last contact."""
    head = row.head
    if head.last_contact is None or head.last_contact == head.stay_entry:
        return [head.stay_entry]
    return [head.stay_entry, head.last_contact]


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """The stay against its norm, the silence, and what is promised."""
    found, head = row.found, row.head
    return {
        "stay_days": found.stay_days,
        "norm_days": found.norm.days,
        "norm": {"source": found.norm.source, "n": found.norm.n},
        "silence_days": row.silence_days,
        "closes": shapes.when(head.closes),
        "confidence": head.confidence or None,
    }


def _summary(result: GapPage, screen: "Screen") -> list[Block]:
    count, currency = result.counted, result.agreement.currency
    live = counts_line("show.stalled.live", count.live, count.live_amount, currency)
    stuck = counts_line("show.stalled.stalled", count.stalled, count.stalled_amount, currency)
    new = counts_line("show.stalled.new", count.new, count.new_amount, currency) if count.stalled else ""
    return counts((f"{live}  ", Span(stuck, "strong"), share(count.share)), new, screen)


def _table(result: GapPage, screen: "Screen") -> Table:
    return deal_table(result, screen, (_columns, _one), (_two_columns, _two))


def _columns() -> list[Column]:
    return [
        *deal_columns(),
        Column("stage", t("show.head.stage")),
        Column("days", t("show.head.days_norm"), right=True),
        Column("since", t("show.head.since"), right=True),
        Column("new", t("show.head.new")),
        Column("silence", t("show.head.silence"), right=True),
        Column("closes", t("show.head.closes"), right=True),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _one(row: GapRow, result: GapPage) -> list[Cell]:
    found, head, as_of = row.found, row.head, result.as_of
    return [
        *deal_cells(head),
        result.agreement.stage_label(found.stage),
        words.held_against(found.stay_days, found.norm.days),
        words.day(found.began_on, as_of),
        mark_new(new=found.new),
        words.days_short(row.silence_days),
        words.when(head.closes, as_of),
        words.money(found.amount, result.agreement.currency),
    ]


def _two_columns() -> list[Column]:
    return [
        Column("deal", words.pair("deal", "owner"), flex=True),
        Column("stage", words.pair("stage", "since")),
        Column("days", words.pair("days", "silence"), right=True),
        Column("amount", words.pair("amount", "closes"), right=True),
    ]


def _two(row: GapRow, result: GapPage) -> list[list[Cell]]:
    """Two rows a deal: what is asked about, then what it rests on."""
    found, head = row.found, row.head
    since = t("show.stalled.since", day=words.day(found.began_on, result.as_of))
    return [
        [
            named(head),
            result.agreement.stage_label(found.stage),
            words.held_against(found.stay_days, found.norm.days),
            words.money(found.amount, result.agreement.currency),
        ],
        [
            whose(head.owner, head.customer),
            Span(t("show.stalled.since_new", since=since), "warn") if found.new else Span(since, "dim"),
            Span(t("show.stalled.silence", days=words.days_short(row.silence_days)), "dim"),
            Span(words.when(head.closes, result.as_of), "dim"),
        ],
    ]


def _too_many(result: GapPage) -> list[Block]:
    """Above half, the norm or the list itself is stale: what to type for either."""
    agreement = result.agreement
    lost = next((s.key for s in agreement.stages if s.ends == "lost"), None)
    said: list[Block] = [
        Prose(""),
        Prose(Span(t("show.stalled.too_many", share=words.percent(result.counted.share)), "strong")),
        Prose(t("show.stalled.too_many_norm"), indent=2, mark="-"),
    ]
    if result.rows and lost is not None:
        option = (agreement.key("stage") or "stage").replace("_", "-")
        command = f"nippo add {show_id(result.rows[0].head.id)} --{option} {lost}"
        said.append(Prose(t("show.stalled.too_many_list", command=command), indent=2, mark="-"))
    return said
