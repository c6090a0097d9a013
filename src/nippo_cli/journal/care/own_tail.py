"""The last records of a device, where a clone of the machine wrote under the same numbers, or the clock stood years ahead, and all of
one whose name is another's: those of the journal's own are issued anew as another device's, those of a colleague's make room."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from nippo_cli.base.dates import instant_text, local_day
from nippo_cli.base.errors import JournalError, Message, msg
from nippo_cli.base.files import growing, publish_new
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import device_name, number_of, record_id, show_id, slot_of
from nippo_cli.journal.care import copies
from nippo_cli.journal.check import make_anew
from nippo_cli.journal.log import (
    DEVICE_IDS,
    INSERT_RECORD,
    SealedRecord,
    bare_slot,
    begin_device,
    canonical,
    connect_ro,
    ids_in,
    new_device_id,
    rows,
    sealed_records,
    time_zone,
    usable,
    with_ids,
)
from nippo_cli.journal.write import connect_to_write

TRIGGER: Final = "select sql from sqlite_master where type = 'trigger' and name = 'record_kept'"
DELETE_TAIL: Final = "delete from record where id > ? and id < ?"
CUT_DEVICE: Final = "update device set last_number = ? where slot = ?"
CUT_HEADS: Final = "delete from head where slot = ? and number > ?"
DROP_DEVICE: Final = "delete from device where slot = ?"
LATEST: Final = "select max(recorded_at) from record where id <= ? or id >= ?"
# Records of others that were written since: only such can be about one of the tail.
OF_OTHERS: Final = """
select id, kind, schema, target, batch, body from record where (id < ? or id >= ?) and recorded_at >= ?
"""
_MILLISECOND: Final = timedelta(milliseconds=1)


class NewTail(NamedTuple):
    """The new device: its random id and its name; how many records it has; where the file is as it was."""

    id: str
    device: str
    records: int
    set_aside: str


class DroppedTail(NamedTuple):
    """Of which device, by name, how many records made room; where the file is as it was."""

    device: str
    records: int
    set_aside: str


def reissue_tail(
    path: Path,
    *,
    after: int,
    now: datetime,
    anew: bool,
    slot: int | None = None,
    tell: Callable[[Message], None] | None = None,
) -> NewTail | None:
    """Issue what the journal's own device wrote behind a number as a new device, which writes on; the file as it was is kept beside
    it. None where there is nothing, or where a colleague's record is about it already.

    In one transaction: killed, all is as it was.

    Args:
        after: the last number that stays. If none does, the name is free from then on; whoever has written nothing gives it up, too.
        anew: the instants and days of the records were those of a wrong clock: they are dated now, in their order. An event of
            the day on which it was written goes along.
        slot: of the new device, as which somebody comes back to a team: it begins also where there is nothing, and schemas that were
            adopted on one's own are read, never in force. One is drawn if none is given.

    Raises:
        NoJournal: there is none. JournalError: a record is damaged, or the file can't be written.
    """
    with closing(connect_to_write(path, tell)) as cx, usable(path):
        try:
            old = bare_slot(cx)
            first, end = record_id(old, after), record_id(old + 1, 0)
            tail = _sound(cx, old, after)
            has_to = bool(tail) or not after or slot is not None
            if not has_to or _is_referred_to(cx, tail, record_id(old, 0), end):
                return None
            set_aside = str(_keep(path, now)) if tail else ""
            device = new_device_id()
            new = begin_device(cx, instant_text(now), slot, device)
            _cut(cx, old, after)
            if anew:
                (latest,) = cx.execute(LATEST, (first, end)).fetchone()
                tail = list(_dated_now(tail, now, str(latest or ""), time_zone(cx)))
            for record in _renamed(tail, old, after, new, device, apart=slot is not None):
                cx.execute(INSERT_RECORD, record)
            cx.execute(CUT_DEVICE, (len(tail), new))
            make_anew(cx)
            cx.execute("commit")
        finally:
            if cx.in_transaction:
                cx.execute("rollback")
    return NewTail(device, device_name(new), len(tail), set_aside)


def drop_tail(
    path: Path, slot: int, *, after: int, now: datetime, tell: Callable[[Message], None] | None = None
) -> DroppedTail | None:
    """Take out what is held of another device behind a number: another branch of its log is the one that stands, and whoever wrote this
    one issues it anew. The file as it was is kept beside it. None where there is nothing, or where a record of a third device is about
    it already.

    In one transaction: killed, all is as it was.

    Args:
        after: the last number that both branches have; 0 where they are two devices of one name, which is free from then on.

    Raises:
        NoJournal: there is none. JournalError: the file can't be written.
    """
    with closing(connect_to_write(path, tell)) as cx, usable(path):
        try:
            tail = list(sealed_records(cx, slot, after, number_of(record_id(slot + 1, 0) - 1)))
            if not (tail or not after) or _is_referred_to(cx, tail, record_id(slot, 0), record_id(slot + 1, 0)):
                return None
            set_aside = str(_keep(path, now)) if tail else ""
            _cut(cx, slot, after)
            make_anew(cx)
            cx.execute("commit")
        finally:
            if cx.in_transaction:
                cx.execute("rollback")
    return DroppedTail(device_name(slot), len(tail), set_aside)


def _cut(cx: sqlite3.Connection, slot: int, after: int) -> None:
    """Take a device's records behind a number out of the log; one that has none left is forgotten."""
    (trigger,) = cx.execute(TRIGGER).fetchone()
    cx.execute("drop trigger record_kept")
    cx.execute(DELETE_TAIL, (record_id(slot, after), record_id(slot + 1, 0)))
    cx.execute(trigger)
    cx.execute(CUT_HEADS, (slot, after))
    if after:
        cx.execute(CUT_DEVICE, (after, slot))
    else:
        cx.execute(DROP_DEVICE, (slot,))


def _sound(cx: sqlite3.Connection, slot: int, after: int) -> list[SealedRecord]:
    """The records behind a number, each what was written."""
    device, last = next((str(name), int(n)) for one, name, n in rows(cx, DEVICE_IDS) if one == slot)
    tail = list(sealed_records(cx, slot, after, last))
    for number, record in enumerate(tail, after + 1):
        if record.number != number or record.salt is None or not record.is_authentic(device):
            raise JournalError(msg("team.unfit", id=show_id(record.id)), hint=msg("team.unfit.hint"))
    return tail


def _is_referred_to(cx: sqlite3.Connection, tail: Sequence[SealedRecord], first: int, end: int) -> bool:
    """Whether a record of another device names one of these: it can't be made to name another."""
    if not tail:
        return False
    named = {record.id for record in tail}
    for _, kind, schema, target, batch, body in cx.execute(OF_OTHERS, (first, end, tail[0].recorded_at)):
        if not named.isdisjoint((schema, target, batch, *(ids_in(kind, json.loads(body)) if body else ()))):
            return True
    return False


def _keep(path: Path, now: datetime) -> Path:
    """The file as it is, beside it."""
    while True:
        free = copies.unused(path.with_name(f"{path.stem}.{now:%Y%m%d-%H%M%S}{path.suffix}"))
        with growing(free) as part:
            with closing(connect_ro(path)) as source:
                copies.copy_into(source, part)
            if publish_new(part, free):
                return free


def _dated_now(tail: Sequence[SealedRecord], now: datetime, latest: str, zone: str) -> Iterator[SealedRecord]:
    """The records dated now, command by command a millisecond later."""
    at = now if instant_text(now) > latest else datetime.fromisoformat(latest) + _MILLISECOND
    before = tail[0].recorded_at
    for record in tail:
        if record.recorded_at != before:
            at, before = at + _MILLISECOND, record.recorded_at
        today = local_day(at, zone)
        # What was imported or said of an earlier day keeps its days.
        wrong = date.fromisoformat(record.known_on) > today
        yield record._replace(
            recorded_at=instant_text(at),
            known_on=today.isoformat() if wrong else record.known_on,
            on_date=today.isoformat() if wrong and record.on_date == record.known_on else record.on_date,
        )


def _renamed(
    tail: Sequence[SealedRecord], slot: int, after: int, new: int, device: str, *, apart: bool
) -> Iterator[SealedRecord]:
    """The records under the numbers of a new device, and what they name of each other by those.

    Args:
        apart: no schema among them comes behind the team's.
    """

    def mapped(record: int) -> int:
        moved = slot_of(record) == slot and record > record_id(slot, after)
        return record_id(new, record - record_id(slot, after)) if moved else record

    for record in tail:
        body = record.body
        if body is not None:
            said = with_ids(record.kind, json.loads(body), mapped)
            if apart and record.kind == "schema":
                said.pop("before", None)
            body = canonical(said)
        renamed = record._replace(
            id=mapped(record.id),
            schema=mapped(record.schema),
            target=mapped(record.target) if record.target is not None else None,
            batch=mapped(record.batch) if record.batch is not None else None,
            body=body,
        )
        yield renamed._replace(hash=renamed.sealed_by(device))
