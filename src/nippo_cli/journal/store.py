"""The journal's file: made, opened, and what can go wrong with it.

A reading connection never changes a file. A writing one recovers a hot journal and brings an older file up to date.
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from nippo_cli.errors import FULL, JournalError, Message, NotFound, msg
from nippo_cli.files import NoFile, check_regular, growing, make_folder, publish_new
from nippo_cli.ids import SLOTS
from nippo_cli.journal import foreign_wal, sql, structure, tables
from nippo_cli.journal.records import undecodable

# A commit ends by removing the rollback journal. FULL does not wait until that is on the disk: a power cut would bring it
# back, and the next write would take what was acknowledged away.
EXTRA = "pragma synchronous = extra"
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

    with usable(path):
        if path.exists():
            return False
        make_folder(path.parent)
        # Under a name of its own first: a journal half made by a killed process is never met.
        with growing(path) as draft:
            with closing(_connect(draft, "rw")) as cx:
                # It is synced as a whole before it gets its name.
                cx.execute("pragma synchronous = off")
                migrations.apply(cx)
                cx.execute("begin immediate")
                cx.execute(sql.SET_META, ("time_zone", time_zone))
                cx.execute(sql.SET_META, ("journal_id", os.urandom(16).hex()))
                cx.execute(sql.SET_META, ("indexed", "0"))
                begin_device(cx, now, slot=0)
                cx.execute("commit")
            return publish_new(draft, path)


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
    before = identity(path)
    cx = connect_rw(path)
    try:
        with usable(path):
            cx.execute("begin exclusive")
            empty = identity(path) == before and cx.execute(sql.ANY_RECORD).fetchone() is None
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
        found = format_of(cx, path)
        if found < tables.FORMAT:
            cx.close()
            raise _older_format(found, path)
        try:
            structure.expect(cx, path, "read")
        except BaseException:
            cx.close()
            raise
        return cx


def look_into(path: Path, *, older: bool = False) -> sqlite3.Connection:
    """A connection that looks at a file of which nothing is known yet, and can change nothing. Whatever the file holds, none
    of it runs by itself.

    Args:
        older: a file of an older format may be looked at, too.

    Raises:
        NoJournal: there is no such file.
        JournalError: it can't be read, or not by this version.
    """
    with usable(path):
        cx = _connect(path, "ro")
        found = format_of(cx, path)
        if found < tables.FORMAT and not older:
            cx.close()
            raise _older_format(found, path)
        cx.execute("pragma query_only = on")
        return cx


def connect_rw(
    path: Path,
    tell: Callable[[Message], None] | None = None,
    patience_ms: int | None = None,
    *,
    mending: bool = False,
) -> sqlite3.Connection:
    """A connection that writes, in explicit transactions; an older file is copied, then brought up to date.

    A rollback journal that lies beside the file is looked at first: one that is not this journal's is set aside, and so is
    a write-ahead log.

    Args:
        tell: called with what the person should know of that.
        patience_ms: how long it waits for others, if not as long as any.
        mending: the file may hold what nippo did not make, and lack what it made: it is to be put right.

    Raises:
        NoJournal: there is no such file.
        JournalError: it can't be written, or not by this version.
    """
    with usable(path):
        derive = False
        foreign_wal.set_aside(path, tell)
        if rollback_journal(path).exists() and path.exists():
            from nippo_cli.journal.rollback import settle

            derive = settle(path, _WAIT_MS if patience_ms is None else patience_ms, tell)
        cx = _connect(path, "rw", patience_ms)
        try:
            be_durable(cx)
            if format_of(cx, path) < tables.FORMAT:
                from nippo_cli.journal import migrations

                if mending:
                    structure.expect(cx, path, "mend", older=True)
                    cx.execute("begin immediate")
                    structure.mend(cx, older=True)
                    cx.execute("commit")
                structure.expect(cx, path, "write", older=True)
                migrations.upgrade(cx, path)
            structure.expect(cx, path, "mend" if mending else "write")
            if derive:
                from nippo_cli.journal.rollback import derive_anew

                derive_anew(cx)
        except BaseException:
            cx.close()
            raise
        return cx


def be_durable(cx: sqlite3.Connection) -> None:
    """What this connection commits is on the disk then, not in the memory of the system or of a drive."""
    cx.execute(EXTRA)
    if sys.platform == "darwin":
        cx.execute("pragma fullfsync = on")


def rollback_journal(path: Path) -> Path:
    """Where SQLite keeps what a write replaces, until it is on the disk: beside the file itself, not beside a link to it."""
    file = path.resolve() if path.is_symlink() else path
    return file.with_name(file.name + "-journal")


def _older_format(found: int, path: Path) -> JournalError:
    """A file of an older format, which only a writing command may change."""
    return JournalError(
        msg("journal.older", path=str(path), found=found, known=tables.FORMAT), hint=msg("journal.older.hint")
    )


def connect_to_write(
    path: Path, tell: Callable[[Message], None] | None = None, *, mending: bool = False
) -> sqlite3.Connection:
    """A connection in a transaction that holds the write lock, of the file that has the journal's name by then: while it
    waited another may have taken its place, and what is written to the one of before would be lost with it.

    Raises:
        NoJournal: there is no such file.
        JournalError: it can't be written, or not by this version.
    """
    while True:
        before = identity(path)
        cx = connect_rw(path, tell, mending=mending)
        try:
            with usable(path):
                cx.execute("begin immediate")
            if before == identity(path):
                return cx
        except BaseException:
            cx.close()
            raise
        cx.close()


def identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another that has or had its name, as far as the system tells files apart; None where there is
    none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


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
        if not isinstance(error.filename, str) or not _is_of(Path(error.filename), path):
            raise
        name = "journal.full" if error.errno in FULL else "journal.cannot_open"
        raise JournalError(
            msg(name, path=str(path), why=error.strerror or str(error)), hint=msg(f"{name}.hint")
        ) from error


def _is_of(named: Path, path: Path) -> bool:
    """Whether what the system named is the journal, lies beside it, or is a folder that it lies in."""
    return named.parent == path.parent or named in path.parents


def expect_regular(path: Path) -> None:
    """Refuse what is no file, before anything opens it: to open a pipe would wait for who writes into it.

    Raises:
        JournalError: it is none; what is not there passes.
    """
    try:
        check_regular(path)
    except NoFile as error:
        raise JournalError(error.message, hint=msg("journal.cannot_open.hint")) from None


def _connect(path: Path, mode: Literal["ro", "rw"], patience_ms: int | None = None) -> sqlite3.Connection:
    for opened in (path, rollback_journal(path)):
        expect_regular(opened)
    if not path.exists():
        raise NoJournal(msg("journal.none", path=str(path)), hint=msg("journal.none.hint"))
    if foreign_wal.is_foreign(path):
        raise JournalError(msg("journal.wal", path=str(path)), hint=msg("journal.wal.hint"))
    wait_ms = _WAIT_MS if patience_ms is None else patience_ms
    cx = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=wait_ms / 1000
    )
    cx.execute(f"pragma busy_timeout = {wait_ms}")
    # What a file brings along in triggers, views and conditions reaches no function or table outside of it.
    cx.execute("pragma trusted_schema = off")
    return cx


def format_of(cx: sqlite3.Connection, path: Path) -> int:
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
        name = "journal.not_a_journal" if path.stat().st_size else "journal.no_bytes"
        raise JournalError(msg(name, path=str(path)), hint=msg(f"{name}.hint", folder=str(path.parent / "backups")))
    if found > tables.FORMAT:
        cx.close()
        raise JournalError(
            msg("journal.newer", path=str(path), found=found, known=tables.FORMAT),
            hint=msg("journal.newer.hint"),
        )
    return found


def _unusable(path: Path, error: sqlite3.Error) -> JournalError:
    code = getattr(error, "sqlite_errorcode", 0)
    name = _REASONS.get(code & 0xFF, "journal.failed")
    if undecodable(error):
        name = "journal.row_damaged"
    # A reader may not roll a hot journal back; SQLite says "read-only" or "cannot open", by where it fails.
    if name in ("journal.read_only", "journal.cannot_open") and rollback_journal(path).exists():
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
