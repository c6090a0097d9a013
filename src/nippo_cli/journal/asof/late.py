"""What corrections learned after a day touched, so that a question about the day looks past them."""

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
where r.target is not null and r.known_on > ? and r.kind in ('amend', 'retract', 'redact', 'deal', 'hold', 'match', 'customer',
                                                   'person')
"""

_NONE: Final[Mapping[int, set[int]]] = MappingProxyType({})


class Late(NamedTuple):
    """Entries whose row is not what was known of them; the same by each deal that they were ever in; deals whose own
    records changed; by the deal merged into, merges taken back since; of the ledger the sales, targets and declarations whose rows
    are not what was known of them; comments, days, what is followed, and reviews, that changed;
    customers that are called otherwise now, and persons of whom more is said, by their begins."""

    entries: frozenset[int] = frozenset()
    by_deal: Mapping[int, set[int]] = _NONE
    deals: frozenset[int] = frozenset()
    merged: Mapping[int, set[int]] = _NONE
    sales: frozenset[int] = frozenset()
    targets: frozenset[int] = frozenset()
    declarations: frozenset[int] = frozenset()
    remarks: frozenset[int] = frozenset()
    reviews: frozenset[int] = frozenset()
    customers: frozenset[int] = frozenset()
    persons: frozenset[int] = frozenset()


def late_changes(cx: sqlite3.Connection, known: str) -> Late:
    """What records known after a day correct, take back, merge, rename, hold, hand over, match or review."""
    touched = _Changes()
    for rec in list(select_records(cx, LATE, (known,))):
        # Of an import taken back no day knows anything: what is stored, or no longer stored, says so already.
        touched.note(_aim(cx, rec))
    touched.spread(cx)
    by_deal: defaultdict[int, set[int]] = defaultdict(set)
    for entry in touched.entries:
        for deal in deals_ever(tree(cx, entry)):
            by_deal[deal].add(entry)
    return Late(
        frozenset(touched.entries), by_deal, frozenset(touched.deals), touched.merged,
        sales=frozenset(touched.sales), targets=frozenset(touched.targets),
        declarations=frozenset(touched.declarations), remarks=frozenset(touched.remarks),
        reviews=frozenset(touched.reviews), customers=frozenset(touched.customers),
        persons=frozenset(touched.persons),
    )  # fmt: skip


class _Changes:
    """What was met so far."""

    def __init__(self) -> None:
        self.entries: set[int] = set()
        self.deals: set[int] = set()
        self.merged: defaultdict[int, set[int]] = defaultdict(set)
        self.sales: set[int] = set()
        self.targets: set[int] = set()
        self.declarations: set[int] = set()
        self.remarks: set[int] = set()
        self.reviews: set[int] = set()
        self.customers: set[int] = set()
        self.persons: set[int] = set()

    def note(self, at: Rec) -> None:
        """A record that changed, or one that says something of another."""
        about = at.target if at.target is not None else at.id
        by_itself = {
            "entry": self.entries, "comment": self.remarks, "day": self.remarks, "follow": self.remarks, "target": self.targets,
            "declaration": self.declarations, "review": self.reviews,
        }  # fmt: skip
        by_what_it_is_of = {
            "sale": self.sales, "match": self.sales, "customer": self.customers, "person": self.persons, "deal": self.deals,
            "hold": self.deals,
        }  # fmt: skip
        if at.kind in by_itself:
            by_itself[at.kind].add(at.id)
        elif at.kind in by_what_it_is_of:
            by_what_it_is_of[at.kind].add(about)
        if at.kind in ("deal", "hold"):
            into = at.parsed_body.get("into") if at.kind == "deal" else None
            if into is not None:
                self._merge(about, into)

    def spread(self, cx: sqlite3.Connection) -> None:
        """What a changed merge leads to may be merged otherwise, too: the one closes, or no longer closes, the circle of
        the other."""
        self.entries.update(twin for entry in list(self.entries) for twin in _twins_of(cx, entry))
        self.sales.update(twin for sale in list(self.sales) for twin in _twins_of(cx, sale))
        changed = set().union(*self.merged.values())
        for deal in set().union(*(merged_ever(cx, one) for one in changed)):
            for into in led_to(cx, deal):
                self._merge(deal, into)

    def _merge(self, deal: int, into: int) -> None:
        self.merged[into].add(deal)
        self.deals.update((deal, into))


def _twins_of(cx: sqlite3.Connection, record: int) -> list[int]:
    from nippo_cli.journal.log import twins_of

    return twins_of(cx, record)


def _aim(cx: sqlite3.Connection, rec: Rec) -> Rec:
    """What a correction or retraction is about in the end: an entry, a deal's record, a hold…"""
    while rec.kind in ("amend", "retract", "redact") and rec.target is not None:
        target = one_record(cx, rec.target)
        if target is None:
            break
        rec = target
    return rec
