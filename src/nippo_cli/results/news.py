"""What a team's members have to know of one another: what is new, what is unread, who has not handed in."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.line.facts import DealRef, DealSummary
    from nippo_cli.results.entries import EntryView, LogPage, Remarked
    from nippo_cli.results.remarks import Acknowledgement, Comment, DayNote, Follow
    from nippo_cli.schema.schema import Schema

# Why an entry of a colleague is shown: of a deal that one owns, or follows, it or its customer; or a deal ended by it.
NewsReason: TypeAlias = Literal["own", "followed", "won", "lost"]
# What of a deal that went to another owner concerns the reader.
HandedTo: TypeAlias = Literal["taken", "given", "told"]


class NewsRow(NamedTuple):
    """A colleague's entry, and why it is shown."""

    entry: EntryView
    why: NewsReason


class TeamNews(NamedTuple):
    """What colleagues wrote since the last look of a day before, `since`: None on the first day of all.

    `rows` are those that concern the reader, then orders and losses: the first of `row_total`. `entries` is how many entries
    there are in all, by author; `more` that there are others that nobody counted. `answers` are to what the reader had said;
    `readers` how many of the reader's own each colleague has confirmed to have read.
    """

    since: date | None
    rows: Sequence[NewsRow] = ()
    row_total: int = 0
    entries: Mapping[str, int] = MappingProxyType({})
    more: bool = False
    answers: Sequence[Remarked] = ()
    readers: Mapping[str, int] = MappingProxyType({})

    def __bool__(self) -> bool:
        return bool(self.entries or self.answers or self.readers)

    @property
    def total(self) -> int:
        """How many entries and answers there are."""
        return sum(self.entries.values()) + len(self.answers)


class NewsLog(NamedTuple):
    """`nippo log --new`: the entries that are new, and what the morning page says of all that is."""

    log: LogPage
    news: TeamNews


class UnreadDay(NamedTuple):
    """What one member wrote of a day and the reader has not confirmed to have read: how many entries and remarks."""

    author: str
    on: date
    n: int


class HandedDeals(NamedTuple):
    """The deals that went from one owner to another since the last look of a day before: the reader has them now (`taken`), or had
    them (`given`), or is told of it. `left`: the first left the team since then; who did so without a deal has no `taker`."""

    giver: str
    taker: str
    deals: Sequence[DealRef]
    whose: HandedTo
    left: bool


class TeamMorning(NamedTuple):
    """What the morning page has of the team: what is new; whose deals are another's now, and who left (`handed`); for whoever
    confirms reports what is unread of the last days; how many conflicts are to be settled (`Conflict`); and who has said nothing
    of the last working day, `missing_on`: that is for the screen alone, no file and no data."""

    news: TeamNews | None = None
    unread: Sequence[UnreadDay] = ()
    conflicts: int = 0
    missing_on: date | None = None
    missing: Sequence[str] = ()
    upto: Mapping[int, int] = MappingProxyType({})
    handed: Sequence[HandedDeals] = ()


class MemberDay(NamedTuple):
    """What one member wrote of a day: entries in the order in which they were written, and the day's own remarks."""

    author: str
    entries: Sequence[EntryView]
    notes: Sequence[DayNote]


class FollowRow(NamedTuple):
    """What is followed: the deal as it stands, or the customer."""

    of: Follow
    deal: DealSummary | None
    customer: str


class FollowList(NamedTuple):
    """`nippo follow` alone."""

    as_of: date
    schema: Schema
    author: str
    rows: Sequence[FollowRow]


class TeamDay(NamedTuple):
    """`nippo log --team`: a day of everybody who wrote of it, by name; the comments on it and on what they wrote, with the `deals` that
    some are about; and who has read which of it. `workday_before` is the last day of work before a day of rest of which nobody wrote."""

    as_of: date
    on: date
    schema: Schema
    members: Sequence[MemberDay]
    comments: Sequence[Comment]
    readers: Mapping[int, Sequence[Acknowledgement]]
    deals: Mapping[int, DealRef] = MappingProxyType({})
    workday_before: date | None = None
