"""A dated prediction as people know it: a day, or a span such as a month or a half-year."""

from datetime import date
from functools import lru_cache
from typing import Self

from nippo_cli.base.frozen import NamedTuple


class When(NamedTuple):
    """From `first` to `last`, both included; an exact day has both the same.

    As text it is ISO 8601: `2026-03-10`, or the interval `2026-03-01/2026-03-31`.
    """

    first: date
    last: date

    @classmethod
    def day(cls, on: date) -> Self:
        """An exact day."""
        return cls(on, on)

    @property
    def exact(self) -> bool:
        """Whether it names one day."""
        return self.first == self.last

    def holds(self, other: "When") -> bool:
        """Whether the other lies within this one."""
        return self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        return self.first.isoformat() if self.exact else f"{self.first.isoformat()}/{self.last.isoformat()}"


@lru_cache(maxsize=8192)
def read_when(text: str) -> When:
    """The `When` that `str` wrote.

    Raises:
        ValueError: the text is neither an ISO date nor an interval of two.
    """
    first, _, last = text.partition("/")
    begins = date.fromisoformat(first)
    return When(begins, date.fromisoformat(last) if last else begins)


def moved(before: When, after: When) -> int:
    """Days by which a promise moved: later is positive, earlier negative.

    One that lies within the other only says the same more or less finely, so it has not moved.
    """
    if before.holds(after) or after.holds(before):
        return 0
    return (after.last - before.last).days
