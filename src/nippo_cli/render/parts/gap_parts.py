"""What the pages of several gaps are made of: the line of counts above a table, since when a finding stands, whose a row
is."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import cut, width
from nippo_cli.line.facts import DealSummary
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Prose,
    Run,
    Span,
    Table,
    spans,
)
from nippo_cli.render.parts import words
from nippo_cli.render.parts.deal_rows import named, narrow
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Currency

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

# A name beside a sentence leaves room for the sentence.
_NAME_COLUMNS = 24


def counts_line(key: str, n: int, amount: int, currency: Currency) -> str:
    """So many deals, with their money where any is known."""
    return words.counted(key, n, amount=f" {words.money(amount, currency)}" if amount else "")


def counts(first: Run, new: str, screen: "Screen") -> list[Block]:
    """The counts above a table; what is new on a line of its own where one line does not hold both."""
    if not new:
        return [Prose(first)]
    wide = sum(width(piece.text) for piece in spans((*first, f"  {new}")))
    if screen.terminal and wide > screen.columns:
        return [Prose(first), Prose(new)]
    return [Prose((*first, f"  {new}"))]


def share(of: float | None) -> str:
    """A part of the whole, in brackets."""
    return t("show.stalled.share", share=words.percent(of))


def stands_since(found: Any, as_of: date) -> Cell:
    """Since when a finding stands, marked where that is new."""
    since = t("show.gap_live.since", day=words.day(found.began_on, as_of))
    return Span(t("show.stalled.since_new", since=since), "warn") if found.new else Span(since, "dim")


def named_briefly(head: DealSummary, screen: "Screen") -> str:
    """A deal beside a sentence: its id and its name, which a terminal cuts."""
    return cut(named(head), _NAME_COLUMNS) if screen.terminal else named(head)


def heads(first: str, second: str) -> str:
    """The head of a column that holds two things under each other."""
    return t("show.head.pair", first=first, second=second)


Columns: TypeAlias = Callable[[], list[Column]]


def deal_table(
    result: GapPage,
    screen: "Screen",
    wide: tuple[Columns, Callable[[GapRow, GapPage], list[Cell]]],
    two: tuple[Columns, Callable[[GapRow, GapPage], list[list[Cell]]]],
) -> Table:
    """The findings: a row each where there is room, two where there is not; and how many more there are."""
    more, hint = result.total - len(result.rows), t("show.more_hint")
    if narrow(screen):
        columns, rows_of = two
        return Table(columns(), [row for one in result.rows for row in rows_of(one, result)], more, hint)
    columns, row_of = wide
    return Table(columns(), [row_of(one, result) for one in result.rows], more, hint)


def deal_columns() -> list[Column]:
    """Of a row each: which deal, and whose."""
    return [
        Column("id", t("show.head.id"), right=True),
        Column("deal", t("show.head.deal"), flex=True),
        Column("customer", t("show.head.customer"), flex=True),
        Column("owner", t("show.head.owner")),
    ]


def deal_cells(head: DealSummary) -> list[Cell]:
    """What stands in them."""
    return [show_id(head.id), head.name, head.customer, head.owner]
