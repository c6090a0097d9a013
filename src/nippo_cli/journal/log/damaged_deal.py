"""What damaged records of a deal said, as far as it was derived from them while they were sound.

A deal's row, its names and its holds say more than the records that can still be read: that, and only that, is what the
damaged ones told. So a deal whose begin is damaged keeps its name, and one whose merge is damaged stays merged.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import slot_of
from nippo_cli.journal.log.records import Rec, is_day
from nippo_cli.journal.log.statements import MERGED_HERE

# What is kept of a deal whose records are damaged.
KEPT_DEAL: Final = """
select name, parent, owner, null from deal where id = :deal
union all select null, null, null, into_deal from gone where deal = :deal
"""
KEPT_NAMES: Final = "select name, is_alias from deal_name where deal = ?"
KEPT_HOLDS: Final = "select * from hold where deal = ?"


class Remnants(NamedTuple):
    """What no sound record of a deal says; `holds` by the id of their record."""

    names: Sequence[str]
    parent: int | None
    owner: str | None
    into: int | None
    holds: Mapping[int, Mapping[str, str]]

    def bodies(self, rec: Rec, *, first: bool) -> Iterator[tuple[Rec, dict[str, Any]]]:
        """What a damaged record stands for, as the bodies of sound ones."""
        if first:
            yield rec, {"do": "begin", "name": self.names[-1] if self.names else "", "parent": self.parent}
        for name in self.names:
            yield rec, {"do": "rename", "name": name}
        if self.into is not None:
            yield rec, {"do": "merge", "into": self.into}
        if rec.id in self.holds:
            hold = self.holds[rec.id]
            yield rec._replace(author=hold["author"]), {"do": "hold", **hold}
        on = next((day for day in (rec.on_date, rec.known_on) if is_day(day)), None)
        if self.owner and on is not None and not first:
            yield rec._replace(on_date=on), {"do": "assign", "owner": self.owner}


def remnants_of(cx: sqlite3.Connection, deal: int, records: Sequence[Rec]) -> Remnants | None:
    """What is kept of a deal beyond its sound records; None where nothing is kept of such a deal."""
    row = cx.execute(KEPT_DEAL, {"deal": deal}).fetchone()
    names = cx.execute(KEPT_NAMES, (deal,)).fetchall()
    if row is None and not names:
        return None
    name, parent, owner, into = row or (None, None, None, None)
    bodies = [rec.parsed_body for rec in records]
    # A name of a deal that was merged into this one is no name of its own.
    others = [] if cx.execute(MERGED_HERE, (deal,)).fetchone() else [other for other, alias in names if alias]
    own = [name or "", *(other for other, alias in names if not alias)]
    known = {said.get("name") for said in bodies}
    return Remnants(
        [one for one in dict.fromkeys((*others, *own)) if one and one not in known],
        parent,
        owner if owner not in {said.get("owner") for said in bodies} else None,
        into if into not in {said.get("into") for said in bodies} else None,
        {
            record: {"first": first, "last": last, "why": why, "author": author}
            for record, _, first, last, why, author in cx.execute(KEPT_HOLDS, (deal,))
        },
    )


def in_place(records: Sequence[Rec]) -> list[Rec]:
    """A deal's records, each damaged one behind those that its device wrote before: its instant may be what is damaged."""
    ordered = [rec for rec in records if not rec.damaged]
    for rec in sorted((r for r in records if r.damaged), key=lambda r: r.id):
        before = [n for n, one in enumerate(ordered, 1) if slot_of(one.id) == slot_of(rec.id) and one.id < rec.id]
        ordered.insert(0 if rec is records[0] else max(before, default=len(ordered)), rec)
    return ordered
