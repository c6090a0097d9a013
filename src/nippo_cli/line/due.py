"""When a next step is overdue: its last day, and the grace after it, are over."""

from datetime import date, timedelta
from functools import lru_cache

from nippo_cli.base.dates import When
from nippo_cli.line.span import ClosedDays

_SATURDAY = 5
_DAY = timedelta(days=1)


@lru_cache(maxsize=8192)
def grace_ends(due: date, grace: int, rest: ClosedDays) -> date:
    """The last day of the grace: so many business days after `due`. Saturdays, Sundays and closed days are none."""
    on, left = due, grace
    while left > 0:
        on += _DAY
        if on.weekday() < _SATURDAY and on not in rest:
            left -= 1
    return on


def overdue_days(due: When, grace: int, rest: ClosedDays, as_of: date) -> int:
    """Calendar days since the last day of what was due, once the grace is over too; else 0.

    What is due in a span (`上期`) is late only after the span's end. Rule: docs/counting.md
    """
    late = (as_of - due.last).days
    return late if late > 0 and as_of > grace_ends(due.last, grace, rest) else 0
