"""Deals as rows of a table: one row each where there is room, two where there is not."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING

from nippo_cli.base.dates import When
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.line.facts import DealSummary, Outcome, StayArrival
from nippo_cli.render.draw import Cell, Column, LazyGroups, Span, Table, Tone
from nippo_cli.render.parts import words
from nippo_cli.results.deal_status import DealRow
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from nippo_cli.render.draw import Screen

# From here on a deal's row holds its customer, stage and money without cutting most Japanese names.
WIDE = 160
_AT_ONCE = 2000


def narrow(screen: "Screen") -> bool:
    """Whether each deal takes two rows."""
    return screen.terminal and screen.columns < WIDE


def table(
    deals: Sequence[DealRow],
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
        pairs = [row for one in deals for row in _two(one, schema, as_of, customer=customer)]
        return Table(_two_columns(customer=customer), pairs, more, hint)
    cells = _cells_of(schema, as_of, customer=customer)
    # A column after the other: of thousands of rows in two thirds of the time.
    starts = range(0, len(deals), _AT_ONCE)
    rows = LazyGroups[Sequence[Cell]](lambda first: cells(deals[first : first + _AT_ONCE]), starts, len(deals))
    return Table(_columns(customer=customer), rows, more, hint)


def _columns(*, customer: bool) -> list[Column]:
    """The heads of the wide table, with or without that of the customer."""
    return [
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


def _cells_of(
    schema: Schema, as_of: date, *, customer: bool
) -> "Callable[[Sequence[DealRow]], Iterable[Sequence[Cell]]]":
    """What makes the rows of some deals. Of many thousands most say the same, which is made once."""
    stage, stay = cache(partial(words.stage, schema)), cache(_stay)
    closes, outcome = cache(partial(_closes, near=as_of)), cache(partial(_outcome, near=as_of))
    money = cache(partial(words.money, currency=schema.currency))

    def cells(some: Sequence[DealRow]) -> Iterable[Sequence[Cell]]:
        return zip(
            [show_id(of.id) for of in some],
            [of.name for of in some],
            *([[of.customer for of in some]] if customer else []),
            [stage(of.stage) for of in some],
            [stay(of.stay_days, of.limit_days, of.arrival, of.stalled) for of in some],
            [closes(of.closes, of.closed_on) for of in some],
            [money(of.amount) for of in some],
            [of.owner for of in some],
            [outcome(of.outcome, of.closed_on, of.on_hold) for of in some],
            strict=True,
        )

    return cells


def named(head: DealSummary | DealRow) -> str:
    """A deal's first row: its id, which is quickest to type, and its name."""
    return f"{show_id(head.id)} {head.name}"


def whose(*of: str) -> Cell:
    """A deal's second row: whose it is."""
    return Span("  " + " ".join(part for part in of if part), "dim")


def _stay(stay_days: int | None, limit_days: int | None, arrival: StayArrival, stalled: bool) -> Cell:  # noqa: FBT001  a key of a cache
    """A stay against its norm and the closed days that lengthen it; beyond them in the tone of a warning."""
    shown = words.held_against(stay_days, limit_days, arrival)
    return Span(shown, "warn") if stalled else shown


def _closes(closes: When | None, closed_on: date | None, near: date) -> str:
    """When a live deal is promised to close."""
    return words.when(closes if closed_on is None else None, near)


def _outcome(outcome: Outcome, closed_on: date | None, on_hold: bool, near: date) -> Cell:  # noqa: FBT001  a key of a cache
    """The fate in a word, and the day of a closed deal; a hold before `open`."""
    if on_hold:
        return Span(t("show.outcome.on_hold"), "dim")
    shown = t(f"show.outcome.{outcome}")
    return Span(shown if closed_on is None else f"{shown} {words.day(closed_on, near)}", _TONES[outcome])


_TONES: dict[Outcome, Tone] = {"won": "good", "lost": "dim", "fizzled": "warn", "open": "plain"}


def _two_columns(*, customer: bool) -> list[Column]:
    second = t("show.head.customer") if customer else t("show.head.owner")
    return [
        Column("name", t("show.head.pair", first=t("show.head.deal"), second=second), flex=True),
        Column("stage", words.pair("show.head.stage", "show.head.outcome")),
        Column("days", words.pair("show.head.days", "show.head.closes"), right=True),
        Column("amount", t("show.head.amount") if not customer else
               words.pair("show.head.amount", "show.head.owner"), right=True),
    ]  # fmt: skip


def _two(of: DealRow, schema: Schema, as_of: date, *, customer: bool) -> list[list[Cell]]:
    """A deal in two rows: what it is, then whose and how it stands."""
    closes = words.when(of.closes, as_of) if of.closes and of.closed_on is None else ""
    stay = _stay(of.stay_days, of.limit_days, of.arrival, of.stalled)
    return [
        [named(of), words.stage(schema, of.stage), stay, words.money(of.amount, schema.currency)],
        [
            whose(of.customer if customer else of.owner),
            _outcome(of.outcome, of.closed_on, of.on_hold, as_of),
            Span(closes, "dim"),
            Span(of.owner if customer else "", "dim"),
        ],
    ]
