"""What a carrier holds and a journal lacks, fetched device by device."""

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import slot_named
from nippo_cli.base.progress import Progress
from nippo_cli.carriers.carrier import (
    Carrier,
    DeviceKey,
    PublishedHead,
    Unreadable,
    short_id,
)
from nippo_cli.journal.log import NoRecord, SealedRecord, read_line
from nippo_cli.journal.read import dropped_by, dropped_tails
from nippo_cli.journal.union import (
    Arrival,
    Spool,
    SpoolFile,
    hashes_beyond,
    hashes_of,
    heads_at,
    opened,
    version_vector,
)
from nippo_cli.results.team import WaitingDevice


def same_device(one: str, other: str) -> bool:
    """Whether a random id is the other, of which a carrier may show the beginning only."""
    return short_id(one) == short_id(other)


def holds_any(path: Path, heads: Sequence[PublishedHead]) -> bool:
    """Whether a journal has a device of those that are published."""
    with opened(path) as cx:
        held = version_vector(cx).values()
    published = {short_id(head.device) for head in heads}
    return any(short_id(one.device) in published for one in held)


class MetDevice(NamedTuple):
    """A device that is published: up to which number it is held, and the running head at the last number that both have; None
    where nobody can tell. `beyond` has the hashes of what is held behind that number, by number: of a portion that was broken off."""

    published: PublishedHead
    held: int
    head: bytes | None
    beyond: Mapping[int, bytes] = {}

    @property
    def is_fork(self) -> bool:
        """Whether another log is published up to a number that is held."""
        head = self.published.head
        return self.head is not None and 0 < self.published.number <= self.held and self.head[: len(head)] != head


class Fetched(NamedTuple):
    """What came of the devices; those that wait; and the random ids of those that wrote two records under one number."""

    arrivals: list[Arrival]
    waits: list[WaitingDevice]
    forked: list[str]

    def leave_out(self, published: PublishedHead, number: int) -> None:
        """A device of which another record was published under a number, or under one before it."""
        self.waits.append(WaitingDevice(published.name, number, "fork", ""))
        self.forked.append(published.device)


class _Forked(Exception):
    """What is published goes on from another record than that which is held."""


def met_devices(cx: Any, heads: Sequence[PublishedHead]) -> list[MetDevice]:
    """Where a journal and what is published meet, device by device. What a device issued anew is not looked at under its old
    numbers."""
    met: list[MetDevice] = []
    held_ones = {short_id(one.device): one for one in version_vector(cx).values()}
    dropped = dropped_tails(cx)
    for published in heads:
        upto = dropped.get(slot_named(published.name))
        if upto is not None and upto < published.number:
            published = published._replace(number=upto, head=b"")  # noqa: PLW2901
        held = held_ones.get(short_id(published.device))
        number = min(held.number, published.number) if held is not None else 0
        beyond = hashes_beyond(cx, held) if held is not None else {}
        if held is None or not number:
            met.append(MetDevice(published, 0, None, beyond))
        else:
            met.append(MetDevice(published, held.number, heads_at(cx, held, [number]).get(number), beyond))
    return met


def fetch(
    carrier: Carrier, met: Sequence[MetDevice], *, spool_in: Path | None = None, progress: Progress | None = None
) -> Fetched:
    """What is published and not held, of the devices whose log is the one that is held.

    Args:
        spool_in: where what is too much for the memory lies meanwhile.
    """
    fetched, file = Fetched([], [], []), SpoolFile(spool_in)
    total = sum(max(0, one.published.number - one.held) for one in met)

    def say(more: int) -> None:
        if progress is not None:
            progress("sync.fetching", sum(len(one.records) for one in fetched.arrivals) + more, total)

    for one in met:
        if one.is_fork:
            fetched.leave_out(one.published, one.published.number)
        if one.published.number <= one.held:
            continue
        try:
            arrival = _arrival(carrier, one, Spool(file), say)
        except Unreadable:
            fetched.waits.append(WaitingDevice(one.published.name, one.held + 1, "unreadable", ""))
        except _Forked:
            fetched.leave_out(one.published, one.held + 1)
        else:
            fetched.arrivals.extend([arrival] if arrival is not None else [])
    return fetched


def without_dropped(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """What came to a journal that holds nothing of these devices, without what was issued anew as another device's."""
    records = [record for arrival in arrivals for record in arrival.records if record.kind == "member"]
    records.sort(key=lambda one: (one.recorded_at, one.id))
    dropped = dropped_by([(record.slot, said) for record in records if (said := _read_body(record))])
    return [
        arrival._replace(records=arrival.records[: dropped.get(arrival.slot, len(arrival.records))])
        for arrival in arrivals
    ]


def _read_body(record: SealedRecord) -> dict[str, Any]:
    """What a record says that nobody has looked at yet; nothing where that can't be read."""
    try:
        said = json.loads(record.body or "{}")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def last_in_common(carrier: Carrier, published: PublishedHead, path: Path, opened: Callable[[Path], Any]) -> int | None:
    """Up to which number the published log of a device is the one that is held, where it goes on otherwise; None where no record is met
    that is another: what can't be read yet is none, nor is anything of a device that is not held."""
    with opened(path) as cx:
        held = next((one for one in version_vector(cx).values() if same_device(one.device, published.device)), None)
    if held is None:
        return None
    number = 0
    try:
        for portion in carrier.fetch(published.device, 0):
            lines = portion.records[number + 1 - portion.first :]
            # Not open while the carrier is asked: nobody could end a write meanwhile.
            with opened(path) as cx:
                own = hashes_of(cx, held, number, len(lines))
            for line, hashed in zip_longest(lines, own):
                if read_line(line).hash != hashed:
                    return number
                number += 1
    except (Unreadable, NoRecord):
        return None
    return None


def _arrival(carrier: Carrier, met: MetDevice, records: Spool, say: Callable[[int], None]) -> Arrival | None:
    """The records of a device behind those that are held.

    Args:
        records: empty; they are put into it.
        say: asked to show how many came.

    Raises:
        Unreadable: the very next one can't be read. _Forked: they follow upon others.
    """
    after = whole_to = met.held
    device: DeviceKey | None = None
    head = met.head
    for portion in carrier.fetch(met.published.device, after):
        device = device or portion.device
        if portion.device != device:
            break
        if not after and head is None:
            head = sha256(device.id.encode()).digest()
        try:
            more = [*map(read_line, portion.records[after + len(records) + 1 - portion.first :])]
        except NoRecord:
            break
        if any(met.beyond.get(record.number, record.hash) != record.hash for record in more):
            raise _Forked
        if head is not None:
            for record in more:
                head = sha256(head + record.hash).digest()
            if head != portion.head:
                raise _Forked
        records.extend(more)
        whole_to = portion.whole_to
        say(len(records))
    if device is None or not records or met.published.number <= after:
        return None
    asked = met.published.number - after
    taken = records if len(records) <= asked else records[:asked]
    return Arrival(device.id, slot_named(device.name), device.began_at, taken, whole_to)
