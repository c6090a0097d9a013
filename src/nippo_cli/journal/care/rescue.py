"""Every intact record of a damaged journal brought into a new one, and a list of what could not be brought."""

import mmap
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from errno import EIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import instant_text, is_zone
from nippo_cli.base.errors import JournalError, Message, msg
from nippo_cli.base.files import growing, make_folder, publish_new
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import SLOTS, device_name, number_of, record_id, slot_of
from nippo_cli.base.progress import Progress
from nippo_cli.base.scratch import scratch_folder
from nippo_cli.journal.care import copies
from nippo_cli.journal.care.carving import Carved, Carver, Content, proven
from nippo_cli.journal.care.remains import Remains
from nippo_cli.journal.care.replacing import replace_lost
from nippo_cli.journal.check import examine, make_anew
from nippo_cli.journal.log import (
    DAMAGE,
    DEVICE_IDS,
    PUT_LOSS,
    SET_META,
    begin_device,
    expect_regular,
    hash_faster,
    inner_digest,
    look_into,
    rollback_journal,
    rows,
    true_device,
    usable,
)
from nippo_cli.results.care import Health, Rescued

if TYPE_CHECKING:
    from io import FileIO

PUT_DEVICE: Final = "insert into device (slot, id, began_at, last_number, ordinal) values (?, ?, ?, ?, ?)"
PUT_RECORD: Final = """
insert into record (id, kind, author, recorded_at, known_on, on_date, schema, target, batch, body, source_key, salt, hash)
values (?,?,?,?,?,?,?,?,?,?,?,?,?)
on conflict (id) do update set body = null, salt = excluded.salt where excluded.body is null and record.body is not null
"""
# What an erasure took, where an older copy of it was met first.
ERASED_YET_THERE: Final = """
select r.id, r.salt, r.body, d.id from record r left join device d on d.slot = r.id >> 40
where r.body is not null and (r.id in (select target from record where kind = 'redact')
  or (r.kind = 'amend' and r.target in (select target from record where kind = 'redact')))
"""
ERASE: Final = "update record set body = null, salt = ? where id = ?"
NUMBERS_OF: Final = "select id from record where id > ? and id < ? order by id"
ANY_SCHEMA: Final = "select 1 from record where kind = 'schema'"
COUNT: Final = "select count(*), count(*) - count(body) from record"
# So many numbers beyond the last record are believed to have been given out.
_AHEAD: Final = 1 << 20
_STEP: Final = 2000
# A file is read by pieces; of one that a disk does not give, each sector that it gives is taken.
_PIECE, _SECTOR = 1 << 20, 512


class DamagedFile(NamedTuple):
    """A damaged journal: its bytes, SQLite's own look at it as far as there is one, and ids of devices from elsewhere."""

    content: Content
    cx: sqlite3.Connection | None
    devices: Sequence[str]


def rescue(
    path: Path,
    new: Path,
    *,
    schema: str,
    author: str,
    user: str,
    time_zone: str,
    now: datetime,
    progress: Progress | None = None,
) -> Rescued:
    """Bring what is intact of a journal into a new one. The journal, and all beside it, stays as it is.

    A record is intact if its hash proves it, wherever in the file it lies. Each keeps its id, device, salt and hash. What the
    numbering lacks then is written down as lost. The new journal writes on as a new device.

    Args:
        new: the new journal's file; its `schema.yaml` is there.
        schema: what that says, adopted where no schema's record could be brought.
        author: who writes what stands in for what is lost; where nobody said, the journal's own author, else `user`.
        time_zone: taken where the file doesn't tell its own.
        now: the local time (aware).

    Raises:
        NoJournal: there is no such file. JournalError: it can't be read, or holds no intact record; nothing was made.
    """
    hash_faster()
    make_folder(new.parent)
    with growing(new) as draft:
        with usable(path), _opened(path) as source:
            carver = Carver(source.content)
            remains = Remains(source.cx)
            with closing(sqlite3.connect(draft, isolation_level=None)) as cx:
                _begin(cx, carver, source, time_zone)
                devices = _records(cx, carver, source, remains, progress)
                if not devices:
                    raise JournalError(msg("rescue.nothing", path=str(path)), hint=msg("rescue.nothing.hint"))
                _erase(cx)
                lost = _losses(cx, devices)
                has_schema = cx.execute(ANY_SCHEMA).fetchone() is not None
                slot = _derive(cx, now, progress)
                records, erased = cx.execute(COUNT).fetchone()
            listed = remains.of(lost)
        written = replace_lost(
            draft, remains.deals, authors=(author, user), now=now, schema=None if has_schema else schema
        )
        health = examine(draft, progress)
        if not publish_new(draft, new):
            raise JournalError(msg("rescue.taken", path=str(new)))
    return Rescued(
        str(path), str(new), records, erased, tuple(device_name(one) for one in sorted(devices)), device_name(slot),
        lost, listed, written, schema_lost=not has_schema, problems=_problems(health),
    )  # fmt: skip


def _derive(cx: sqlite3.Connection, now: datetime, progress: Progress | None) -> int:
    """Derive what follows from the records that were brought, and begin the new device; its slot."""
    if progress:
        progress("rescue.deriving", 0, cx.execute(COUNT).fetchone()[0])
    make_anew(cx)
    slot = begin_device(cx, instant_text(now))
    cx.execute("commit")
    return slot


def _problems(health: Health) -> Sequence[Message]:
    return [said for check in health.checks for said in check.problems]


@contextmanager
def _opened(path: Path) -> Iterator[DamagedFile]:
    """A journal's bytes, while nobody writes to it; of a write that was cut off the bytes of before, if SQLite can still
    take it back in a copy."""
    expect_regular(path)
    with (
        _settled(path) as settled,
        _readable(settled) as given,
        given.open("rb") as file,
        _mapped(file.fileno()) as content,
    ):
        # Opened after the file and closed before it: to close a file gives up every lock that the process has on it.
        cx = _looked_into(given)
        try:
            yield DamagedFile(content, cx, _devices_elsewhere(path))
        finally:
            if cx is not None:
                cx.close()


@contextmanager
def _settled(path: Path) -> Iterator[Path]:
    """The file to be read: itself, or, where a write to it was cut off, a copy that SQLite has taken back to before that."""
    rollback = rollback_journal(path)
    if not rollback.exists() or not rollback.stat().st_size:
        yield path
        return
    with scratch_folder() as folder:
        copy = folder / path.name
        copies.copy_pair(path, copy)
        try:
            with closing(sqlite3.connect(copy, isolation_level=None)) as cx:
                cx.execute("pragma trusted_schema = off")
                cx.execute("select count(*) from sqlite_master").fetchone()
        except DAMAGE:
            copy = path
        yield copy


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """The file to be read: itself, or, where the disk does not give all of it, a copy that is empty there. What is mapped and not
    given would end the process."""
    size = path.stat().st_size
    with path.open("rb", buffering=0) as file:
        try:
            for at in range(0, size, _PIECE):
                _bytes_at(file, at, _PIECE)
        except OSError as error:
            if error.errno != EIO:
                raise
        else:
            file.close()
            yield path
            return
    with scratch_folder() as folder:
        copy = folder / path.name
        with path.open("rb", buffering=0) as file, copy.open("wb") as to:
            for at in range(0, size, _PIECE):
                to.write(_given(file, at, min(_PIECE, size - at)))
        yield copy


def _bytes_at(file: "FileIO", at: int, size: int) -> bytes:
    """Some bytes of a file, fewer at its end. A read may give what stands in front of a sector that the disk does not give, and says
    so only to who reads on there."""
    file.seek(at)
    pieces = list[bytes]()
    while size > 0 and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _given(file: "FileIO", at: int, size: int) -> bytes:
    """What a disk gives of some bytes of a file, and zeros for the sectors that it doesn't."""
    try:
        return _bytes_at(file, at, size).ljust(size, b"\0")
    except OSError as error:
        if error.errno != EIO:
            raise
        if size <= _SECTOR:
            return bytes(size)
        half = max(size // 2 // _SECTOR, 1) * _SECTOR
        return _given(file, at, half) + _given(file, at + half, size - half)


@contextmanager
def _mapped(file: int) -> Iterator[Content]:
    try:
        mapped = mmap.mmap(file, 0, access=mmap.ACCESS_READ)
    except ValueError:  # it has no bytes
        yield b""
        return
    try:
        yield mapped
    finally:
        # Whoever was interrupted still holds a part of it; then it goes with the process.
        with suppress(BufferError):
            mapped.close()


def _looked_into(path: Path) -> sqlite3.Connection | None:
    """SQLite's look at the file, which holds off who would write; None where SQLite can't make anything of it."""
    cx = None
    try:
        cx = look_into(path, older=True)
        cx.execute("begin")
        cx.execute(DEVICE_IDS).fetchall()
    except JournalError as error:
        if error.message.key == "journal.locked":
            raise
        return None
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        if cx is not None:
            cx.close()
        return None
    return cx


def _devices_elsewhere(path: Path) -> Sequence[str]:
    """The ids of devices that copies of a journal tell."""
    ids = dict[str, None]()
    for copy in copies.left_beside(path):
        with suppress(JournalError, sqlite3.Error, OSError), closing(look_into(copy, older=True)) as cx:
            ids.update((str(name), None) for _, name, _ in rows(cx, DEVICE_IDS))
    return list(ids)


def _begin(cx: sqlite3.Connection, carver: Carver, source: DamagedFile, time_zone: str) -> None:
    """The new journal without a record: its tables and its settings."""
    from nippo_cli.journal.write import migrations

    # It is synced as a whole before it gets its name.
    cx.execute("pragma synchronous = off")
    migrations.apply(cx)
    cx.execute("begin immediate")
    settings = dict(carver.settings())
    if source.cx is not None:
        with suppress(*DAMAGE):
            settings |= {str(key): str(value) for key, value in rows(source.cx, "select key, value from meta")}
    zone = settings.get("time_zone", "")
    cx.execute(SET_META, ("time_zone", zone if is_zone(zone) else time_zone))
    for key in ("journal_id", "author"):
        if settings.get(key) and "\ufffd" not in settings[key]:
            cx.execute(SET_META, (key, settings[key]))
    cx.execute(SET_META, ("indexed", "0"))


def _records(
    cx: sqlite3.Connection, carver: Carver, source: DamagedFile, remains: Remains, progress: Progress | None
) -> Mapping[int, int]:
    """Write every intact record and its device. What lies on pages that SQLite had no more use for comes last, and only what a
    device is known to have written.

    Returns:
        Of each device, by slot, the last number that it gave out, as far as the file tells.
    """
    ids, last, others = _devices(carver, source)
    devices: dict[int, str] = {}
    free: list[Carved] = []
    size = len(source.content)
    for done, (at, carved) in enumerate(carver.records()):
        if progress and done % _STEP == 0:
            progress("rescue.reading", at, size)
        if carved.on_free_page:
            free.append(carved)
        else:
            _take(cx, carved, ids, others, devices, remains)
    if progress:
        progress("rescue.reading", size, size)
    for carved in free:
        if number_of(carved.id) <= last.get(slot_of(carved.id), _AHEAD):
            _take(cx, carved, ids, others, devices, remains)
    for ordinal, (slot, name) in enumerate(sorted(devices.items())):
        began, most = _span(cx, slot)
        given = last.get(slot, 0)
        last[slot] = given if most <= given < most + _AHEAD else most
        cx.execute(PUT_DEVICE, (slot, name, began, last[slot], ordinal))
    return {slot: last[slot] for slot in devices}


def _take(
    cx: sqlite3.Connection,
    carved: Carved,
    ids: Mapping[int, str],
    others: Sequence[str],
    devices: dict[int, str],
    remains: Remains,
) -> None:
    slot = slot_of(carved.id)
    device = proven(carved, ids, others) if number_of(carved.id) and slot < SLOTS else None
    if device is None:
        if carved.exact:
            remains.note(carved)
        return
    if devices.setdefault(slot, true_device(device)) == true_device(device):
        cx.execute(PUT_RECORD, carved.columns)


def _devices(carver: Carver, source: DamagedFile) -> tuple[Mapping[int, str], dict[int, int], Sequence[str]]:
    """The devices' ids by slot, the last numbers that they gave out, and every id that is there at all."""
    ids, last, others = dict[int, str](), dict[int, int](), dict[str, None]()
    sources = list(carver.devices())
    if source.cx is not None:
        with suppress(*DAMAGE):
            sources += [
                (slot, str(name), n if isinstance(n, int) else 0) for slot, name, n in rows(source.cx, DEVICE_IDS)
            ]
    for slot, name, number in sources:
        others[name] = None
        if slot is not None and 0 <= slot < SLOTS:
            ids[slot] = name
            last[slot] = max(last.get(slot, 0), number)
    return ids, last, [*others, *source.devices]


def _span(cx: sqlite3.Connection, slot: int) -> tuple[str, int]:
    """When a device's first record was written, and its last number."""
    began, most = cx.execute(
        "select min(recorded_at), max(id) from record where id > ? and id < ?",
        (record_id(slot, 0), record_id(slot + 1, 0)),
    ).fetchone()
    return began, number_of(most)


def _erase(cx: sqlite3.Connection) -> None:
    """What was erased stays so, though an older copy of it may have been met."""
    cx.execute("pragma secure_delete = on")
    for record, salt, body, device in cx.execute(ERASED_YET_THERE).fetchall():
        cx.execute(ERASE, (inner_digest(salt, body) if device.startswith("2-") else None, record))


def _losses(cx: sqlite3.Connection, devices: Mapping[int, int]) -> list[tuple[int, int]]:
    """Write down which numbers of each device are missing: the runs of their ids."""
    lost = list[tuple[int, int]]()
    for slot, last in sorted(devices.items()):
        expected = record_id(slot, 1)
        for (record,) in cx.execute(NUMBERS_OF, (record_id(slot, 0), record_id(slot + 1, 0))):
            if record > expected:
                lost.append((expected, record - 1))
            expected = record + 1
        if expected <= record_id(slot, last):
            lost.append((expected, record_id(slot, last)))
    cx.executemany(PUT_LOSS, lost)
    return lost
