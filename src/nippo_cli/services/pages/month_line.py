"""One line of the landing for the morning: what this month has, and what is firm of it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_number, month_start
from nippo_cli.landing.shares import firm_ranks
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import on_hold
from nippo_cli.results.today import MonthLine

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealPlace, DealSummary
    from nippo_cli.services.context import StatusJudge


def month_line(reader: "JournalReader", as_of: "AsOf", judge: "StatusJudge") -> MonthLine | None:
    """What was ordered this month, and with it the live money at the firm ranks that is promised for the rest of it; None where
    there is neither. As `nippo landing` has both, from heads alone."""
    due, on = reader.due(as_of), as_of.on
    number = month_number(on)
    last = month_start(number + 1) - timedelta(days=1)
    schema = judge.schema
    ranks = firm_ranks(schema)
    keys = {*ranks, *(old for old, now in schema.renamed_ranks.items() if now in ranks)}

    def counts(place: "DealPlace | DealSummary") -> bool:
        return not on_hold(place.holds, on) and not is_fizzled(place, judge.quiet.days, judge.rest, on)

    live = sum(place.amount or 0 for place in due.promised_at(on, last, keys) if counts(place))
    live += sum(
        head.amount or 0
        for head in due.apart()
        if head.closes is not None and on <= head.closes.last <= last and head.confidence in keys and counts(head)
    )
    ordered = due.won_between(month_start(number), on)
    return MonthLine(number, ordered, ordered + live) if ordered or live else None
