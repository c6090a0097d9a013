"""`nippo gap aftercare`: customers who bought and hear nothing, what they bought, and how long ago."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, Prose, Span
from nippo_cli.render.gaps import table
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.gaps.signs import is_hidden, unheard_days
from nippo_cli.render.gaps.table import Narrow, Wide
from nippo_cli.render.parts import shapes, whose, words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_COLUMNS = (
    "why", "silence_days", "silence_at_least", "norm_days", "norm.source", "norm.n", "won_on", "days_since_won", "last_contact_on",
)  # fmt: skip


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """How many customers hear nothing, the deals, and the norms they rest on."""
    count = result.counted
    if not count.followed:
        return [Prose(t("show.aftercare.no_stages")), Prose(t("show.aftercare.no_stages_hint"), indent=2)]
    if not count.won:
        return [Prose(t("show.gap.none_match" if result.filtered else "show.aftercare.none_won"))]
    return [
        *brief(result, screen),
        *table.question(result, "show.aftercare.question", none="show.aftercare.none"),
        *table.norms_used(result),
    ]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts and the findings."""
    count, currency = result.counted, result.schema.currency
    bought = words.counted("show.aftercare.bought", count.customers)
    unheard = words.counted("show.aftercare.unheard", count.unheard)
    lines: list[Block] = [Prose(table.counts(bought, unheard, words.share_of(count.unheard, count.customers)))]
    if count.flagged:
        lists = table.GapLists(result)
        listed = lists.matching(
            table.counts_line("show.aftercare.found", count.flagged, count.flagged_amount, currency)
        )
        new = lists.new(table.counts_line("show.gap_live.new", count.new, count.new_amount, currency))
        lines += [*table.with_new((listed,), new, screen), *lists.blocks()]
    return [*lines, *table.findings(result, screen, _WIDE, _NARROW)]


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
        "found": count.flagged,
        "found_amount": count.flagged_amount,
        "new": count.new,
        "new_amount": count.new_amount,
    }


def entries(row: GapRow) -> list[int]:
    """Where the stage was entered, and the last contact."""
    head = row.head
    return list(dict.fromkeys(e for e in (head.stay_entry, head.last_contact) if e is not None))


def finding(row: GapRow, result: GapPage) -> dict[str, object]:
    """The silence against its norm, and when it was sold."""
    one, head = row.finding, row.head
    return {
        "why": one.why,
        "silence_days": one.silence_days,
        "silence_at_least": is_hidden(head),
        "norm_days": one.norm.days,
        "norm": {"source": one.norm.source, "n": one.norm.n},
        "won_on": shapes.day(head.closed_on),
        "days_since_won": (result.as_of - head.closed_on).days if head.closed_on else None,
        "last_contact_on": shapes.day(head.last_contact_on),
    }


def _won(row: GapRow, result: GapPage) -> Cell:
    return table.day_or_nothing(row.head.closed_on, result.as_of)


def _won_ago(row: GapRow, result: GapPage) -> Cell:
    """`264日前`."""
    if row.head.closed_on is None:
        return words.NOTHING
    return t("show.aftercare.won_ago", ago=words.days((result.as_of - row.head.closed_on).days))


def _stage(row: GapRow, result: GapPage) -> Cell:
    label = result.schema.stage_label(row.finding.stage)
    if row.finding.why == "never_entered":
        return Span(t("show.aftercare.never_entered", stage=label), "warn")
    return label


def _silence(row: GapRow, _result: GapPage) -> Cell:
    return unheard_days(row.finding, row.head)


def _customer_first(row: GapRow, _result: GapPage) -> Cell:
    return whose(row.head.customer, row.head.owner)


_WIDE = (
    *table.DEAL,
    Wide("won", "show.aftercare.head_won", _won, right=True),
    Wide("stage", "show.aftercare.head_stage", _stage),
    Wide("silence", "show.aftercare.head_silence", _silence, right=True),
    table.LAST_CONTACT,
    table.BEYOND_SINCE,
    table.NEW,
    table.AMOUNT,
)
_NARROW = (
    Narrow("deal", ("show.head.deal", "show.head.customer"), table.deal_named, _customer_first, flex=True),
    Narrow("stage", ("show.head.stage", "show.gap_live.head_since"), _stage, table.since),
    Narrow("silence", ("show.aftercare.head_silence", "show.gap_live.head_last"), _silence, table.last_contact,
           right=True),
    Narrow("amount", ("show.head.amount", "show.aftercare.head_won"), table.amount, _won_ago, right=True),
)  # fmt: skip

RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="show.aftercare.ask",
    lacking=lacking,
    summary=summary,
    finding=finding,
    columns=_COLUMNS,
    entries=entries,
)
