"""How long a silence may last (the fizzled mark is derived from it, never typed), and how late a next step may be: its last
day, and the grace after it."""

from datetime import date, timedelta
from functools import lru_cache
from typing import TypeAlias

from nippo_cli.base.dates import When
from nippo_cli.line.facts import DealAt, DealPlace, DealSummary, ListedDeal
from nippo_cli.line.span import ClosedDays, net_days, on_hold

# A deal of which it is known when it was last heard of.
HeardDeal: TypeAlias = DealSummary | DealPlace | DealAt | ListedDeal


def silence_days(head: HeardDeal, as_of: date) -> int:
    """Days since the last contact, or since the deal began where there was none; held days taken off. Where a list came later than any
    contact, the days since that list: it has been silent for at least so long."""
    return net_days(head.holds, head.heard_on or head.began_on, as_of)


def is_fizzled(head: HeardDeal, quiet_days: int, rest: ClosedDays, as_of: date) -> bool:
    """Live, silent for longer than the quiet limit, with no dated next step ahead and not on hold.

    Closed days inside the silence lengthen the limit. Before the list that first tells of a deal nobody knows whether it was silent.
    Rule: docs/counting.md
    """
    return is_silent(head, quiet_days, rest, as_of) and not (head.next_on is not None and head.next_on.last >= as_of)


def is_silent(head: HeardDeal, quiet_days: int, rest: ClosedDays, as_of: date) -> bool:
    """The same, whether a next step lies ahead or not."""
    if not head.stage and head.heard_on is None:
        return False
    if head.fate != "live" or on_hold(head.holds, as_of):
        return False
    since = head.heard_on or head.began_on
    # The plain difference first: most deals never come near the limit.
    if (as_of - since).days <= quiet_days:
        return False
    return silence_days(head, as_of) > quiet_days + rest.count(since, as_of, head.holds)


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
