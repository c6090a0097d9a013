"""What a journal holds and a carrier lacks, published device by device; what was erased, erased there too; what was damaged, put back."""

from collections.abc import Callable, Collection, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from nippo_cli.base.beside import BesideCall
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import device_name
from nippo_cli.carriers.carrier import (
    Ahead,
    Carrier,
    DeviceKey,
    Fork,
    Mendable,
    NotAllowed,
    Portion,
    PublishedHead,
    WrongRole,
    short_id,
)
from nippo_cli.journal.log import bare_slot, own_device, write_line
from nippo_cli.journal.union import Arrival, Held, erased_records, handed_out, heads_at, version_vector
from nippo_cli.results.team import WaitingDevice
from nippo_cli.services.team.fetching import same_device

# So many records are published at once, of so many bytes: a line that breaks off now and then gets them through.
PORTION: Final = 5_000
PORTION_BYTES: Final = 8_000_000


class Published(NamedTuple):
    """How many records of each device were published, by short name; and the devices of which another log lies there by now."""

    records: list[tuple[str, int]]
    waits: list[WaitingDevice]


class ErasureCount(NamedTuple):
    """How many records are erased where they lie by now; and how many could not be, of which the next sync sees to it."""

    done: int
    left: int


def publish(
    carrier: Carrier,
    heads: Sequence[PublishedHead],
    path: Path,
    opened: Callable[[Path], Any],
    forked: Collection[str] = (),
) -> Published:
    """Publish what a carrier lacks of each device, the journal's own and, where they were lost, others'.

    Args:
        forked: devices of which another log lies there: they are passed over.
    """
    published = Published([], [])
    numbers = {short_id(head.device): head.number for head in heads}
    with opened(path) as cx:
        own, logs = bare_slot(cx), [_HeldLog(path, opened, held) for held in _not_forked(cx, forked)]
    for log in logs:
        device, there = device_name(log.held.slot), numbers.get(short_id(log.held.device), 0)
        n = 0
        try:
            for last in _publish_rest(carrier, log, there):
                n, there = n + last - there, last
        except NotAllowed:
            # What a server has lost of another's, a lead gives back.
            if log.held.slot == own:
                published.waits.append(WaitingDevice(device, there + 1, "device", ""))
        except (Ahead, WrongRole) as error:
            number = int(error.args[0])
            before = log.portion(there, log.head_at(there), number - 1 - there)
            if before is not None:
                before.publish(carrier)
                n += before.last - there
            why = "ahead" if isinstance(error, Ahead) else "role"
            published.waits.append(WaitingDevice(device, number, why, ""))
        except Fork:
            published.waits.append(WaitingDevice(device, there + 1, "fork", ""))
        if n:
            published.records.append((device, n))
    return published


class _Ready(NamedTuple):
    """A portion that can be published: what `Carrier.append` is given."""

    device: DeviceKey
    after: int
    head: bytes
    records: list[bytes]
    whole_to: int
    erased: int

    @property
    def last(self) -> int:
        return self.after + len(self.records)

    def publish(self, carrier: Carrier) -> None:
        carrier.append(*self[:-1], erased=self.erased)

    def as_portion(self) -> Portion:
        return Portion(self.device, self.after + 1, self.head, self.whole_to, tuple(self.records))


class _HeldLog(NamedTuple):
    """What a journal holds of a device. The file is open for a look at a time, and never while a carrier is asked: who looks at it keeps
    everybody from ending a write."""

    path: Path
    opened: Callable[[Path], Any]
    held: Held

    def head_at(self, number: int) -> bytes | None:
        """The running head at a number; None where a hash before it is damaged."""
        if not number:
            return sha256(self.held.device.encode()).digest()
        with self.opened(self.path) as cx:
            return heads_at(cx, self.held, [number]).get(number)

    def portion(self, after: int, head: bytes | None, most: int) -> _Ready | None:
        """The portion behind a number, whose running head is known; None where there is nothing that can be handed out."""
        if head is None or after >= self.held.number:
            return None
        with self.opened(self.path) as cx:
            arrival = handed_out(cx, self.held, after, most, PORTION_BYTES)
        for record in arrival.records:
            head = sha256(head + record.hash).digest()
        return _ready(self.held, after, head, arrival) if arrival.records else None


def _publish_rest(carrier: Carrier, log: _HeldLog, after: int) -> Iterator[int]:
    """Publish what follows upon a number, portion by portion: the last number of each, once it is there. While one is on its way
    the next is made ready."""
    ready = log.portion(after, log.head_at(after), PORTION) if after < log.held.number else None
    while ready is not None:
        following = None
        if ready.last == log.held.number:
            ready.publish(carrier)
        else:
            publishing = BesideCall(ready.publish, carrier)
            following = log.portion(ready.last, ready.head, PORTION)
            publishing.result()
        yield ready.last
        ready = following


def _ready(held: Held, after: int, head: bytes, arrival: Arrival) -> _Ready:
    """What was handed out behind a number, with the running head at its end."""
    return _Ready(
        DeviceKey(held.device, device_name(held.slot), held.began_at),
        after,
        head,
        [write_line(record).encode() for record in arrival.records],
        arrival.whole_to,
        sum(record.body is None for record in arrival.records),
    )


def erase(
    carrier: Carrier,
    heads: Sequence[PublishedHead],
    path: Path,
    opened: Callable[[Path], Any],
    forked: Collection[str] = (),
) -> ErasureCount:
    """Put lines without bodies in place of those whose records were erased here, of the devices that need it."""
    asked: dict[str, tuple[int, int]] = {}
    lines: dict[DeviceKey, dict[int, bytes]] = {}
    there = {short_id(head.device): head for head in heads}
    with opened(path) as cx:
        for held in _not_forked(cx, forked):
            published = there.get(short_id(held.device))
            if published is None:
                continue
            records = [record for record in erased_records(cx, held) if record.number <= published.number]
            if len(records) > published.erased:
                key = DeviceKey(held.device, device_name(held.slot), held.began_at)
                lines[key] = {record.number: write_line(record).encode() for record in records}
                asked[short_id(held.device)] = published.erased, len(records)
    for key, erased in lines.items():
        carrier.erase(key, erased)
    if not asked:
        return ErasureCount(0, 0)
    # What another program holds open, or nobody here may remove, lies there still.
    now = {short_id(head.device): head.erased for head in carrier.heads()}
    left = sum(n - before for device, (before, n) in asked.items() if now.get(device, 0) < n)
    return ErasureCount(sum(n - before for before, n in asked.values()) - left, left)


def _not_forked(cx: Any, forked: Collection[str]) -> list[Held]:
    passed_over = {*map(short_id, forked)}
    return [held for held in version_vector(cx).values() if short_id(held.device) not in passed_over]


def mend(carrier: Carrier, path: Path, opened: Callable[[Path], Any]) -> int:
    """Put one portion back that somebody damaged where the records lie, if this journal holds it; how many records it has.

    Raises:
        CarrierError: nothing can be read there: before anything is published under another key.
    """
    if not isinstance(carrier, Mendable):
        return 0
    with opened(path) as cx:
        own = own_device(cx)
    damaged = carrier.damaged(own)
    whole = _whole(damaged, path, opened) if damaged is not None else None
    if whole is None:
        return 0
    carrier.put_back(whole.as_portion(), whole.erased)
    return len(whole.records)


def _whole(damaged: Portion, path: Path, opened: Callable[[Path], Any]) -> _Ready | None:
    """A damaged portion as it is held here; None where it is not, or not all of it."""
    with opened(path) as cx:
        held = next((one for one in version_vector(cx).values() if same_device(one.device, damaged.device.id)), None)
        if held is None:
            return None
        arrival = handed_out(cx, held, damaged.first - 1, len(damaged.records))
        head = heads_at(cx, held, [damaged.last]).get(damaged.last)
    if head is None or len(arrival.records) < len(damaged.records):
        return None
    return _ready(held, damaged.first - 1, head, arrival)
