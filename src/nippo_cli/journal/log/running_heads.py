"""A device's running heads: one hash over all that it wrote up to a number, so that two copies of a log can be told apart
without comparing their records.

head(0) is SHA-256 over the device's random id (UTF-8), head(n) SHA-256 over the 32 bytes of head(n - 1) and the 32 bytes of the
hash of record n. They are made when a log is copied for others, never as it is written: an import fills earlier numbers late.
An erased record keeps its hash, so that heads stay as they are.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import number_of, record_id
from nippo_cli.journal.log.records import rows, true_device
from nippo_cli.journal.log.statements import DEVICE_IDS

HAS_HEADS: Final = "select 1 from sqlite_master where type = 'table' and name = 'head'"
HEADS_NOTED: Final = "select slot, number, head from head order by slot, number"
LAST_NOTED: Final = "select number, head from head where slot = ? and number <= ? order by number desc limit 1"
PUT_HEAD: Final = "insert or replace into head values (?, ?, ?)"
HASHES: Final = "select id, hash from record where id > ? and id < ? order by id"


class RunningHead(NamedTuple):
    """A device's head at a number. `device` is its random id."""

    device: str
    slot: int
    number: int
    head: bytes


def running_heads(
    cx: sqlite3.Connection, slot: int, device: str, numbers: Iterable[int], *, from_noted: bool = False
) -> dict[int, bytes]:
    """A device's heads at these numbers; those behind a number that is missing, or whose hash is damaged, left out.

    Args:
        from_noted: what the file has noted of an earlier head is believed; else all is made from the first record on.
    """
    from hashlib import sha256

    wanted, heads = set(numbers), dict[int, bytes]()
    if not wanted:
        return heads
    head, expected, last = sha256(device.encode()).digest(), 1, max(wanted)
    noted = cx.execute(LAST_NOTED, (slot, min(wanted))).fetchone() if from_noted else None
    if noted is not None:
        expected, head = noted[0] + 1, noted[1]
        if noted[0] in wanted:
            heads[noted[0]] = head
    for record, digest in cx.execute(HASHES, (record_id(slot, expected - 1), record_id(slot, last) + 1)):
        # A flipped bit makes a text, or a number, of a hash.
        if number_of(record) != expected or not isinstance(digest, bytes):
            break
        head = sha256(head + digest).digest()
        if expected in wanted:
            heads[expected] = head
        expected += 1
    return heads


def note_heads(cx: sqlite3.Connection) -> None:
    """Write each device's head at its last number into the file, in the caller's transaction."""
    for slot, device, last in rows(cx, DEVICE_IDS):
        heads = running_heads(cx, slot, true_device(device), [last])
        cx.executemany(PUT_HEAD, [(slot, number, head) for number, head in heads.items()])


def noted_heads(cx: sqlite3.Connection) -> list[RunningHead]:
    """The heads that were written into a file; none in one of an older format."""
    if cx.execute(HAS_HEADS).fetchone() is None:
        return []
    devices = {slot: true_device(device) for slot, device, _ in rows(cx, DEVICE_IDS)}
    return [
        RunningHead(devices[slot], slot, number, head)
        for slot, number, head in cx.execute(HEADS_NOTED)
        if slot in devices
    ]


class HeadComparison(NamedTuple):
    """Heads that another copy noted, against those of a log: of which the log `ends_before`, with its last number; and where
    the log has `another` head at the same number."""

    ends_before: list[tuple[RunningHead, int]]
    another: list[RunningHead]


def compare_heads(cx: sqlite3.Connection, noted: Iterable[RunningHead]) -> HeadComparison:
    """Heads that a copy noted against those of this log. Of a device that this log does not have nothing is said; nor where the
    log lacks a record before the number."""
    compared = HeadComparison([], [])
    own: Mapping[str, tuple[int, int]] = {true_device(d): (slot, last) for slot, d, last in rows(cx, DEVICE_IDS)}
    by_device: dict[str, list[RunningHead]] = {}
    for one in noted:
        by_device.setdefault(one.device, []).append(one)
    for device, heads in by_device.items():
        if device not in own:
            continue
        slot, last = own[device]
        now = running_heads(cx, slot, device, [one.number for one in heads if one.number <= last])
        for one in heads:
            if one.number > last:
                compared.ends_before.append((one, last))
            elif one.number in now and now[one.number] != one.head:
                compared.another.append(one)
    return compared
