"""What comes back after a write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.base.errors import Message
    from nippo_cli.lessons.repeated_loss import RepeatedLoss
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.deals import Precedents
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Schema


class CustomerChange(NamedTuple):
    """A deal whose customer is another by a write; `after` is empty where it has none any more. `deal` is None where it is
    the entry alone that went from one customer's deal to another's."""

    deal: int | None
    name: str
    before: str
    after: str


class Recap(NamedTuple):
    """An entry recorded or corrected, and the line of its deal: at most one sign, progress before worry.

    `moved_from` is the stage that the entry moved the deal out of (None if it stayed); `new_deal` that it began one;
    `next_stage` the stage after the deal's; `missing` the fields that a later correction still has to fill;
    `precedents` what became of deals like it, where nothing is more urgent. `customers` are the deals whose customer it
    changed, its own or one that it left; `other_customer` is the deal's where the entry says another and the deal keeps it.
    `lesson` is a loss that the deal came to resemble by this entry.
    """

    as_of: date
    schema: Schema
    entry: EntryView
    status: DealStatus | None
    moved_from: str | None
    new_deal: bool
    next_stage: str | None
    sign: Literal["stalled", "overdue", "fizzled", "pushed"] | None
    missing: Sequence[str]
    dry_run: bool
    corrected: bool = False
    precedents: Precedents | None = None
    customers: Sequence[CustomerChange] = ()
    other_customer: str = ""
    lesson: RepeatedLoss | None = None


class Done(NamedTuple):
    """A write that needs one line: `what` is a catalogue key under `done.`, its parameters beside it; `customers` are the
    deals whose customer it changed, `to_do` what is left to be done, in words."""

    what: str
    params: dict[str, object]
    records: Sequence[int]
    dry_run: bool
    customers: Sequence[CustomerChange] = ()
    to_do: Message | None = None
