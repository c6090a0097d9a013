"""What a carrier holds and what a journal holds, each given what it lacks."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import device_name, slot_named
from nippo_cli.carriers.carrier import Carrier, DeviceKey, PublishedHead, Unreadable
from nippo_cli.journal.log import NoRecord, SealedRecord, read_line, write_line
from nippo_cli.journal.union import Arrival, Held, erased_records, handed_out, head_at, version_vector

# So many records are published at once.
PORTION: Final = 5_000


class Fetched(NamedTuple):
    """What came of the devices, and those of which the next record can't be read yet, by short name."""

    arrivals: list[Arrival]
    unreadable: list[str]


def same_device(one: str, other: str) -> bool:
    """Whether a random id is the other, of which a carrier may show the beginning only."""
    one, other = one.removeprefix("2-"), other.removeprefix("2-")
    return one.startswith(other) or other.startswith(one)


def fetch(carrier: Carrier, heads: Sequence[PublishedHead], held: Sequence[Held]) -> Fetched:
    """What is published and not held."""
    arrivals: list[Arrival] = []
    unreadable: list[str] = []
    for head in heads:
        number = next((one.number for one in held if same_device(one.device, head.device)), 0)
        if head.number <= number:
            continue
        try:
            arrival = _arrival(carrier, head, number)
        except Unreadable:
            unreadable.append(head.name)
            continue
        if arrival is not None:
            arrivals.append(arrival)
    return Fetched(arrivals, unreadable)


def _arrival(carrier: Carrier, head: PublishedHead, after: int) -> Arrival | None:
    records: list[SealedRecord] = []
    device: DeviceKey | None = None
    whole_to = after
    for portion in carrier.fetch(head.device, after):
        device = device or portion.device
        if portion.device != device:
            break
        try:
            records += map(read_line, portion.records[after + len(records) + 1 - portion.first :])
        except NoRecord:
            break
        whole_to = portion.whole_to
    if device is None or not records:
        return None
    return Arrival(device.id, slot_named(device.name), device.began_at, records, whole_to)


def publish(
    carrier: Carrier, heads: Sequence[PublishedHead], path: Path, opened: Callable[[Path], Any]
) -> Iterator[tuple[str, int]]:
    """Publish what a carrier lacks of each device, the journal's own and, where they were lost, others'; the short name of each and
    how many records."""
    with opened(path) as cx:
        for held in version_vector(cx).values():
            there = next((one.number for one in heads if same_device(held.device, one.device)), 0)
            n = 0
            while there < held.number:
                arrival = handed_out(cx, held, there, PORTION)
                records = arrival.records
                if not records:
                    break
                last = records[-1].number
                carrier.append(
                    DeviceKey(held.device, device_name(held.slot), held.began_at),
                    there,
                    head_at(cx, held, last),
                    [write_line(record).encode() for record in records],
                    arrival.whole_to,
                    erased=sum(record.body is None for record in records),
                )
                n, there = n + len(records), last
            if n:
                yield device_name(held.slot), n


def erase(carrier: Carrier, heads: Sequence[PublishedHead], path: Path, opened: Callable[[Path], Any]) -> int:
    """Put lines without bodies in place of those whose records were erased here; how many, of the devices that needed it."""
    n = 0
    with opened(path) as cx:
        for held in version_vector(cx).values():
            published = next((one for one in heads if same_device(held.device, one.device)), None)
            if published is None:
                continue
            records = [record for record in erased_records(cx, held) if record.number <= published.number]
            if len(records) > published.erased:
                key = DeviceKey(held.device, device_name(held.slot), held.began_at)
                carrier.erase(key, {record.number: write_line(record).encode() for record in records})
                n += len(records) - published.erased
    return n
