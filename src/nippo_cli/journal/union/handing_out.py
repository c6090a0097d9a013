"""What a journal holds of a device, handed out to other journals."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from nippo_cli.base.ids import NUMBER_BITS, number_of, record_id
from nippo_cli.journal.log import RECORD_COLUMNS, SealedRecord, connect_ro, sealed_records, usable
from nippo_cli.journal.log.running_heads import LAST_NOTED, running_heads
from nippo_cli.journal.union.arrivals import Arrival, Held, version_vector

ERASED: Final = f"""
select {RECORD_COLUMNS} from record where body is null and id >> {NUMBER_BITS} = :slot and id in (
  select target from record indexed by record_target where target is not null and kind = 'redact'
  union
  select a.id from record e indexed by record_target join record a on a.target = e.target and a.kind = 'amend'
  where e.target is not null and e.kind = 'redact')
order by id
"""
COUNT: Final = "select count(*) from record"
HASHES: Final = "select id, hash from record where id > ? and id <= ? order by id"
# So many records are walked through in a hundredth of a second.
NOTED_AFTER: Final = 10_000
# Enough of a log to tell it by.
FIRST_SALTS: Final = "select salt from record where salt is not null order by id limit 100"
SALTS: Final = "select salt from record where salt is not null"


def handed_out(
    cx: sqlite3.Connection, held: Held, after: int, most: int | None = None, most_bytes: int | None = None
) -> Arrival:
    """The records of a device behind a number, as far as they are what was written: one that is damaged, and what comes behind
    it, is kept back.

    Args:
        most: so many at most; the rest of a command then comes with the next portion.
        most_bytes: of so many bytes at most, in their bodies and source keys; one record at least.
    """
    upto = held.number if most is None else min(held.number, after + most)
    records: list[SealedRecord] = []
    size = 0
    for record in sealed_records(cx, held.slot, after, upto):
        if record.number != after + len(records) + 1 or record.salt is None or not record.is_authentic(held.device):
            upto = -1
            break
        if most_bytes is not None:
            size += _bytes_of(record)
            if size > most_bytes and records:
                upto = records[-1].number
                break
        records.append(record)
    whole = len(records)
    if upto != held.number and records:
        following = next(sealed_records(cx, held.slot, records[-1].number, records[-1].number + 1), None)
        cut = following.recorded_at if following is not None else None
        while whole and records[whole - 1].recorded_at == cut:
            whole -= 1
    return Arrival(held.device, held.slot, held.began_at, records, after + whole)


def _bytes_of(record: SealedRecord) -> int:
    """What of it can be long, as UTF-8."""
    return sum(len(text.encode()) for text in (record.body, record.source_key) if text is not None)


def count_records(cx: sqlite3.Connection) -> int:
    """How many records are held, of every device; those too that came before others of lower numbers."""
    [(n,)] = cx.execute(COUNT)
    return int(n)


def hashes_of(cx: sqlite3.Connection, held: Held, after: int, most: int) -> list[bytes]:
    """The hashes of a device's records behind a number, in their order: so many at most."""
    bounds = record_id(held.slot, after), record_id(held.slot, min(held.number, after + most))
    return [hashed for _, hashed in cx.execute(HASHES, bounds)]


def hashes_beyond(cx: sqlite3.Connection, held: Held) -> dict[int, bytes]:
    """The hashes of a device's records behind the number up to which all are held, by number."""
    bounds = record_id(held.slot, held.number), record_id(held.slot + 1, 0) - 1
    return {number_of(record): hashed for record, hashed in cx.execute(HASHES, bounds)}


def heads_at(cx: sqlite3.Connection, held: Held, numbers: Iterable[int]) -> Mapping[int, bytes]:
    """A device's running heads at numbers that are held; those behind a record whose hash is damaged are left out."""
    return running_heads(cx, held.slot, held.device, numbers, from_noted=True)


def unnoted_heads(cx: sqlite3.Connection) -> list[tuple[int, int, bytes]]:
    """The heads that are to be noted, lest each sync walks through all that is held: by slot, number and head, of the devices that wrote
    much since the last one was."""
    heads: list[tuple[int, int, bytes]] = []
    for held in version_vector(cx).values():
        noted = cx.execute(LAST_NOTED, (held.slot, held.number)).fetchone()
        if held.number - (noted[0] if noted is not None else 0) >= NOTED_AFTER:
            heads += [(held.slot, number, head) for number, head in heads_at(cx, held, [held.number]).items()]
    return heads


def erased_records(cx: sqlite3.Connection, held: Held) -> list[SealedRecord]:
    """The records of a device whose words were erased: what an erasure is about, and what corrects that."""
    return [SealedRecord._make(row) for row in cx.execute(ERASED, {"slot": held.slot})]


def any_salt(cx: sqlite3.Connection, salts: Iterable[bytes | None]) -> bool:
    """Whether a record has one of these salts: then it is of a log that has them."""
    return not {salt for (salt,) in cx.execute(FIRST_SALTS)}.isdisjoint(salts)


def holds_salts(cx: sqlite3.Connection, salts: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether there is a record of each of these salts: of its own, or of what an erasure leaves of it, given as a pair."""
    lacking = [*salts]
    wanted = {salt for pair in lacking for salt in pair}
    held = {salt for (salt,) in cx.execute(SALTS) if salt in wanted}
    return not any(held.isdisjoint(pair) for pair in lacking)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A journal as it stands when the block begins, to be handed out; no file is made or changed.

    Raises:
        NoJournal, JournalError: as of any look.
    """
    with closing(connect_ro(path)) as cx, usable(path):
        cx.execute("begin")
        yield cx
