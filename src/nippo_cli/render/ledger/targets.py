"""`nippo target list`: months down, owners beside each."""

from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_start
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Cell, Column, Page, Prose, Renderer, Table
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.ledger import TargetPage

if TYPE_CHECKING:
    from nippo_cli.line.promised import Target
    from nippo_cli.render.draw import Screen

COLUMNS = ("id", "owner", "kind", "month", "amount")


def page(result: TargetPage, _screen: "Screen") -> Page:
    """A row a target, the newest month first."""
    title, note = t("show.targets.title"), t("show.targets.note", as_of=words.day(result.as_of))
    if not result.targets:
        return Page([Prose(t("show.targets.none")), Prose(t("show.targets.none_hint"), indent=2)], title, note)
    columns = [
        Column("month", t("show.targets.head_month")),
        Column("owner", t("show.head.owner"), flex=True),
        Column("amount", t("show.targets.head_amount"), right=True),
    ]
    newest = sorted(result.targets, key=lambda target: -target.month)
    return Page([Table(columns, [_row(target, result) for target in newest])], title, note)


def to_json(result: TargetPage) -> dict[str, object]:
    """The targets that stand, oldest month first."""
    return {
        "as_of": result.as_of.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "targets": [
            {
                "id": show_id(of.id),
                "owner": of.owner or None,
                "kind": of.kind or None,
                "month": month_text(of),
                "amount": of.amount,
            }
            for of in result.targets
        ],
    }


def month_text(of: "Target") -> str:
    """`2026-10`."""
    return month_start(of.month).isoformat()[:7]


def _row(of: "Target", result: TargetPage) -> list[Cell]:
    first = month_start(of.month)
    shown = t("show.of_year", span=words.month(first.month), year=first.year)
    whose = of.owner or (result.schema.kind_label(of.kind) if of.kind else t("landing.for_team"))
    return [shown, whose, words.money(of.amount, result.schema.currency)]


RENDERER = Renderer(TargetPage, page=page, to_json=to_json, rows="targets", columns=COLUMNS)
