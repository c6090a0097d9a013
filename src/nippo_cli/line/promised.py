"""What was promised for a month, and what was to be sold in one; the deals behind a sum. Gaps and the landing share it."""

from collections.abc import Iterable

from nippo_cli.base.dates import month_number
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.facts import DealSummary


class Promised(NamedTuple):
    """A deal that was promised for a month, as it stood on the day before the month began and as was known then."""

    deal: int
    stage: str
    amount: int | None
    confidence: str
    owner: str
    on_hold: bool = False


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


def pile_of(deal: int, amount: int | None) -> Pile:
    """A pile of one deal."""
    return Pile((deal,), amount or 0, int(amount is None), (amount,))


def pile_up(piles: Iterable[Pile]) -> Pile:
    """Several piles as one, in their order."""
    listed = list(piles)
    return Pile(
        tuple(deal for pile in listed for deal in pile.deals),
        sum(pile.amount for pile in listed),
        sum(pile.without_amount for pile in listed),
        tuple(amount for pile in listed for amount in pile.amounts),
    )


def won_in(head: DealSummary) -> int | None:
    """The month that a deal was won in, by its number; None of any other."""
    return month_number(head.closed_on) if head.fate == "won" and head.closed_on is not None else None
