"""Whether a journal is what its log says: the file, every record, the numbering, and each projection."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from nippo_cli.answers.care import Check, Health
from nippo_cli.errors import JournalError, Message, msg
from nippo_cli.ids import device_name, show_id
from nippo_cli.journal import sql, sql_damage, structure, tables
from nippo_cli.journal import sql_read as read
from nippo_cli.journal.comparing import Progress, compared, make_anew
from nippo_cli.journal.damage import has_row, named
from nippo_cli.journal.record import hash_faster
from nippo_cli.journal.records import Rec, lenient, rows, select_records, true_device
from nippo_cli.journal.settings import time_zone
from nippo_cli.journal.store import connect_to_write, look_into, usable

MOST_FOUND: Final = 20
_STEP: Final = 5000
_OF_FILE: Final = "doctor.structure"
_OF_LOG: Final = frozenset(
    f"doctor.{name}" for name in ("file", "settings", "relations", "hashes", "erased", "numbering")
)
# What reading a record raises that says what none does.
_NOT_DERIVABLE: Final = (LookupError, ValueError, TypeError, AttributeError, RecursionError)


def examine(path: Path, progress: Progress | None = None, *, older: bool = False) -> Health:
    """Look at everything and change nothing. What a rebuild would make is made in a temporary copy.

    What the file may hold comes first, and nothing that it brings along runs. Where the log's own tables are not what they
    should be, that is all; where the log is damaged, what is derived from it is not compared.

    Args:
        progress: told now and then how far it is.
        older: a file of an older format is looked at, too, but for what is derived: that is made anew before it is used.

    Raises:
        NoJournal: there is none. JournalError: it can't be opened at all.
    """
    with closing(look_into(path, older=older)) as cx, usable(path):
        # A damaged text is to be told, not to end the look.
        cx.text_factory = lenient
        cx.execute("begin")
        is_older = cx.execute("pragma user_version").fetchone()[0] < tables.FORMAT
        return Health(str(path), list(_checks(cx, progress or _quietly, older=is_older)), rebuilt=False)


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
    from nippo_cli.journal import foreign_wal
    from nippo_cli.journal.copies import FOLDER, keep_raw

    foreign_wal.set_aside(path, tell)
    kept = keep_raw(path, path.parent / FOLDER, ".unchecked", now=now)
    with usable(path), closing(connect_to_write(path, tell, mending=True)) as cx:
        try:
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
        except BaseException:
            if cx.in_transaction:
                cx.execute("rollback")
            raise
    return examine(path, progress)._replace(rebuilt=True, kept=str(kept))


def log_is_sound(health: Health) -> bool:
    """Whether every record is there as it was written, whatever else is wrong with the file."""
    looked_at = {check.name: check for check in health.checks}
    return all(name in looked_at and not looked_at[name].found for name in _OF_LOG)


def derived_alone(health: Health) -> bool:
    """Whether nothing is wrong but what is derived, which a rebuild makes anew."""
    return log_is_sound(health) and not any(c.found for c in health.checks if c.name == _OF_FILE)


def _quietly(_check: str, _done: int, _of: int) -> None:
    """No progress."""


def _checks(cx: sqlite3.Connection, progress: Progress, *, older: bool) -> Iterator[Check]:
    try:
        odd = structure.oddities(cx, older=older)
        listed = cx.execute(read.COUNT_LISTED).fetchone()[0]
    except sqlite3.DatabaseError as error:
        yield Check("doctor.file", 0, [msg("doctor.file.damaged", why=_legible(error))])
        return
    yield Check(_OF_FILE, listed, [structure.told(o) for o in odd[:MOST_FOUND]])
    file = _file(cx, progress)
    yield file
    if any(structure.is_of_log(o) for o in odd):
        return
    own_tables = not any(structure.is_table(o.name) for o in odd)
    if file.found:
        # Which records it took, as far as they can be read at all.
        with suppress(sqlite3.DatabaseError):
            yield from _records(cx, progress, tell_whose=False)
        return
    yield from (
        _settings(cx),
        _relations(cx),
        *_records(cx, progress, tell_whose=own_tables and not older),
        _numbering(cx),
    )
    if older:
        return
    if not own_tables:
        yield Check("doctor.derived", 0, [msg("doctor.derived.not_compared")])
        return
    try:
        yield from compared(cx, progress)
    except JournalError as error:
        # Under no agreement nothing can be derived.
        yield Check("doctor.agreement", 0, [error.message])


def _file(cx: sqlite3.Connection, progress: Progress) -> Check:
    pages = cx.execute("pragma page_count").fetchone()[0]
    progress("doctor.file", 0, pages)
    try:
        found = [said for (said,) in cx.execute(f"pragma integrity_check({MOST_FOUND})") if said != "ok"]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    return Check("doctor.file", pages, [msg("doctor.file.damaged", why=_legible(said)) for said in found])


def _settings(cx: sqlite3.Connection) -> Check:
    """What every command asks of the file first: the days' time zone, and which device writes here."""
    kept: dict[str, str] = dict(cx.execute(read.SETTINGS).fetchall())
    found: list[Message] = []
    said = kept.get("time_zone", "")
    try:
        zone = time_zone(cx)
    except JournalError as error:
        found.append(error.message)
    else:
        if zone != said:
            found.append(msg("doctor.settings.zone", said=_legible(said), zone=zone))
    if kept.get("device", "") not in {str(slot) for slot, _, _ in rows(cx, read.DEVICE_IDS)}:
        found.append(msg("doctor.settings.no_device", said=_legible(kept.get("device", ""))))
    return Check("doctor.settings", len(kept), found)


def _mend_settings(cx: sqlite3.Connection) -> None:
    """Write what the records prove of the devices, and of the time zone, where something else stands."""
    for slot, device in _misnamed(cx):
        cx.execute(sql.NAME_DEVICE, (device, slot))
    if (stray := _stray(cx)) is not None:
        cx.execute(sql.MOVE_DEVICE, (stray[1], stray[0]))
    with suppress(JournalError):
        cx.execute(sql.SET_META, ("time_zone", time_zone(cx)))


def _relations(cx: sqlite3.Connection) -> Check:
    """Every record's target, batch and schema are there, and of the kind that they must be."""
    looked = cx.execute(read.COUNT_RECORDS).fetchone()[0]
    found = [
        msg("doctor.relations.lost", id=_id(record), what=what, to=_id(to))
        for record, what, to in rows(cx, read.LOST_RELATIONS, (MOST_FOUND,))
    ]
    return Check("doctor.relations", looked, found)


def _records(cx: sqlite3.Connection, progress: Progress, *, tell_whose: bool) -> Iterator[Check]:
    """Every record's hash; those erased against their erasures. `tell_whose`: what was derived can be asked whose a damaged
    one is."""
    hash_faster()
    erased_by = {target for (target,) in cx.execute(read.ERASURES)}
    total = cx.execute(read.COUNT_RECORDS).fetchone()[0]
    broken, odd, erased = list[Rec](), list[Message](), 0
    for done, rec in enumerate(select_records(cx, sql_damage.EVERY)):
        if done % _STEP == 0:
            progress("doctor.hashes", done, total)
        erased += rec.body is None
        if rec.body is None and rec.id not in erased_by:
            odd.append(msg("doctor.erased.unexplained", id=_id(rec.id)))
        elif rec.body is not None and rec.id in erased_by:
            odd.append(msg("doctor.erased.still_there", id=_id(rec.id)))
        elif rec.damaged:
            broken.append(rec)
    progress("doctor.hashes", total, total)
    yield Check("doctor.hashes", total - erased, _named_all(cx, broken, tell_whose=tell_whose))
    yield Check("doctor.erased", erased, odd[:MOST_FOUND])


def _named_all(cx: sqlite3.Connection, broken: Sequence[Rec], *, tell_whose: bool) -> list[Message]:
    """Each damaged record by whose it is and when, and whether what was derived from it still counts."""
    found = []
    for rec in broken[:MOST_FOUND]:
        counts = tell_whose and has_row(cx, rec.id)
        record = named(cx, rec) if tell_whose else msg("damage.named", id=_id(rec.id), parts=[rec.known_on])
        found.append(msg("doctor.hashes.counted" if counts else "doctor.hashes.broken", record=record))
    more = len(broken) - len(found)
    return [*found, msg("doctor.hashes.more", n=more)] if more else found


def _id(record: object) -> str:
    """A record's id as it is typed; a number that is none as it is."""
    try:
        return show_id(record) if isinstance(record, int) else _legible(record)
    except IndexError:
        return str(record)


def _legible(text: object) -> str:
    """A text with its damaged characters marked."""
    return str(text).encode("utf-8", "replace").decode("utf-8", "replace")


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
    try:
        return device_name(slot) or "0"
    except IndexError:
        return str(slot)
