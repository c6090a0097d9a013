"""What a journal holds of a device, handed out to other journals."""

import sqlite3

from nippo_cli.journal.log import SealedRecord, sealed_records
from nippo_cli.journal.union.arrivals import Arrival, Held


def handed_out(cx: sqlite3.Connection, held: Held, after: int, most: int | None = None) -> Arrival:
    """The records of a device behind a number, as far as they are what was written: one that is damaged, and what comes behind
    it, is kept back.

    Args:
        most: so many at most; the rest of a command then comes with the next portion.
    """
    upto = held.number if most is None else min(held.number, after + most)
    records: list[SealedRecord] = []
    for record in sealed_records(cx, held.slot, after, upto):
        if record.number != after + len(records) + 1 or not _is_sound(held.device, record):
            upto = -1
            break
        records.append(record)
    whole = len(records)
    if upto != held.number and records:
        following = next(sealed_records(cx, held.slot, records[-1].number, records[-1].number + 1), None)
        cut = following.recorded_at if following is not None else None
        while whole and records[whole - 1].recorded_at == cut:
            whole -= 1
    return Arrival(held.device, held.slot, held.began_at, records, after + whole)


def _is_sound(device: str, record: SealedRecord) -> bool:
    try:
        return record.salt is not None and record.sealed_by(device) == record.hash
    except (AttributeError, TypeError):
        # A flipped bit makes bytes of a text, or a text of bytes.
        return False
