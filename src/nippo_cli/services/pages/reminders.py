"""What the morning page reminds of besides what is due."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.dates import read_when
from nippo_cli.results.reminders import DueDeadline, Reminders

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.services.context import StatusJudge

_AHEAD_DAYS = 7  # Where the agreement says nothing else of a deadline.


def reminders_of(reader: "JournalReader", as_of: "AsOf", judge: "StatusJudge", limit: int) -> Reminders:
    """All that a morning reminds of, each section soonest first.

    Args:
        limit: how many of each are read (0: all); the others are counted.
    """
    deadlines, more = _deadlines(reader, as_of, judge, limit)
    return Reminders(deadlines, {"deadlines": more})


def _deadlines(
    reader: "JournalReader", as_of: "AsOf", judge: "StatusJudge", limit: int
) -> tuple[list[DueDeadline], int]:
    """The deadlines that fall on the day or within the days that their field speaks of them ahead."""
    ahead = {field.key: _AHEAD_DAYS if field.ahead is None else field.ahead for field in judge.schema.deadlines}
    if not ahead:
        return [], 0
    last = as_of.on + timedelta(days=max(ahead.values()))
    due = [
        (days, deal, field, value)
        for on, deal, field, value in reader.reminders(as_of).deadlines_within(as_of.on, last)
        if (days := (date.fromisoformat(on) - as_of.on).days) <= ahead.get(field, _AHEAD_DAYS)
    ]
    shown = due[:limit] if limit else due
    heads = {head.id: head for head in reader.heads(as_of, ids=sorted({deal for _, deal, *_ in shown}))}
    return [
        DueDeadline(judge.status(heads[deal]), field, read_when(value), days) for days, deal, field, value in shown
    ], len(due) - len(shown)
