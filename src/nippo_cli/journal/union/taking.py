"""Taking records of other devices into a journal, in transactions so short that nobody who writes waits for long."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

from nippo_cli.base.dates import instant_text
from nippo_cli.base.errors import Message
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.progress import Progress
from nippo_cli.journal.log import bare_slot, forget_met, hash_faster, meta, usable
from nippo_cli.journal.search import catch_up, is_behind
from nippo_cli.journal.union.admission import Admission
from nippo_cli.journal.union.arrivals import Arrival, Wait
from nippo_cli.journal.union.deriving import ForeignRecords
from nippo_cli.journal.union.portions import Portions
from nippo_cli.journal.write import LEFT_TO_OTHERS, UNWIPED, connect_to_write, wipe

# A transaction takes about so long; who writes meanwhile waits for one of them.
SECONDS: Final = 0.25
# So many records are taken in the first transaction, and in any: as many as a slow machine derives in half a second.
FIRST, MOST = 50, 1_000
# So many are derived in one go with all the rest, where nobody else writes to the file and it holds less itself.
MANY: Final = 5_000
# What is derived anew of so many records is no longer to be waited for than a transaction.
FEW: Final = 4_000
RECORDS_HELD: Final = "select coalesce(sum(last_number), 0) from device"
# A clock may be wrong by so much.
_A_DAY: Final = timedelta(days=1)


class Admitted(NamedTuple):
    """What was taken: how many records of each device, by slot; the devices that wait; whether all was derived anew; whether a
    body was erased; whether the rest was left to be taken where a person waits for it."""

    records: dict[int, int]
    waits: tuple[Wait, ...]
    rebuilt: bool
    erased: bool
    left: bool = False


def append_foreign(
    path: Path,
    arrivals: Sequence[Arrival],
    *,
    now: datetime,
    tell: Callable[[Message], None] | None = None,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    alone: bool = False,
    watched: bool = True,
) -> Admitted:
    """Take what came of other devices, as far as it can be taken (`Admission`), and derive what follows from it.

    What is derived is then what a rebuild makes, whatever came in which order. Killed at any moment, a part is taken; the rest
    can be taken again, and what is held already is passed over.

    Args:
        arrivals: at most one of each device; records that are held may be among them.
        now: the instant, with a time zone; records dated more than a day later wait.
        seconds: about how long a transaction takes, of `MOST` records at most. Where a schema of another shape comes, all is derived
            anew in one that takes as long as it needs.
        alone: nobody else writes to the file: where more comes than it holds, all of it is one transaction.
        watched: a person waits for it, and sees how far it is. If nobody does, what would derive more than `FEW` records anew is
            left, with all that comes behind it.

    Raises:
        NoJournal: there is none.
        JournalError: it can't be written.
    """
    forget_met()
    hash_faster()
    with closing(_Transactions(path, tell)) as journal, usable(path):
        cx = journal.begin()
        taking = _Taking(journal, Admission(cx, arrivals, instant_text(now + _A_DAY)), arrivals, progress)
        held = cx.execute(RECORDS_HELD).fetchone()[0]
        if alone and taking.total >= MANY and taking.total > held:
            taking.take_at_once()
        else:
            own = bare_slot(cx)
            # Nothing was written yet: what came is looked through without keeping anybody waiting.
            journal.take_back()
            taking.take_in_pieces(seconds, own, rebuilds=watched or held <= FEW)
        if taking.erased and meta(cx, UNWIPED):
            wipe(cx, path, tell, erased=True)
    return taking.admitted()


class _Taking:
    """What was admitted, put in and derived."""

    def __init__(
        self, journal: "_Transactions", admission: Admission, arrivals: Sequence[Arrival], progress: Progress | None
    ) -> None:
        self._journal = journal
        self._admission = admission
        self._devices = {arrival.slot: arrival for arrival in arrivals if admission.admits(arrival)}
        self._progress = progress
        self._records = iter(admission)
        self._counts: dict[int, int] = {}
        self._rebuilt = self._left = False
        self.total = sum(len(arrival.records) for arrival in arrivals)
        self.erased = False

    def take_at_once(self) -> None:
        """In one transaction, all derived at its end."""
        foreign = ForeignRecords(self._journal.begin(), self._devices, derives=False)
        while piece := list(islice(self._records, MOST)):
            foreign.put([record for record, _ in piece], {record.slot: record.number for record, _ in piece})
            self._admission.settle()
            self._say(foreign.count)
        self._end(foreign)

    def take_in_pieces(self, seconds: float, own: int, *, rebuilds: bool) -> None:
        """In one transaction after another, with what follows from each."""
        size, portions = FIRST, Portions(self._records, own)
        while portion := portions.next(size):
            cx, began = self._journal.begin(), perf_counter()
            foreign = ForeignRecords(cx, self._devices, derives=True)
            foreign.put(portion.records, portion.numbers)
            if not rebuilds and foreign.needs_rebuild():
                self._journal.take_back()
                self._left = True
                return
            self._end(foreign)
            self._say(sum(self._counts.values()))
            size = _next_size(size, perf_counter() - began, seconds)
            if portion.is_last:
                self._admission.settle()
                self._index(size, seconds)

    def _index(self, size: int, seconds: float) -> None:
        """Have the search find what came out of its turn too, some in each transaction."""
        behind = True
        while behind:
            cx, began = self._journal.begin(), perf_counter()
            catch_up(cx, size)
            behind = is_behind(cx)
            self._journal.end()
            size = _next_size(size, perf_counter() - began, seconds)

    def _end(self, foreign: ForeignRecords) -> None:
        self._rebuilt |= foreign.finish()
        self.erased |= foreign.erased
        for slot, n in foreign.counts.items():
            self._counts[slot] = self._counts.get(slot, 0) + n
        self._journal.end()

    def _say(self, done: int) -> None:
        if self._progress is not None:
            self._progress("sync.taking", done, self.total)

    def admitted(self) -> Admitted:
        """What became of it."""
        waits = () if self._left else tuple(wait for _, wait in sorted(self._admission.waits.items()))
        return Admitted(self._counts, waits, self._rebuilt, self.erased, self._left)


def _next_size(size: int, took: float, seconds: float) -> int:
    """How many records the next transaction takes, where so many took so long and are to take `seconds`."""
    return max(1, min(MOST, int(size * min(4.0, seconds / max(took, 1e-4)))))


class _Transactions:
    """One connection, and a transaction after another."""

    def __init__(self, path: Path, tell: Callable[[Message], None] | None) -> None:
        self._cx = connect_to_write(path, tell)

    def begin(self) -> sqlite3.Connection:
        if not self._cx.in_transaction:
            # Whoever waits to write comes first.
            sleep(LEFT_TO_OTHERS)
            self._cx.execute("begin immediate")
        return self._cx

    def end(self) -> None:
        self._cx.execute("commit")

    def take_back(self) -> None:
        self._cx.execute("rollback")

    def close(self) -> None:
        """What was begun and not ended is taken back."""
        if self._cx.in_transaction:
            self._cx.execute("rollback")
        self._cx.close()
