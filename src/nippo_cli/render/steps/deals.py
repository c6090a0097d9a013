"""`nippo steps --deals STAGE:FIGURE`: the deals that a figure counts."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.line.steps import Skip
from nippo_cli.render.draw import Block, Cell, Column, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import left_out, named, narrow, shapes, whose, words
from nippo_cli.results.steps import StepsDeals, StepsRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.line.steps import Window
    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Schema

COLUMNS = (
    "deal.id", "deal.name", "deal.customer", "deal.owner", "amount", "on", "left_on", "days", "came", "became", "to",
    "entries",
)  # fmt: skip


def page(result: StepsDeals, screen: "Screen") -> Page:
    """The deals, most money first."""
    stage, figure = result.schema.stage_label(result.stage), t(f"show.steps.figure_{result.figure}")
    count = words.counted("show.deals.count", result.total)
    note = t("show.steps.deals_note", count=count, window=words.between(*result.window))
    blocks: list[Block] = [_table(result, screen)] if result.rows else [Prose(t("show.steps.no_deals"))]
    title = t("show.steps.title_deals", stage=stage, figure=figure)
    return Page([*blocks, *left_out(result.left_out)], title, note)


def to_json(result: StepsDeals) -> dict[str, object]:
    """The figure and its deals."""
    return {
        "as_of": result.as_of.isoformat(),
        "since": result.window.since.isoformat(),
        "until": result.window.until.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "stage": result.stage,
        "figure": result.figure,
        "total": result.total,
        "deals": [_row(row) for row in result.rows],
        "left_out": dict(result.left_out),
    }


def _row(row: StepsRow) -> dict[str, object]:
    """A stay in the stage, or a step past it, as data."""
    passed = row.passed
    if isinstance(passed, Skip):
        return {
            "deal": shapes.deal(row.head), "amount": passed.amount, "on": passed.on.isoformat(), "left_on": None,
            "days": None, "came": None, "became": "skipped", "to": passed.to, "entries": [show_id(passed.entry)],
        }  # fmt: skip
    entries = [passed.entry] if passed.left_entry is None else [passed.entry, passed.left_entry]
    return {
        "deal": shapes.deal(row.head),
        "amount": passed.amount,
        "on": passed.entered_on.isoformat(),
        "left_on": shapes.day(passed.left_on),
        "days": passed.days,
        "came": passed.came,
        "became": passed.became,
        "to": passed.to or None,
        "entries": shapes.ids(entries),
    }


def _table(result: StepsDeals, screen: "Screen") -> Table:
    """A row each where there is room, two where there is not."""
    more, hint = result.total - len(result.rows), t("show.more_hint")
    if not narrow(screen):
        return table_of(result.rows, result.window, result.schema, more, hint)
    columns = [
        Column("deal", words.pair("show.head.deal", "show.head.owner"), flex=True),
        Column("on", t("show.steps.head_on"), right=True),
        Column("days", t("show.head.days"), right=True),
        Column("became", t("show.steps.head_became")),
        Column("amount", t("show.head.amount"), right=True),
    ]
    return Table(columns, [line for row in result.rows for line in _two(row, result)], more, hint)


def table_of(rows: "Sequence[StepsRow]", window: "Window", schema: "Schema", more: int, hint: str) -> Table:
    """A row a passage: whose it was, from when to when, what became of it."""
    columns = [
        Column("id", t("show.head.id"), right=True),
        Column("deal", t("show.head.deal"), flex=True),
        Column("customer", t("show.head.customer"), flex=True),
        Column("owner", t("show.head.owner")),
        Column("on", t("show.steps.head_on"), right=True),
        Column("left_on", t("show.steps.head_left_on"), right=True),
        Column("days", t("show.head.days"), right=True),
        Column("became", t("show.steps.head_became")),
        Column("amount", t("show.head.amount"), right=True),
    ]
    drawn: list[list[Cell]] = []
    for row in rows:
        on, left, days, became = _row_texts(row, window.until, schema)
        head, amount = row.head, words.money(row.passed.amount, schema.currency)
        drawn.append([show_id(head.id), head.name, head.customer, head.owner, on, left, days, became, amount])
    return Table(columns, drawn, more, hint)


def _two(row: StepsRow, result: StepsDeals) -> list[list[Cell]]:
    on, left, days, became = _row_texts(row, result.window.until, result.schema)
    amount = words.money(row.passed.amount, result.schema.currency)
    return [
        [named(row.head), on, days, became, amount],
        [whose(row.head.owner, row.head.customer), Span(left, "dim"), "", "", ""],
    ]


def _row_texts(row: StepsRow, near: "date", schema: "Schema") -> tuple[str, str, str, str]:
    """The day, the day that it left, the length of the stay, and what became of it."""
    passed, label = row.passed, schema.stage_label
    if isinstance(passed, Skip):
        return words.day(passed.on, near), "", "", t("show.steps.passed_to", stage=label(passed.to))
    left = t("show.steps.until", day=words.day(passed.left_on, near)) if passed.left_on else ""
    became = t("show.steps.went_to", stage=label(passed.to)) if passed.to else t(f"show.steps.figure_{passed.became}")
    return (
        words.day(passed.entered_on, near),
        left,
        words.days_short(passed.days) if passed.days is not None else "",
        became,
    )


RENDERER = Renderer(StepsDeals, page=page, to_json=to_json, rows="deals", columns=COLUMNS)
