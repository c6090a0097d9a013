"""Records that a rescue could not bring: which are known to be missing, and what still stands of a deal among them."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.ids import NUMBER_BITS, show_id
from nippo_cli.journal.log.records import Rec

HAS_LOSSES: Final = "select 1 from sqlite_master where type = 'table' and name = 'loss'"
LOSSES: Final = "select first, last from loss order by first"
PUT_LOSS: Final = "insert into loss values (?, ?)"

_SAID: Final = 20


def losses(cx: sqlite3.Connection) -> list[tuple[int, int]]:
    """The ids known to be missing, from the first to the last of each run; none in a file of an older format."""
    return cx.execute(LOSSES).fetchall() if cx.execute(HAS_LOSSES).fetchone() else []


def is_lost(runs: Sequence[tuple[int, int]], record: object) -> bool:
    """Whether an id is one of those known to be missing."""
    return isinstance(record, int) and any(first <= record <= last for first, last in runs)


def count(runs: Sequence[tuple[int, int]]) -> int:
    """How many records are in these runs."""
    return sum(last - first + 1 for first, last in runs)


def lost_of(runs: Sequence[tuple[int, int]], slot: int) -> int:
    """How many of them one device wrote."""
    return count([run for run in runs if run[0] >> NUMBER_BITS == slot])


def in_words(runs: Sequence[tuple[int, int]]) -> list[Message]:
    """Each run as `#5` or `#9–#12`; of many the first few, and how many more."""
    said = [
        msg("loss.one", first=show_id(first))
        if first == last
        else msg("loss.run", first=show_id(first), last=show_id(last))
        for first, last in runs[:_SAID]
    ]
    return [*said, msg("loss.more", n=count(runs[_SAID:]))] if len(runs) > _SAID else said


def with_lost_begin(records: list[Rec], deal: int) -> list[Rec]:
    """A deal's records, where its begin is lost behind one that says nothing, as if it were erased: what later records say
    of the deal still counts."""
    if any(rec.id == deal for rec in records):
        return records
    named = next((rec for rec in records if rec.kind == "deal" and rec.target == deal and not rec.damaged), None)
    if named is None:
        return records
    begin = Rec(
        deal, "deal", named.author, named.recorded_at, named.known_on, named.on_date, named.schema, None, None, None
    )
    return [begin, *records]
