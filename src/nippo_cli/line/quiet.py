"""The fizzled mark: derived from silence, never typed."""

from datetime import date

from nippo_cli.line.facts import DealSummary
from nippo_cli.line.span import ClosedDays, net_days, on_hold


def silence_days(head: DealSummary, as_of: date) -> int:
    """Days since the last contact, or since the deal began where there was none; held days taken off."""
    return net_days(head.holds, head.last_contact_on or head.began_on, as_of)


def is_fizzled(head: DealSummary, quiet_days: int, rest: ClosedDays, as_of: date) -> bool:
    """Live, silent for longer than the quiet limit, with no dated next step ahead and not on hold.

    Closed days inside the silence lengthen the limit. Rule: docs/counting.md
    """
    if head.fate != "live" or on_hold(head.holds, as_of):
        return False
    if head.next_on is not None and head.next_on.last >= as_of:
        return False
    since = head.last_contact_on or head.began_on
    # The plain difference first: most deals never come near the limit.
    if (as_of - since).days <= quiet_days:
        return False
    return silence_days(head, as_of) > quiet_days + rest.count(since, as_of, head.holds)
