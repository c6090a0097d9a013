"""Copies of a journal, sound or not: what they are called, and how a file is copied whatever its state.

| name | what |
|---|---|
| `journal-20261123-180000.db` | a backup: checked when it was made |
| `journal-20261123-180000.damaged.db` | a copy that was found unsound; counts as no backup |
| `journal-20261123-180000.unchecked.db` | the file as it was before `nippo doctor --rebuild` |
| `journal.20261123-180000.db` | set aside by a restore |
| `journal.before-m008_name.db` | the file as it was before an upgrade |
"""

import os
import re
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias

from nippo_cli.base.errors import JournalError
from nippo_cli.base.files import growing, make_folder, publish
from nippo_cli.journal.log import look_into, rollback_journal, usable

FOLDER: Final = "backups"
SCHEMA: Final = "schema.yaml"
# What is said of a file that a write which was cut off has to be taken back from first.
HOT: Final = "journal.hot"
Word: TypeAlias = Literal["", ".damaged", ".unchecked"]
_TIME: Final = r"(\d{8}-\d{6})(?:-(\d+))?"


def new_name(path: Path, folder: Path, now: datetime, word: Word = "") -> Path:
    """A name for a copy of a journal, in a folder that is there from now on."""
    make_folder(folder)
    return unused(folder / f"{path.stem}-{now:%Y%m%d-%H%M%S}.db", word)


def unused(wanted: Path, word: Word = "") -> Path:
    """The path, its word before its ending; or with `-2`, `-3`… the first that is free, its rollback journal's name too."""
    n = 1
    while True:
        number = "" if n == 1 else f"-{n}"
        free = wanted.with_name(f"{wanted.stem}{number}{word}{wanted.suffix}")
        if not free.exists() and not rollback_journal(free).exists():
            return free
        n += 1


def backups(stem: str, folder: Path, word: Word = "") -> list[Path]:
    """The backups of a journal in a folder, or its copies of another word, oldest first."""
    return _matching(folder, re.compile(rf"{re.escape(stem)}-{_TIME}{re.escape(word)}\.db"))


def set_aside(path: Path) -> list[Path]:
    """What restores have set aside beside a journal, oldest first."""
    named = re.compile(rf"{re.escape(path.stem)}\.{_TIME}{re.escape(path.suffix)}")
    return _matching(path.parent, named)


def left_beside(path: Path) -> list[Path]:
    """What could be brought back where a journal is missing, the likeliest first: what a restore or a write left of it, then
    its backups, the newest of each first."""
    before = re.compile(rf"{re.escape(path.stem)}\.before-.+{re.escape(path.suffix)}")
    upgraded = sorted(p for p in _files(path.parent) if before.fullmatch(p.name))
    return [*reversed(set_aside(path)), *reversed(backups(path.stem, path.parent / FOLDER)), *reversed(upgraded)]


def copies_beside(path: Path) -> list[tuple[Path, Literal["upgraded", "backup", "set_aside", "part"]]]:
    """Every copy of a journal that lies beside it or in its `backups/`, and what it is: left by an upgrade; a backup, sound or
    not; set aside by a restore or a write, rollback journals and write-ahead logs too; or half written by a process that
    may still be at it."""
    stem, own = re.escape(path.stem), re.escape(path.suffix)
    kinds: tuple[tuple[Literal["upgraded", "backup", "set_aside", "part"], str], ...] = (
        ("upgraded", rf"{stem}\.before-.+{own}"),
        ("set_aside", rf"{stem}\.{_TIME}{own}(-journal)?|{re.escape(path.name)}(-\w+)?\.(before-rollback|set-aside).*"),
        ("backup", rf"{stem}-{_TIME}(\.\w+)?\.db(-journal)?"),
        ("part", r"\..+\.part(-journal)?"),
    )
    files = sorted((*_files(path.parent), *_files(path.parent / FOLDER)))
    return [(file, kind) for file in files for kind, named in kinds if re.fullmatch(named, file.name)]


def day_of(copy: Path) -> str:
    """When a backup was made, by its name: `2026-11-23 18:00`; empty where its name doesn't tell."""
    match = re.search(rf"[-.]{_TIME}(?:\.\w+)?\.", copy.name)
    return f"{datetime.strptime(match[1], '%Y%m%d-%H%M%S'):%Y-%m-%d %H:%M}" if match else ""  # noqa: DTZ007  local


def stem_of(copy: Path) -> str:
    """The stem of the journal that a backup is of, by its name; empty where its name doesn't tell."""
    match = re.fullmatch(rf"(.+)-{_TIME}(?:\.\w+)?\.db", copy.name)
    return match[1] if match else ""


def typed(path: Path) -> str:
    """A path as a shell takes it."""
    shown = str(path)
    return shown if os.name == "nt" and " " not in shown else shlex.quote(shown)


def schema_of(copy: Path) -> Path:
    """The schema that was copied along."""
    return copy.with_suffix(".schema.yaml")


def schema_copies(path: Path) -> list[Path]:
    """The schemas that were copied along with what lies beside a journal, the likeliest first."""
    return [schema_of(copy) for copy in left_beside(path)]


def copy_into(source: sqlite3.Connection, part: Path) -> None:
    """Copy page by page what a connection sees of a journal that may be in use."""
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        source.backup(copy)


def keep_raw(path: Path, folder: Path, word: Word, *, now: datetime) -> Path:
    """Copy a journal as it is, sound or not, with the write that was cut off in it: where the copy is.

    Raises:
        NoJournal: there is none. JournalError: it can't be read, or another process is writing to it.
    """
    while True:
        try:
            with closing(look_into(path, older=True)) as source, usable(path):
                to = new_name(path, folder, now, word)
                with growing(to) as part:
                    copy_into(source, part)
                    publish(part, to)
                return to
        except JournalError as error:
            if error.message.key != HOT:
                raise
        with usable(path):
            to = new_name(path, folder, now, word)
            if copy_pair(path, to):
                return to


def copy_pair(path: Path, to: Path) -> bool:
    """Copy a file that nobody can be writing to and, before it, its rollback journal, byte for byte: replayed on the copy it
    gives what it would give here, even if another process replays it meanwhile. Whether both are of one moment: False where
    that process was done before the copy was.

    This process must have no connection to the file: closing a file gives up every lock on it.
    """
    rollback = rollback_journal(path)
    before = _state(rollback)
    for source, copy in ((rollback, rollback_journal(to)), (path, to)):
        if source.exists():
            with growing(copy) as part:
                shutil.copyfile(source, part)
                publish(part, copy)
    if _state(rollback) == before:
        return True
    for copy in (to, rollback_journal(to)):
        copy.unlink(missing_ok=True)
    return False


def _state(file: Path) -> tuple[int, int, int] | None:
    try:
        stat = file.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _matching(folder: Path, named: re.Pattern[str]) -> list[Path]:
    copies = [(m[1], int(m[2] or 1), p) for p in _files(folder) if (m := named.fullmatch(p.name))]
    return [p for _, _, p in sorted(copies)]


def _files(folder: Path) -> Iterator[Path]:
    try:
        yield from (p for p in folder.iterdir() if p.is_file())
    except (FileNotFoundError, NotADirectoryError):
        return
