"""What was done, counted by activity and month: the one part of the tally that hangs on entries and not on lines."""

import sqlite3
from collections import Counter
from datetime import date
from typing import Final

from nippo_cli.base.dates import month_number
from nippo_cli.journal.derive.heads import add_to_tally
from nippo_cli.line.metrics import Metric

DID_OF: Final = "select activity, on_date from entry where id = ? and meeting is null"


def count_activities(activity: str | None, on: date) -> Metric:
    """What an entry adds to the tally. One that shares another's meeting adds nothing."""
    return Metric("did", activity or "", "", False, month_number(on))


def activities_by_row(cx: sqlite3.Connection, entry: int) -> Counter[Metric]:
    """What an entry's row, as it stands now, has added."""
    return Counter(count_activities(activity, date.fromisoformat(on)) for activity, on in cx.execute(DID_OF, (entry,)))


def recount(cx: sqlite3.Connection, before: Counter[Metric], entry: int) -> None:
    """Put the difference into the tally that a new row makes."""
    after = activities_by_row(cx, entry)
    if after != before:
        after.subtract(before)
        add_to_tally(cx, after)
