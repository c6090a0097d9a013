"""What was done, by activity and month, as it was known on a day. It hangs on entries, and not on lines."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from nippo_cli.journal.asof import Past
from nippo_cli.journal.derive import did
from nippo_cli.journal.read import sql_activity as read, sql_read
from nippo_cli.line.metrics import Seen


def all_did(there: Past) -> Mapping[Seen, int]:
    """What all entries add up to: the tally, less what was not known or had not happened by the day; what later
    corrections touched as it was known."""
    if there.replays:
        known = (entry for (entry,) in there.cx.execute(read.EVERY_ENTRY_KNOWN, (there.known,)))
        return _told(there, known)
    total: Counter[Seen] = Counter()
    for what, stage, kind, won, days, n in there.cx.execute(sql_read.TALLY_OF, ("did",)):
        total[Seen(what, stage, kind, bool(won), days)] += n
    late = json.dumps(sorted(there.late.entries))
    bounds = {"on": there.day, "known": there.known, "late": late}
    unknown = (read.DID_UNKNOWN, read.DID_NOW) if there.as_of.known else ()
    for statement in (read.DID_AFTER, *unknown):
        for activity, month, n in there.cx.execute(statement, bounds):
            total[Seen("did", activity, "", False, month)] -= n
    total.update(_told(there, there.late.entries))
    return {seen: n for seen, n in total.items() if n}


def did_in(there: Past, deals: Collection[int]) -> Mapping[Seen, int]:
    """What the entries of some deals add up to; a meeting that several of them share counts once, as the first of its
    entries says."""
    settled = [deal for deal in deals if not there.is_unsettled(deal)]
    rows: list[tuple[int, str | None, str]] = there.cx.execute(read.DID_IN, (json.dumps(sorted(settled)),)).fetchall()
    for deal in sorted(set(deals) - set(settled)):
        placed = (one.row for one in there.placed(deal))
        rows += [(row[14] or row[0], row[5], row[1]) for row in placed if row[1] <= there.day]
    met: dict[int, Seen] = {}
    for meeting, activity, on in rows:
        met.setdefault(meeting, did(activity, date.fromisoformat(on)))
    return Counter(met.values())


def _told(there: Past, entries: Iterable[int]) -> Counter[Seen]:
    """What entries add up to in the version that was known."""
    total: Counter[Seen] = Counter()
    for entry in entries:
        versions = there.versions(entry)
        if versions and versions[-1].meeting is None and versions[-1].on <= there.day:
            state = versions[-1]
            activity = there.lens.columns(state.schema, state.values).activity
            total[did(activity, date.fromisoformat(state.on))] += 1
    return total
