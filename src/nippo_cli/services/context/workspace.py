"""The workspace: one run's places, clock and author, and the way into its journal."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.dates import instant_text, is_after_midnight, local_day
from nippo_cli.base.errors import JournalError, Message, NippoError, NotFound, msg
from nippo_cli.base.files import clear_leftovers
from nippo_cli.base.language import current
from nippo_cli.base.places import LOCAL_FOLDER, Places, find_places
from nippo_cli.journal.log import ROLE, TEAM
from nippo_cli.line.facts import AsOf
from nippo_cli.services.context.active_schema import (
    STAMP,
    notice,
    put_text,
    sha256,
    stamp,
    state,
    text_in,
)

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.journal.write import Writer
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context.machine import DeviceNote

# How long a look beside the work waits for somebody who writes.
_PATIENCE_MS = 500
# What a member of a team who only reads writes all the same: what they follow, and whose their machine is.
_OF_READERS = frozenset(("follow", "member"))


class Workspace:
    """What every use case needs to know.

    `now` is an aware time in UTC. `author` is who writes, empty where nobody said: then it is the journal's own
    author, else `machine_user`. `as_of_said` is `--as-of` as typed; `interactive` whether a person can be asked.
    `notices` gathers what the person should be told beside the answer.
    """

    def __init__(
        self,
        places: Places,
        now: datetime,
        *,
        author: str = "",
        machine_user: str = "me",
        as_of_said: str | None = None,
        interactive: bool = False,
        dry_run: bool = False,
    ) -> None:
        self.places = places
        self.now = now
        self.author = author
        self.machine_user = machine_user
        self.as_of_said = as_of_said
        self.interactive = interactive
        self.dry_run = dry_run
        self.notices: list[Message] = []
        # The draft that what is being written is kept under; None where it has none yet.
        self.draft: int | None = None
        # An amount that the person was asked about and called right, or was told of.
        self.sure_amount: int | None = None
        # Whether the journal is a team's and a sync is to start once the command has answered.
        self.sync_due = False

    def apart(self, places: Places | None = None) -> "Workspace":
        """A workspace for a look beside the work: today's view, its own notices, and other places where they are given."""
        return Workspace(
            places or self.places,
            self.now,
            author=self.author,
            machine_user=self.machine_user,
            interactive=self.interactive,
        )

    def device_note(self) -> "DeviceNote":
        """Which device of a team's journal this machine is."""
        from nippo_cli.services.context.machine import DeviceNote

        return DeviceNote(self.places)

    def today(self, time_zone: str) -> date:
        """The day in the journal's time zone; before five in the morning it is still the one before."""
        return local_day(self.now, time_zone)

    def as_of(self, today: date) -> AsOf:
        """The day that is asked about: `--as-of`, which hides what was learned later, else today."""
        if self.as_of_said is None:
            return AsOf(today)
        from nippo_cli.base.dates import read_day

        return AsOf(read_day(self.as_of_said, today=today, lean="past"), known=True)


@contextmanager
def reading(workspace: Workspace) -> Iterator[tuple["JournalReader", AsOf]]:
    """The journal, read-only, and the day asked about. Notices a `schema.yaml` that is not adopted yet.

    Raises:
        NotFound: there is no journal yet.
        JournalError: it can't be read.
    """
    from nippo_cli.journal.read import reading as open_reader

    path = workspace.places.journal_db
    if not path.exists():
        raise no_journal(workspace)
    with open_reader(path) as reader:
        adopted = reader.adopted()[0]
        # A journal that was made and never written to.
        if not adopted:
            raise _nothing_yet(workspace)
        changed = notice(workspace.places, state(workspace.places.schema, adopted, reader.meta(STAMP)))
        if changed is not None:
            workspace.notices.append(changed)
        try:
            yield reader, workspace.as_of(workspace.today(reader.time_zone))
        except NotFound as error:
            _look_elsewhere(reader, error)
            raise
        workspace.notices += reader.damage_notices()


def _look_elsewhere(reader: "JournalReader", error: NotFound) -> None:
    """Let the error that no deal has a number say where one does: in what a restore set aside."""
    from nippo_cli.journal.read import UnknownDeal
    from nippo_cli.services.context.elsewhere import in_set_aside

    if isinstance(error, UnknownDeal) and error.number is not None:
        error.hint = in_set_aside(reader, error.number) or error.hint


def no_journal(workspace: Workspace) -> NotFound:
    """That there is no journal; where it was lost, how to bring it back."""
    return lost(workspace) or _nothing_yet(workspace)


def lost(workspace: Workspace) -> NotFound | None:
    """That the journal is not where it was, and the likeliest copy to bring it back from; None where it is there, or where
    there are no copies of it and this machine never wrote to it. An empty one begun in its place would look as if nothing
    had ever been written."""
    from nippo_cli.journal.care import left_beside, typed

    path = workspace.places.journal_db
    if path.exists():
        return None
    if (elsewhere := astray(path)) is not None:
        return elsewhere
    from nippo_cli.services.context.written import was_written

    left = left_beside(path)
    vanished = path if was_written(workspace.places) else _vanished_journal(workspace.places)
    if not left and vanished is not None:
        return NotFound(msg("desk.journal_vanished", path=str(vanished)), hint=msg("desk.journal_vanished.hint"))
    if not left:
        return None
    command = f"nippo{workspace.places.options} restore {typed(left[0])}"
    return NotFound(
        msg("desk.journal_lost", path=str(path), n=len(left)), hint=msg("desk.journal_lost.hint", command=command)
    )


def _vanished_journal(places: Places) -> Path | None:
    """The journal of a `.nippo` folder that was here or further up, where one's own is meant because there is none any more; None
    where there never was one."""
    from nippo_cli.services.context.written import was_written

    if places.found_by != "platform":
        return None
    for folder in (here := Path.cwd(), *here.parents):
        local = find_places(journal=str(folder / LOCAL_FOLDER), schema=None, env={}, cwd=folder)
        if was_written(local):
            return local.journal_db
    return None


def astray(journal_db: Path) -> NotFound | None:
    """That the journal's name is a link which leads nowhere, to a drive that is not there, say; None where it is not."""
    if not journal_db.is_symlink() or journal_db.exists():
        return None
    to = os.path.realpath(journal_db)
    return NotFound(msg("desk.journal_astray", path=str(journal_db), to=to), hint=msg("desk.journal_astray.hint"))


def _nothing_yet(workspace: Workspace) -> NotFound:
    return NotFound(msg("desk.no_journal", path=str(workspace.places.journal_db)), hint=msg("desk.no_journal_hint"))


@contextmanager
def writing(workspace: Workspace, *, begin: bool = True) -> Iterator["Writer"]:
    """The journal, in one transaction that is on disk when the block ends. Makes the journal where there is none,
    unless `begin` is off, and adopts a changed `schema.yaml` first. A dry run does all of it and takes it back.

    Raises:
        NotFound: there is no journal, and none is to be begun; or it is lost, and copies of it are there.
        JournalError: it can't be written.
        SchemaRefused: `schema.yaml` has problems. UsageError: it is a team's, and this member only reads: raised by what the block
            writes.
    """
    from nippo_cli.journal.write import writing as open_writer

    if not begin and not workspace.places.journal_db.exists():
        raise no_journal(workspace)
    with (
        _journal_to_write(workspace) as path,
        open_writer(
            path,
            author=workspace.author,
            now=workspace.now,
            dry_run=workspace.dry_run,
            tell=workspace.notices.append,
            machine=workspace.device_note,
        ) as writer,
    ):
        writer.author = workspace.author or writer.meta("author") or workspace.machine_user
        if writer.meta(ROLE) == "reader" and writer.meta(TEAM):
            writer.only = _OF_READERS
        adopt_if_changed(workspace, writer)
        try:
            yield writer
        except NotFound as error:
            _look_elsewhere(writer.reader, error)
            raise
        workspace.notices += writer.damage_notices()
        of_team = bool(writer.meta(TEAM))
    if not workspace.dry_run:
        from nippo_cli.services.context.written import note_written

        note_written(workspace.places)
        own = workspace.places.state
        for folder in (own, own / "imports", own / "ledgers"):
            clear_leftovers(folder, workspace.now)
        workspace.sync_due |= of_team


def note_night(workspace: Workspace, writer: "Writer") -> None:
    """Say after midnight which day is written about, where nobody named one."""
    if is_after_midnight(workspace.now, writer.time_zone):
        workspace.notices.append(msg("desk.night", on=writer.today))


def settle(workspace: Workspace) -> None:
    """See to a write that was cut off, so that the journal can be read, and says whether that write stands. Nothing is done
    where there is none; what can't be done is told by the write itself, which keeps what was typed.
    """
    from nippo_cli.journal.log import is_foreign, rollback_journal
    from nippo_cli.journal.write import connect_rw

    path = workspace.places.journal_db
    if not workspace.dry_run and path.exists() and (rollback_journal(path).exists() or is_foreign(path)):
        with suppress(JournalError):
            connect_rw(path, workspace.notices.append, patience_ms=_PATIENCE_MS).close()


def bring_up_to_date(workspace: Workspace) -> None:
    """Bring a journal of an older format up to date, a checked copy beside it, before a command that writes reads what it writes by.

    Raises:
        JournalError: it can't be read or written.
    """
    from nippo_cli.journal.log import format_of, look_into, tables

    path = workspace.places.journal_db
    if workspace.dry_run or not path.exists():
        return
    with closing(look_into(path, older=True)) as cx:
        older = format_of(cx, path) < tables.FORMAT
    if older:
        from nippo_cli.journal.write import connect_rw

        connect_rw(path, workspace.notices.append).close()


@contextmanager
def _journal_to_write(workspace: Workspace) -> Iterator[Path]:
    """The journal's file, there when the block begins; that of a dry run without a journal goes with the block."""
    path = workspace.places.journal_db
    if path.exists():
        yield path
        return
    if (missing := lost(workspace)) is not None:
        raise missing
    if not workspace.dry_run:
        own_schema = bool(text_in(workspace.places.schema))
        begin_journal(workspace)
        try:
            yield path
        except BaseException:
            # What went wrong is said, not what is in the way of tidying up after it.
            with suppress(NippoError, OSError):
                _forget_journal(workspace, keep_schema=own_schema)
            raise
        return
    from nippo_cli.base.scratch import scratch_folder

    with scratch_folder() as folder:
        path = folder / "journal.db"
        _create(workspace, path, None)
        yield path


def begin_journal(workspace: Workspace, *, time_zone: str | None = None) -> bool:
    """Make the journal and its `schema.yaml` where there are none, or nothing in it; whether it did, and says where.

    Raises:
        SchemaRefused: the file has problems. JournalError, OSError: the place can't be written.
    """
    places = workspace.places
    if places.journal_db.exists():
        return False
    from nippo_cli.journal.log import usable
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of

    own = text_in(places.schema)
    text = own or text_of("default", current())
    load_schema(text, str(places.schema))
    if not own:
        with usable(places.journal_db):
            put_text(places.schema, text)
    try:
        _create(workspace, places.journal_db, time_zone)
    except BaseException:
        if not own and not places.journal_db.exists():
            with suppress(OSError):
                places.schema.unlink(missing_ok=True)
        raise
    workspace.notices.append(msg("desk.made_journal", path=str(places.journal_db.parent)))
    return True


def _forget_journal(workspace: Workspace, *, keep_schema: bool) -> None:
    """Leave nothing of a journal whose first entry was refused; one that another process has written to meanwhile
    stays."""
    from nippo_cli.journal.write import forget_empty

    if not forget_empty(workspace.places.journal_db):
        return
    if not keep_schema:
        workspace.places.schema.unlink(missing_ok=True)
    workspace.notices[:] = [notice for notice in workspace.notices if notice.key != "desk.made_journal"]


def _create(workspace: Workspace, path: Path, time_zone: str | None) -> None:
    from nippo_cli.journal.write import create

    create(path, time_zone=time_zone or local_time_zone(), now=instant_text(workspace.now))


def adopt_if_changed(workspace: Workspace, writer: "Writer") -> bool:
    """Adopt `schema.yaml` if it differs from what the journal last adopted; whether it did. A first journal without
    the file adopts the default.

    Raises:
        SchemaRefused: the file has problems.
    """
    adopted = writer.reader.adopted()[0]
    path, known = workspace.places.schema, writer.meta(STAMP)
    # Before the file is read: what changes it later has another stamp.
    stamped = stamp(path)
    file_state = state(path, adopted, known) if adopted else "changed"
    if file_state != "changed":
        # One that was copied, or saved as it was, is not read again by every command to come.
        if file_state == "same" and stamped not in ("", known):
            writer.set_meta(STAMP, stamped)
        workspace.notices += filter(None, [notice(workspace.places, file_state)])
        return False
    from nippo_cli.schema.former import dropped
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of

    own = text_in(path)
    text = own or text_of("default", current())
    before = writer.schema
    after = load_schema(text, str(path), before if adopted else None)
    writer.adopt(text, after, sha256(path.read_bytes() if own else b""))
    writer.set_meta(STAMP, stamped)
    if adopted:
        workspace.notices.append(msg("desk.adopted", path=str(path)))
        # Of what nobody has written yet there is nothing to be asked.
        is_written = bool(writer.reader.log(AsOf(date.max), limit=1, count=False).entries)
        if before is not None and is_written and (vanished := dropped(before, after)):
            workspace.notices.append(msg("desk.adopted_without", labels=vanished))
    if before is not None and _moves_customers(before, after):
        # What was written stays at the customer that it named under its own schema.
        workspace.notices.append(
            msg(
                "desk.customer_field",
                before=before.by_role["customer"].label,
                after=after.by_role["customer"].label,
            )
        )
    return bool(adopted)


def local_time_zone() -> str:
    """The machine's IANA time zone; Asia/Tokyo where it can't be told."""
    from tzlocal import get_localzone_name

    try:
        return str(get_localzone_name()) or "Asia/Tokyo"
    except (LookupError, OSError):
        return "Asia/Tokyo"


def _moves_customers(before: "Schema", after: "Schema") -> bool:
    """Whether another field names the customer from now on, and not the same one under another key."""
    one, other = before.by_role.get("customer"), after.by_role.get("customer")
    return one is not None and other is not None and one.key != other.key and one.key not in other.was
