"""One row of a file that several devices imported, apart from each other: as many records with one key in one file, of which one speaks.

Of those whose import stands, the first in the order of the log speaks, and what was said of any of them is said of it. The
others say nothing, as if they were taken back on the day on which the first became known.
"""

import json
import sqlite3
from collections.abc import Container, Iterable, Sequence
from typing import Final

from nippo_cli.base.ids import NUMBER_BITS
from nippo_cli.journal.log.records import Rec
from nippo_cli.journal.log.statements import SAME_ROW

_KEYED: Final = "r.source_key is not null and r.target is null and r.kind in ('entry', 'sale', 'target')"
_OTHER: Final = f"{SAME_ROW} and o.id >> {NUMBER_BITS} <> r.id >> {NUMBER_BITS}"
SEVERAL_DEVICES: Final = "select count(*) > 1 from device"
PUT_TWINS: Final = f"""
insert or ignore into twin select r.id, r.source_key from record r
where {_KEYED} and exists (select 1 from record o where {_OTHER})
"""
# Those of the other devices, each with whom it shares the key.
PUT_OTHERS: Final = f"""
insert or ignore into twin select o.id, o.source_key from record r cross join record o on {_OTHER}
where {_KEYED}
"""
BETWEEN: Final = "and r.id between :first and :last"
AMONG: Final = "and r.id in (select value from json_each(:these))"
TWINS: Final = "select record from twin"
TWINS_OF: Final = f"""
select o.id from twin w join record r on r.id = w.record join record o on {SAME_ROW} and o.id <> r.id
where w.record = ? order by o.id
"""
# Records of one device whose words were erased where another device imported them.
ERASED_ELSEWHERE: Final = f"""
select distinct r.id, coalesce(json_extract(e.body, '$.why'), '')
from record e indexed by record_target cross join twin w on w.record = e.target cross join record o on o.id = w.record
  cross join record r on {SAME_ROW} and r.target is null and r.id <> o.id
where e.target is not null and e.kind = 'redact' and json_valid(e.body) and r.body is not null
  and r.id >> {NUMBER_BITS} = ? order by r.id
"""


def put_twins(cx: sqlite3.Connection) -> None:
    """Find all of a log."""
    if cx.execute(SEVERAL_DEVICES).fetchone()[0]:
        cx.execute(PUT_TWINS)


def put_twins_of(cx: sqlite3.Connection, first: int, last: int) -> None:
    """Find those of a range of records of one device, and whose twins they are."""
    for statement in (PUT_TWINS, PUT_OTHERS):
        cx.execute(f"{statement} {BETWEEN}", {"first": first, "last": last})


def put_twins_among(cx: sqlite3.Connection, records: Iterable[int]) -> None:
    """Find those of some records, and whose twins they are."""
    these = json.dumps([*records])
    for statement in (PUT_TWINS, PUT_OTHERS):
        cx.execute(f"{statement} {AMONG}", {"these": these})


def all_twins(cx: sqlite3.Connection) -> list[int]:
    """All records that have one."""
    return [record for (record,) in cx.execute(TWINS)]


def twins_of(cx: sqlite3.Connection, record: int) -> list[int]:
    """The others that came of the same row."""
    return [other for (other,) in cx.execute(TWINS_OF, (record,))]


def erased_elsewhere(cx: sqlite3.Connection, slot: int) -> list[tuple[int, str]]:
    """A device's records that came of a row which was erased where another device had imported it, and why it was."""
    return [(record, str(why)) for record, why in cx.execute(ERASED_ELSEWHERE, (slot,))]


def of_one(records: Sequence[Rec], record: int, gone_batches: Container[object]) -> list[Rec]:
    """The tree of one of several twins, from those of all, oldest first.

    Args:
        gone_batches: the imports that were taken back.
    """
    firsts = [rec for rec in records if rec.target is None and not rec.damaged]
    own = next((rec for rec in firsts if rec.id == record), None)
    speaker = next((rec for rec in firsts if rec.batch not in gone_batches), own)
    others = {rec.id for rec in firsts} - {record}
    said = [rec._replace(target=record) if rec.target in others else rec for rec in records if rec.id not in others]
    if own is None or speaker is None or speaker.id == record:
        return said
    return [*said, speaker._replace(kind="retract", target=record, body=None, batch=None, on_date=None)]
