"""What a journal's file holds, replaced while the file stays: who has it open goes on with what is there then.

A rename would leave them with a file that has lost its name. SQLite looks for a rollback journal by the name, so they would
play that of the new file into the old one, and remove it while its writer needs it.
"""

import filecmp
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep
from typing import BinaryIO, Final

from nippo_cli.base.errors import JournalError, msg
from nippo_cli.base.files import growing, publish, publish_new, sync_folder
from nippo_cli.journal.care import copies
from nippo_cli.journal.log import (
    DAMAGE,
    be_durable,
    blames_disk,
    expect_regular,
    foreign_wal,
    lock_alone,
    rollback_journal,
)

_WAIT_MS: Final = 30_000
_PAUSE_MS: Final = 10
# The first bytes of a file, without which nobody takes it for a database.
_HEAD: Final = 4096
_MAGIC: Final = b"SQLite format 3\0"
_CHUNK: Final = 1 << 20
# What is said of a file, or of what lies beside it, that SQLite can't make a journal of.
_NO_JOURNAL: Final = frozenset(
    ("journal.not_a_journal", "journal.no_bytes", "journal.newer", "journal.damaged", "journal.index_damaged",
     "journal.row_damaged", "journal.unmended", "journal.failed")
)  # fmt: skip


def put_in_place(part: Path, path: Path, set_aside: Path, keep_beside: Callable[[Path], None]) -> Path | None:
    """Set aside what a journal's file holds, and put in what another one does.

    Args:
        part: a whole journal; it may get the name where there is no file.
        set_aside: what the copy of the old content is to be called, with `-2`, `-3`… behind it where that is taken.
        keep_beside: copies what belongs to the old content, by the name of that copy.

    Returns:
        Where the old content is; None where there was none.

    Raises:
        JournalError: somebody has been reading or writing for half a minute. OSError, sqlite3.Error: the disk says no. All is
            as it was, unless the file was no database or the disk broke at the end: then its old content is set aside.
    """
    foreign_wal.set_aside(path)
    expect_regular(rollback_journal(path))
    if not path.exists():
        if rollback_journal(path).exists():
            # It would be rolled back into the journal that comes here.
            rollback_journal(path).rename(rollback_journal(copies.unused(set_aside)))
        if publish_new(part, path):
            return None
    for earlier in copies.set_aside(path):
        # A second name that a version before this one gave the file: what comes into the one would come into the other.
        if earlier.samefile(path):
            earlier.unlink()
    if _is_settled(path):
        while True:
            # Opened before it is locked and closed after: closing a file gives up every lock that the process has on it.
            with path.open("rb") as file, _locked(path) as cx:
                if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    continue
                if cx is None:
                    break
                old_copy = _copy_old(file, set_aside)
                _refill(cx, part, path, old_copy, keep_beside)
                return old_copy
    return _overwrite(part, path, set_aside, keep_beside)


def _is_settled(path: Path) -> bool:
    """See to a write that was cut off, as who writes does; False where it can't be taken back, or the file is no database.

    Raises:
        JournalError: somebody is writing, or the disk says no.
    """
    if not rollback_journal(path).exists():
        return True
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return False
    from nippo_cli.journal.write.rollback import roll_back

    try:
        roll_back(path, _WAIT_MS)
    except JournalError as error:
        if error.message.key not in _NO_JOURNAL:
            raise
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection that has the file alone until it is closed, also between transactions; None where it is no database, or
    can't be written."""
    cx = None
    try:
        cx = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_WAIT_MS / 1000, isolation_level=None
        )
        be_durable(cx)
        # What another program's write-ahead log holds belongs to what is set aside.
        cx.execute("pragma journal_mode = delete")
        cx.execute("begin exclusive")
        # Only now: a connection in this mode would keep its share while it waits, and a writer waits for that to be given back.
        cx.execute("pragma locking_mode = exclusive")
        cx.execute("commit")
    except DAMAGE as error:
        if cx is not None:
            cx.close()
            cx = None
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise _busy(path) from error
        if blames_disk(error):
            raise
    try:
        yield cx
    finally:
        if cx is not None:
            cx.close()


def _copy_old(file: BinaryIO, set_aside: Path) -> Path:
    """Copy an open file byte by byte under a name that is free."""
    while True:
        free = copies.unused(set_aside)
        with growing(free) as copy:
            with copy.open("wb") as to:
                file.seek(0)
                shutil.copyfileobj(file, to, _CHUNK)
            if publish_new(copy, free):
                return free


def _refill(
    cx: sqlite3.Connection, part: Path, path: Path, old_copy: Path, keep_beside: Callable[[Path], None]
) -> None:
    """Put every page in, in one transaction: cut off, SQLite takes it back. The copy goes where it was taken back."""
    try:
        keep_beside(old_copy)
        with closing(sqlite3.connect(part, isolation_level=None)) as source:
            source.backup(cx)
        cx.close()
    except BaseException:
        cx.close()
        if not rollback_journal(path).exists() and filecmp.cmp(path, old_copy, shallow=False):
            _remove(old_copy)
        raise


def _overwrite(part: Path, path: Path, set_aside: Path, keep_beside: Callable[[Path], None]) -> Path:
    """Replace what no program can take for a database, or what nobody may write to, and keep it with what lies beside it."""
    try:
        file = path.open("rb+", buffering=0)
    except PermissionError:
        # Nobody can write to it, so nobody plays anything into it.
        with path.open("rb") as old:
            old_copy = _copy_old(old, set_aside)
        keep_beside(old_copy)
        publish(part, path)
        return old_copy
    with file:
        _wait_until_alone(file, path)
        old_copy = _copy_old(file, set_aside)
        hot = rollback_journal(path)
        try:
            if hot.exists():
                with growing(rollback_journal(old_copy)) as copy:
                    shutil.copyfile(hot, copy)
                    publish(copy, rollback_journal(old_copy))
            keep_beside(old_copy)
            _fill(file, part, hot)
        except OSError:
            if _begins_alike(file, old_copy):
                _remove(old_copy)
            raise
    return old_copy


def _remove(old_copy: Path) -> None:
    for copy in (old_copy, rollback_journal(old_copy), copies.schema_of(old_copy)):
        copy.unlink(missing_ok=True)


def _wait_until_alone(file: BinaryIO, path: Path) -> None:
    waited = 0
    while not lock_alone(file):
        if waited >= _WAIT_MS:
            raise _busy(path)
        sleep(_PAUSE_MS / 1000)
        waited += _PAUSE_MS


def _fill(file: BinaryIO, part: Path, hot: Path) -> None:
    """Write a file's content over another one's: first what needs room, last what makes a database of it.

    Raises:
        OSError: the disk says no; where it has no room, all is as it was.
    """
    size = file.seek(0, os.SEEK_END)
    with part.open("rb") as source:
        try:
            _write(file, source, size)
        except OSError:
            file.truncate(size)
            raise
        if hot.exists():
            # What nobody could take back would be taken back in what comes.
            hot.unlink()
            sync_folder(hot.parent)
        file.seek(0)
        _put(file, bytes(_HEAD))
        os.fsync(file.fileno())
        _write(file, source, _HEAD)
        file.truncate(part.stat().st_size)
        os.fsync(file.fileno())
        source.seek(0)
        file.seek(0)
        _put(file, source.read(_HEAD))
        os.fsync(file.fileno())


def _write(file: BinaryIO, source: BinaryIO, at: int) -> None:
    source.seek(at)
    file.seek(at)
    while chunk := source.read(_CHUNK):
        _put(file, chunk)
    os.fsync(file.fileno())


def _put(file: BinaryIO, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def _begins_alike(file: BinaryIO, old_copy: Path) -> bool:
    """Whether nothing of a file was written over."""
    file.seek(0)
    return file.read(_HEAD) == old_copy.read_bytes()[:_HEAD] and file.seek(0, os.SEEK_END) == old_copy.stat().st_size


def _busy(path: Path) -> JournalError:
    return JournalError(msg("backup.busy", file=str(path)), hint=msg("journal.locked.hint"))
