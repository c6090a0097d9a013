"""Every derived table and the file's own settings made anew from the log."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError, Message, msg
from nippo_cli.base.progress import Progress
from nippo_cli.journal.check import examine, make_anew, misnamed_devices, stray_device
from nippo_cli.journal.log import SET_META, foreign_wal, is_damaged, look_into, structure, tables, time_zone, usable
from nippo_cli.journal.write import connect_to_write
from nippo_cli.results.care import Health

# What reading a record raises that says what none does.
NAME_DEVICE: Final = "update device set id = ? where slot = ?"
FORGET_TABLE: Final = "delete from sqlite_master where tbl_name = ?"
MOVE_DEVICE: Final = "update device set slot = ? where slot = ?"
_NOT_DERIVABLE: Final = (LookupError, ValueError, TypeError, AttributeError, RecursionError)


def rebuild(
    path: Path, *, now: datetime, tell: Callable[[Message], None] | None = None, progress: Progress | None = None
) -> Health:
    """Recover a write that was cut short, put the file's structure right, derive every projection again from the log, and
    look at it all.

    Before that the file is copied as it is into `backups/` beside it, under a name that no backup has: what is to be mended
    is no backup. What nippo did not make is in that copy alone afterwards. A file too damaged to be copied is left alone.

    Args:
        now: names the copy.
        tell: called with what the person should know of a write that was cut off before.

    Raises:
        NoJournal: there is none.
        JournalError: it can't be opened, copied or written, or the log's own tables are missing or altered.
    """
    from nippo_cli.journal.care.copies import FOLDER, keep_raw

    foreign_wal.set_aside(path, tell)
    copy = keep_raw(path, path.parent / FOLDER, ".unchecked", now=now)
    with usable(path), closing(connect_to_write(path, tell, mending=True)) as cx:
        try:
            lost = _unreadable(path)
            _give_up(cx, lost)
            structure.mend(cx)
            structure.expect(cx, path, "write")
            try:
                make_anew(cx)
            except _NOT_DERIVABLE as error:
                raise JournalError(
                    msg("doctor.not_derivable", path=str(path), why=str(error)), hint=msg("journal.damaged.hint")
                ) from error
            _mend_settings(cx)
            cx.execute("commit")
            if lost:
                cx.execute("vacuum")
        except BaseException:
            if cx.in_transaction:
                cx.execute("rollback")
            raise
    return examine(path, progress, anew=True)._replace(rebuilt=True, copy=str(copy))


def _unreadable(path: Path) -> list[str]:
    """The tables that hold pages which SQLite can make nothing of, and that can be made anew from the log."""
    # In a connection of its own: what was read in vain there is in nobody's way.
    with closing(look_into(path)) as cx:
        lost = [table for table in tables.PROJECTIONS if is_damaged(cx, table)]
        if any(is_damaged(cx, table) for table in tables.SEARCH_TABLES):
            lost += ["search", *tables.SEARCH_TABLES]
    return lost


def _give_up(cx: sqlite3.Connection, lost: Sequence[str]) -> None:
    """Take tables out of the file's list that can be neither emptied nor dropped, for they can't be read. Their pages are
    nobody's from then on, until the file is written anew."""
    if lost:
        cx.execute("pragma writable_schema = on")
        cx.executemany(FORGET_TABLE, [(table,) for table in lost])
        cx.execute("pragma writable_schema = reset")


def _mend_settings(cx: sqlite3.Connection) -> None:
    """Write what the records prove of the devices, and of the time zone, where something else stands."""
    for slot, device in misnamed_devices(cx):
        cx.execute(NAME_DEVICE, (device, slot))
    if (moved := stray_device(cx)) is not None:
        cx.execute(MOVE_DEVICE, (moved[1], moved[0]))
    with suppress(JournalError):
        cx.execute(SET_META, ("time_zone", time_zone(cx)))
