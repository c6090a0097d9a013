"""The journal's file, made and opened to be written. What was cut off is seen to first, and an older file is brought up to
date."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from nippo_cli.base.errors import JournalError, Message, NippoError, msg
from nippo_cli.base.files import growing, make_folder, publish_new, sync_folder
from nippo_cli.journal.log import (
    ANY_RECORD,
    CUSTOMERS,
    SET_META,
    WAIT_MS,
    be_durable,
    begin_device,
    connect,
    foreign_wal,
    format_of,
    identity,
    rollback_journal,
    structure,
    tables,
    usable,
)

# Seconds between two tries for the write lock; who takes it again and again leaves it to others for `LEFT_TO_OTHERS`.
ASKED_EVERY: Final = 0.001
LEFT_TO_OTHERS: Final = 0.004
HASH_OF: Final = "select hash from record where id = ?"


def create(path: Path, *, time_zone: str, now: str, slot: int = 0) -> bool:
    """Make an empty journal: the file 0600 in a folder of 0700, whole or not at all.

    Args:
        path: where; folders that lack are made.
        time_zone: IANA name, fixed for the journal's life.
        now: the instant as the log writes it.
        slot: of the device that writes to it; 0, without a name, unless it is one of a team.

    Returns:
        Whether it was made; False where another process was first.

    Raises:
        JournalError: the place can't be written.
    """
    from nippo_cli.journal.write import migrations

    with usable(path):
        if path.exists():
            return False
        make_folder(path.parent)
        # Under a name of its own first: a journal half made by a killed process is never met.
        with growing(path) as draft:
            with closing(connect(draft, "rw")) as cx:
                # It is synced as a whole before it gets its name.
                cx.execute("pragma synchronous = off")
                migrations.apply(cx)
                cx.execute("begin immediate")
                cx.execute(SET_META, ("time_zone", time_zone))
                cx.execute(SET_META, ("journal_id", os.urandom(16).hex()))
                cx.execute(SET_META, ("indexed", "0"))
                begin_device(cx, now, slot=slot)
                cx.execute("commit")
            return publish_new(draft, path)


def forget_empty(path: Path) -> bool:
    """Remove a journal that holds no record; whether it did."""
    before = identity(path)
    cx = connect_rw(path)
    try:
        with usable(path):
            cx.execute("begin exclusive")
            empty = identity(path) == before and cx.execute(ANY_RECORD).fetchone() is None
            if empty and os.name != "nt":
                path.unlink()
            cx.execute("rollback")
    finally:
        cx.close()
    # Windows removes no file that is open.
    if empty and os.name == "nt":
        path.unlink(missing_ok=True)
    return empty


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
            from nippo_cli.journal.write.rollback import roll_back

            derive = roll_back(path, WAIT_MS if patience_ms is None else patience_ms, tell)
        cx = connect(path, "rw", patience_ms)
        try:
            be_durable(cx)
            if format_of(cx, path) < tables.FORMAT:
                _bring_up_to_date(cx, path, tell, mending=mending)
            structure.expect(cx, path, "mend" if mending else "write")
            if derive:
                from nippo_cli.journal.write.rollback import derive_anew

                derive_anew(cx)
        except BaseException:
            cx.close()
            raise
        return cx


def _bring_up_to_date(
    cx: sqlite3.Connection, path: Path, tell: Callable[[Message], None] | None, *, mending: bool
) -> None:
    """Migrate a file of an older format, put right first where it is to be mended; say which spellings are one customer now."""
    from nippo_cli.journal.write import migrations
    from nippo_cli.line.near_customers import alike_notice, spelled_alike

    if mending:
        structure.expect(cx, path, "mend", older=True)
        cx.execute("begin immediate")
        structure.mend(cx, older=True)
        cx.execute("commit")
    structure.expect(cx, path, "write", older=True)
    migrations.upgrade(cx, path)
    alike = alike_notice(spelled_alike(name for (name,) in cx.execute(CUSTOMERS)))
    if alike is not None and tell is not None:
        tell(alike)


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
                begin_in_turn(cx)
            if before == identity(path):
                return cx
        except BaseException:
            cx.close()
            raise
        cx.close()


def begin_in_turn(cx: sqlite3.Connection) -> None:
    """Begin a transaction that holds the write lock, once nobody else does.

    It is asked for each millisecond: SQLite itself asks ten times a second, and would hardly ever meet the moment in which a sync
    that takes in one portion after another has given it away.
    """
    upto = monotonic() + WAIT_MS / 1000
    cx.execute("pragma busy_timeout = 0")
    try:
        while True:
            try:
                cx.execute("begin immediate")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > upto:
                    raise
                sleep(ASKED_EVERY)
            else:
                return
    finally:
        cx.execute(f"pragma busy_timeout = {WAIT_MS}")


def stands(path: Path, newest: tuple[int, object] | None, why: sqlite3.Error) -> bool:
    """Whether a write that the disk would not end is there all the same; it is there for good then.

    Args:
        newest: its last record and that record's hash; none where it has none.
        why: what the disk said.

    Raises:
        JournalError: the disk does not even tell that.
    """
    if newest is None:
        return False
    record, hashed = newest
    try:
        with usable(path), closing(connect_rw(path)) as cx:
            there: bool = cx.execute(HASH_OF, (record,)).fetchone() == (hashed,)
        if there:
            sync_folder(rollback_journal(path).parent)
    except (NippoError, OSError) as error:
        raise JournalError(
            msg("journal.doubtful", path=str(path), why=str(why)), hint=msg("journal.doubtful.hint")
        ) from error
    return there
