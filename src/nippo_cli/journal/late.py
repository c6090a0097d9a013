"""What corrections learned after a day touched, so that a question about that day looks past them."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from nippo_cli.journal import sql
from nippo_cli.journal import sql_read as read
from nippo_cli.journal.versions import Rec, deals_ever, tree

_NONE: Final[Mapping[int, set[int]]] = MappingProxyType({})


class Late(NamedTuple):
    """Entries whose row is not what was known of them; the same by each deal that they were ever in; deals whose own
    records changed; by the deal merged into, merges taken back since; and reviews that changed."""

    entries: frozenset[int] = frozenset()
    by_deal: Mapping[int, set[int]] = _NONE
    deals: frozenset[int] = frozenset()
    merged: Mapping[int, set[int]] = _NONE
    reviews: frozenset[int] = frozenset()


def changes(cx: sqlite3.Connection, known: str) -> Late:
    """What records known after a day correct, take back, merge, rename, hold or hand over."""
    entries: set[int] = set()
    by_deal: defaultdict[int, set[int]] = defaultdict(set)
    deals: set[int] = set()
    reviews: set[int] = set()
    merged: defaultdict[int, set[int]] = defaultdict(set)
    for row in cx.execute(read.LATE, (known,)).fetchall():
        at = _aim(cx, Rec(*row))
        if at.kind == "entry":
            entries.add(at.id)
        elif at.kind == "batch":
            entries.update(e for (e,) in cx.execute(sql.ENTRIES_OF_BATCH, (at.id, at.id)))
            deals.update(r.target or r.id for r in (Rec(*o) for o in cx.execute(sql.OTHERS_OF_BATCH, (at.id, at.id))))
        elif at.kind == "review":
            reviews.add(at.id)
        elif at.kind in ("deal", "hold"):
            deal = at.target if at.target is not None else at.id
            deals.add(deal)
            into = at.said.get("into") if at.kind == "deal" else None
            if into is not None:
                merged[into].add(deal)
                deals.add(into)
    for entry in entries:
        for deal in deals_ever(tree(cx, entry)):
            by_deal[deal].add(entry)
    return Late(frozenset(entries), by_deal, frozenset(deals), merged, frozenset(reviews))


def _aim(cx: sqlite3.Connection, rec: Rec) -> Rec:
    """What a correction or retraction is about in the end: an entry, a deal's record, a hold…"""
    while rec.kind in ("amend", "retract", "redact") and rec.target is not None:
        row = cx.execute(sql.ONE_RECORD, (rec.target,)).fetchone()
        if row is None:
            break
        rec = Rec(*row)
    return rec
