"""Which commands of other devices may be taken, and in which order: each whole, as it was written, and after all that it refers to."""

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from heapq import heappop, heappush
from typing import Any, Final

from nippo_cli.base.ids import NUMBER_BITS
from nippo_cli.journal.log import SEAL_2, SealedRecord, ids_in, is_day
from nippo_cli.journal.union.arrivals import Arrival, Held, Wait, WaitReason, commands_of, version_vector
from nippo_cli.journal.union.portions import reported_deal

# Of a portion that was broken off some are there already, and others before them not.
RECORDED_AT: Final = f"""
select r.recorded_at from record r join device d on d.slot = r.id >> {NUMBER_BITS}
where r.id = ? and r.id & {(1 << NUMBER_BITS) - 1} <= d.last_number
"""
HASH_OF: Final = "select hash from record where id = ?"
LAST_OF: Final = "select recorded_at from record where id > ? and id <= ? order by id desc limit 1"
DIGEST_BYTES: Final = 32
# So many are remembered.
KNOWN: Final = 50_000


class Admission:
    """Commands in the order of the log, as far as what they refer to lets them.

    Args:
        cx: the journal. What was handed out is taken to be in it from then on.
        arrivals: what came, one of each device.
        not_after: an instant (as the log writes it): what is dated later waits.
    """

    def __init__(self, cx: sqlite3.Connection, arrivals: Sequence[Arrival], not_after: str) -> None:
        self._cx = cx
        self._not_after = not_after
        self.waits: dict[int, Wait] = {}
        self._devices: dict[int, str] = {}
        # The next command of each device, and those behind it.
        self._next: dict[int, Sequence[SealedRecord]] = {}
        self._ahead: dict[int, Iterator[Sequence[SealedRecord]]] = {}
        self._ends: dict[int, int] = {}
        self._last: dict[int, str] = {}
        # When what was looked for was recorded; and what was handed out and may not be in the journal yet.
        self._known: dict[int, str] = {}
        self._handed: dict[int, str] = {}
        self._ready: list[tuple[str, int]] = []
        self._on_hold: defaultdict[int, list[int]] = defaultdict(list)
        held = version_vector(cx)
        slots = {one.slot: one.device for one in held.values()}
        for arrival in sorted(arrivals, key=lambda one: one.slot):
            self._enter(arrival, held.get(arrival.device), slots)
            slots.setdefault(arrival.slot, arrival.device)

    def _enter(self, arrival: Arrival, held: Held | None, slots: dict[int, str]) -> None:
        """Put a device's commands in the queue, unless all of them have to wait."""
        number = held.number if held is not None else 0
        why: WaitReason | None = None
        if not arrival.device.startswith(SEAL_2) or arrival.slot <= 0:
            why = "seal"
        elif slots.get(arrival.slot, arrival.device) != arrival.device or (
            held is not None and held.slot != arrival.slot
        ):
            why = "name_taken"
        elif self._forks(arrival, number):
            why = "fork"
        if why is not None:
            self.waits[arrival.slot] = Wait(arrival.slot, number + 1, why)
            return
        self._devices[arrival.slot] = arrival.device
        self._ahead[arrival.slot] = commands_of(arrival, number)
        self._ends[arrival.slot] = arrival.records[-1].number if arrival.records else 0
        self._go_on(arrival.slot, number)

    def _forks(self, arrival: Arrival, number: int) -> bool:
        """Whether a record that is held came again with another hash."""
        for record in arrival.records:
            if record.number > number:
                return False
            row = self._cx.execute(HASH_OF, (record.id,)).fetchone()
            if row is not None and row[0] != record.hash:
                return True
        return False

    def admits(self, arrival: Arrival) -> bool:
        """Whether records of this device may be taken; of two that have one name, of one of them only."""
        return self._devices.get(arrival.slot) == arrival.device

    def settle(self) -> None:
        """All that was handed out is in the journal by now."""
        self._handed.clear()
        if len(self._known) > KNOWN:
            self._known.clear()

    def __iter__(self) -> Iterator[tuple[SealedRecord, int]]:
        """The records of one command after another, each with its `reported_deal`. What is left at the end waits: `waits`."""
        while self._ready:
            _, slot = heappop(self._ready)
            command = self._next[slot]
            deals = array("q")
            refused = self._refusal(slot, command, deals)
            if refused is not None:
                self.waits[slot] = refused
                if refused.about is not None:
                    self._on_hold[refused.about].append(slot)
                continue
            released: list[int] = []
            for record, deal in zip(command, deals, strict=True):
                self._handed[record.id] = record.recorded_at
                if self._on_hold:
                    released += self._on_hold.pop(record.id, ())
                yield record, deal
            self._last[slot] = command[-1].recorded_at
            self._go_on(slot, command[-1].number)
            for other in released:
                del self.waits[other]
                heappush(self._ready, (self._next[other][0].recorded_at, other))

    def _go_on(self, slot: int, after: int) -> None:
        """Let a device's next command take its turn, which is the one behind a number; of one that is not all there, the rest is
        waited for."""
        command = next(self._ahead[slot], None)
        if command is None:
            if self._ends[slot] > after:
                self.waits[slot] = Wait(slot, after + 1, "half")
        elif command[0].number == after + 1:
            self._next[slot] = command
            heappush(self._ready, (command[0].recorded_at, slot))

    def _refusal(self, slot: int, command: Sequence[SealedRecord], deals: "array[int]") -> Wait | None:
        """Why a command can't be taken now; None where it can: then the `reported_deal` of each record is put into `deals`, since its
        body is read here."""
        first, last = command[0].id, command[-1].id
        for record in command:
            body = _body(record)
            if body is None or not self._is_sound(slot, record):
                return Wait(slot, record.number, "altered")
            if record.recorded_at > self._not_after:
                return Wait(slot, record.number, "ahead")
            named = [*ids_in(record.kind, body)]
            deals.append(reported_deal(record, body, named))
            for about in (record.target, record.batch, record.schema, *named):
                if about is not None and not first <= about <= last and not self._is_before(about, record):
                    return Wait(slot, command[0].number, "refers", about)
        return None

    def _is_sound(self, slot: int, record: SealedRecord) -> bool:
        """Whether it is what its device wrote, and has the shape of a record."""
        dated = _is_day(record.known_on) and (record.on_date is None or _is_day(record.on_date))
        if not (dated and _is_instant(record.recorded_at) and record.slot == slot and record.salt):
            return False
        if record.body is None and len(record.salt) != DIGEST_BYTES:
            return False
        if slot not in self._last:
            first = self._next[slot][0].id
            row = self._cx.execute(LAST_OF, (first - first % (1 << 40), first - 1)).fetchone()
            self._last[slot] = row[0] if row is not None else ""
        return record.recorded_at >= self._last[slot] and record.sealed_by(self._devices[slot]) == record.hash

    def _is_before(self, about: int, record: SealedRecord) -> bool:
        """Whether what a record refers to is there, and was written no later."""
        if about in self._handed:
            return self._handed[about] <= record.recorded_at
        if about not in self._known:
            row = self._cx.execute(RECORDED_AT, (about,)).fetchone()
            if row is None:
                return False
            self._known[about] = row[0]
        return self._known[about] <= record.recorded_at


def _body(record: SealedRecord) -> dict[str, Any] | None:
    """What a record says; nothing of an erased one. None where that is no object of JSON."""
    if record.body is None:
        return {}
    try:
        said = json.loads(record.body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


# The days and the instants of an import come again and again.
_is_day = lru_cache(maxsize=4096)(is_day)


@lru_cache(maxsize=64)
def _is_instant(text: str) -> bool:
    """Whether it is an instant as the log writes it: only then texts sort as instants do."""
    try:
        return (
            len(text) == len("2026-11-23T12:34:56.789Z") and text.endswith("Z") and bool(datetime.fromisoformat(text))
        )
    except ValueError:
        return False
