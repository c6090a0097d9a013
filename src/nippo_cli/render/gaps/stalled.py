"""`nippo gap stalled`: which deals have stayed longer than their norm, and what they were held against.

A finding is a question to a colleague: the page says what is so, and asks.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, Column, FactRows, Heading, Prose, Span, Table
from nippo_cli.render.gaps import table
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.gaps.table import Narrow, Wide
from nippo_cli.render.parts import ball_days, ball_held, ball_json, ball_label, narrow, shapes, words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_COLUMNS = (
    "stay_days",
    "arrival",
    "norm_days",
    "norm.source",
    "norm.n",
    "limit_days",
    "silence_days",
    "silence_at_least",
    "closes",
    "confidence",
    "ball.holder",
    "ball.ours",
    "ball.since",
    "ball.customer_days",
    "ball.unknown_days",
)
_TOO_MANY = 0.5
# Of fewer deals a share says little.
_FEW = 10


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """A summary line, the findings, and the norms they rest on."""
    if not result.counted.live:
        return table.nothing_live(result)
    return [
        *brief(result, screen),
        *table.question(result, "show.stalled.question", none="show.stalled.none"),
        *(_picture(result) if screen.pictures else ()),
        *_balls(result, screen),
        *(_too_many(result) if (result.counted.share or 0) > _TOO_MANY and result.counted.live >= _FEW else []),
        *table.norms_used(result),
    ]


def _picture(result: GapPage) -> Sequence[Block]:
    from nippo_cli.render.gaps import stay_picture

    return stay_picture.pictures(result)


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The summary line and the findings."""
    count = result.counted
    lines = table.counts_above(
        result,
        screen,
        ("show.stalled.live", count.live, count.live_amount),
        ("show.stalled.stalled", count.stalled, count.stalled_amount),
        ("show.stalled.new", count.new, count.new_amount),
    )
    return [*lines, *table.findings(result, screen, _WIDE, _NARROW)]


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


def finding(row: GapRow, result: GapPage) -> dict[str, object]:
    """The stay against its norm, the silence, what is promised, and who has to move next."""
    one, head = row.finding, row.head
    return {
        "stay_days": one.stay_days,
        "arrival": head.arrival,
        "norm_days": one.norm.days,
        "norm": {"source": one.norm.source, "n": one.norm.n},
        "limit_days": one.limit_days,
        "silence_days": row.silence_days,
        "silence_at_least": head.silence_at_least,
        "closes": shapes.when(head.closes),
        "confidence": head.confidence or None,
        "ball": ball_json(row.detail, result.schema),
    }


def _stay(row: GapRow, _result: GapPage) -> Cell:
    return words.held_against(row.finding.stay_days, row.finding.limit_days, row.head.arrival)


def _beyond_since(row: GapRow, result: GapPage) -> Cell:
    day = words.day(row.finding.began_on, result.as_of)
    return table.marked_new(t("show.stalled.since", day=day), new=row.finding.new)


_WIDE = (
    *table.DEAL,
    table.STAGE,
    Wide("days", "show.head.days_norm", _stay, right=True),
    table.BEYOND_SINCE,
    table.NEW,
    table.SILENCE,
    table.CLOSES,
    table.AMOUNT,
)
_NARROW = (
    table.WHICH_AND_WHOSE,
    Narrow("stage", ("show.head.stage", "show.head.since"), table.stage, _beyond_since),
    Narrow("days", ("show.head.days", "show.head.silence"), _stay, table.silence_in_words, right=True),
    Narrow("amount", ("show.head.amount", "show.head.closes"), table.amount, table.closes, right=True),
)


def _balls(result: GapPage, screen: "Screen") -> list[Block]:
    """Who has to move next in each, and whose the days of its stay were."""
    schema = result.schema
    names = table.named_briefly(result.rows, screen)
    rows: list[tuple[str, str, str]] = [
        (name, ball_held(row.detail, schema, result.as_of), ball_days(row.detail, schema))
        for name, row in zip(names, result.rows, strict=True)
        if row.detail is not None
    ]
    if not rows:
        return []
    if narrow(screen):
        # A column would be cut to a word where each of three has a sentence.
        said = [(name, (held, "  ", Span(days, "dim"))) for name, held, days in rows]
        return [Heading(t("show.stalled.balls")), FactRows(said)]
    columns = [
        Column("deal", t("show.head.deal")),
        Column("ball", ball_label(schema)),
        Column("days", t("ball.head_days"), flex=True),
    ]
    return [Heading(t("show.stalled.balls")), Table(columns, rows)]


def _too_many(result: GapPage) -> list[Block]:
    """Above half, the norm or the list itself is stale: what to type for either."""
    schema = result.schema
    lost = next((s.key for s in schema.stages if s.ends == "lost"), None)
    said: list[Block] = [
        Prose(""),
        Prose(
            Span(
                t("show.stalled.too_many", share=words.share_of(result.counted.stalled, result.counted.live)), "strong"
            )
        ),
        Prose(t("show.stalled.too_many_norm"), indent=2, mark="-"),
    ]
    if result.rows and lost is not None:
        option = (schema.key("stage") or "stage").replace("_", "-")
        command = f"nippo add {show_id(result.rows[0].head.id)} --{option} {lost}"
        said.append(Prose(t("show.stalled.too_many_list", command=command), indent=2, mark="-"))
    return said


RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="show.stalled.ask",
    summary=summary,
    finding=finding,
    columns=_COLUMNS,
    entries=entries,
)
