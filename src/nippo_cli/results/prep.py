"""One page before a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.line.norm import Norm
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.deals import Person
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.remarks import Comment
    from nippo_cli.schema.schema import Schema


class Lost(NamedTuple):
    """A deal that was lost, with the entry that closed it: the reason given, and what the customer said."""

    standing: DealStatus
    entry: EntryView | None


class PrepPage(NamedTuple):
    """`nippo prep`: whom one will meet, what was last said, what stands promised on both sides, what is going on.

    `live` are the customer's live deals, those with most money first; their next steps are what we promised, their
    expected closes and acceptance dates what they did. `last_words` are the latest contacts of `total_contacts`.
    """

    as_of: date
    agreement: Schema
    customer: str
    people: Sequence[Person]
    last_words: Sequence[EntryView]
    total_contacts: int
    live: Sequence[DealStatus]
    won: Sequence[DealStatus]
    lost: Sequence[Lost]
    comments: Sequence[Comment]
    norms: Sequence[Norm]
