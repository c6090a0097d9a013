"""What a search finds beside the entries: words of comments, of days, of reviews."""

from collections.abc import Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.facts import DealRef
from nippo_cli.line.review import Review
from nippo_cli.results.remarks import DayNote
from nippo_cli.results.waiting import Remarked


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

    def first(self, limit: int) -> "Beside":
        """So many of each; 0: all."""
        to = limit or None
        return Beside(self.comments[:to], self.days[:to], self.reviews[:to])
