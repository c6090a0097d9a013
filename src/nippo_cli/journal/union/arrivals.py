"""What comes of other devices, and what is held of each."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.log import SealedRecord

HELD: Final = "select d.id, d.slot, d.began_at, d.last_number from device d order by d.slot"

# Why a device's records are not taken: one is not what was written, or nobody can read it; its command is not all there; it
# names a record that is not there, or comes after it; it is dated more than a day ahead; its device's name, or its number, is
# another's; its device seals in a way that no team knows.
WaitReason: TypeAlias = Literal["altered", "half", "refers", "ahead", "name_taken", "fork", "seal"]


class Arrival(NamedTuple):
    """Records of one device, by number and without a gap. `device` is its random id; `whole_to` the last number of theirs that
    ends a command."""

    device: str
    slot: int
    began_at: str
    records: Sequence[SealedRecord]
    whole_to: int


class Held(NamedTuple):
    """A device of which something may be held: up to which number, without a gap."""

    device: str
    slot: int
    began_at: str
    number: int


class Wait(NamedTuple):
    """A device that waits at a number, and why; `about` is the record that it names."""

    slot: int
    number: int
    why: WaitReason
    about: int | None = None


def version_vector(cx: sqlite3.Connection) -> Mapping[str, Held]:
    """What is held of each device, by its random id."""
    return {row[0]: Held(*row) for row in cx.execute(HELD)}


def commands_of(arrival: Arrival, after: int) -> Iterator[Sequence[SealedRecord]]:
    """The whole commands behind a number: records of one instant each."""
    records = arrival.records
    at = max(0, after + 1 - records[0].number) if records else 0
    while at < len(records):
        instant = records[at].recorded_at
        end = next((n for n in range(at + 1, len(records)) if records[n].recorded_at != instant), len(records))
        if end == len(records) and records[-1].number > arrival.whole_to:
            return
        yield records[at:end]
        at = end
