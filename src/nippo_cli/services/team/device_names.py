"""Two devices of one name, as two machines may draw it that know nothing of each other: which of them has it, and how the other goes
on. What was published first stands; of two that were published unseen by each other, the one that began first."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nippo_cli.base.ids import device_name
from nippo_cli.carriers.carrier import Carrier, Mendable, PublishedHead, Unreadable, short_id
from nippo_cli.journal.log import NoRecord, inner_digest, read_line
from nippo_cli.journal.union import Held, holds_salts, version_vector
from nippo_cli.results.team import WaitingDevice
from nippo_cli.services.team.fetching import same_device


class NamedHeads:
    """What is published by devices whose name is theirs; and by those whose name is another's."""

    def __init__(self, rightful: Sequence[PublishedHead] = (), nameless: Sequence[PublishedHead] = ()) -> None:
        self.rightful = rightful
        self.nameless = nameless
        self._owners = {head.name: short_id(head.device) for head in rightful}

    def is_anothers(self, held: Held) -> bool:
        """Whether another device has the name of one of which something may be held."""
        own = short_id(held.device)
        return self._owners.get(device_name(held.slot), own) != own


def heads_by_name(carrier: Carrier, heads: Sequence[PublishedHead]) -> NamedHeads:
    """Tell by what is published which device has a name. Where that can't be read yet, none of them has it.

    Raises:
        CarrierError: the carrier can't be reached.
    """
    by_name: defaultdict[str, list[PublishedHead]] = defaultdict(list)
    for head in heads:
        by_name[head.name].append(head)
    rightful: list[PublishedHead] = []
    nameless: list[PublishedHead] = []
    for ones in by_name.values():
        if len(ones) == 1:
            rightful.extend(ones)
            continue
        began = {one.device: _began_at(carrier, one) for one in ones}
        ones.sort(key=lambda one: (began[one.device], one.device))
        certain = all(began.values())
        rightful.extend(ones[:1] if certain else [])
        nameless.extend(ones[1:] if certain else ones)
    return NamedHeads(rightful, nameless)


def _began_at(carrier: Carrier, head: PublishedHead) -> str:
    """When a device began; empty where that can't be read yet."""
    try:
        return next((portion.device.began_at for portion in carrier.fetch(head.device, 0)), "")
    except Unreadable:
        return ""


def clear_nameless(
    carrier: Carrier, named: NamedHeads, path: Path, opened: Callable[[Path], Any]
) -> list[WaitingDevice]:
    """Take away what lies under a name that is another's, once its records are held under other numbers; what is left of it waits.

    Raises:
        CarrierError: the carrier can't be reached.
    """
    left: list[WaitingDevice] = []
    if not named.nameless:
        return left
    with opened(path) as cx:
        held = version_vector(cx).values()
    for head in named.nameless:
        is_held = any(same_device(one.device, head.device) for one in held)
        if isinstance(carrier, Mendable) and not is_held and _are_issued_anew(carrier, head, path, opened):
            carrier.withdraw(head.device)
        else:
            left.append(WaitingDevice(head.name, 1, "name_taken", ""))
    return left


def _are_issued_anew(carrier: Carrier, head: PublishedHead, path: Path, opened: Callable[[Path], Any]) -> bool:
    """Whether each record of a device is held under another number: it has the same salt there."""
    n = 0
    try:
        for portion in carrier.fetch(head.device, 0):
            salts: list[tuple[bytes, bytes]] = []
            for record in map(read_line, portion.records):
                salt = record.salt or b""
                # Of one that was erased since, what is left of both.
                salts.append((salt, inner_digest(salt, record.body) if record.body is not None else salt))
            with opened(path) as cx:
                if not holds_salts(cx, salts):
                    return False
            n += len(salts)
    except (Unreadable, NoRecord):
        return False
    return n >= head.number
