"""Appending to the log: numbers, instants, hashes; what the parts of a writer stand on."""

import os
import sqlite3
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import instant_text
from nippo_cli.base.errors import Message, NotFound, UsageError, msg
from nippo_cli.base.ids import SLOTS, device_name, record_id, show_id
from nippo_cli.journal.derive import Projection
from nippo_cli.journal.log import (
    INSERT_RECORD,
    REC,
    SALT_BYTES,
    SELECT_SLOTS,
    Header,
    Rec,
    any_met,
    canonical,
    damage_in_force,
    device,
    digest,
    one_record,
    select_records,
    tree,
    true_device,
)
from nippo_cli.journal.search import AT_A_WRITE, catch_up
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader

# A device's records, the last first.
LAST_FIRST: Final = f"select {REC} from record r where r.id > ? and r.id < ? order by r.id desc"
# The journal's note that traces of what was erased may still lie in free space of the file.
UNWIPED: Final = "unwiped"
LAST_NUMBER: Final = "update device set last_number = ? where slot = ?"


class Log:
    """The log within one transaction of one command, and what is derived from it."""

    def __init__(
        self,
        cx: sqlite3.Connection,
        *,
        author: str,
        now: datetime,
        today: date,
        dry_run: bool,
    ) -> None:
        self.cx = cx
        self.author = author
        self.today = today
        self.dry_run = dry_run
        self.slot, stored, self.last_number = device(cx, instant_text(now))
        self.device_id = true_device(stored)
        self._first_free = self.last_number
        self.projection = Projection(cx)
        self._slots = [slot for (slot,) in cx.execute(SELECT_SLOTS)]
        self.recorded_at = self._instant(now)
        self._reader: JournalReader | None = None
        self._read_after = -1
        # The kinds that may be written; None is all.
        self.only: Collection[str] | None = None
        # The last record that was appended, and its hash.
        self.newest: tuple[int, bytes] | None = None

    @property
    def reader(self) -> "JournalReader":
        """The journal as it stands inside the transaction, what waits to be derived derived first: one reader until something
        is written."""
        from nippo_cli.journal.read import JournalReader

        self.projection.flush()
        if self._reader is None or self._read_after != self.cx.total_changes:
            self._reader, self._read_after = JournalReader(self.cx), self.cx.total_changes
        return self._reader

    @property
    def device_name(self) -> str:
        """The short name of the device that writes; empty for the one that began the journal."""
        return device_name(self.slot)

    @property
    def schema_id(self) -> int:
        """The schema record in force; 0 before the first."""
        return self.projection.migrator.under

    @property
    def schema(self) -> Schema | None:
        """The schema in force; None before the first."""
        return self.projection.migrator.schema if self.schema_id else None

    def next_number(self) -> int:
        """The next gapless number of this device."""
        self.last_number += 1
        return self.last_number

    def append(
        self,
        kind: str,
        body: Mapping[str, object],
        *,
        author: str | None = None,
        on: date | None = None,
        known_on: date | None = None,
        target: int | None = None,
        batch: int | None = None,
        source_key: str | None = None,
        number: int | None = None,
        schema: int | None = None,
    ) -> Rec:
        """Append one record to the log; nothing is derived from it yet.

        Raises:
            UsageError: records of its kind are not for this member of a team.
        """
        if self.only is not None and kind not in self.only:
            raise UsageError(msg("team.reader"), hint=msg("team.reader.hint"))
        schema = schema or self.schema_id
        if not schema:
            raise RuntimeError("a journal adopts a schema before anything else is written")
        header = Header(
            number or self.next_number(), kind, author or self.author, self.recorded_at,
            (known_on or self.today).isoformat(), on.isoformat() if on else None, schema, target, batch, source_key,
        )  # fmt: skip
        salt, text = os.urandom(SALT_BYTES), canonical(body)
        record = record_id(self.slot, header.number)
        hashed = digest(self.device_id, header, salt, text)
        self.cx.execute(INSERT_RECORD, (record, *header[1:], salt, text, hashed))
        self.newest = record, hashed
        return Rec(record, *header[1:9], text)

    def record(self, record: int) -> Rec:
        """A record of the log; of a damaged one, the kind and what it is about are what was derived from it.

        Raises:
            NotFound: there is none.
        """
        rec = one_record(self.cx, record)
        if rec is None:
            rec = next((one for one in tree(self.cx, record)[:1] if one.id == record), None)
        if rec is None:
            raise NotFound(msg("journal.no_record", id=show_id(record)))
        if rec.damaged:
            from nippo_cli.journal.log import as_derived

            return as_derived(self.cx, rec)
        return rec

    def refuse_damaged(self, record: int) -> None:
        """Correct nothing that can't be read: what the correction leaves as it is would be lost.

        Raises:
            UsageError: the record is damaged, or one of its corrections is.
        """
        damaged_records = damage_in_force(tree(self.cx, record))
        if damaged_records:
            damaged = [f"#{show_id(rec.id)}" for rec in damaged_records]
            entry = self.record(record).kind in ("entry", "review")
            raise UsageError(
                msg("journal.damaged_record", id=show_id(record), damaged=damaged),
                hint=msg("journal.damaged_record.hint", id=show_id(record))
                if entry
                else msg("journal.damaged_other.hint"),
            )

    def damage_notices(self) -> list[Message]:
        """What was met of the log since this was last asked that is damaged, in words for a notice."""
        self.projection.flush()
        if not any_met():
            return []
        from nippo_cli.journal.log import notices

        return notices(self.cx)

    def is_own_new(self, record: int) -> bool:
        """Whether this transaction wrote a record."""
        return record_id(self.slot, self._first_free) < record <= record_id(self.slot, self.last_number)

    def finish(self) -> None:
        """Build anew what was touched, note the last number given out, and index for the search what was written, and some of
        what may be left of others."""
        self.projection.flush()
        if self.last_number != self._first_free:
            self.cx.execute(LAST_NUMBER, (self.last_number, self.slot))
            if len(self._slots) > 1:
                from nippo_cli.journal.log import put_twins_of

                put_twins_of(
                    self.cx, record_id(self.slot, self._first_free + 1), record_id(self.slot, self.last_number)
                )
            written = self.last_number - self._first_free
            catch_up(self.cx, written + AT_A_WRITE, self.projection.migrator)

    def _instant(self, now: datetime) -> str:
        """`now` in UTC, or a millisecond after the latest record of any device where the clock is behind that: what
        corrects a record never comes before it."""
        text = instant_text(now)
        latest = max((latest_of(self.cx, slot) for slot in self._slots if 0 <= slot < SLOTS), default="")
        return text if latest < text else instant_text(datetime.fromisoformat(latest) + timedelta(milliseconds=1))


def latest_of(cx: sqlite3.Connection, slot: int) -> str:
    """A device's latest instant: that of its last record, for its instants never go back; damaged ones tell none."""
    own = select_records(cx, LAST_FIRST, (record_id(slot, 0), record_id(slot + 1, 0)))
    return next((rec.recorded_at for rec in own if not rec.damaged), "")
