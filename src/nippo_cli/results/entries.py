"""Entries as they are read back."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from datetime import date

    from nippo_cli.line.facts import DealRef, DealSummary, Review
    from nippo_cli.results.remarks import Acknowledgement, Comment, DayNote
    from nippo_cli.schema.schema import Schema


class EntryView(NamedTuple):
    """An entry in one version. `values` are canonical JSON values by field key, judged and labelled by
    `schema`, the version that it was written under; `deal` is resolved. `customer` is the one that it names, else its deal's,
    as that is called on the day. A `snapshot` says what is on its day, not what happened. An erased entry has `values` {}. One whose
    records are damaged says what was derived from them, and `remains` is their text as it is now; empty of a sound one."""

    id: int
    version: int
    on: date
    recorded_at: str
    known_on: date
    author: str
    deal: DealRef | None
    meeting: int | None
    values: Mapping[str, Any]
    incomplete: bool
    corrected: bool
    batch: int | None
    schema: Schema
    erased: bool = False
    remains: str = ""
    customer: str = ""
    snapshot: bool = False

    @property
    def damaged(self) -> bool:
        """Whether a record of it is damaged."""
        return bool(self.remains)


class LeftOutBehind(NamedTuple):
    """What stands behind the counts of what a page leaves out, by the reason: entries, the first of them, and deals."""

    entries: Mapping[str, Sequence[EntryView]] = MappingProxyType({})
    deals: Mapping[str, Sequence[DealSummary]] = MappingProxyType({})


NOTHING_LEFT_OUT: Final = LeftOutBehind()


class EntryList:
    """Entries that are read as they are gone through, each time anew: a long list is never held.

    Args:
        ids: of the entries, in their order.
        read: reads the entries of such ids, in their order; one that can't be read any more it leaves out.
    """

    __slots__ = ("_read", "ids")

    def __init__(self, ids: Sequence[int], read: Callable[[Sequence[int]], Iterator[EntryView]]) -> None:
        self.ids = ids
        self._read = read

    def __iter__(self) -> Iterator[EntryView]:
        return self._read(self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, ids: Sequence[int]) -> Iterator[EntryView]:
        """The entries of some of its ids."""
        return self._read(ids)


class LogPage(NamedTuple):
    """Entries, newest first, or `likeliest` first. `total` counts all that match, or where it is not exact at least so many do;
    `incomplete` and `ahead` (dated after `as_of`) are among them. `more`: there are others that nobody counted, so that `total` is
    only how many are here. `narrowed`: not all were asked for. `beside` is what else a search found, and `beside_total` how much
    of that there is. `is_first`: the diary has no entry at all. `workday_before` is the last day of work before a day of rest that was
    asked for and has none."""

    as_of: date
    since: date | None
    until: date | None
    entries: Sequence[EntryView] | EntryList
    total: int
    incomplete: int
    ahead: int
    searched: str = ""
    more: bool = False
    narrowed: bool = False
    total_is_exact: bool = True
    likeliest: bool = False
    beside: Beside | None = None
    beside_total: int = 0
    is_first: bool = False
    workday_before: date | None = None


class Version(NamedTuple):
    """One record of an entry's history, oldest first. `changed` maps a field key (or `on`, `deal`, `author`) to what it
    was and what it became. Where the day of a damaged one can't be read, `known_on` is that of the one before."""

    record: int
    what: Literal["entry", "amend", "retract", "restore", "redact", "damaged"]
    author: str
    recorded_at: str
    known_on: date
    why: str
    changed: Mapping[str, tuple[Any, Any]]


class EntryPage(NamedTuple):
    """One entry, with its history where it was asked for. `time_zone` is the journal's: when it was recorded is told
    in it. `comments` are those on it; `missing`, by key, what an incomplete entry still lacks.
    `apart` as in `same_customer`; `readers` who says that they have read it."""

    entry: EntryView
    history: Sequence[Version]
    retracted: bool
    with_history: bool = False
    time_zone: str = "UTC"
    comments: Sequence[Comment] = ()
    as_of: date | None = None
    missing: Sequence[str] = ()
    apart: Container[str] = frozenset()
    readers: Sequence[Acknowledgement] = ()


class Remarked(NamedTuple):
    """A comment, and the entry or the deal that it is about: None where it is about another kind of those, or a day."""

    comment: Comment
    entry: EntryView | None = None
    deal: DealRef | None = None

    @property
    def of_deal(self) -> DealRef | None:
        """The deal that it is about, itself or by its entry."""
        return self.deal if self.entry is None else self.entry.deal


class CommentList(NamedTuple):
    """Comments that wait for an answer, and decisions that wait to be carried out: those due first, then the oldest."""

    as_of: date
    waiting: Sequence[Remarked]


class Unreviewed(NamedTuple):
    """Deals lost of late that nobody has reviewed, those with most money first, the first of `total`: each worth `over`
    or more, in the smallest unit. `source` says where that comes from: the `schema`, or the `median` of closed deals."""

    deals: Sequence[DealSummary]
    total: int
    over: int
    source: str
    n: int


class Reviewed(NamedTuple):
    """A review, and the deal that it is about."""

    review: Review
    deal: DealRef


class Beside(NamedTuple):
    """All that hold the words, newest first."""

    comments: Sequence[Remarked] = ()
    days: Sequence[DayNote] = ()
    reviews: Sequence[Reviewed] = ()

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.comments) + len(self.days) + len(self.reviews)

    def first(self, limit: int) -> Beside:
        """So many of each; 0: all."""
        to = limit or None
        return Beside(self.comments[:to], self.days[:to], self.reviews[:to])
