"""Taking records of other devices into a journal, in transactions so short that nobody who writes waits for long."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Final

from nippo_cli.base.dates import instant_text
from nippo_cli.base.errors import Message
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.progress import Progress
from nippo_cli.journal.log import SealedRecord, forget_met, meta, usable
from nippo_cli.journal.union.admission import Admission
from nippo_cli.journal.union.arrivals import Arrival, Wait
from nippo_cli.journal.union.deriving import ForeignRecords
from nippo_cli.journal.write import UNWIPED, connect_to_write, wipe

# A transaction takes about so long; who writes meanwhile waits for one of them.
SECONDS: Final = 0.15
_FIRST, _MOST = 50, 5_000
# So many at once are derived in one go with all the rest, if the journal holds less itself.
MANY: Final = 5_000
RECORDS_HELD: Final = "select coalesce(sum(last_number), 0) from device"
# A clock may be wrong by so much.
_A_DAY: Final = timedelta(days=1)


class Admitted(NamedTuple):
    """What was taken: how many records of each device, by slot; the devices that wait; whether all was derived anew; whether a
    body was erased."""

    records: dict[int, int]
    waits: tuple[Wait, ...]
    rebuilt: bool
    erased: bool


def append_foreign(
    path: Path,
    arrivals: Sequence[Arrival],
    *,
    now: datetime,
    tell: Callable[[Message], None] | None = None,
    progress: Progress | None = None,
    seconds: float = SECONDS,
) -> Admitted:
    """Take what came of other devices, as far as it can be taken (`Admission`), and derive what follows from it.

    What is derived is then what a rebuild makes, whatever came in which order. Killed at any moment, a part is taken; the rest
    can be taken again, and what is held already is passed over.

    Args:
        arrivals: at most one of each device; records that are held may be among them.
        now: the instant, with a time zone; records dated more than a day later wait.
        seconds: about how long a transaction takes. Where more comes than the journal holds, or a schema of another shape, all is
            derived anew in one that takes as long as it needs.

    Raises:
        NoJournal: there is none.
        JournalError: it can't be written.
    """
    forget_met()
    counts: dict[int, int] = {}
    rebuilt = erased = False
    total = sum(len(arrival.records) for arrival in arrivals)
    with closing(_Transactions(path, tell)) as journal, usable(path):
        cx = journal.begin()
        admission = Admission(cx, arrivals, instant_text(now + _A_DAY))
        devices: dict[int, Arrival] = {}
        for arrival in arrivals:
            if admission.admits(arrival):
                devices[arrival.slot] = arrival
        pieces = _pieces(admission)
        at_once = total >= MANY and total > cx.execute(RECORDS_HELD).fetchone()[0]
        size = _MOST if at_once else _FIRST
        piece = list(islice(pieces, size))
        while piece:
            began = perf_counter()
            foreign = ForeignRecords(cx, devices, derives=not at_once)
            foreign.put(piece)
            while at_once and (more := list(islice(pieces, size))):
                foreign.put(more)
                if progress is not None:
                    progress("sync.taking", foreign.count, total)
            rebuilt |= foreign.finish()
            erased |= foreign.erased
            for slot, n in foreign.counts.items():
                counts[slot] = counts.get(slot, 0) + n
            journal.end()
            taken = perf_counter() - began
            if progress is not None:
                progress("sync.taking", sum(counts.values()), total)
            size = max(1, min(_MOST, int(size * min(4.0, seconds / max(taken, 1e-4)))))
            cx = journal.begin()
            piece = list(islice(pieces, size))
        unwiped = meta(cx, UNWIPED)
        journal.end()
        if erased and unwiped:
            wipe(cx, path, tell, erased=True)
    return Admitted(counts, tuple(wait for _, wait in sorted(admission.waits.items())), rebuilt, erased)


def _pieces(admission: Admission) -> Iterator[SealedRecord]:
    """The records of command after command: one of a million is taken in many transactions, once all of it is there."""
    for command in admission:
        yield from command


class _Transactions:
    """One connection, and a transaction after another."""

    def __init__(self, path: Path, tell: Callable[[Message], None] | None) -> None:
        self._cx = connect_to_write(path, tell)

    def begin(self) -> sqlite3.Connection:
        if not self._cx.in_transaction:
            self._cx.execute("begin immediate")
        return self._cx

    def end(self) -> None:
        self._cx.execute("commit")

    def close(self) -> None:
        """What was begun and not ended is taken back."""
        if self._cx.in_transaction:
            self._cx.execute("rollback")
        self._cx.close()
