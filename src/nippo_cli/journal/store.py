"""The journal's file: made, opened, and what can go wrong with it.

A reading connection never changes a file. A writing one recovers a hot journal and brings an older file up to date.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from nippo_cli.errors import JournalError, NotFound, msg
from nippo_cli.files import sync_folder
from nippo_cli.ids import SLOTS
from nippo_cli.journal import sql, tables
from nippo_cli.journal.records import undecodable

_WAIT_MS = 30_000
_SLOTS = range(10 * 36, SLOTS)  # short names: a letter, then a letter or digit


class NoJournal(NotFound):
    """There is no journal where one was looked for."""


def create(path: Path, *, time_zone: str, now: str) -> bool:
    """Make an empty journal: the file 0600 in a folder of 0700, whole or not at all.

    Args:
        path: where; folders that lack are made.
        time_zone: IANA name, fixed for the journal's life.
        now: the instant as the log writes it.

    Returns:
        Whether it was made; False where another process was first.

    Raises:
        JournalError: the place can't be written.
    """
    from nippo_cli.journal import migrations

    # Under a name of its own first: a journal half made by a killed process is never met.
    draft = path.with_name(f"{path.name}.new-{os.getpid()}")
    with usable(path):
        if path.exists():
            return False
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600))
        try:
            cx = _connect(draft, "rw")
            try:
                migrations.apply(cx)
                cx.execute("begin immediate")
                cx.execute(sql.SET_META, ("time_zone", time_zone))
                cx.execute(sql.SET_META, ("journal_id", os.urandom(16).hex()))
                cx.execute(sql.SET_META, ("indexed", "0"))
                begin_device(cx, now, slot=0)
                cx.execute("commit")
            finally:
                cx.close()
            return _publish(draft, path)
        finally:
            draft.unlink(missing_ok=True)


def begin_device(cx: sqlite3.Connection, now: str, slot: int | None = None) -> int:
    """From here on the file writes as a new device, with a random id and, if none is given, a free random slot.

    Inside the caller's transaction. A restored or copied journal needs it, or it and its twin would give out the
    same numbers.
    """
    taken = {row[0] for row in cx.execute("select slot from device")}
    if slot is None:
        free = [s for s in _SLOTS if s not in taken]
        slot = free[int.from_bytes(os.urandom(4), "big") % len(free)]
    cx.execute(sql.INSERT_DEVICE, (slot, os.urandom(16).hex(), now))
    cx.execute(sql.SET_META, ("device", str(slot)))
    return slot


def forget_empty(path: Path) -> bool:
    """Remove a journal that holds no record; whether it did."""
    cx = connect_rw(path)
    try:
        with usable(path):
            cx.execute("begin exclusive")
            empty = cx.execute(sql.ANY_RECORD).fetchone() is None
            if empty and os.name != "nt":
                path.unlink()
            cx.execute("rollback")
    finally:
        cx.close()
    # Windows removes no file that is open.
    if empty and os.name == "nt":
        path.unlink(missing_ok=True)
    return empty


def connect_ro(path: Path, patience_ms: int | None = None) -> sqlite3.Connection:
    """A connection that reads, and leaves every file as it is.

    Args:
        patience_ms: how long it waits for somebody who writes, if not as long as any.

    Raises:
        NoJournal: there is no such file.
        JournalError: it can't be read, or not by this version.
    """
    with usable(path):
        cx = _connect(path, "ro", patience_ms)
        found = _format(cx, path)
        if found < tables.FORMAT:
            cx.close()
            raise JournalError(
                msg("journal.older", path=str(path), found=found, known=tables.FORMAT), hint=msg("journal.older.hint")
            )
        return cx


def connect_rw(path: Path) -> sqlite3.Connection:
    """A connection that writes, in explicit transactions; an older file is copied, then brought up to date.

    Raises:
        NoJournal: there is no such file.
        JournalError: it can't be written, or not by this version.
    """
    with usable(path):
        cx = _connect(path, "rw")
        try:
            if _format(cx, path) < tables.FORMAT:
                from nippo_cli.journal import migrations

                migrations.upgrade(cx, path)
            cx.execute("pragma synchronous = full")
        except BaseException:
            cx.close()
            raise
        return cx


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """What SQLite or the system says about the file, as a `JournalError` with what to do."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # nippo's own mistake, not the file's
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    except OSError as error:
        if not isinstance(error.filename, str) or Path(error.filename).parent != path.parent:
            raise
        raise JournalError(
            msg("journal.cannot_open", path=str(path), why=error.strerror or str(error)),
            hint=msg("journal.cannot_open.hint"),
        ) from error


def _connect(path: Path, mode: Literal["ro", "rw"], patience_ms: int | None = None) -> sqlite3.Connection:
    if not path.exists():
        raise NoJournal(msg("journal.none", path=str(path)), hint=msg("journal.none.hint"))
    wait_ms = _WAIT_MS if patience_ms is None else patience_ms
    cx = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=wait_ms / 1000
    )
    cx.execute(f"pragma busy_timeout = {wait_ms}")
    return cx


def _format(cx: sqlite3.Connection, path: Path) -> int:
    """The file's format; closes the connection where it is not one that this version can use.

    Raises:
        JournalError: not a nippo journal, or a newer one.
    """
    try:
        mark = cx.execute("pragma application_id").fetchone()[0]
        found: int = cx.execute("pragma user_version").fetchone()[0]
    except BaseException:
        cx.close()
        raise
    if mark != tables.APPLICATION_ID:
        cx.close()
        raise JournalError(
            msg("journal.not_a_journal", path=str(path)),
            hint=msg("journal.not_a_journal.hint", path=str(path)),
        )
    if found > tables.FORMAT:
        cx.close()
        raise JournalError(
            msg("journal.newer", path=str(path), found=found, known=tables.FORMAT),
            hint=msg("journal.newer.hint"),
        )
    return found


def _publish(draft: Path, path: Path) -> bool:
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:
        # No hard links here (FAT, some shares): a rename, which on Windows never overwrites.
        if path.exists():
            return False
        draft.rename(path)
    sync_folder(path.parent)
    return True


def _unusable(path: Path, error: sqlite3.Error) -> JournalError:
    code = getattr(error, "sqlite_errorcode", 0)
    name = _REASONS.get(code & 0xFF, "journal.failed")
    if undecodable(error):
        name = "journal.row_damaged"
    # A reader may not roll a hot journal back; SQLite says "read-only" or "cannot open", by where it fails.
    if name in ("journal.read_only", "journal.cannot_open") and path.with_name(path.name + "-journal").exists():
        name = "journal.hot"
    return JournalError(
        msg(name, path=str(path), why=str(error)),
        hint=msg(f"{name}.hint", path=str(path), why=str(error)),
    )


_REASONS = {
    sqlite3.SQLITE_BUSY: "journal.locked",
    sqlite3.SQLITE_LOCKED: "journal.locked",
    sqlite3.SQLITE_READONLY: "journal.read_only",
    sqlite3.SQLITE_PERM: "journal.read_only",
    sqlite3.SQLITE_CANTOPEN: "journal.cannot_open",
    sqlite3.SQLITE_NOTADB: "journal.not_a_journal",
    sqlite3.SQLITE_CORRUPT: "journal.damaged",
    sqlite3.SQLITE_FULL: "journal.full",
    sqlite3.SQLITE_IOERR: "journal.io",
}
