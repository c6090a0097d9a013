"""What a journal holds and a carrier lacks, published device by device; what was erased, erased there too; what was damaged, put back."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
from nippo_cli.journal.union import Held, erased_records, handed_out, heads_at, version_vector
from nippo_cli.results.team import WaitingDevice
from nippo_cli.services.team.fetching import same_device

# So many records are published at once.
PORTION: Final = 5_000


class Published(NamedTuple):
    """How many records of each device were published, by short name; and the devices of which another log lies there by now."""

    records: list[tuple[str, int]]
    waits: list[WaitingDevice]


class ErasedThere(NamedTuple):
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
        for held in _not_forked(cx, forked):
            there = numbers.get(short_id(held.device), 0)
            ends = range(there + PORTION, held.number, PORTION)
            running = heads_at(cx, held, [*ends, held.number]) if there < held.number else {}
            n = 0
            try:
                for last in _publish_rest(carrier, cx, held, there, running):
                    n, there = n + last - there, last
            except NotAllowed:
                # What a server has lost of another's, a lead gives back.
                if held.slot == bare_slot(cx):
                    published.waits.append(WaitingDevice(device_name(held.slot), there + 1, "device", ""))
            except (Ahead, WrongRole) as error:
                number = int(error.args[0])
                before = _ready(cx, held, there, {}, number - 1 - there)
                if before is not None:
                    before.publish(carrier)
                    n += before.last - there
                why = "ahead" if isinstance(error, Ahead) else "role"
                published.waits.append(WaitingDevice(device_name(held.slot), number, why, ""))
            except Fork:
                published.waits.append(WaitingDevice(device_name(held.slot), there + 1, "fork", ""))
            if n:
                published.records.append((device_name(held.slot), n))
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


def _publish_rest(carrier: Carrier, cx: Any, held: Held, after: int, running: Mapping[int, bytes]) -> Iterator[int]:
    """Publish what follows upon a number, portion by portion: the last number of each, once it is there. While one is on its way
    the next is made ready."""
    ready = _ready(cx, held, after, running, PORTION) if after < held.number else None
    while ready is not None:
        following = None
        if ready.last == held.number:
            ready.publish(carrier)
        else:
            publishing = BesideCall(ready.publish, carrier)
            following = _ready(cx, held, ready.last, running, PORTION)
            publishing.result()
        yield ready.last
        ready = following


def _ready(cx: Any, held: Held, after: int, running: Mapping[int, bytes], most: int) -> _Ready | None:
    """The portion behind a number; None where there is nothing that can be handed out."""
    arrival = handed_out(cx, held, after, most)
    records = arrival.records
    if not records:
        return None
    last = records[-1].number
    head = running.get(last) or heads_at(cx, held, [last]).get(last)
    if head is None:
        return None
    return _Ready(
        DeviceKey(held.device, device_name(held.slot), held.began_at),
        after,
        head,
        [write_line(record).encode() for record in records],
        arrival.whole_to,
        sum(record.body is None for record in records),
    )


def erase(
    carrier: Carrier,
    heads: Sequence[PublishedHead],
    path: Path,
    opened: Callable[[Path], Any],
    forked: Collection[str] = (),
) -> ErasedThere:
    """Put lines without bodies in place of those whose records were erased here, of the devices that need it."""
    asked: dict[str, tuple[int, int]] = {}
    there = {short_id(head.device): head for head in heads}
    with opened(path) as cx:
        for held in _not_forked(cx, forked):
            published = there.get(short_id(held.device))
            if published is None:
                continue
            records = [record for record in erased_records(cx, held) if record.number <= published.number]
            if len(records) > published.erased:
                key = DeviceKey(held.device, device_name(held.slot), held.began_at)
                carrier.erase(key, {record.number: write_line(record).encode() for record in records})
                asked[short_id(held.device)] = published.erased, len(records)
    if not asked:
        return ErasedThere(0, 0)
    # What another program holds open, or nobody here may remove, lies there still.
    now = {short_id(head.device): head.erased for head in carrier.heads()}
    left = sum(n - before for device, (before, n) in asked.items() if now.get(device, 0) < n)
    return ErasedThere(sum(n - before for before, n in asked.values()) - left, left)


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
        damaged = carrier.damaged(own_device(cx))
        held = next(
            (one for one in version_vector(cx).values() if damaged and same_device(one.device, damaged.device.id)), None
        )
        if damaged is None or held is None:
            return 0
        arrival = handed_out(cx, held, damaged.first - 1, len(damaged.records))
        head = heads_at(cx, held, [damaged.last]).get(damaged.last)
        if head is None or len(arrival.records) < len(damaged.records):
            return 0
        lines = tuple(write_line(record).encode() for record in arrival.records)
        key = DeviceKey(held.device, device_name(held.slot), held.began_at)
        erased = sum(record.body is None for record in arrival.records)
        carrier.put_back(Portion(key, damaged.first, head, arrival.whole_to, lines), erased)
    return len(lines)
