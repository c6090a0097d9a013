"""Where the live money is at risk: a row a sign, and the deals behind each."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, Column, Details, Span, Table
from nippo_cli.render.gaps import page as gap
from nippo_cli.render.parts import words
from nippo_cli.results.gap import PagePart, Risk
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_BAR = 16


def table(part: PagePart, schema: Schema, screen: "Screen") -> list[Block]:
    """A row a sign: live deals under it, their money, and a bar of it; beneath, to be opened, which these are."""
    most = max((risk.amount for risk in part.risks), default=0)
    rows = [_risk(risk, most, part, schema, screen) for risk in part.risks]
    drawn = Table(
        [
            Column("sign", ""),
            Column("deals", t("show.head.count"), right=True),
            Column("amount", t("show.head.amount"), right=True),
            Column("share", t("show.head.share_of_amount"), right=True),
            Column("bar", ""),
        ],
        rows,
    )
    behind = [_deals_at_risk(risk, part, schema) for risk in part.risks] if screen.opens else []
    return [drawn, *behind]


def _deals_at_risk(risk: Risk, part: PagePart, schema: Schema) -> Details:
    """The deals behind a row, those with most money."""
    rows: list[list[Cell]] = [
        [
            show_id(head.id),
            head.name,
            head.customer,
            head.owner,
            words.stage(schema, head.stage),
            words.money(head.amount, schema.currency),
        ]
        for head in risk.heads
    ]
    columns = [
        Column("id", t("show.head.id"), right=True), Column("name", t("show.head.deal"), flex=True),
        Column("customer", t("show.head.customer"), flex=True), Column("owner", t("show.head.owner")),
        Column("stage", t("show.head.stage")), Column("amount", t("show.head.amount"), right=True),
    ]  # fmt: skip
    title = _title(risk)
    summary = t("show.gap.deals_behind", title=title, deals=words.counted("show.deals.count", risk.deals))
    return Details(summary, [Table(columns, rows, risk.deals - len(rows), t("show.more_hint"))], _anchor(risk, part))


def _anchor(risk: Risk, part: PagePart) -> str:
    # An owner's name is no part of an anchor; their first deal's number is one of their own.
    whose = f"-{show_id(part.risks[0].heads[0].id)}" if part.owner and part.risks[0].heads else ""
    return f"risk-{risk.kind or 'none'}{whose}"


def _title(risk: Risk) -> str:
    return gap.title(risk.kind) if risk.kind else t("show.gap.clear")


def _risk(risk: Risk, most: int, part: PagePart, schema: Schema, screen: "Screen") -> list[Cell]:
    bar = ("#" if screen.ascii else "█") * (max(round(risk.amount / most * _BAR), 1) if most and risk.amount else 0)
    return [
        _title(risk),
        Span(f"{risk.deals:,}", link=f"#{_anchor(risk, part)}" if screen.opens else ""),
        words.money(risk.amount, schema.currency),
        words.percent(risk.amount / part.amount) if part.amount else words.NOTHING,
        Span(bar, "warn" if risk.kind else "good"),
    ]
