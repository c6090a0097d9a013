"""Deals of which a customer was ever said, also by what was taken back, erased or moved since."""

import sqlite3
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


def deals_once_owned(cx: sqlite3.Connection, migrator: "SchemaMigrator") -> frozenset[int]:
    """Every deal with an entry that names, or ever named, a customer while it was in it; a merge hands that on. Of an erased entry
    it is not known, and taken for so. A look through the whole log."""
    owned: set[int] = set()
    last: dict[int, tuple[int | None, object]] = {}
    merges: list[tuple[int, int]] = []
    for rec in select_records(cx, SAYING, ()):
        said: Any = rec.said
        if rec.damaged or not said:
            continue
        if rec.kind == "redact":
            owned |= deals_ever([rec])
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
                owned.add(deal)
    while more := {into for deal, into in merges if deal in owned} - owned:
        owned |= more
    return frozenset(owned)
