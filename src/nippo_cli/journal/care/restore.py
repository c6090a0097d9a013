"""The way back from a copy: gone through first, then put in the journal's place by one rename."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nippo_cli.base.errors import JournalError, Message, UsageError, msg
from nippo_cli.base.files import clear_leftovers, growing, publish, replace_file, sync_folder
from nippo_cli.base.ids import device_name
from nippo_cli.journal.care import copies
from nippo_cli.journal.care.backup import examine_copy, last_sound, problems_of, records_of
from nippo_cli.journal.care.heads_of_backups import compare_with_backups
from nippo_cli.journal.check import Progress, derived_alone, log_is_sound, make_anew
from nippo_cli.journal.log import (
    begin_device,
    expect_regular,
    foreign_wal,
    look_into,
    rollback_journal,
    tables,
    usable,
)
from nippo_cli.results.care import Copied, Health

_WAIT_S = 30
# What is said of a file that is none of nippo's.
_NO_COPY = frozenset(("journal.not_a_journal", "files.folder", "files.endless"))


def restore(
    path: Path, from_file: Path, *, now: datetime, progress: Progress | None = None, nippo: str = "nippo"
) -> Copied:
    """Put a copy in a journal's place and begin a new device in it.

    The copy is gone through like `nippo doctor` goes through a journal. What is derived is made anew where it is not what the
    log says, or where the copy has an older format; anything else that is wrong with it ends the restore.

    What was there is set aside beside it first, its rollback journal and its `schema.yaml` too; then one rename replaces it,
    while nobody can write to it. Killed at any moment, a whole journal has the name, the old or the new one. A new device, so
    that records written from now on can't be taken for those that the copy does not hold.

    Args:
        now: the local time (aware), which names what is set aside.
        nippo: how nippo is called for this journal, for the command that an error names.

    Raises:
        UsageError: the copy is the journal itself.
        JournalError: the copy is not sound, or comes from a newer nippo, or somebody is writing to the journal; nothing was
            touched.
    """
    if path.exists() and path.samefile(from_file):
        raise UsageError(msg("backup.restore.itself", file=str(from_file)))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    schema = copies.schema_of(from_file)
    schema_text = schema.read_bytes() if schema.is_file() else None
    # SQLite, too, looks for what belongs to a file beside the file itself.
    place = path.resolve() if path.is_symlink() else path
    with growing(place) as part:
        with usable(place):
            with closing(_source(from_file, path, nippo)) as source:
                copies.copy_into(source, part)
            health = examine_copy(part, progress)
            if not health.sound and not derived_alone(health):
                raise _refused(path, from_file, health, nippo)
            slot, derived = _made_ready(part, health, now)
        set_aside = copies.unused(place.with_name(f"{place.stem}.{now:%Y%m%d-%H%M%S}{place.suffix}"))
        if schema_text is not None:
            _set_schema_aside(path, set_aside, schema_text)
        was_there = _put_in_place(part, place, set_aside)
    if schema_text is not None:
        replace_file(path.with_name(copies.SCHEMA), schema_text)
    clear_leftovers(place.parent, now)
    return Copied(
        "restore", str(path), records_of(health), (), set_aside=str(set_aside) if was_there else "",
        device=device_name(slot), derived=derived, notes=compare_with_backups(path).less,
    )  # fmt: skip


def newest(path: Path, nippo: str) -> Message | None:
    """The command that brings a journal's newest backup back; None where none lies in its folder of backups."""
    kept_copies = copies.backups(path.stem, path.parent / copies.FOLDER)
    return msg("restore.newest", command=f"{nippo} restore {copies.typed(kept_copies[-1])}") if kept_copies else None


def _source(from_file: Path, path: Path, nippo: str) -> sqlite3.Connection:
    """A connection to the copy; what can't be one is refused with the way out."""
    try:
        return look_into(from_file, older=True)
    except JournalError as error:
        if error.message.key in _NO_COPY:
            raise JournalError(error.message, hint=newest(path, nippo) or msg("restore.no_copy")) from error
        if error.message.key == copies.HOT:
            raise JournalError(error.message, hint=msg("restore.hot.hint", file=copies.typed(from_file))) from error
        if error.message.key == "journal.wal":
            raise JournalError(error.message, hint=msg("restore.wal.hint", file=copies.typed(from_file))) from error
        raise


def _refused(path: Path, from_file: Path, health: Health, nippo: str) -> JournalError:
    problems = problems_of(health)
    return JournalError(
        msg("restore.unsound", file=str(from_file), n=len(problems)),
        problems=problems,
        hint=_way_out(path, from_file, health, nippo),
    )


def _way_out(path: Path, from_file: Path, health: Health, nippo: str) -> Message:
    other = last_sound(
        copies.stem_of(from_file) or path.stem, (from_file.parent, path.parent / copies.FOLDER), but=from_file
    )
    if other is not None:
        return msg("restore.unsound.other", command=f"{nippo} restore {copies.typed(other)}", day=copies.day_of(other))
    file = copies.typed(from_file)
    return msg("restore.unsound.mend" if log_is_sound(health) else "restore.unsound.alone", file=file)


def _made_ready(part: Path, health: Health, now: datetime) -> tuple[int, bool]:
    """Bring what is derived and the format up to date and begin a device: its slot, and whether anything was derived."""
    began = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"
    with closing(sqlite3.connect(part, isolation_level=None)) as cx:
        cx.execute("pragma trusted_schema = off")
        older = cx.execute("pragma user_version").fetchone()[0] < tables.FORMAT
        if older:
            from nippo_cli.journal.write import migrations

            migrations.apply(cx)
        cx.execute("begin immediate")
        if not health.sound:
            make_anew(cx)
        slot = begin_device(cx, began)
        cx.execute("commit")
    return slot, older or not health.sound


def _set_schema_aside(path: Path, set_aside: Path, schema_text: bytes) -> None:
    """Keep the `schema.yaml` that is to be replaced, under the name by which a restore of the set-aside journal finds it."""
    beside = path.with_name(copies.SCHEMA)
    if beside.is_file() and (content := beside.read_bytes()) != schema_text:
        replace_file(copies.schema_of(set_aside), content)


def _put_in_place(part: Path, path: Path, set_aside: Path) -> bool:
    """Set aside what is there, if anything is, and replace it; whether anything was."""
    rollback = rollback_journal(path)
    foreign_wal.set_aside(path)
    expect_regular(rollback)
    if not path.exists():
        if rollback.exists():
            # It would be rolled back into the journal that comes here.
            rollback.rename(rollback_journal(set_aside))
        publish(part, path)
        return False
    # With the write that was cut off in it: to take it back here is right only if it is this file's own.
    as_it_was = _is_cut_off(path) and copies.copy_pair(path, set_aside)
    with _held(path) as held:
        if not as_it_was:
            _set_aside(path, set_aside, held)
        try:
            # What nobody could take back here would be taken back in the new file.
            rollback.unlink(missing_ok=True)
            _replace(part, path, held)
        except BaseException:
            if part.exists() and not as_it_was:
                set_aside.unlink(missing_ok=True)
            raise
    return True


def _is_cut_off(path: Path) -> bool:
    """Whether a write was cut off here and has not been taken back; so it is too where nobody can tell, but not while
    somebody is writing."""
    rollback = rollback_journal(path)
    if not rollback.exists() or not rollback.stat().st_size:
        return False
    try:
        look_into(path, older=True).close()
    except JournalError as error:
        if error.message.key == "journal.locked":
            raise
        return True
    return False


class _Held:
    """A file that nobody can write to while it is held."""

    def __init__(self, path: Path) -> None:
        # Opened before it is locked and closed after: closing a file gives up every lock that the process has on it.
        self.file = path.open("rb")
        try:
            self._lock = _locked(path)
        except BaseException:
            self.file.close()
            raise

    def is_at(self, path: Path) -> bool:
        """Whether the file still has this name."""
        try:
            return os.path.samestat(os.fstat(self.file.fileno()), path.stat())
        except FileNotFoundError:
            return False

    def close(self) -> None:
        """Let it go."""
        if self._lock is not None:
            self._lock.close()
        self.file.close()


@contextmanager
def _held(path: Path) -> Iterator[_Held]:
    """Nobody writes to the file of this name, and a write that was cut off is taken back, as far as that can be.

    Raises:
        JournalError: somebody has been writing to it for half a minute.
    """
    held = _Held(path)
    while not held.is_at(path):
        # Another restore was first.
        held.close()
        held = _Held(path)
    try:
        yield held
    finally:
        held.close()


def _locked(path: Path) -> sqlite3.Connection | None:
    """A connection that has the file alone; None where it is no database, or can't be written: nobody can be writing to it."""
    cx = None
    try:
        cx = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_WAIT_S, isolation_level=None)
        cx.execute("begin exclusive")
    except sqlite3.DatabaseError as error:
        if cx is not None:
            cx.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise _busy(path) from error
        return None
    return cx


def _set_aside(path: Path, set_aside: Path, held: _Held) -> None:
    """Give the file a second name, which alone is left once it is replaced; where there are no second names, copy it."""
    for earlier in copies.set_aside(path):
        # Of a restore that was killed before it replaced the file. Written to by two names, a file is lost.
        if earlier.samefile(path):
            earlier.unlink()
    try:
        os.link(path, set_aside)
        sync_folder(path.parent)
    except OSError:
        with growing(set_aside) as copy:
            with copy.open("wb") as file:
                shutil.copyfileobj(held.file, file)
            publish(copy, set_aside)


def _replace(part: Path, path: Path, held: _Held) -> None:
    if os.name == "nt":
        # Windows replaces no file that is open. Who opens it now keeps it open while writing, and it can't be replaced.
        held.close()
    try:
        publish(part, path)
    except PermissionError as error:
        raise _busy(path) from error


def _busy(path: Path) -> JournalError:
    return JournalError(msg("backup.busy", file=str(path)), hint=msg("journal.locked.hint"))
