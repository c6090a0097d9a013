"""A whole import taken back, or brought back: what is derived from its records, derived again."""

import sqlite3
from collections import Counter
from typing import Final

from nippo_cli.journal.derive import Projection, add_to_tally
from nippo_cli.journal.log import (
    _MONTH,
    REC,
    select_records,
)
from nippo_cli.line.metrics import Metric

# The records of an import follow its batch record.
_OF_BATCH = "from record r where r.id > ? and r.batch = ? and r.kind"
_PLAIN = "not exists (select 1 from record t where t.target = r.id)"
ENTRIES_OF_BATCH: Final = f"select {REC} {_OF_BATCH} = 'entry'"
OTHERS_OF_BATCH: Final = f"select {REC} {_OF_BATCH} <> 'entry'"
TARGETED_OF_BATCH: Final = f"select {REC} {_OF_BATCH} = 'entry' and not {_PLAIN}"
DEALS_OF_BATCH: Final = (
    "select distinct coalesce(own_deal, deal) from entry"
    f" where deal is not null and id in (select r.id {_OF_BATCH} = 'entry' and {_PLAIN})"
)
DROP_PLAIN_OF_BATCH: Final = f"delete from entry where id in (select r.id {_OF_BATCH} = 'entry' and {_PLAIN})"
DID_OF_BATCH: Final = f"""
select coalesce(activity, ''), {_MONTH}, count(*) from entry
where meeting is null and id in (select r.id {_OF_BATCH} = 'entry' and {_PLAIN}) group by 1, 2
"""


def derive_batch(cx: sqlite3.Connection, projection: Projection, batch: int) -> None:
    """Derive again every record of an import, after its batch record was retracted or brought back."""
    if batch in projection.batches:
        _drop_plain(cx, projection, batch)
        found = list(select_records(cx, TARGETED_OF_BATCH, (batch, batch)))
    else:
        found = list(select_records(cx, ENTRIES_OF_BATCH, (batch, batch)))
    for rec in (*list(select_records(cx, OTHERS_OF_BATCH, (batch, batch))), *found):
        projection.record(rec)


def _drop_plain(cx: sqlite3.Connection, projection: Projection, batch: int) -> None:
    """The rows of entries that nothing ever corrected, all at once: an import has a million of them."""
    reached = projection.batches.reach(batch)
    deals = [row[0] for row in cx.execute(DEALS_OF_BATCH, (batch, batch))]
    gone = {
        Metric("did", activity, "", False, month): -n for activity, month, n in cx.execute(DID_OF_BATCH, (batch, batch))
    }
    add_to_tally(cx, Counter(gone))
    cx.execute(DROP_PLAIN_OF_BATCH, (batch, batch))
    for deal in deals:
        projection.touch(deal, reached)
