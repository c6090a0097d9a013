"""Writing to the journal: one command, one transaction, on disk before it says so."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Final, Protocol

from nippo_cli.base.dates import instant_text, local_day
from nippo_cli.base.errors import Message, UsageError, msg
from nippo_cli.base.files import clear_leftovers
from nippo_cli.base.ids import device_name, number_of, record_id, show_id, take_bare_numbers_for
from nippo_cli.journal.derive import Projection
from nippo_cli.journal.log import (
    ANY_DEAL,
    ANY_SOURCE,
    BATCH_SHA256,
    SET_META,
    SHAPE,
    EntryState,
    bare_slot,
    begin_device,
    blames_disk,
    body_of,
    forget_met,
    meta,
    new_device_id,
    own_device,
    time_zone,
    usable,
)
from nippo_cli.journal.write.append import UNWIPED
from nippo_cli.journal.write.customers import CustomerWriting
from nippo_cli.journal.write.deals import DealWriting
from nippo_cli.journal.write.ledger import LedgerWriting
from nippo_cli.journal.write.opening import connect_to_write, stands
from nippo_cli.journal.write.remarks import RemarkWriting
from nippo_cli.journal.write.undo import Undoing
from nippo_cli.schema.schema import Schema

BATCHES_OF: Final = f"""
select r.id from record r indexed by record_imports where r.kind = 'batch' and {BATCH_SHA256} = ?
"""


@contextmanager
def writing(
    path: Path,
    *,
    author: str,
    now: datetime,
    today: date | None = None,
    dry_run: bool = False,
    tell: Callable[[Message], None] | None = None,
    machine: "Callable[[], Machine] | None" = None,
) -> Iterator["Writer"]:
    """One command's writes, together or not at all: committed and on disk when the block ends.

    Args:
        path: a journal that is there.
        author: whose records these are.
        now: the instant, with a time zone; the journal's own instants never go back, even if this one does.
        today: the local date on which all this is known; that of `now` in the journal's time zone if not said.
        dry_run: do everything, then undo it.
        tell: called with what the person should know of a write that was cut off before.
        machine: which device of a team this machine is; another one's file is written to as a new device.

    Raises:
        NoJournal: there is none.
        JournalError: it can't be written; nothing was, unless it says that nobody can tell.
    """
    cx = connect_to_write(path, tell)
    refused: sqlite3.Error | None = None
    try:
        with usable(path):
            forget_met()
            try:
                day = today or local_day(now, time_zone(cx))
                if bare_slot(cx) and machine is not None and not dry_run:
                    _be_own_device(cx, machine(), instant_text(now), tell)
                take_bare_numbers_for(bare_slot(cx))
                writer = Writer(cx, author=author, now=now, today=day, dry_run=dry_run)
                yield writer
                writer.finish()
                unwiped = meta(cx, UNWIPED)
                refused = None if dry_run else _commit(cx)
            finally:
                # A full disk may have ended the transaction already, or let nothing be taken back: that is for the next
                # who opens it.
                if cx.in_transaction:
                    with suppress(sqlite3.Error):
                        cx.execute("rollback")
            if not dry_run and refused is None and unwiped:
                from nippo_cli.journal.write.redact import wipe

                wipe(cx, path, tell, erased=writer.erased)
    finally:
        cx.close()
    if refused is not None:
        _expect_to_stand(path, writer.newest, refused, tell)
    if not dry_run:
        for folder in (path.parent, path.parent / "backups"):
            clear_leftovers(folder, now)


def _expect_to_stand(
    path: Path, newest: tuple[int, object] | None, refused: sqlite3.Error, tell: Callable[[Message], None] | None
) -> None:
    """Say of a commit that was refused that its records are on disk all the same.

    Raises:
        JournalError: they are not, or nobody can tell.
    """
    if not stands(path, newest, refused):
        with usable(path):
            raise refused
    if tell is not None:
        tell(msg("journal.stands", path=str(path), why=str(refused)))


class Machine(Protocol):
    """What tells whether a journal's device is this machine's: a copy of the file is not enough to write as it."""

    def is_own(self, device: str) -> bool:
        """Whether this machine is the device of that random id."""

    def claim(self, device: str) -> bool:
        """Be this device from now on; whether that could be kept."""


def _be_own_device(cx: sqlite3.Connection, machine: Machine, now: str, tell: Callable[[Message], None] | None) -> None:
    """Begin a device where the file was another machine's: both would give out the same numbers."""
    if machine.is_own(own_device(cx)):
        return
    device = new_device_id()
    # What can't be kept would be a new device with each command.
    if machine.claim(device):
        slot = begin_device(cx, now, device=device)
        if tell is not None:
            tell(msg("team.new_device", device=device_name(slot)))


def _commit(cx: sqlite3.Connection) -> sqlite3.Error | None:
    """End the transaction; what the disk said against it, where what was written may be there all the same."""
    try:
        cx.execute("commit")
    except sqlite3.OperationalError as error:
        if not blames_disk(error):
            raise
        return error
    return None


class Writer(DealWriting, CustomerWriting, LedgerWriting, RemarkWriting, Undoing):
    """Appends records and keeps what is derived from them. Made by `writing`."""

    def adopt(self, text: str, new_schema: Schema, sha256: str, *, founds: bool = False) -> int:
        """Make a schema the one in force. Where lines depend on what changed, all are built again.

        Args:
            text: `schema.yaml` as it is.
            new_schema: what it says.
            sha256: of the file.
            founds: a team begins with it: its line is the team's.
        """
        from nippo_cli.journal.derive import put_schema
        from nippo_cli.journal.derive.rebuild import rebuild

        before = self.schema_id
        if before and self.schema is not None:
            from nippo_cli.schema.former import with_past

            new_schema = with_past(self.schema, new_schema)
        number = self.next_number()
        schema = record_id(self.slot, number)
        said = body_of(text=text, agreement=new_schema.to_json(), sha256=sha256, founds=founds or None)
        body = said | {"before": before} if before else said
        rec = self.append("schema", body, number=number, schema=schema)
        put_schema(self.cx, rec)
        self.projection.flush()
        if before and self.cx.execute(SHAPE, (before,)).fetchone() != self.cx.execute(SHAPE, (schema,)).fetchone():
            rebuild(self.cx)
        self.projection = Projection(self.cx)
        return schema

    def add_entry(
        self,
        on: date,
        values: Mapping[str, object],
        *,
        deal: int | None = None,
        author: str | None = None,
        meeting: int | None = None,
        incomplete: bool = False,
        snapshot: bool = False,
        known_on: date | None = None,
        batch: int | None = None,
        source_key: str | None = None,
    ) -> int:
        """An entry of the day `on`, its values canonical and checked.

        Args:
            meeting: the first entry of the meeting that this one shares.
            snapshot: it says what is on that day, not what happened.
            known_on: when it became known; today if not said.
        """
        home = self.deal_of(deal) if deal is not None else None
        body = body_of(
            deal=home, values=values, meeting=meeting, incomplete=incomplete or None, snapshot=snapshot or None
        )
        rec = self.append(
            "entry",
            body,
            author=author,
            on=on,
            known_on=known_on,
            batch=batch,
            source_key=source_key,
        )
        self.projection.new_entry(
            EntryState(
                rec.id, rec.id, rec.schema, on.isoformat(), rec.recorded_at, rec.known_on, rec.known_on, rec.author,
                home, meeting, incomplete, snapshot, values, batch, erased=False,
            )
        )  # fmt: skip
        return rec.id

    # --- imports

    def begin_batch(self) -> int:
        """The id of an import's batch, to be given to its records; `end_batch` writes its own record."""
        return record_id(self.slot, self.next_number())

    def wrote_since(self, batch: int) -> bool:
        """Whether anything was written for a batch."""
        return number_of(batch) != self.last_number

    def forget_batch(self, batch: int) -> None:
        """Give back a batch that nothing was written for.

        Raises:
            RuntimeError: something was.
        """
        if self.wrote_since(batch):
            raise RuntimeError("batch")
        self.last_number -= 1

    def imported(self, sha256: str) -> bool:
        """Whether a file of this fingerprint was imported before, and not taken back since."""
        batches = self.cx.execute(BATCHES_OF, (sha256,)).fetchall()
        return any(batch not in self.projection.batches for (batch,) in batches)

    def any_source(self) -> bool:
        """Whether the journal has a record that an import brought in."""
        return self.cx.execute(ANY_SOURCE).fetchone() is not None

    def any_deal(self) -> bool:
        """Whether the journal has a deal at all."""
        return self.cx.execute(ANY_DEAL).fetchone() is not None

    def end_batch(self, batch: int, body: Mapping[str, object]) -> None:
        """Write the record of a batch that was begun: what was imported, and what became of every row."""
        self.append("batch", body, on=self.today, number=number_of(batch))

    def amend(
        self,
        target: int,
        body: Mapping[str, object],
        *,
        why: str,
        batch: int | None = None,
        source_key: str | None = None,
    ) -> int:
        """Correct a record: `body` has what changes, in the shape of the target's own; `values` key by key, None
        taking one out; `on` moves its day. A correction that an import makes has its batch, and the row's key.

        Raises:
            UsageError: the target is erased, damaged, or no record that can be corrected; or deals would be merged in a
                circle.
        """
        first = self.record(target)
        if first.body is None or first.kind not in _CORRECTABLE:
            raise UsageError(msg("journal.cannot_amend", id=show_id(target)))
        if first.kind != "deal":
            self.refuse_damaged(target)
        changes = dict(body)
        if changes.get("deal") is not None and first.kind == "entry":
            changes["deal"] = self.deal_of(int(str(changes["deal"])))
        on = changes.get("on")
        if isinstance(on, date):
            changes["on"] = on.isoformat()
        day = date.fromisoformat(str(on)) if on is not None else None
        if self.slot and first.kind == "entry":
            from nippo_cli.journal.read import unseen_corrections

            changes["upon"] = unseen_corrections(self.cx, target, self.slot)
        with self.no_circle(first):
            rec = self.append(
                "amend", changes | {"why": why}, on=day, target=target, batch=batch, source_key=source_key
            )
            self.projection.record(first)
        return rec.id

    @property
    def time_zone(self) -> str:
        """The IANA time zone that days are counted in."""
        return time_zone(self.cx)

    def meta(self, key: str) -> str:
        """A fact of the journal; empty where it has none."""
        return meta(self.cx, key)

    def set_meta(self, key: str, value: str) -> None:
        """Keep a fact of the journal that is no record: a setting of this copy."""
        self.cx.execute(SET_META, (key, value))


_CORRECTABLE = frozenset(("entry", "deal", "hold", "sale", "comment", "day", "review"))
