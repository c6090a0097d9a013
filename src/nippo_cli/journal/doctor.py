"""Whether a journal is what its log says: the file, every record, the numbering, and each projection."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from nippo_cli.answers.care import Check, Health
from nippo_cli.errors import JournalError, Message, msg
from nippo_cli.ids import number_of, show_id, slot_of
from nippo_cli.journal import sql_read as read
from nippo_cli.journal import tables
from nippo_cli.journal.record import Header, digest
from nippo_cli.journal.store import connect_ro, connect_rw, usable

Progress = Callable[[int, int], None]
MOST_FOUND = 20
_STEP = 5000


def examine(path: Path, progress: Progress | None = None) -> Health:
    """Look at everything and change nothing. What a rebuild would make is made in a temporary copy.

    Args:
        progress: told how many records of how many are looked at.

    Raises:
        NoJournal: there is none. JournalError: it can't be opened at all.
    """
    with closing(connect_ro(path)) as cx, usable(path):
        cx.execute("begin")
        checks = [_file(cx)]
        if not checks[0].found:
            checks += [_relations(cx), *_records(cx, progress or _quietly), _numbering(cx)]
            checks += _projections(cx)
        return Health(str(path), checks, rebuilt=False)


def rebuild(path: Path, *, now: datetime, tell: Callable[[Message], None] | None = None) -> Health:
    """Recover a write that was cut short, back up, derive every projection again from the log, and look at it all.

    The backup stands in `backups/` beside the journal. A file too damaged to be copied is left alone.

    Args:
        now: the local time, which names the backup.
        tell: called with what the person should know of a rollback journal; see `connect_rw`.

    Raises:
        NoJournal: there is none. JournalError: it can't be opened, copied or written.
    """
    from nippo_cli.journal.backup import backup
    from nippo_cli.journal.rebuild import rebuild as derive
    from nippo_cli.journal.search_index import rebuild_index

    with closing(connect_rw(path, tell)) as cx, usable(path):
        backup(path, path.parent / "backups", 0, now=now)
        cx.execute("begin immediate")
        try:
            derive(cx)
            rebuild_index(cx)
            cx.execute("commit")
        except BaseException:
            if cx.in_transaction:
                cx.execute("rollback")
            raise
    health = examine(path)
    return Health(health.journal, health.checks, rebuilt=True)


def _quietly(_done: int, _of: int) -> None:
    """No progress."""


def _file(cx: sqlite3.Connection) -> Check:
    try:
        found = [said for (said,) in cx.execute(f"pragma integrity_check({MOST_FOUND})") if said != "ok"]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    pages = cx.execute("pragma page_count").fetchone()[0]
    return Check("doctor.file", pages, [msg("doctor.file.damaged", why=said) for said in found])


def _relations(cx: sqlite3.Connection) -> Check:
    """Every record's target, batch and schema are there, and of the kind that they must be."""
    looked = cx.execute(read.COUNT_RECORDS).fetchone()[0]
    found = [
        msg("doctor.relations.lost", id=show_id(record), what=what, to=show_id(to))
        for record, what, to in cx.execute(read.LOST_RELATIONS, (MOST_FOUND,))
    ]
    return Check("doctor.relations", looked, found)


def _records(cx: sqlite3.Connection, progress: Progress) -> Iterator[Check]:
    """Every record's hash; those erased against their erasures."""
    devices = {slot: device for slot, device, _ in cx.execute(read.DEVICE_IDS)}
    erased_by = {target for (target,) in cx.execute(read.ERASURES)}
    total = cx.execute(read.COUNT_RECORDS).fetchone()[0]
    broken, odd, erased = list[Message](), list[Message](), 0
    for done, row in enumerate(cx.execute(read.EVERY_RECORD)):
        record, *header, salt, body, stored = row
        if done % _STEP == 0:
            progress(done, total)
        if body is None or salt is None:
            erased += 1
            if record not in erased_by:
                odd.append(msg("doctor.erased.unexplained", id=show_id(record)))
        elif record in erased_by:
            odd.append(msg("doctor.erased.still_there", id=show_id(record)))
        elif digest(devices.get(slot_of(record), ""), Header(number_of(record), *header), salt, body) != stored:
            broken.append(msg("doctor.hashes.broken", id=show_id(record), at=header[2]))
    progress(total, total)
    yield Check("doctor.hashes", total - erased, broken[:MOST_FOUND])
    yield Check("doctor.erased", erased, odd[:MOST_FOUND])


def _numbering(cx: sqlite3.Connection) -> Check:
    """Each device's numbers run from 1 to its last one without a gap."""
    found: list[Message] = []
    devices = {slot: last for slot, _, last in cx.execute(read.DEVICE_IDS)}
    there = {slot: (n, least, most) for slot, n, least, most in cx.execute(read.NUMBERS)}
    for slot in sorted(devices.keys() | there.keys()):
        n, least, most = there.get(slot, (0, 1, 0))
        if slot not in devices:
            found.append(msg("doctor.numbering.stranger", device=_named(slot), n=n))
        elif (least, most, n) != (1, devices[slot], devices[slot]):
            found.append(msg("doctor.numbering.gap", device=_named(slot), n=n, last=devices[slot]))
    return Check("doctor.numbering", len(devices), found)


def _named(slot: int) -> str:
    from nippo_cli.ids import device_name

    return device_name(slot) or "0"


def _projections(cx: sqlite3.Connection) -> Iterator[Check]:
    """Each derived table against the same made from the log, in a copy that is thrown away."""
    from nippo_cli.journal.rebuild import rebuild as derive
    from nippo_cli.journal.search_index import marks, rebuild_index

    with _copy(cx) as copy:
        copy.execute("begin")
        for table in tables.PROJECTIONS:
            copy.execute(f"create temp table was_{table} as select * from main.{table}")
        words_were = _words(copy)
        indexed = {slot: mark for slot, mark, _ in marks(copy)}
        derive(copy)
        for table in tables.PROJECTIONS:
            yield _same(copy, table)
        rebuild_index(copy, indexed)
        lost = len(words_were ^ _words(copy))
        yield Check("doctor.search", len(words_were), [msg("doctor.differs", n=lost)] if lost else [])


def _same(copy: sqlite3.Connection, table: str) -> Check:
    rows = copy.execute(f"select count(*) from main.{table}").fetchone()[0]
    missing, extra = (
        copy.execute(f"select count(*) from (select * from {a} except select * from {b})").fetchone()[0]
        for a, b in ((f"main.{table}", f"temp.was_{table}"), (f"temp.was_{table}", f"main.{table}"))
    )
    found = [msg("doctor.differs.rows", missing=missing, extra=extra)] if missing or extra else []
    return Check(f"doctor.{table}", rows, found)


def _words(copy: sqlite3.Connection) -> set[tuple[str, int, int]]:
    """Of each token in the index, how many rows hold it, and a sum over which."""
    copy.execute("create virtual table temp.tokens using fts5vocab(main, search, instance)")
    try:
        return set(copy.execute(read.TOKENS))
    finally:
        copy.execute("drop table temp.tokens")


@contextmanager
def _copy(cx: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The journal's snapshot as a file without a name: it is gone with the process, however that ends."""
    with closing(sqlite3.connect("", isolation_level=None)) as copy:
        cx.backup(copy)
        copy.execute("pragma synchronous = off")
        copy.execute("pragma journal_mode = memory")
        try:
            yield copy
        except sqlite3.DatabaseError as error:
            raise JournalError(msg("doctor.no_copy", why=str(error))) from error
