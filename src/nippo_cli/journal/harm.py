"""What a rebuild can't make again, since the records behind it are damaged: found before anything is thrown away."""

import sqlite3
from collections.abc import Mapping

from nippo_cli.frozen import NamedTuple
from nippo_cli.journal import sql_damage as sql
from nippo_cli.journal.begun import DealState, own_state
from nippo_cli.journal.damage import has_row
from nippo_cli.journal.record import hash_faster
from nippo_cli.journal.records import Rec, one_record, select_records
from nippo_cli.journal.versions import Batches, harmed, tree

# The journal's note of the entries that no line counts, since nothing can be read of them.
UNREAD = "unread"


class Harm(NamedTuple):
    """The damaged records; the records whose derived rows stay as they are; the deals of which damaged records told, as
    they are known; and the damaged entries from which nothing was ever derived."""

    damaged: frozenset[int]
    stays: frozenset[int]
    deals: Mapping[int, DealState]
    unread: list[int]


def harm_of(cx: sqlite3.Connection) -> Harm:
    """Look at every record."""
    hash_faster()
    damaged = [rec for rec in select_records(cx, sql.EVERY) if rec.damaged]
    if not damaged:
        return Harm(frozenset(), frozenset(), {}, [])
    batches = Batches(cx)
    about = {record for rec in damaged for record in _about(cx, rec)}
    stays = {record for record in about if _stands(tree(cx, record), batches)}
    deals = {deal: state for deal in about if (state := own_state(cx, deal, batches)) is not None}
    unread = [rec.id for rec in damaged if rec.kind == "entry" and rec.id in stays and not has_row(cx, rec)]
    return Harm(frozenset(rec.id for rec in damaged), frozenset(stays), deals, unread)


def _about(cx: sqlite3.Connection, rec: Rec) -> set[int]:
    """A damaged record, and what it may be about."""
    found = {rec.id}
    at: Rec | None = rec
    while at is not None and at.target is not None and at.target not in found and (at.damaged or at.kind in _OF_OTHERS):
        found.add(at.target)
        at = one_record(cx, at.target)
    return found


def _stands(records: list[Rec], batches: Batches) -> bool:
    return bool(records) and bool(harmed(records)) and records[0].batch not in batches


_OF_OTHERS = frozenset(("amend", "retract", "redact", "match", "hold", "deal"))
