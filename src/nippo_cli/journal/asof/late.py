"""What corrections learned after a day touched, so that a question about that day looks past them."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.log import REC, Rec, deals_ever, led_to, merged_ever, one_record, select_records, tree

# Corrections, retractions and the like learned after a day. They are few: the index of targets is read, not the log.
LATE: Final = f"""
select {REC} from record r indexed by record_target
where r.target is not null and r.known_on > ? and r.kind in ('amend', 'retract', 'redact', 'deal', 'hold', 'match')
"""


_NONE: Final[Mapping[int, set[int]]] = MappingProxyType({})


class Late(NamedTuple):
    """Entries whose row is not what was known of them; the same by each deal that they were ever in; deals whose own
    records changed; by the deal merged into, merges taken back since; of the ledger the sales and targets whose rows
    are not what was known of them; and comments, days and reviews that changed."""

    entries: frozenset[int] = frozenset()
    by_deal: Mapping[int, set[int]] = _NONE
    deals: frozenset[int] = frozenset()
    merged: Mapping[int, set[int]] = _NONE
    sales: frozenset[int] = frozenset()
    targets: frozenset[int] = frozenset()
    remarks: frozenset[int] = frozenset()
    reviews: frozenset[int] = frozenset()


def changes(cx: sqlite3.Connection, known: str) -> Late:
    """What records known after a day correct, take back, merge, rename, hold, hand over, match or review."""
    found = _Changes()
    for rec in list(select_records(cx, LATE, (known,))):
        # Of an import taken back no day knows anything: what is stored, or no longer stored, says so already.
        found.note(_aim(cx, rec))
    found.spread(cx)
    by_deal: defaultdict[int, set[int]] = defaultdict(set)
    for entry in found.entries:
        for deal in deals_ever(tree(cx, entry)):
            by_deal[deal].add(entry)
    return Late(
        frozenset(found.entries), by_deal, frozenset(found.deals), found.merged,
        sales=frozenset(found.sales), targets=frozenset(found.targets), remarks=frozenset(found.remarks),
        reviews=frozenset(found.reviews),
    )  # fmt: skip


class _Changes:
    """What was met so far."""

    def __init__(self) -> None:
        self.entries: set[int] = set()
        self.deals: set[int] = set()
        self.merged: defaultdict[int, set[int]] = defaultdict(set)
        self.sales: set[int] = set()
        self.targets: set[int] = set()
        self.remarks: set[int] = set()
        self.reviews: set[int] = set()

    def note(self, at: Rec) -> None:
        """A record that changed, or one that says something of another."""
        about = at.target if at.target is not None else at.id
        if at.kind == "entry":
            self.entries.add(at.id)
        elif at.kind in ("sale", "match"):
            self.sales.add(about)
        elif at.kind in ("comment", "day"):
            self.remarks.add(at.id)
        elif at.kind == "target":
            self.targets.add(at.id)
        elif at.kind == "review":
            self.reviews.add(at.id)
        elif at.kind in ("deal", "hold"):
            self.deals.add(about)
            into = at.said.get("into") if at.kind == "deal" else None
            if into is not None:
                self._merge(about, into)

    def spread(self, cx: sqlite3.Connection) -> None:
        """What a changed merge leads to may be merged otherwise, too: the one closes, or no longer closes, the circle of
        the other."""
        changed = set().union(*self.merged.values())
        for deal in set().union(*(merged_ever(cx, one) for one in changed)):
            for into in led_to(cx, deal):
                self._merge(deal, into)

    def _merge(self, deal: int, into: int) -> None:
        self.merged[into].add(deal)
        self.deals.update((deal, into))


def _aim(cx: sqlite3.Connection, rec: Rec) -> Rec:
    """What a correction or retraction is about in the end: an entry, a deal's record, a hold…"""
    while rec.kind in ("amend", "retract", "redact") and rec.target is not None:
        target = one_record(cx, rec.target)
        if target is None:
            break
        rec = target
    return rec
