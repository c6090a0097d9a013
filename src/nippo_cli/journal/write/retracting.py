"""A whole import taken back, or brought back: what is derived from its records, derived again."""

import sqlite3
from collections import Counter

from nippo_cli.journal.derive import Projection, add_to_tally
from nippo_cli.journal.log import select_records, statements as sql
from nippo_cli.line.metrics import Seen


def derive_batch(cx: sqlite3.Connection, projection: Projection, batch: int) -> None:
    """Derive again every record of an import, after its batch record was retracted or brought back."""
    if batch in projection.batches:
        _drop_plain(cx, projection, batch)
        found = list(select_records(cx, sql.TARGETED_OF_BATCH, (batch, batch)))
    else:
        found = list(select_records(cx, sql.ENTRIES_OF_BATCH, (batch, batch)))
    for rec in (*list(select_records(cx, sql.OTHERS_OF_BATCH, (batch, batch))), *found):
        projection.record(rec)


def _drop_plain(cx: sqlite3.Connection, projection: Projection, batch: int) -> None:
    """The rows of entries that nothing ever corrected, all at once: an import has a million of them."""
    reached = projection.batches.reach(batch)
    deals = [row[0] for row in cx.execute(sql.DEALS_OF_BATCH, (batch, batch))]
    gone = {
        Seen("did", activity, "", False, month): -n
        for activity, month, n in cx.execute(sql.DID_OF_BATCH, (batch, batch))
    }
    add_to_tally(cx, Counter(gone))
    cx.execute(sql.DROP_PLAIN_OF_BATCH, (batch, batch))
    for deal in deals:
        projection.touch(deal, reached)
