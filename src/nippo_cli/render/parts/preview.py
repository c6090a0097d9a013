"""A report before it is recorded: numbered rows, each of which can be changed by its number."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from nippo_cli.base.language import t
from nippo_cli.render.draw import (
    Block,
    Cell,
    FactRows,
    Heading,
    Prose,
    Run,
    Span,
)
from nippo_cli.render.parts import words
from nippo_cli.results.drafts import Preview
from nippo_cli.schema.schema import Field, Schema


def blocks(result: Preview) -> list[Block]:
    """The report in the schema's order. Rows are numbered from 1: the day, the deal, then `rows_of`."""
    deal: Cell | Run = (Span(result.deal, "strong"),) if result.deal else Span(words.NOTHING, "dim")
    if result.new_deal:
        deal = (Span(result.deal, "strong"), Span("  " + t("flow.review.new_deal"), "good"))
    rows: list[tuple[str, Cell | Run]] = [
        (t("flow.day"), words.day_name(result.on, result.today)),
        (_deal_label(result), deal),
    ]
    said = {field.key: value for field, value in result.said}
    for field in rows_of(result):
        shown: Cell = (
            understood(field, said[field.key], result.schema, result.today)
            if field.key in said
            else Span(t("flow.review.waiting"), "warn")
        )
        rows.append((field.label, shown))
    size = len(str(len(rows)))
    pairs = [(f"{at:>{size}} {label}", value) for at, (label, value) in enumerate(rows, 1)]
    blocks: list[Block] = [Prose(""), Heading(t("flow.review.title")), FactRows(pairs)]
    if result.unsaid:
        labels = t("show.comma").join(field.label for field in result.unsaid)
        blocks.append(Prose(Span(t("flow.review.more", labels=labels), "dim"), indent=size + 1))
    return blocks


def _deal_label(result: Preview) -> str:
    field = result.schema.by_role.get("deal")
    return field.label if field else t("word.deal")


def rows_of(result: Preview) -> list[Field]:
    """The fields that stand in numbered rows, behind the day and the deal."""
    waiting = {field.key for field in result.waiting}
    said = {field.key for field, _ in result.said}
    return [f for f in result.schema.fields if f.key in said or f.key in waiting]


def understood(field: Field, value: Any, schema: Schema, near: date) -> str:
    """A value as nippo understood it; a day with its weekday, its year where that is not `near`'s."""
    return words.value(field, value, schema, near, weekdays=True)


def values_line(stands: Sequence[tuple[Field, Any]], schema: Schema, near: date, *, numbers: bool = True) -> Run:
    """What a deal already has in one line, numbered: `1 フェーズ 提案  2 金額 1,200,000円`."""
    cells: list[Cell] = []
    for at, (field, value) in enumerate(stands, 1):
        lead = f"{at} {field.label} " if numbers else f"{field.label} "
        cells.append(Span(("  " if cells else "") + lead, "dim"))
        cells.append(understood(field, value, schema, near))
    return tuple(cells)
