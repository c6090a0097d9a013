"""Comments that wait for an answer."""

from collections.abc import Sequence
from datetime import date

from nippo_cli.answers.entries import EntryView
from nippo_cli.answers.remarks import Comment
from nippo_cli.frozen import NamedTuple


class Remarked(NamedTuple):
    """A comment, and the entry that it is about: None where it is about a day."""

    comment: Comment
    entry: EntryView | None


class CommentList(NamedTuple):
    """Comments that wait for an answer: those due first, then the oldest."""

    as_of: date
    waiting: Sequence[Remarked]
