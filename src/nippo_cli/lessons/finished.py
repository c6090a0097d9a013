"""Finished deals: what became of them, and how they stood before."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.facts import DealEvent, Outcome
from nippo_cli.line.span import Hold

FATES: tuple[Outcome, ...] = ("won", "lost", "fizzled", "open")


class Finished(NamedTuple):
    """A deal that was won or lost, or fizzled. `first_on` is its first contact, else its first entry; `ended_on` the day
    that closed it, or on which its silence passed the quiet limit."""

    deal: int
    fate: Outcome
    amount: int | None
    first_on: date
    ended_on: date


class Stood(NamedTuple):
    """How a finished deal stood `on` the day when it was as old as another: its stage, what had been said of its amount,
    its last contact; None where there was none."""

    of: Finished
    on: date
    stage: str
    amount: int | None
    last_contact_on: date | None


class Lived(NamedTuple):
    """A finished deal as far as an age: its points dated up to `cut_on` in the order of its line, holds, and the folded
    names of the people met, by entry."""

    deal: int
    fate: Outcome
    amount: int | None
    first_on: date
    cut_on: date
    points: Sequence[DealEvent]
    holds: tuple[Hold, ...] = ()
    people: Mapping[int, frozenset[str]] = MappingProxyType({})
