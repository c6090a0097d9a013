"""Files that a person has nippo write: looked at before the work, written whole and renamed, or not at all.

What is never written over, whatever is asked for: a journal and what lies beside one under its name, a backup, a schema
or a map, an import's source, a draft, and what the command itself reads. Of other files one of the same kind (by its
ending) is replaced, and an empty one; the rest only by force. Rule: docs/shell.md#files
"""

import os
import re
import stat
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, ENOTDIR
from pathlib import Path
from typing import Final

from nippo_cli.errors import Message, NippoError, UsageError, msg
from nippo_cli.files import growing, publish
from nippo_cli.frozen import NamedTuple

_SQLITE: Final = b"SQLite format 3\0"
# How a journal begins, its rollback journal, and a write-ahead log.
_OF_SQLITE: Final = (_SQLITE, b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_BESIDE_A_JOURNAL: Final = ("-journal", "-wal", "-shm")
_YAML: Final = (".yaml", ".yml")
# The first line that says something; a schema begins with its version.
_SCHEMA = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*|---)?\r?\n)*nippo:[ \t]*\d")
_HEAD: Final = 65_536


class Guard(NamedTuple):
    """What nothing is written over, beside what a look at a file tells.

    `files`: the journal, its schema, and what the command reads; there or not. `folders`: nothing is written below
    them. `imported`: the SHA-256, hexadecimal, of every file that was imported.
    """

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    imported: Callable[[], Collection[str]] = frozenset


class Kind(NamedTuple):
    """What is to be written: the endings (lower case, with their dot) of files that it may replace; and of a file that
    only nippo writes, its bytes, of which the first line says so."""

    endings: tuple[str, ...]
    own: bytes = b""


class Target(NamedTuple):
    """Where an output goes: the file, links followed; the permissions that it will have; whether it is a device or a
    stream, which is written as it stands; what was there when it was looked at."""

    path: Path
    mode: int
    direct: bool
    seen: tuple[int, ...]


def target(said: str, kind: Kind, *, force: bool, guard: Guard) -> Target:
    """Where an output goes, before anything is done for it. Nothing is made, and no pipe or device is opened.

    Raises:
        UsageError: it is not to be written there, or can't be.
    """
    if not said.strip():
        raise UsageError(msg("places.empty", option="-o"))
    try:
        return _looked_at(said, kind, guard, force=force)
    except (OSError, ValueError) as error:
        raise unwritable(said, error) from error


def write(where: Target, content: bytes) -> Target:
    """Write an output as a whole; the target as it is then, which may be written again.

    Raises:
        OSError: it can't be written; a file that was there is as it was. Changed: another program wrote it meanwhile.
    """
    if where.direct:
        _write_as_it_stands(where.path, content)
        return where
    with replacing(where) as part:
        part.write_bytes(content)
    return where._replace(seen=_stamp(where.path))


@contextmanager
def replacing(where: Target) -> Iterator[Path]:
    """An empty file to be filled, which is the target when the block ends well.

    Raises: as `write`.
    """
    with growing(where.path) as part:
        yield part
        # Not every file system knows permissions.
        with suppress(OSError):
            part.chmod(where.mode)
        if _stamp(where.path) != where.seen:
            raise Changed(msg("output.changed", path=str(where.path)), hint=msg("output.another"))
        publish(part, where.path)


def folder(said: str, option: str) -> Path:
    """A folder to write into, made for its owner alone if it is not there.

    Args:
        option: what it was given by, for the error.

    Raises:
        UsageError: there is something else, or it can't be made.
    """
    if not said.strip():
        raise UsageError(msg("places.empty", option=option))
    path = Path(said)
    try:
        if not path.exists():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            # A umask may have taken what its owner needs.
            with suppress(OSError):
                path.chmod(0o700)
        is_one = path.is_dir()
    except (OSError, ValueError) as error:
        raise unwritable(said, error) from error
    if not is_one:
        raise _refusal("output.no_folder", said)
    return path


class Changed(NippoError):
    """Another program wrote the file while this one was at work."""


def unwritable(said: object, error: Exception) -> UsageError:
    """What the system says against a path, in two lines."""
    reason = (isinstance(error, OSError) and error.strerror) or str(error)
    return UsageError(msg("cli.cannot_write", path=str(said), reason=reason), hint=msg("output.another"))


def _looked_at(said: str, kind: Kind, guard: Guard, *, force: bool) -> Target:
    path = Path(os.path.realpath(said))
    # A standard stream has no path of its own where it is a pipe.
    found = _stat(Path(said)) or _stat(path)
    if found is None:
        if said[-1:] in (os.sep, os.altsep):
            raise _refusal("output.folder", said)
        _refuse_guarded(said, path, None, guard)
        must_take_files(path.parent)
        return Target(path, 0o600, direct=False, seen=())
    if stat.S_ISDIR(found.st_mode):
        raise _refusal("output.folder", said)
    if stat.S_ISREG(found.st_mode):
        _refuse_guarded(said, path, found, guard)
        _refuse_content(said, path, guard, kind, force=force)
        if not _is_stream(found):
            must_take_files(path.parent)
        return Target(path, stat.S_IMODE(found.st_mode) & 0o777, direct=_is_stream(found), seen=_stamp(path))
    if not (stat.S_ISCHR(found.st_mode) or _is_stream(found)):
        raise UsageError(msg("output.special", path=said), hint=msg("output.special_hint"))
    return Target(Path(said), 0, direct=True, seen=())


def refuse_journal(path: Path, said: str, guard: Guard = Guard()) -> None:  # noqa: B008  a tuple can't be changed
    """Refuse a name by which a file would be taken for a journal or a part of one, whether or not it is there.

    Args:
        said: the path as typed.

    Raises:
        UsageError: it is one.
    """
    # Windows drops what stands behind a name.
    name = path.name.casefold().rstrip(". ")
    ending = next((ending for ending in _BESIDE_A_JOURNAL if name.endswith(ending)), "")
    journal = path.with_name(path.name[: len(name) - len(ending)] or path.name)
    found = _stat(journal) if ending else None
    if (
        journal.suffix.casefold() == ".db"
        or (ending and any(_same(journal, found, other) for other in guard.files))
        or (found and stat.S_ISREG(found.st_mode) and _head(journal).startswith(_SQLITE))
    ):
        raise _refusal("output.journal", said)


def _refuse_guarded(said: str, path: Path, found: os.stat_result | None, guard: Guard) -> None:
    """Refuse what is known by its name or place, whether or not it is there."""
    for named in (Path(said), path):
        refuse_journal(named, said, guard)
        name = named.name.casefold().rstrip(". ")
        if name == "schema.yaml" or name.endswith(".schema.yaml"):
            raise _refusal("output.schema", said)
    if any(_same(path, found, other) for other in guard.files):
        raise _refusal("output.needed", said)
    inside = any(_same(above, _stat(above), folder) for above in path.parents for folder in guard.folders)
    linked = found is not None and found.st_nlink > 1
    if inside or (linked and any(_same(path, found, kept) for folder in guard.folders for kept in folder.rglob("*"))):
        raise _refusal("output.draft", said)


def _refuse_content(said: str, path: Path, guard: Guard, kind: Kind, *, force: bool) -> None:
    """Refuse what a look into the file tells. Of an empty one nothing can be lost."""
    head = _head(path)
    if head.startswith(_OF_SQLITE):
        raise _refusal("output.journal", said)
    if _SCHEMA.match(head):
        raise _refusal("output.schema", said)
    ending = path.suffix.casefold()
    if head and ending in _YAML:
        _refuse_map(said, head, kind, force=force)
    elif head and ending not in kind.endings and not force:
        said_of = msg("output.other", path=said, endings=" ".join(kind.endings))
        raise UsageError(said_of, hint=msg("output.force"))
    if head and (known := guard.imported()) and _sha256(path) in known:
        raise _refusal("output.imported", said)
    if not os.access(path, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))


def _refuse_map(said: str, head: bytes, kind: Kind, *, force: bool) -> None:
    """A map of nippo's own that was edited since is replaced by force alone, any other never."""
    if not kind.own or head.partition(b"\n")[0] != kind.own.partition(b"\n")[0]:
        raise _refusal("output.schema", said)
    if not force and head != kind.own[:_HEAD]:
        raise UsageError(msg("output.edited", path=said), hint=msg("output.force"))


def must_take_files(folder: Path) -> None:
    """See that new files can be made in a folder.

    Raises:
        OSError: it is none, it is not there, or it is not to be written by this person.
    """
    if not stat.S_ISDIR(folder.stat().st_mode):
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))


def _refusal(key: str, said: str) -> UsageError:
    return UsageError(Message(key, {"path": said}), hint=msg("output.another"))


def _write_as_it_stands(path: Path, content: bytes) -> None:
    """Into a terminal, `/dev/null`, or what the shell made of a standard stream."""
    found = path.stat()
    stream = next((n for n in (1, 2) if _is_stream(found, n)), None)
    sys.stdout.flush()
    sys.stderr.flush()
    handle = os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0)) if stream is None else os.dup(stream)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _is_stream(found: os.stat_result, *numbers: int) -> bool:
    """Whether a file is this process's stdout or stderr."""
    for number in numbers or (1, 2):
        with suppress(OSError):
            if os.path.samestat(os.fstat(number), found):
                return True
    return False


def _same(path: Path, found: os.stat_result | None, other: Path) -> bool:
    """Whether two paths lead to one file or folder; where there is none, whether they would, in any case of letters."""
    try:
        its = _stat(other)
        if found is not None and its is not None:
            return os.path.samestat(found, its)
        return found is its and os.path.realpath(other).casefold() == os.path.realpath(path).casefold()
    except (OSError, ValueError):
        # Nothing can be there.
        return False


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _stamp(path: Path) -> tuple[int, ...]:
    """By what a file is known again that nobody wrote meanwhile; empty where there is none."""
    found = _stat(path)
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns) if found else ()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
