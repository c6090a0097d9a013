"""What waits for somebody: comments for an answer, lost deals for a review."""

from collections.abc import Sequence
from datetime import date

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.facts import Head
from nippo_cli.results.entries import EntryView
from nippo_cli.results.remarks import Comment


class Remarked(NamedTuple):
    """A comment, and the entry that it is about: None where it is about a day."""

    comment: Comment
    entry: EntryView | None


class CommentList(NamedTuple):
    """Comments that wait for an answer: those due first, then the oldest."""

    as_of: date
    waiting: Sequence[Remarked]


class Unreviewed(NamedTuple):
    """Deals lost of late that nobody has reviewed, those with most money first, the first of `total`: each worth `over`
    or more, in the smallest unit. `source` says where that comes from: the `schema`, or the `median` of closed deals."""

    deals: Sequence[Head]
    total: int
    over: int
    source: str
    n: int
