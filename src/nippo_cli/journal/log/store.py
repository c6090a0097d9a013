"""The journal's file: looked into, and what can go wrong with it. A connection made here never changes a file by itself."""

import os
import sqlite3
import sys
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from nippo_cli.base.errors import FULL, JournalError, NotFound, msg, system_reason
from nippo_cli.base.files import NoFile, check_regular
from nippo_cli.base.ids import device_name, slot_named
from nippo_cli.base.persons import person_key
from nippo_cli.journal.log import foreign_wal, structure, tables
from nippo_cli.journal.log.record import new_device_id
from nippo_cli.journal.log.records import undecodable
from nippo_cli.journal.log.statements import SET_META

INSERT_DEVICE: Final = (
    "insert into device (slot, id, began_at, ordinal)"
    " values (?, ?, ?, (select coalesce(max(ordinal) + 1, 0) from device))"
)

# A commit ends by removing the rollback journal. FULL does not wait until that is on the disk: a power cut would bring it
# back, and the next write would take what was acknowledged away.
EXTRA = "pragma synchronous = extra"
WAIT_MS = 30_000
_SLOTS = range(slot_named("a0"), slot_named("zz") + 1)  # names of two characters, while there are any
# Names of four characters: drawn unseen, two of thirty hardly ever meet.
_IN_A_TEAM = range(slot_named("a000"), slot_named("zzzz") + 1)
OF_A_TEAM: Final = "select 1 from meta where key = 'team'"


class NoJournal(NotFound):
    """There is no journal where one was looked for."""


def begin_device(cx: sqlite3.Connection, now: str, slot: int | None = None, device: str = "") -> int:
    """From here on the file writes as a new device, with a random id and a free random slot, if none are given.

    Inside the caller's transaction. A restored or copied journal needs it, or it and its twin would give out the
    same numbers.
    """
    taken = {row[0] for row in cx.execute("select slot from device")}
    if slot is None and cx.execute(OF_A_TEAM).fetchone() is not None:
        # Others draw names as well, and meet later.
        slot = draw_slot(taken)
    elif slot is None:
        free = [s for s in _SLOTS if s not in taken]
        slot = free[int.from_bytes(os.urandom(4), "big") % len(free)]
    cx.execute(INSERT_DEVICE, (slot, device or new_device_id(), now))
    cx.execute(SET_META, ("device", str(slot)))
    return slot


def draw_slot(taken: Collection[int]) -> int:
    """The slot of a device name that nobody has, and that Windows keeps for no device of its own."""
    while True:
        slot = _IN_A_TEAM[int.from_bytes(os.urandom(4), "big") % len(_IN_A_TEAM)]
        name = device_name(slot)
        if slot not in taken and not (name[:3] in ("com", "lpt") and name[3:].isdigit()):
            return slot


def connect_ro(path: Path) -> sqlite3.Connection:
    """A connection that reads, and leaves every file as it is.

    Raises:
        NoJournal: there is no such file.
        JournalError: it can't be read, or not by this version.
    """
    with usable(path):
        cx = connect(path, "ro")
        file_format = format_of(cx, path)
        if file_format < tables.FORMAT:
            cx.close()
            raise _older_format(file_format, path)
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
        cx = connect(path, "ro")
        file_format = format_of(cx, path)
        if file_format < tables.FORMAT and not older:
            cx.close()
            raise _older_format(file_format, path)
        cx.execute("pragma query_only = on")
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


def _older_format(file_format: int, path: Path) -> JournalError:
    """A file of an older format, which only a writing command may change."""
    return JournalError(
        msg("journal.older", path=str(path), found=file_format, known=tables.FORMAT), hint=msg("journal.older.hint")
    )


def identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another that has or had its name, as far as the system tells files apart; None where there is
    none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


# What SQLite raises at a damaged file, whose letters, which its words quote, need not be any.
DAMAGE: Final = (sqlite3.Error, UnicodeDecodeError)


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """What SQLite or the system says about the file, as a `JournalError` with what to do."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # nippo's own mistake, not the file's
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    except UnicodeDecodeError as error:
        raise _unusable(path, _as_damage(error)) from error
    except MemoryError as error:
        # A length that was damaged makes SQLite ask for more than there is.
        raise _unusable(path, sqlite3.DatabaseError("out of memory")) from error
    except OSError as error:
        if not isinstance(error.filename, str) or not _is_of(Path(error.filename), path):
            raise
        name = "journal.full" if error.errno in FULL else "journal.cannot_open"
        raise JournalError(msg(name, path=str(path), why=system_reason(error)), hint=msg(f"{name}.hint")) from error


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


def connect(path: Path, mode: Literal["ro", "rw"], patience_ms: int | None = None) -> sqlite3.Connection:
    """A connection to a file that is there, in transactions of the caller's own.

    Raises:
        NoJournal: there is no such file. JournalError: it is none.
    """
    for opened in (path, rollback_journal(path)):
        expect_regular(opened)
    if not path.exists():
        raise NoJournal(msg("journal.none", path=str(path)), hint=msg("journal.none.hint"))
    if foreign_wal.is_foreign(path):
        raise JournalError(msg("journal.wal", path=str(path)), hint=msg("journal.wal.hint"))
    wait_ms = WAIT_MS if patience_ms is None else patience_ms
    cx = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=wait_ms / 1000
    )
    cx.execute(f"pragma busy_timeout = {wait_ms}")
    # What a file brings along in triggers, views and conditions reaches no function or table outside of it.
    cx.execute("pragma trusted_schema = off")
    cx.create_function("person_key", 1, person_key, deterministic=True)
    return cx


def format_of(cx: sqlite3.Connection, path: Path) -> int:
    """The file's format; closes the connection where it is not one that this version can use.

    Raises:
        JournalError: not a nippo journal, or a newer one.
    """
    try:
        mark = cx.execute("pragma application_id").fetchone()[0]
        file_format: int = cx.execute("pragma user_version").fetchone()[0]
    except BaseException:
        cx.close()
        raise
    if mark != tables.APPLICATION_ID:
        cx.close()
        name = "journal.not_a_journal" if path.stat().st_size else "journal.no_bytes"
        raise JournalError(msg(name, path=str(path)), hint=msg(f"{name}.hint", folder=str(path.parent / "backups")))
    if file_format > tables.FORMAT:
        cx.close()
        raise JournalError(
            msg("journal.newer", path=str(path), found=file_format, known=tables.FORMAT),
            hint=msg("journal.newer.hint"),
        )
    return file_format


def _unusable(path: Path, error: sqlite3.Error) -> JournalError:
    """What SQLite raised about the file, as an error with words and a hint: `SQLITE_BUSY` becomes `journal.locked`."""
    code = getattr(error, "sqlite_errorcode", 0)
    name = _REASONS.get(code & 0xFF, "journal.failed")
    if undecodable(error):
        name = "journal.row_damaged"
    if name == "journal.damaged" and _index_is_damaged(path):
        name = "journal.index_damaged"
    # A reader may not roll a hot journal back; SQLite says "read-only" or "cannot open", by where it fails.
    if name in ("journal.read_only", "journal.cannot_open") and rollback_journal(path).exists():
        name = "journal.hot"
    place = str(_full_place(path) if name == "journal.full" else path)
    return JournalError(
        msg(name, path=place, why=str(error)),
        hint=msg(f"{name}.hint", path=place, why=str(error)),
    )


def _full_place(path: Path) -> Path:
    """What is full: the disk of the file, or that of the system's place for temporary files, where SQLite sorts and compares.
    It doesn't say which; the one with less room is likelier."""
    from shutil import disk_usage

    # The first that SQLite looks for; Windows asks the system, which has it from one of the others.
    named = next(filter(None, map(os.environ.get, ("SQLITE_TMPDIR", "TMPDIR", "TEMP", "TMP"))), "/var/tmp")  # noqa: S108
    try:
        return min(Path(named), path, key=lambda one: disk_usage(one if one.exists() else one.parent).free)
    except OSError:
        return path


def _index_is_damaged(path: Path) -> bool:
    """Whether what SQLite can't read is the search index, which is made from the log. Of a million entries it is looked through in
    a second or two."""
    with suppress(*DAMAGE), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as cx:
        cx.execute("pragma trusted_schema = off")
        return any(is_damaged(cx, table) for table in tables.SEARCH_TABLES)
    return False


def is_damaged(cx: sqlite3.Connection, table: str) -> bool:
    """Whether SQLite finds pages of a table, or of its indexes, that it can't make anything of."""
    try:
        return [said for (said,) in cx.execute(f"pragma integrity_check({table})")] != ["ok"]
    except sqlite3.DatabaseError as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR)


def _as_damage(error: Exception) -> sqlite3.Error:
    """One of `DAMAGE` as SQLite would say it."""
    if isinstance(error, sqlite3.Error):
        return error
    damage = sqlite3.DatabaseError(str(error))
    damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return damage


def blames_disk(error: Exception) -> bool:
    """Whether what SQLite says is about the disk, full or broken, and says nothing of the file."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def disk_refusal(path: Path, error: BaseException | None) -> JournalError | None:
    """What SQLite raised about the disk, in words; None for what is about anything else."""
    return _unusable(path, error) if isinstance(error, sqlite3.Error) and blames_disk(error) else None


def tells_of_content(error: JournalError) -> bool:
    """Whether an error that `usable` made is about what the file holds; else the system did not let it be read, or not now."""
    return error.message.key not in _OF_SYSTEM


def integrity_faults(cx: sqlite3.Connection, most: int) -> list[str]:
    """What SQLite finds wrong with a file, in its words.

    Raises:
        sqlite3.Error: a page could not be read; SQLite gives that among its findings, and it says nothing of the file.
    """
    faults = [said for (said,) in cx.execute(f"pragma integrity_check({most})") if said != "ok"]
    for said in faults:
        # Pages that are free are told without a code, and a number that no page can have in other words.
        codes = [int(line.rpartition("=")[2]) for line in said.splitlines() if "error code=" in line]
        if any(code & 0xFF == sqlite3.SQLITE_IOERR for code in codes) or "failed to get page" in said:
            error = sqlite3.OperationalError(said)
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error
    return faults


_OF_SYSTEM: Final = frozenset(f"journal.{name}" for name in ("locked", "read_only", "cannot_open", "hot", "full", "io"))


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
