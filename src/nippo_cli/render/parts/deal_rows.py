"""Deals as rows of a table: one row each where there is room, two where there is not."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.line.facts import DealSummary, StayArrival
from nippo_cli.render.draw import Cell, Column, LazyRows, Span, Table, Tone
from nippo_cli.render.parts import words
from nippo_cli.results.deal_status import DealStatus
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

# From here on a deal's row holds its customer, stage and money without cutting most Japanese names.
WIDE = 160


def narrow(screen: "Screen") -> bool:
    """Whether each deal takes two rows."""
    return screen.terminal and screen.columns < WIDE


def table(
    deals: Sequence[DealStatus],
    schema: Schema,
    as_of: date,
    screen: "Screen",
    *,
    more: int = 0,
    customer: bool = True,
) -> Table:
    """The deals in the order given; without `customer` on a page that is about one."""
    hint = t("show.more_hint")
    if narrow(screen):
        rows = [row for one in deals for row in _two(one, schema, as_of, customer=customer)]
        return Table(_two_columns(customer=customer), rows, more, hint)
    columns = [
        Column("id", t("show.head.id"), right=True),
        Column("name", t("show.head.deal"), flex=True),
        *([Column("customer", t("show.head.customer"), flex=True)] if customer else []),
        Column("stage", t("show.head.stage")),
        Column("days", t("show.head.days_norm"), right=True),
        Column("closes", t("show.head.closes"), right=True),
        Column("amount", t("show.head.amount"), right=True),
        Column("owner", t("show.head.owner")),
        Column("outcome", t("show.head.outcome")),
    ]
    # Of many thousands of rows most say the same.
    stay, outcome = cache(_stay), cache(_outcome)

    def row(of: DealStatus) -> list[Cell]:
        head = of.head
        return [
            show_id(head.id),
            head.name,
            *([head.customer] if customer else []),
            words.stage(schema, head.stage),
            stay(of.stay_days, of.limit_days, head.arrival, of.stalled),
            words.when(head.closes if head.closed_on is None else None, as_of),
            words.money(head.amount, schema.currency),
            head.owner,
            outcome("on_hold" if of.held is not None else of.outcome, head.closed_on, as_of),
        ]

    return Table(columns, LazyRows(row, deals), more, hint)


def named(head: DealSummary) -> str:
    """A deal's first row: its id, which is quickest to type, and its name."""
    return f"{show_id(head.id)} {head.name}"


def whose(*of: str) -> Cell:
    """A deal's second row: whose it is."""
    return Span("  " + " ".join(part for part in of if part), "dim")


def stay_cell(of: DealStatus) -> Cell:
    """A stay against its norm and the closed days that lengthen it; beyond them in the tone of a warning."""
    return _stay(of.stay_days, of.limit_days, of.head.arrival, of.stalled)


def _stay(stay_days: int | None, limit_days: int | None, arrival: StayArrival, stalled: bool) -> Cell:  # noqa: FBT001  a key of a cache
    shown = words.held_against(stay_days, limit_days, arrival)
    return Span(shown, "warn") if stalled else shown


def outcome_cell(of: DealStatus, near: date) -> Cell:
    """The fate in a word, and the day of a closed deal; a hold before `open`."""
    return _outcome("on_hold" if of.held is not None else of.outcome, of.head.closed_on, near)


def _outcome(outcome: str, closed_on: date | None, near: date) -> Cell:
    shown = t(f"show.outcome.{outcome}")
    if closed_on is not None and outcome != "on_hold":
        shown = f"{shown} {words.day(closed_on, near)}"
    return Span(shown, _TONES[outcome])


_TONES: dict[str, Tone] = {"won": "good", "lost": "dim", "fizzled": "warn", "open": "plain", "on_hold": "dim"}


def _two_columns(*, customer: bool) -> list[Column]:
    second = t("show.head.customer") if customer else t("show.head.owner")
    return [
        Column("name", t("show.head.pair", first=t("show.head.deal"), second=second), flex=True),
        Column("stage", words.pair("show.head.stage", "show.head.outcome")),
        Column("days", words.pair("show.head.days", "show.head.closes"), right=True),
        Column("amount", t("show.head.amount") if not customer else
               words.pair("show.head.amount", "show.head.owner"), right=True),
    ]  # fmt: skip


def _two(of: DealStatus, schema: Schema, as_of: date, *, customer: bool) -> list[list[Cell]]:
    """A deal in two rows: what it is, then whose and how it stands."""
    head = of.head
    closes = words.when(head.closes, as_of) if head.closes and head.closed_on is None else ""
    return [
        [named(head), words.stage(schema, head.stage), stay_cell(of), words.money(head.amount, schema.currency)],
        [
            whose(head.customer if customer else head.owner),
            outcome_cell(of, as_of),
            Span(closes, "dim"),
            Span(head.owner if customer else "", "dim"),
        ],
    ]
