"""One page before a visit."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.lessons.anonymize import NamesToHide
    from nippo_cli.lessons.story import FirstSign
    from nippo_cli.line.norm import Norm
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.deals import DealPage, Person, Precedents
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.remarks import Comment
    from nippo_cli.schema.schema import Schema


class Lost(NamedTuple):
    """A deal that was lost, with the entry that closed it: the reason given, and what the customer said."""

    status: DealStatus
    entry: EntryView | None


class PrepPage(NamedTuple):
    """`nippo prep`: whom one will meet, what was last said, what stands promised on both sides, what is going on.

    `live` are the customer's live deals, those with most money first; their next steps are what we promised, but for the deals
    `waiting`, by id, where the customer has to move. `last_words` are the latest contacts of `total_contacts`; `decided` what was
    decided of live deals and is done, by deal.
    """

    as_of: date
    schema: Schema
    customer: str
    people: Sequence[Person]
    last_words: Sequence[EntryView]
    total_contacts: int
    live: Sequence[DealStatus]
    won: Sequence[DealStatus]
    lost: Sequence[Lost]
    comments: Sequence[Comment]
    norms: Sequence[Norm]
    waiting: frozenset[int] = frozenset()
    decided: Mapping[int, Sequence[Comment]] = MappingProxyType({})


SweepReason: TypeAlias = Literal["overdue", "stalled", "fizzled"]


class SweepRow(NamedTuple):
    """A deal, and why it is asked about."""

    status: DealStatus
    why: Sequence[SweepReason]


class SweepList(NamedTuple):
    """`nippo sweep`: those with most reasons first, then those with most money."""

    as_of: date
    schema: Schema
    rows: Sequence[SweepRow]


class StoryPage(NamedTuple):
    """`nippo deal story`: the whole line of a finished deal, impressions left out unless they were asked for.

    `ended_on` closed it, or is the day on which its silence passed the quiet limit; `signs` the first of each kind before
    that; `steps` counts dated next steps by what became of them; `reasons` (by key), `competitor` and `customer_words` are
    what was last stated. `names` is who may stand in it, for a story that names nobody; None where it names all.
    """

    of: DealPage
    ended_on: date
    signs: Sequence[FirstSign]
    steps: Counter[str]
    reasons: Sequence[str]
    competitor: str
    customer_words: str
    own_view: str
    precedents: Precedents | None
    names: NamesToHide | None = None
