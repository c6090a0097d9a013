"""Deals of which a customer was ever said, also by what was taken back, erased or moved since."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.journal.log.records import select_records
from nippo_cli.journal.log.statements import REC
from nippo_cli.journal.log.versions import deals_ever

if TYPE_CHECKING:
    from nippo_cli.journal.log.schema_migrator import SchemaMigrator

SAYING: Final = f"""
select {REC} from record r where r.kind in ('entry', 'amend', 'redact') or (r.kind = 'deal' and r.target is not null)
order by r.recorded_at, r.id
"""


def deals_once_owned(cx: sqlite3.Connection, migrator: "SchemaMigrator") -> Mapping[int, frozenset[str]]:
    """The customers of every deal with an entry that names, or ever named, one while it was in it, as they were written; a merge
    hands them on. Of an erased entry nobody knows whose it was: "". A look through the whole log."""
    owned: defaultdict[int, set[str]] = defaultdict(set)
    last: dict[int, tuple[int | None, object]] = {}
    merges: list[tuple[int, int]] = []
    for rec in select_records(cx, SAYING, ()):
        said: Any = rec.parsed_body
        if rec.damaged or not said:
            continue
        if rec.kind == "redact":
            for one in deals_ever([rec]):
                owned[one].add("")
        elif rec.kind == "deal":
            if said.get("do") == "merge" and rec.target is not None:
                merges.append((rec.target, said["into"]))
        else:
            entry = rec.id if rec.kind == "entry" or rec.target is None else rec.target
            deal, customer = last.get(entry, (None, None))
            deal = said.get("deal", deal)
            customer = said.get("values", {}).get(migrator.of(rec.schema).key("customer"), customer)
            last[entry] = deal, customer
            if deal is not None and customer:
                owned[deal].add(str(customer))
    while any(not owned[deal] <= owned[into] for deal, into in merges if deal in owned):
        for deal, into in merges:
            owned[into] |= owned[deal]
    return {deal: frozenset(names) for deal, names in owned.items() if names}
