"""What was promised for a month, what was to be sold in one and what came in it; the deals behind a sum. Gaps and the landing share
it, so that a month holds the same on every page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, TypeAlias

from nippo_cli.base.dates import month_number
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.facts import DealAt, DealSummary

# What a month is filled with: orders by the day of the order, or sales by that of the acceptance.
Basis: TypeAlias = Literal["order", "sale"]
BASES: tuple[Basis, ...] = ("order", "sale")


class Promised(NamedTuple):
    """A deal that was promised for a month, as it stood on the day before the month began and as was known then. `heard_on` is the last
    contact by then, or the deal's beginning; None where it takes the whole line to tell."""

    deal: int
    amount: int | None
    confidence: str
    owner: str
    on_hold: bool = False
    heard_on: date | None = None


class Target(NamedTuple):
    """What was to be sold in a month, by its number (`base.dates.month_number`): by an owner, or by the whole team (`owner`
    empty); of one kind of deal, or of all (`kind` empty)."""

    id: int
    owner: str
    month: int
    amount: int
    kind: str = ""


class Pile(NamedTuple):
    """Deals, what they add up to in the currency's smallest unit, and how many of them name no amount; `amounts` has what each of them
    is in it with. Money of no deal is in the sum alone."""

    deals: tuple[int, ...] = ()
    amount: int = 0
    without_amount: int = 0
    amounts: tuple[int | None, ...] = ()


def pile_of(worth: Iterable[tuple[int, int | None]]) -> Pile:
    """A pile of deals, each with its amount, in their order."""
    listed = list(worth)
    deals, amounts = tuple(deal for deal, _ in listed), tuple(amount for _, amount in listed)
    return Pile(deals, sum(amount or 0 for amount in amounts), amounts.count(None), amounts)


def pile_of_deals(heads: Iterable[DealSummary | DealAt]) -> Pile:
    """The same of deals that say their amounts themselves."""
    return pile_of((head.id, head.amount) for head in heads)


def pile_up(piles: Iterable[Pile]) -> Pile:
    """Several piles as one, in their order."""
    listed = list(piles)
    return Pile(
        tuple(deal for pile in listed for deal in pile.deals),
        sum(pile.amount for pile in listed),
        sum(pile.without_amount for pile in listed),
        tuple(amount for pile in listed for amount in pile.amounts),
    )


def won_in(head: DealSummary | DealAt) -> int | None:
    """The month that a deal was won in, by its number; None of any other."""
    return month_number(head.closed_on) if head.fate == "won" and head.closed_on is not None else None


class MonthMoney(NamedTuple):
    """Money that came in a month, by its number: an order, or a row of the ledger (of a deal, or of none). `amount` None: an order
    that named none."""

    month: int
    deal: int | None
    amount: int | None


def ordered_money(heads: Iterable[DealSummary]) -> Iterator[MonthMoney]:
    """The orders among deals, each in the month of its order."""
    for head in heads:
        month = won_in(head)
        if month is not None:
            yield MonthMoney(month, head.id, head.amount)


def pile_of_money(rows: Iterable[MonthMoney]) -> Pile:
    """Rows as a pile, in their order."""
    listed = list(rows)
    pile = pile_of((row.deal, row.amount) for row in listed if row.deal is not None)
    return pile._replace(amount=pile.amount + sum(row.amount or 0 for row in listed if row.deal is None))


def piles_by_month(rows: Iterable[MonthMoney]) -> dict[int, Pile]:
    """What came in each month."""
    by_month: defaultdict[int, list[MonthMoney]] = defaultdict(list)
    for row in rows:
        by_month[row.month].append(row)
    return {month: pile_of_money(of_month) for month, of_month in by_month.items()}
