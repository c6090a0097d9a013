"""The complete log as a text file that another program can read: a header, a line a record, and a last line that seals both.

The header says whose log it is: its devices with their last numbers and running heads. Then come the records, by id. The last line
has their number and the SHA-256 of all before it, so that a file which is cut off, or was changed anywhere, is known as such. The
same log gives the same file, byte for byte. Rule: docs/export.md#the-log
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import NUMBER_BITS, SLOTS, device_name, record_id, show_id
from nippo_cli.journal.log import (
    RECORD_COLUMNS,
    SealedRecord,
    connect_ro,
    hash_faster,
    losses,
    meta,
    noted_heads,
    rows,
    true_device,
    usable,
    write_line,
)
from nippo_cli.journal.log.running_heads import running_heads

DEVICES: Final = "select slot, id, began_at, last_number, ordinal from device where last_number > 0 order by slot"
COUNT: Final = "select count(*) from record where id > ? and id <= ?"
RECORDS: Final = f"select {RECORD_COLUMNS} from record where id > ? and id <= ? order by id limit ?"
# What a sync that was broken off put in before others of lower numbers; of no device of one's own there is any.
LEFT_OUT: Final = f"""
select count(*) from device d join record r
on r.id > (d.slot << {NUMBER_BITS}) + d.last_number and r.id < (d.slot + 1) << {NUMBER_BITS} where d.slot between 0 and {SLOTS - 1}
"""
ERASED_SINCE: Final = "select 1 from record where id > ? and id < ? and kind = 'redact' limit 1"

VERSION: Final = 1
SETTINGS: Final = ("time_zone", "journal_id", "author")
_AT_ONCE: Final = 2000


class LogDevice(NamedTuple):
    """A device that has written: the columns of its row."""

    slot: int
    id: str
    began_at: str
    last_number: int
    ordinal: int

    @property
    def ids(self) -> tuple[int, int]:
        """The ids of its first and its last record."""
        return record_id(self.slot, 1), record_id(self.slot, self.last_number)


class LogHeader(NamedTuple):
    """The first line of a log's file. `lost`: ids, from the first to the last of each run, that a rescue could not bring;
    `heads`: slot, number and running head (hexadecimal)."""

    records: int
    settings: Mapping[str, str]
    devices: tuple[LogDevice, ...]
    lost: tuple[tuple[int, int], ...]
    heads: tuple[tuple[int, int, str], ...]

    def line(self) -> str:
        """The line, without its end."""
        said = {
            "nippo": "journal",
            "version": VERSION,
            "records": self.records,
            **self.settings,
            "devices": [{"name": device_name(one.slot), **one._asdict()} for one in self.devices],
            "lost": self.lost,
            "heads": [dict(zip(("slot", "number", "head"), one, strict=True)) for one in self.heads],
        }
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    def runs(self) -> Iterator[tuple[int, int]]:
        """The ids of its records, from the first to the last of each unbroken run, in their order."""
        for device in self.devices:
            first, last = device.ids
            for from_, to in self.lost:
                if first <= from_ <= last:
                    if from_ > first:
                        yield first, from_ - 1
                    first = to + 1
            if first <= last:
                yield first, last


def lines_of_log(path: Path) -> Iterator[str]:
    """The lines of a journal's file, some at a time, each with its end. The journal is not held meanwhile: what is written after
    the first line is not among them.

    Raises:
        NoJournal: there is none. JournalError: it can't be read, a record of it is damaged, or one was erased meanwhile.
    """
    hash_faster()
    whole = sha256()
    with usable(path), closing(connect_ro(path)) as cx:
        cx.execute("begin")
        header = _header(cx)
        cx.execute("commit")
        for piece in chain((header.line() + "\n",), *(_pieces(cx, device) for device in header.devices)):
            whole.update(piece.encode())
            yield piece
        if any(_erased_since(cx, device) for device in header.devices):
            raise JournalError(msg("log_file.erased_since"), hint=msg("log_file.erased_since.hint"))
    yield last_line(header.records, whole.hexdigest()) + "\n"


def count_left_out(path: Path) -> int:
    """How many records its file leaves out, since others of the same device before them are not here yet."""
    with usable(path), closing(connect_ro(path)) as cx:
        [(n,)] = cx.execute(LEFT_OUT)
        return int(n)


def _header(cx: sqlite3.Connection) -> LogHeader:
    """What a log's file says first: its devices with their heads, how many records, and which numbers were lost."""
    devices = tuple(LogDevice(*row)._replace(id=true_device(row[1])) for row in rows(cx, DEVICES))
    heads = {(one.slot, one.number): one.head for one in noted_heads(cx)}
    for one in devices:
        heads |= {
            (one.slot, number): head for number, head in running_heads(cx, one.slot, one.id, [one.last_number]).items()
        }
    slots = {one.slot for one in devices}
    return LogHeader(
        sum(cx.execute(COUNT, (record_id(one.slot, 0), one.ids[1])).fetchone()[0] for one in devices),
        {key: said for key in SETTINGS if (said := meta(cx, key))},
        devices,
        tuple(losses(cx)),
        tuple((slot, number, head.hex()) for (slot, number), head in sorted(heads.items()) if slot in slots),
    )


def _pieces(cx: sqlite3.Connection, device: LogDevice) -> Iterator[str]:
    """The lines of a device's records, some thousand joined."""
    after, last = record_id(device.slot, 0), device.ids[1]
    while some := list(rows(cx, RECORDS, (after, last, _AT_ONCE))):
        lines = []
        for row in some:
            try:
                record = SealedRecord._make(row)
                sound = record.is_authentic(device.id)
                line = write_line(record) if sound else ""
            except (TypeError, ValueError, AttributeError):
                # A flipped bit makes a number, or bytes, of a text.
                sound = False
            if not sound:
                raise JournalError(
                    msg("log_file.damaged_record", id=show_id(row[0])), hint=msg("log_file.damaged_record.hint")
                )
            lines.append(line)
        yield "\n".join(lines) + "\n"
        after = some[-1][0]


def _erased_since(cx: sqlite3.Connection, device: LogDevice) -> bool:
    """Whether a device has erased since the header was written what may have been written out by then."""
    return cx.execute(ERASED_SINCE, (device.ids[1], record_id(device.slot + 1, 0))).fetchone() is not None


def last_line(records: int, digest: str) -> str:
    """The line that seals a file: how many records it has, and the SHA-256 of all before it."""
    return f'{{"end":{records},"sha256":"{digest}"}}'
