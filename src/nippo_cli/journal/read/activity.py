"""What was done, by activity and month, as it was known on a day. It hangs on entries, and not on lines."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final

from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import count_activities
from nippo_cli.journal.read.statements import COUNTERS_OF
from nippo_cli.line.metrics import Metric

# The number of an entry's month: `base.dates.month_number`.
_MONTH = "cast(substr(on_date, 1, 4) as integer) * 12 + cast(substr(on_date, 6, 2) as integer) - 1"
# What the tally holds and was not known, or had not happened, by a day. Entries that share another's meeting are not in
# it; those that later corrections touched are told one by one.
_ADDED = f"""
select coalesce(activity, ''), {_MONTH}, count(*) from entry
where meeting is null and id not in (select value from json_each(:late)) and {{where}} group by 1, 2
"""
DID_AFTER: Final = _ADDED.format(where="on_date > :on")
DID_UNKNOWN: Final = _ADDED.format(where="known_on > on_date and known_on > :known and on_date <= :on")
# What these entries, as they stand now, have added.
DID_NOW: Final = f"""
select coalesce(activity, ''), {_MONTH}, count(*) from json_each(:late) j cross join entry e on e.id = j.value
where meeting is null group by 1, 2
"""
DID_IN: Final = """
select coalesce(e.meeting, e.id), e.activity, e.on_date from json_each(?) j cross join entry e on e.deal = j.value
order by e.on_date, e.recorded_at, e.id
"""
EVERY_ENTRY_KNOWN: Final = "select id from record where kind = 'entry' and known_on <= ?"


def activity_counts(there: AsOfView) -> Mapping[Metric, int]:
    """What all entries add up to: the tally, less what was not known or had not happened by the day; what later
    corrections touched as it was known."""
    if there.replays:
        known = (entry for (entry,) in there.cx.execute(EVERY_ENTRY_KNOWN, (there.known,)))
        return _metrics_of(there, known)
    total: Counter[Metric] = Counter()
    for what, stage, kind, won, days, n in there.cx.execute(COUNTERS_OF, ("did",)):
        total[Metric(what, stage, kind, bool(won), days)] += n
    late = json.dumps(sorted(there.late.entries))
    bounds = {"on": there.day, "known": there.known, "late": late}
    unknown = (DID_UNKNOWN, DID_NOW) if there.as_of.known else ()
    for statement in (DID_AFTER, *unknown):
        for activity, month, n in there.cx.execute(statement, bounds):
            total[Metric("did", activity, "", False, month)] -= n
    total.update(_metrics_of(there, there.late.entries))
    return {metric: n for metric, n in total.items() if n}


def activity_counts_in(there: AsOfView, deals: Collection[int]) -> Mapping[Metric, int]:
    """What the entries of some deals add up to; a meeting that several of them share counts once, as the first of its
    entries says."""
    settled = [deal for deal in deals if not there.is_stale(deal)]
    rows: list[tuple[int, str | None, str]] = there.cx.execute(DID_IN, (json.dumps(sorted(settled)),)).fetchall()
    for deal in sorted(set(deals) - set(settled)):
        placed = (one.row for one in there.placed(deal))
        rows += [(row[14] or row[0], row[5], row[1]) for row in placed if row[1] <= there.day]
    met: dict[int, Metric] = {}
    for meeting, activity, on in rows:
        met.setdefault(meeting, count_activities(activity, date.fromisoformat(on)))
    return Counter(met.values())


def _metrics_of(there: AsOfView, entries: Iterable[int]) -> Counter[Metric]:
    """What entries add up to in the version that was known."""
    total: Counter[Metric] = Counter()
    for entry in entries:
        versions = there.versions(entry)
        if versions and versions[-1].meeting is None and versions[-1].on <= there.day:
            state = versions[-1]
            activity = there.migrator.columns(state.schema, state.values).activity
            total[count_activities(activity, date.fromisoformat(state.on))] += 1
    return total
