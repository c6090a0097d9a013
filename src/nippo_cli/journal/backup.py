"""Copies of a journal in use, checked before they count, and the way back from one."""

import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from nippo_cli.answers.care import Copied
from nippo_cli.errors import JournalError, UsageError, msg
from nippo_cli.files import clear_leftovers, growing, make_folder, publish, replace_file, sync_folder
from nippo_cli.frozen import NamedTuple
from nippo_cli.ids import device_name
from nippo_cli.journal import sql_read as sql
from nippo_cli.journal.store import be_durable, begin_device, connect_ro, usable

SCHEMA = "schema.yaml"


class _End(NamedTuple):
    """How far a journal's log goes."""

    records: int
    last_hash: bytes


def backup(path: Path, to_dir: Path, keep: int, *, now: datetime) -> Copied:
    """Copy a journal that may be in use into `to_dir`, and the `schema.yaml` beside it.

    The copy is named `<journal>-<local time>.db`, is complete and checked before it gets that name, and can be
    read by its owner alone. Of the files so named the newest `keep` stay; no other file is ever removed.

    Args:
        keep: how many copies to keep, the new one among them; 0 keeps all.
        now: the local time.

    Raises:
        JournalError: the journal is unusable, or its copy is not what it should be.
    """
    make_folder(to_dir)
    clear_leftovers(to_dir, now)
    final = _unused(to_dir / f"{path.stem}-{now:%Y%m%d-%H%M%S}.db")
    with closing(connect_ro(path)) as source, growing(final) as part:
        with usable(path):
            source.execute("begin")
            end = _copy(source, part)
            source.execute("rollback")
        _check(part, end)
        publish(part, final)
    schema = path.with_name(SCHEMA)
    if schema.is_file():
        replace_file(final.with_suffix(".schema.yaml"), schema.read_bytes())
    return Copied("backup", str(final), end.records, _drop_old(path.stem, to_dir, keep))


def restore(path: Path, from_file: Path, *, now: datetime) -> Copied:
    """Put a backup in a journal's place and begin a new device in it.

    What was there is renamed aside, its rollback journal and its `schema.yaml` too; nothing is overwritten. A new
    device, so that records written from now on can't be taken for those that the backup does not hold.

    Args:
        now: the local time (aware), which names what is set aside.

    Raises:
        UsageError: the backup is the journal itself.
        JournalError: the backup is no journal, is damaged, or comes from a newer nippo; nothing was touched.
    """
    if path.exists() and path.samefile(from_file):
        raise UsageError(msg("backup.restore.itself", file=str(from_file)))
    make_folder(path.parent)
    with closing(connect_ro(from_file)) as source, growing(path) as part:
        with usable(from_file):
            end = _copy(source, part)
        _check(part, end)
        device = _begin_device(part, now)
        aside = _set_aside(path, now)
        publish(part, path)
    schema = from_file.with_suffix(".schema.yaml")
    if schema.is_file():
        beside = path.with_name(SCHEMA)
        if beside.is_file() and beside.read_bytes() != schema.read_bytes():
            beside.rename(_unused(beside.with_name(f"schema.{now:%Y%m%d-%H%M%S}.yaml")))
        if not beside.exists():
            replace_file(beside, schema.read_bytes())
    sync_folder(path.parent)
    return Copied("restore", str(path), end.records, (), set_aside=aside, device=device)


def backups(stem: str, to_dir: Path) -> list[Path]:
    """The copies of a journal in a folder, oldest first."""
    named = re.compile(re.escape(stem) + r"-(\d{8}-\d{6})(?:-(\d+))?\.db")
    found = [(m[1], int(m[2] or 1), p) for p in to_dir.iterdir() if (m := named.fullmatch(p.name)) and p.is_file()]
    return [p for _, _, p in sorted(found)]


def _drop_old(stem: str, to_dir: Path, keep: int) -> tuple[str, ...]:
    dropped = backups(stem, to_dir)[:-keep] if keep > 0 else []
    for old in dropped:
        old.unlink()
        old.with_suffix(".schema.yaml").unlink(missing_ok=True)
    return tuple(map(str, dropped))


def _unused(wanted: Path) -> Path:
    """The path, or with `-2`, `-3`… before its suffix the first that is free."""
    found, n = wanted, 1
    while found.exists():
        n += 1
        found = wanted.with_name(f"{wanted.stem}-{n}{wanted.suffix}")
    return found


def _copy(source: sqlite3.Connection, part: Path) -> _End:
    """Copy page by page what the source's open snapshot holds; on the disk once it is published."""
    end = _end(source)
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        copy.execute("pragma synchronous = off")
        source.backup(copy)
    return end


def _end(cx: sqlite3.Connection) -> _End:
    records, last = cx.execute(sql.LOG_END).fetchone()
    return _End(records, last or b"")


def _check(part: Path, end: _End) -> None:
    try:
        with closing(connect_ro(part)) as copy:
            (found,) = copy.execute("pragma integrity_check(1)").fetchone()
            sound = found == "ok" and _end(copy) == end
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise JournalError(msg("backup.damaged", file=str(part)), hint=msg("backup.damaged.hint"))


def _begin_device(part: Path, now: datetime) -> str:
    """The short name of a device begun in the file, from now on the one that writes."""
    began = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"
    with closing(sqlite3.connect(part, isolation_level=None)) as cx:
        be_durable(cx)
        cx.execute("begin immediate")
        slot = begin_device(cx, began)
        cx.execute("commit")
    return device_name(slot)


def _set_aside(path: Path, now: datetime) -> str:
    """Rename the journal that is there, waiting until nobody writes to it; empty where there is none."""
    if not path.exists():
        return ""
    aside = _unused(path.with_name(f"{path.stem}.{now:%Y%m%d-%H%M%S}{path.suffix}"))
    # A damaged file can't be locked, and nobody can be writing to it.
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as cx:
        _lock(cx, path)
    path.rename(aside)
    hot = path.with_name(path.name + "-journal")
    if hot.exists():
        # Left behind, it would be rolled back into the restored journal.
        hot.rename(aside.with_name(aside.name + "-journal"))
    return str(aside)


def _lock(cx: sqlite3.Connection, path: Path) -> None:
    try:
        cx.execute("begin exclusive")
        cx.execute("rollback")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise JournalError(msg("backup.busy", file=str(path))) from error
        raise
