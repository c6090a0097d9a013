"""What nothing that nippo writes is written over, whatever is asked for; and what only by force.

Never: a journal and what lies beside one under its name, a backup, a schema or a map, an import's source, a draft, and
what the command itself reads. Of other files one of the same kind (by its ending) is replaced, and an empty one; the
rest only by force. Rule: docs/shell.md#files
"""

import os
import re
import stat
from collections.abc import Callable, Collection
from errno import EACCES
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import Message, UsageError, msg
from nippo_cli.base.frozen import NamedTuple

_SQLITE: Final = b"SQLite format 3\0"
# How a journal begins, its rollback journal, and a write-ahead log.
SQLITE_BEGINS: Final = (_SQLITE, b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
# By what an export for SQL is known, which a newer one may take the place of: SQLite's `application_id`.
SQL_EXPORT: Final = int.from_bytes(b"npSQ", "big")
_APPLICATION: Final = slice(68, 72)
_BESIDE_A_JOURNAL: Final = ("-journal", "-wal", "-shm")
YAML_ENDINGS: Final = (".yaml", ".yml")
# The first line that says something; a schema begins with its version.
SCHEMA_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*|---)?\r?\n)*nippo:[ \t]*\d")
_HEAD: Final = 65_536


def sqlite_application(head: bytes) -> int:
    """The `application_id` of an SQLite file, by how it begins; 0 where that is too short."""
    return int.from_bytes(head[_APPLICATION], "big")


class Guard(NamedTuple):
    """What nothing is written over, beside what a look at a file tells.

    `files`: the journal, its schema, and what the command reads; there or not. `folders`: nothing is written below
    them. `imported`: the SHA-256, hexadecimal, of every file that was imported.
    """

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    imported: Callable[[], Collection[str]] = frozenset


class OutputKind(NamedTuple):
    """What is to be written: the endings (lower case, with their dot) of files that it may replace; and of a map that
    nippo writes, all that may stand in it, beginning with a line that says so."""

    endings: tuple[str, ...]
    own: tuple[bytes, ...] = ()


def refuse(
    said: str, path: Path, status: os.stat_result | None, kind: OutputKind, guard: Guard, *, force: bool
) -> None:
    """Refuse a regular file, there or not, that is not to be written over.

    Args:
        said: the path as typed.
        path: the same, links followed.
        status: what is there; None where there is nothing.

    Raises:
        UsageError: it is not to be written over. OSError: it can't be looked into, or not be written.
    """
    _refuse_guarded(said, path, status, guard)
    if status is not None:
        _refuse_content(said, path, guard, kind, force=force)


def refuse_journal(path: Path, said: str, guard: Guard = Guard()) -> None:  # noqa: B008  a tuple can't be changed
    """Refuse a name by which a file would be taken for a journal or a part of one, whether or not it is there.

    Args:
        said: the path as typed.

    Raises:
        UsageError: it is one.
    """
    # Windows drops what stands behind a name.
    name = path.name.rstrip(". ")
    ending = next((ending for ending in _BESIDE_A_JOURNAL if name.casefold().endswith(ending)), "")
    journal = path.with_name(name.removesuffix(name[len(name) - len(ending) :]) or path.name)
    status = stat_of(journal) if ending else None
    if (
        journal.suffix.casefold() == ".db"
        or (ending and any(_same(journal, status, other) for other in guard.files))
        or (status and stat.S_ISREG(status.st_mode) and _head(journal).startswith(_SQLITE))
    ):
        raise refusal("output.journal", said)


def _refuse_guarded(said: str, path: Path, status: os.stat_result | None, guard: Guard) -> None:
    """Refuse what is known by its name or place, whether or not it is there."""
    for named in (Path(said), path):
        refuse_journal(named, said, guard)
        name = named.name.casefold().rstrip(". ")
        if name == "schema.yaml" or name.endswith(".schema.yaml"):
            raise refusal("output.schema", said)
    if any(_same(path, status, other) for other in guard.files):
        raise refusal("output.needed", said)
    inside = any(_same(above, stat_of(above), folder) for above in path.parents for folder in guard.folders)
    linked = status is not None and status.st_nlink > 1
    if inside or (linked and any(_same(path, status, file) for folder in guard.folders for file in folder.rglob("*"))):
        raise refusal("output.draft", said)


def _refuse_content(said: str, path: Path, guard: Guard, kind: OutputKind, *, force: bool) -> None:
    """Refuse what a look into the file tells. Of an empty one nothing can be lost."""
    head = _head(path)
    if head.startswith(SQLITE_BEGINS) and sqlite_application(head) != SQL_EXPORT:
        raise refusal("output.journal", said)
    if SCHEMA_BEGINS.match(head):
        raise refusal("output.schema", said)
    ending = path.suffix.casefold()
    if head and ending in YAML_ENDINGS:
        _refuse_map(said, head, kind, force=force)
    elif head and ending not in kind.endings and not force:
        said_of = msg("output.other", path=said, endings=" ".join(kind.endings))
        raise UsageError(said_of, hint=msg("output.force"))
    if head and (known := guard.imported()) and _sha256(path) in known:
        raise refusal("output.imported", said)
    if not os.access(path, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))


def _refuse_map(said: str, head: bytes, kind: OutputKind, *, force: bool) -> None:
    """A map of nippo's own that was edited since is replaced by force alone, any other never."""
    if head.partition(b"\n")[0] not in {own.partition(b"\n")[0] for own in kind.own}:
        raise refusal("output.schema", said)
    if not force and head not in {own[:_HEAD] for own in kind.own}:
        raise UsageError(msg("output.edited", path=said), hint=msg("output.force"))


def refusal(key: str, said: str) -> UsageError:
    """A path that is not to be written, and why."""
    return UsageError(Message(key, {"path": said}), hint=msg("output.another"))


def _same(path: Path, status: os.stat_result | None, other: Path) -> bool:
    """Whether two paths lead to one file or folder; where there is none, whether they would, in any case of letters."""
    try:
        its = stat_of(other)
        if status is not None and its is not None:
            return os.path.samestat(status, its)
        return status is its and os.path.realpath(other).casefold() == os.path.realpath(path).casefold()
    except (OSError, ValueError):
        # Nothing can be there.
        return False


def stat_of(path: Path) -> os.stat_result | None:
    """What is there, links followed; None where there is nothing.

    Raises:
        OSError: nobody can tell. ValueError: it is no path at all.
    """
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
