"""Finished deals of which nobody has learned anything yet."""

from datetime import timedelta
from typing import TYPE_CHECKING

from nippo_cli.line.facts import AsOf
from nippo_cli.line.quantile import median
from nippo_cli.results.entries import Unreviewed

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader

# So long after its end a customer can still be asked, and remembers.
FRESH_DAYS = 90
_SHOWN = 3


def unreviewed(reader: "JournalReader", as_of: AsOf) -> Unreviewed | None:
    """Deals lost within `FRESH_DAYS`, worth the schema's `review_over` or more (without one: the median of closed
    deals), of which nothing was learned yet; None where there is none. A deal without an amount is never asked about."""
    since = as_of.on - timedelta(days=FRESH_DAYS)
    lost = [head for head in reader.heads(as_of, fate="lost", closed_since=since) if head.amount is not None]
    if not lost:
        return None
    stated = reader.agreement(as_of).review_over
    amounts = reader.finished(as_of).amounts() if stated is None else {}
    over = stated if stated is not None else int(median(amounts) or 0)
    known = reader.reviews(as_of)
    found = [head for head in lost if (head.amount or 0) >= over and head.id not in known]
    if not found:
        return None
    found.sort(key=lambda head: (-(head.amount or 0), head.id))
    source = "schema" if stated is not None else "median"
    return Unreviewed(found[:_SHOWN], len(found), over, source, sum(amounts.values()))
