"""What a journal holds and a carrier lacks, published device by device; what was erased, erased there too; what was damaged, put back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

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
                while there < held.number and (last := _publish_next(carrier, cx, held, there, running)):
                    n, there = n + last - there, last
            except NotAllowed:
                # What a server has lost of another's, a lead gives back.
                if held.slot == bare_slot(cx):
                    published.waits.append(WaitingDevice(device_name(held.slot), there + 1, "device", ""))
            except (Ahead, WrongRole) as error:
                number = int(error.args[0])
                n += max(0, _publish_next(carrier, cx, held, there, {}, number - 1 - there) - there)
                why = "ahead" if isinstance(error, Ahead) else "role"
                published.waits.append(WaitingDevice(device_name(held.slot), number, why, ""))
            except Fork:
                published.waits.append(WaitingDevice(device_name(held.slot), there + 1, "fork", ""))
            if n:
                published.records.append((device_name(held.slot), n))
    return published


def _publish_next(
    carrier: Carrier, cx: Any, held: Held, after: int, running: Mapping[int, bytes], most: int = PORTION
) -> int:
    """Publish a portion; the number of its last record, 0 where there is none that can be handed out."""
    arrival = handed_out(cx, held, after, most)
    records = arrival.records
    if not records:
        return 0
    last = records[-1].number
    head = running.get(last) or heads_at(cx, held, [last]).get(last)
    if head is None:
        return 0
    carrier.append(
        DeviceKey(held.device, device_name(held.slot), held.began_at),
        after,
        head,
        [write_line(record).encode() for record in records],
        arrival.whole_to,
        erased=sum(record.body is None for record in records),
    )
    return last


def erase(
    carrier: Carrier,
    heads: Sequence[PublishedHead],
    path: Path,
    opened: Callable[[Path], Any],
    forked: Collection[str] = (),
) -> int:
    """Put lines without bodies in place of those whose records were erased here; how many, of the devices that needed it."""
    n = 0
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
                n += len(records) - published.erased
    return n


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
