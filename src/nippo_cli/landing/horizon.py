"""The months that a landing shows."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias

from nippo_cli.base.dates import month_number

LandingSpan: TypeAlias = Literal["next", "month", "quarter", "half", "fiscal_year"]
SPANS: tuple[LandingSpan, ...] = ("next", "month", "quarter", "half", "fiscal_year")
_LENGTH = {"quarter": 3, "half": 6, "fiscal_year": 12}
_NEXT = 3


def months_of(span: LandingSpan, as_of: date, fiscal_year_start: int) -> Sequence[int]:
    """The numbers of the months of a span around a day: this month and two more (`next`), this month, or the fiscal
    quarter, half or year that it lies in, from its first month to its last.

    Args:
        fiscal_year_start: the month (1–12) in which fiscal years begin.
    """
    now = month_number(as_of)
    if span == "month":
        return range(now, now + 1)
    if span == "next":
        return range(now, now + _NEXT)
    length = _LENGTH[span]
    first = now - (now - (fiscal_year_start - 1)) % length
    return range(first, first + length)
