"""`nippo tidy`: what is to be put in order, kind by kind, each row with the command that settles it."""

from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.line.near_customers import name_as
from nippo_cli.render.draw import Block, Heading, Page, Prose, Renderer, Span
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.tidy import TidyPage, TidyPart, TidyRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = ("kind", "command")


def page(result: TidyPage, screen: "Screen") -> Page:  # noqa: ARG001  every page is drawn on a screen
    """A section a kind, best settled from above; nothing to do is said."""
    note = t("tidy.note", as_of=words.day(result.as_of), entries=words.counted("tidy.entries", result.entries))
    blocks: list[Block] = [block for part in result.parts for block in _part(part, result)]
    if not result.parts:
        blocks.append(Prose(Span(t("tidy.clear"), "good")))
    if result.judged_on is not None:
        blocks += [
            Prose(""),
            Prose(Span(t("tidy.judged_on", day=words.day_name(result.judged_on, result.as_of)), "dim")),
        ]
    return Page(blocks, t("tidy.title"), note)


def to_json(result: TidyPage) -> dict[str, object]:
    """Every row, with its kind."""
    return {
        "as_of": result.as_of.isoformat(),
        "since": result.since.isoformat(),
        "entries": result.entries,
        "judged_on": shapes.day(result.judged_on),
        "totals": {part.kind: part.total for part in result.parts},
        "rows": [
            {"kind": part.kind, **row.params, "command": row.command} for part in result.parts for row in part.rows
        ],
    }


def _part(part: TidyPart, result: TidyPage) -> list[Block]:
    """A kind of things to tidy: each with its command, or one command beneath where all have the same."""
    blocks: list[Block] = [Heading(t(f"tidy.{part.kind}"), words.counted("tidy.items", part.total))]
    same = len({row.command for row in part.rows}) == 1 and len(part.rows) > 1
    for row in part.rows:
        blocks.append(Prose(_row_text(part, row, result), indent=2, mark="-"))
        if not same:
            blocks.append(Prose(Span(row.command, "dim"), indent=4))
    if more := part.total - len(part.rows):
        blocks.append(Prose(Span(f"{words.counted('show.more', more)}  {t('show.more_hint')}", "dim"), indent=2))
    if same:
        blocks.append(Prose(Span(part.rows[0].command, "dim"), indent=4))
    return blocks


def _row_text(part: TidyPart, row: TidyRow, result: TidyPage) -> str:
    """What a line says of one thing to tidy, its amounts, days and labels in words."""
    params = dict(row.params)
    if "amount" in params:
        amount = params["amount"]
        params["amount"] = words.money(amount if isinstance(amount, int) else None, result.schema.currency)
    if isinstance(on := params.get("on"), str):
        params["on"] = words.day_name(date.fromisoformat(on), result.as_of)
    if "labels" in params:
        labels = params["labels"]
        params["labels"] = t("show.comma").join(labels) if isinstance(labels, list) else labels
    if part.kind == "customers":
        params |= {one: name_as(str(params[one]), str(params.get(f"{one}_as", ""))) for one in ("one", "other")}
    key = f"tidy.row_{part.kind}"
    if part.kind == "fields" and params["idle"]:
        key = "tidy.row_fields_idle"
    return t(key, **params).strip()


RENDERER = Renderer(TidyPage, page=page, to_json=to_json, rows="rows", columns=COLUMNS, cells={"kind": "tidy."})
