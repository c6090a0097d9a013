"""Whether a journal is what its log says: the file, every record, the numbering, and each projection."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from nippo_cli.answers.care import Check, Health
from nippo_cli.errors import JournalError, Message, msg
from nippo_cli.ids import SLOTS, show_id
from nippo_cli.journal import sql, sql_damage, tables
from nippo_cli.journal import sql_read as read
from nippo_cli.journal.damage import has_row, named
from nippo_cli.journal.record import hash_faster
from nippo_cli.journal.records import Rec, rows, select_records, true_device
from nippo_cli.journal.settings import time_zone
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
            checks += [_relations(cx), *_records(cx, progress or _quietly), _numbering(cx), *_settings(cx)]
            checks += _compared(cx)
        else:
            # Which records it took, as far as they can be read at all.
            with suppress(sqlite3.DatabaseError):
                checks += list(_records(cx, progress or _quietly))
        return Health(str(path), checks, rebuilt=False)


def rebuild(path: Path, *, now: datetime) -> Health:
    """Recover a write that was cut short, back up, derive every projection again from the log, and look at it all.

    The backup stands in `backups/` beside the journal. A file too damaged to be copied is left alone.

    Raises:
        NoJournal: there is none. JournalError: it can't be opened, copied or written.
    """
    from nippo_cli.journal.backup import backup
    from nippo_cli.journal.rebuild import rebuild as derive
    from nippo_cli.journal.search_index import rebuild_index

    with closing(connect_rw(path)) as cx, usable(path):
        # The first read of a writing connection rolls a hot journal back.
        cx.execute(read.COUNT_RECORDS).fetchone()
        backup(path, path.parent / "backups", 0, now=now)
        cx.execute("begin immediate")
        try:
            derive(cx)
            rebuild_index(cx)
            for slot, device in _misnamed(cx):
                cx.execute(sql.NAME_DEVICE, (device, slot))
            if (stray := _stray(cx)) is not None:
                cx.execute(sql.MOVE_DEVICE, (stray[1], stray[0]))
            with suppress(JournalError):
                cx.execute(sql.SET_META, ("time_zone", time_zone(cx)))
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
        msg("doctor.relations.lost", id=show_id(record), what=what, to=show_id(to) if isinstance(to, int) else str(to))
        for record, what, to in rows(cx, read.LOST_RELATIONS, (MOST_FOUND,))
    ]
    return Check("doctor.relations", looked, found)


def _records(cx: sqlite3.Connection, progress: Progress) -> Iterator[Check]:
    """Every record's hash; those erased against their erasures."""
    hash_faster()
    erased_by = {target for (target,) in cx.execute(read.ERASURES)}
    total = cx.execute(read.COUNT_RECORDS).fetchone()[0]
    broken, odd, erased = list[Rec](), list[Message](), 0
    for done, rec in enumerate(select_records(cx, sql_damage.EVERY)):
        if done % _STEP == 0:
            progress(done, total)
        erased += rec.body is None
        if rec.body is None and rec.id not in erased_by:
            odd.append(msg("doctor.erased.unexplained", id=show_id(rec.id)))
        elif rec.body is not None and rec.id in erased_by:
            odd.append(msg("doctor.erased.still_there", id=show_id(rec.id)))
        elif rec.damaged:
            broken.append(rec)
    progress(total, total)
    yield Check("doctor.hashes", total - erased, _named_all(cx, broken))
    yield Check("doctor.erased", erased, odd[:MOST_FOUND])


def _named_all(cx: sqlite3.Connection, broken: Sequence[Rec]) -> list[Message]:
    """Each damaged record by whose it is and when, and whether what was derived from it still counts."""
    found = [
        msg("doctor.hashes.counted" if has_row(cx, rec.id) else "doctor.hashes.broken", record=named(cx, rec))
        for rec in broken[:MOST_FOUND]
    ]
    more = len(broken) - len(found)
    return [*found, msg("doctor.hashes.more", n=more)] if more else found


def _numbering(cx: sqlite3.Connection) -> Check:
    """Each device's numbers run from 1 to its last one without a gap."""
    found: list[Message] = []
    devices = {slot: last for slot, _, last in rows(cx, read.DEVICE_IDS)}
    there = {slot: (n, least, most) for slot, n, least, most in cx.execute(read.NUMBERS)}
    for slot in sorted(devices.keys() | there.keys()):
        n, least, most = there.get(slot, (0, 1, 0))
        if slot not in devices:
            found.append(msg("doctor.numbering.stranger", device=_named(slot), n=n))
        elif (least, most, n) != (1, devices[slot], devices[slot]):
            found.append(msg("doctor.numbering.gap", device=_named(slot), n=n, last=devices[slot]))
    found += [msg("doctor.numbering.device", device=_named(slot)) for slot, _ in _misnamed(cx)]
    return Check("doctor.numbering", len(devices), found)


def _settings(cx: sqlite3.Connection) -> list[Check]:
    """The file's time zone; said only where something is wrong with it."""
    said = next(rows(cx, sql.META, ("time_zone",)), ("",))[0]
    try:
        found = time_zone(cx)
    except JournalError as error:
        return [Check("doctor.settings", 1, [error.message])]
    return [Check("doctor.settings", 1, [msg("doctor.settings.zone", said=said, zone=found)])] if found != said else []


def _misnamed(cx: sqlite3.Connection) -> list[tuple[int, str]]:
    """Devices whose random id is damaged, with the one that their records prove."""
    devices = [(slot, device) for slot, device, _ in rows(cx, read.DEVICE_IDS)]
    return [(slot, true_device(device)) for slot, device in devices if true_device(device) != device]


def _stray(cx: sqlite3.Connection) -> tuple[int, int] | None:
    """The slot of the one device without records, and that of the records without a device: the same, but for damage."""
    devices = {slot for (slot,) in cx.execute(sql.SLOTS)}
    there = {slot for slot, *_ in cx.execute(read.NUMBERS)}
    if len(devices - there) == 1 and len(there - devices) == 1:
        return (devices - there).pop(), (there - devices).pop()
    return None


def _named(slot: int) -> str:
    from nippo_cli.ids import device_name

    return device_name(slot) or "0" if 0 <= slot < SLOTS else str(slot)


def _compared(cx: sqlite3.Connection) -> list[Check]:
    try:
        return list(_projections(cx))
    except JournalError as error:
        # Under no agreement nothing can be derived.
        return [Check("doctor.agreement", 0, [error.message])]


def _projections(cx: sqlite3.Connection) -> Iterator[Check]:
    """Each derived table against the same made from the log, in a copy that is thrown away."""
    from nippo_cli.journal.rebuild import rebuild as derive
    from nippo_cli.journal.search_index import marks, rebuild_index

    with _copy(cx) as copy:
        copy.execute("begin")
        for table in tables.PROJECTIONS:
            copy.execute(f"create temp table was_{table} as select * from main.{table}")
        try:
            words_were = _words(copy)
        except sqlite3.DatabaseError:
            words_were = None
        indexed = {slot: mark for slot, mark, _ in marks(copy)}
        derive(copy)
        for table in tables.PROJECTIONS:
            yield _same(copy, table)
        if words_were is None:
            yield Check("doctor.search", 0, [msg("doctor.search.unreadable")])
            return
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
        return set(rows(copy, read.TOKENS))
    finally:
        copy.execute("drop table temp.tokens")


@contextmanager
def _copy(cx: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The journal's snapshot as a temporary file, for its owner alone."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="nippo-doctor-") as folder:
        file = Path(folder) / "copy.db"
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(file, isolation_level=None)) as copy:
            cx.backup(copy)
            copy.execute("pragma synchronous = off")
            copy.execute("pragma journal_mode = memory")
            try:
                yield copy
            except sqlite3.DatabaseError as error:
                raise JournalError(msg("doctor.no_copy", why=str(error))) from error
