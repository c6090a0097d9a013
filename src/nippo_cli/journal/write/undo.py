"""Taking back: a record, a whole import, the last command; and erasing."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import number_of, record_id, show_id
from nippo_cli.journal.derive import Projection, add_to_counters
from nippo_cli.journal.log import (
    _MONTH,
    REC,
    Rec,
    idle_merges,
    retracted,
    select_records,
    tree,
)
from nippo_cli.journal.write.append import Log
from nippo_cli.line.metrics import Metric

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress

# The records of an import follow its batch record.
_OF_BATCH = "from record r where r.id > ? and r.batch = ? and r.kind"
_PLAIN = "not exists (select 1 from record t where t.target = r.id) and not exists (select 1 from twin w where w.record = r.id)"
ENTRIES_OF_BATCH: Final = f"select {REC} {_OF_BATCH} = 'entry'"
OTHERS_OF_BATCH: Final = f"select {REC} {_OF_BATCH} <> 'entry'"
TARGETED_OF_BATCH: Final = f"select {REC} {_OF_BATCH} = 'entry' and not ({_PLAIN})"
DEALS_OF_BATCH: Final = (
    "select distinct coalesce(own_deal, deal) from entry"
    f" where deal is not null and id in (select r.id {_OF_BATCH} = 'entry' and {_PLAIN})"
)
AMENDS_OF_BATCH: Final = f"select {REC} {_OF_BATCH} = 'amend' order by r.id desc"
DROP_PLAIN_OF_BATCH: Final = f"delete from entry where id in (select r.id {_OF_BATCH} = 'entry' and {_PLAIN})"
DID_OF_BATCH: Final = f"""
select coalesce(activity, ''), {_MONTH}, count(*) from entry
where meeting is null and id in (select r.id {_OF_BATCH} = 'entry' and {_PLAIN}) group by 1, 2
"""


class WrittenRecord(NamedTuple):
    """A record of the last command, as much as a screen needs to name it."""

    id: int
    kind: str
    on_date: str | None
    target: int | None
    recorded_at: str


class NothingToUndo(NotFound):
    """This device has written nothing that still stands."""


class Undoing(Log):
    """Retracts and erasures. `erased`: something was, whose traces are to be wiped from the file once that is committed."""

    erased = False

    def retract(self, target: int, *, why: str = "") -> int:
        """Take a record back; of an import, all its records. Retracting a retract brings it all back.

        Raises:
            UsageError: a schema or an erasure can't be taken back; or it is taken back already.
        """
        return self.take_back(self.record(target), {"why": why} if why else {})

    def last_command(self) -> list[WrittenRecord]:
        """The records of this device's last command that still stand, the first one first; those that undo would
        take back. Empty where there are none."""
        return [WrittenRecord(r.id, r.kind, r.on_date, r.target, r.recorded_at) for r in self._last()]

    def undo(self) -> list[int]:
        """Take back the last command that still stands; an undo is not one.

        Returns:
            What was taken back; an import by its corrections and its batch record, which comes last.

        Raises:
            NothingToUndo: no command is left.
            UsageError: it was an erasure; or its record is damaged, so that nobody can say what it did.
        """
        records = self._last()
        if not records:
            raise NothingToUndo(msg("journal.nothing_to_undo"))
        before = number_of(records[0].id)
        batches = {r.id for r in records if r.kind == "batch"}
        # Last first, so that a deal's begin goes after its entries.
        taken = [r for r in reversed(records) if r.batch not in batches]
        for batch in batches:
            taken[:0] = self.amends_of(batch)
        for rec in taken:
            self.take_back(rec, {"undo": True, "before": before})
        return [r.id for r in taken]

    def amends_of(self, batch: int) -> list[Rec]:
        """The corrections that an import made and that stand, last first: unlike its other records they are not taken back
        by its batch record alone."""
        amends = list(select_records(self.cx, AMENDS_OF_BATCH, (batch, batch)))
        return [rec for rec in amends if rec.id not in retracted(tree(self.cx, rec.id))]

    def redact(self, target: int, why: str) -> int:
        """Erase one record: `redact_all`."""
        return self.redact_all([target], why)[0]

    def redact_all(
        self,
        targets: Sequence[int],
        why: str,
        *,
        spares: Callable[[str], bool] = lambda _: False,
        progress: "Progress | None" = None,
    ) -> list[int]:
        """Erase what records and all their corrections say, for good, and the reasons why they were taken back; that they
        were there, and why they went, stays. Of an entry the deal and the values that are no text are kept, so that the deal's
        line keeps its shape; of a sale its amount and day, of a hold its days. A deal is called by its id from then on.

        Args:
            targets: records of any kind that says something. Of an erasure its reason goes.
            spares: whether the name of a customer, of an entry or a sale, may stay.
            progress: told after each of them how many are erased.

        Returns:
            The record of each erasure.

        Raises:
            UsageError: one says nothing that could be erased; a merge, which is taken back instead, is one.
        """
        from nippo_cli.journal.write.redact import redact_all

        self.erased = True
        return redact_all(self, targets, why, derive=self._derive, spares=spares, progress=progress)

    def take_back(self, rec: Rec, said: Mapping[str, object]) -> int:
        """Retract a record; `said` is the retract's own body.

        Raises:
            UsageError: a schema or an erasure can't be taken back; or it is taken back already.
        """
        if rec.kind in ("schema", "redact"):
            raise UsageError(msg(f"journal.cannot_retract.{rec.kind}"))
        if rec.id in retracted(tree(self.cx, rec.id)):
            raise UsageError(msg("journal.retracted_already", id=show_id(rec.id)))
        with self.no_circle(rec):
            made = self.append("retract", said, target=rec.id)
            self._derive(rec)
        return made.id

    @contextmanager
    def no_circle(self, rec: Rec) -> Iterator[None]:
        """What the block does to a record leaves no merge without effect.

        Raises:
            UsageError: deals would be merged in a circle.
        """
        about = self._about(rec)
        deal = about.target if about.kind == "deal" else None
        idle = idle_merges(self.cx, deal, self.projection.batches) if deal is not None else set()
        yield
        if deal is None:
            return
        for merge in idle_merges(self.cx, deal, self.projection.batches) - idle:
            one, other = self.record(merge).target or deal, deal
            raise UsageError(
                msg("journal.merge_circle", deal=show_id(one), into=show_id(other)),
                hint=msg("journal.merge_circle.hint", deal=show_id(one)),
            )

    def _about(self, rec: Rec) -> Rec:
        """What an amend or a retract is about in the end; any other record itself."""
        while rec.kind in ("amend", "retract") and rec.target is not None:
            rec = self.record(rec.target)
        return rec

    def _derive(self, rec: Rec) -> None:
        """What a record's retract changes is derived again: what it was about, for an amend or a retract."""
        rec = self._about(rec)
        if rec.kind == "batch":
            self._derive_batch(rec)
        else:
            self.projection.record(rec)

    def _derive_batch(self, batch: Rec) -> None:

        self.projection.batches.forget()
        derive_batch(self.cx, self.projection, batch.id)

    def _last(self) -> list[Rec]:
        """The records of the last command that stand, from the newest back: numbers of one instant."""
        number = self.last_number
        while number > 0:
            rec = self.record(record_id(self.slot, number))
            if rec.damaged:
                raise UsageError(msg("journal.undo_damaged", id=show_id(rec.id)), hint=msg("journal.undo_damaged.hint"))
            said = rec.parsed_body if rec.kind == "retract" else {}
            if said.get("undo"):
                # An undo and what it took back are both passed over.
                number = int(said.get("before", number)) - 1
                continue
            command, number = self._command(rec)
            in_force = [r for r in command if r.kind != "schema" and r.id not in retracted(tree(self.cx, r.id))]
            batches = {r.id for r in command if r.kind == "batch"} - {r.id for r in in_force}
            in_force = [r for r in in_force if r.batch not in batches]
            if in_force:
                return in_force
        return []

    def _command(self, last: Rec) -> tuple[list[Rec], int]:
        """The records written at one instant, and the number before them. Of an import only the batch record."""
        command: list[Rec] = []
        number = number_of(last.id)
        while number > 0:
            rec = self.record(record_id(self.slot, number))
            if rec.recorded_at != last.recorded_at:
                break
            if rec.batch is not None:
                # An import's records follow their batch record; it stands for them all.
                number = number_of(rec.batch)
                continue
            command.append(rec)
            number -= 1
        return command[::-1], number


def derive_batch(cx: sqlite3.Connection, projection: Projection, batch: int) -> None:
    """Derive again every record of an import, after its batch record was retracted or brought back."""
    if batch in projection.batches:
        _drop_plain(cx, projection, batch)
        entries = list(select_records(cx, TARGETED_OF_BATCH, (batch, batch)))
    else:
        entries = list(select_records(cx, ENTRIES_OF_BATCH, (batch, batch)))
    for rec in (*list(select_records(cx, OTHERS_OF_BATCH, (batch, batch))), *entries):
        projection.record(rec)
    if projection.any_twins:
        from nippo_cli.journal.search import rebuild_index

        # Which of several records speaks hangs on the imports that stand: what the index has of them can't be told from today's.
        rebuild_index(cx)


def _drop_plain(cx: sqlite3.Connection, projection: Projection, batch: int) -> None:
    """The rows of entries that nothing ever corrected, all at once: an import has a million of them."""
    reached = projection.batches.reach(batch)
    deals = [row[0] for row in cx.execute(DEALS_OF_BATCH, (batch, batch))]
    counters = {
        Metric("did", activity, "", False, month): -n for activity, month, n in cx.execute(DID_OF_BATCH, (batch, batch))
    }
    add_to_counters(cx, Counter(counters))
    cx.execute(DROP_PLAIN_OF_BATCH, (batch, batch))
    for deal in deals:
        projection.touch(deal, reached)
