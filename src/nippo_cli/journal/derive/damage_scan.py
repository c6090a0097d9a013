"""What a rebuild can't make again, since the records behind it are damaged: found before anything is thrown away."""

import sqlite3
from collections.abc import Mapping
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.derive.statements import DEALS_OF_ROW, REACH
from nippo_cli.journal.log import (
    EVERY,
    Batches,
    DealRecordState,
    Reach,
    Rec,
    damage_in_force,
    deals_ever,
    has_row,
    hash_faster,
    merged_ever,
    one_record,
    own_state,
    select_records,
    tree,
)

ANY_DERIVED: Final = "select 1 from agreement"
CORRECTED_BY: Final = "select id from entry where version = ?"


class Damage(NamedTuple):
    """The damaged records; the records of which what is derived, or that nothing is, stays as it is; the deals of which
    damaged records told, as they are known; how far records reach that told of deals; and how many damaged entries there
    are from which nothing is derived."""

    damaged: frozenset[int] = frozenset()
    stays: frozenset[int] = frozenset()
    deals: Mapping[int, DealRecordState] = {}
    reached: Mapping[int, Reach] = {}
    unread: int = 0


def scan(cx: sqlite3.Connection) -> Damage:
    """Look at every record, while what is derived from them is still there."""
    hash_faster()
    damaged = [rec for rec in select_records(cx, EVERY) if rec.damaged]
    if not damaged:
        return Damage()
    batches = Batches(cx)
    about = {record for rec in damaged for record in _about(cx, rec)}
    in_force = {record for record in about if _stands(tree(cx, record), batches)}
    # What an amend corrected, though it points elsewhere now.
    in_force |= {entry for rec in damaged for (entry,) in cx.execute(CORRECTED_BY, (rec.id,))}
    # Where nothing is derived at all yet, there is nothing that could stay.
    derived = cx.execute(ANY_DERIVED).fetchone() is not None
    return Damage(
        frozenset(rec.id for rec in damaged),
        frozenset(in_force if derived else ()),
        {deal: state for deal in about if (state := own_state(cx, deal, batches)) is not None},
        _reached(cx, about | in_force),
        sum(rec.kind == "entry" and rec.id in in_force and not has_row(cx, rec.id) for rec in damaged),
    )


def _about(cx: sqlite3.Connection, rec: Rec) -> set[int]:
    """A damaged record, and what it may be about."""
    ids = {rec.id}
    at: Rec | None = rec
    while at is not None and at.target is not None and at.target not in ids and (at.damaged or at.kind in _OF_OTHERS):
        ids.add(at.target)
        at = one_record(cx, at.target)
    return ids


def _stands(records: list[Rec], batches: Batches) -> bool:
    return bool(records) and bool(damage_in_force(records)) and records[0].batch not in batches


def _reached(cx: sqlite3.Connection, about: set[int]) -> dict[int, Reach]:
    """How far records reach, as it is kept, of each deal that damaged ones may be about."""
    deals = about | {deal for record in about for deal in deals_ever(tree(cx, record))}
    deals |= {deal for record in about for row in cx.execute(DEALS_OF_ROW, (record,)) for deal in row if deal}
    reaches: dict[int, Reach] = {}
    for deal in set().union(*(merged_ever(cx, deal) for deal in deals)):
        row = cx.execute(REACH, {"deal": deal}).fetchone()
        if row is not None:
            reaches[deal] = Reach(*row)
    return reaches


_OF_OTHERS = frozenset(("amend", "retract", "redact", "match", "hold", "deal"))
