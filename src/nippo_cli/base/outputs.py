"""Files that a person has nippo write: looked at before the work, written whole and renamed, or not at all.

What may be written over is told by `guards`. Rule: docs/shell.md#files
"""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, ENOTDIR
from pathlib import Path
from shutil import copyfileobj

from nippo_cli.base.errors import NippoError, UsageError, msg, system_reason
from nippo_cli.base.files import growing, make_folder, publish
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.guards import Guard, OutputKind, refusal, refuse, stat_of


class OutputTarget(NamedTuple):
    """Where an output goes: the file, links followed; the permissions that it will have; whether it is a device or a
    stream, which is written as it stands; what was there when it was looked at."""

    path: Path
    mode: int
    direct: bool
    stamp: tuple[int, ...]


def target(said: str, kind: OutputKind, *, force: bool, guard: Guard) -> OutputTarget:
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


def write(where: OutputTarget, content: Iterable[bytes], *, behind: bool = False) -> OutputTarget:
    """Write an output as a whole, from pieces; the target as it is then, which may be written again.

    Args:
        behind: what the file holds stays, in front.

    Raises:
        OSError: it can't be written; a file that was there is as it was. Changed: another program wrote it meanwhile.
    """
    if where.direct:
        _write_as_it_stands(where.path, content)
        return where
    with replacing(where) as part, part.open("wb") as file:
        if behind:
            with where.path.open("rb") as before:
                copyfileobj(before, file)
        file.writelines(content)
    return where._replace(stamp=_stamp(where.path))


@contextmanager
def replacing(where: OutputTarget) -> Iterator[Path]:
    """An empty file to be filled, which is the target when the block ends well.

    Raises: as `write`.
    """
    with growing(where.path) as part:
        yield part
        # Not every file system knows permissions.
        with suppress(OSError):
            part.chmod(where.mode)
        if _stamp(where.path) != where.stamp:
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
            make_folder(path)
            # A umask may have taken what its owner needs.
            with suppress(OSError):
                path.chmod(0o700)
        is_one = path.is_dir()
    except (OSError, ValueError) as error:
        raise unwritable(said, error) from error
    if not is_one:
        raise refusal("output.no_folder", said)
    return path


class Changed(NippoError):
    """Another program wrote the file while this one was at work."""


def unwritable(said: object, error: Exception) -> UsageError:
    """What the system says against a path, in two lines."""
    refused = msg("cli.cannot_write", path=str(said), reason=system_reason(error))
    return UsageError(refused, hint=msg("output.another"))


def _looked_at(said: str, kind: OutputKind, guard: Guard, *, force: bool) -> OutputTarget:
    """Where to write, and how: a new file, over one that may be replaced, or into a stream as `/dev/stdout`."""
    path = Path(os.path.realpath(said))
    # A standard stream has no path of its own where it is a pipe.
    status = stat_of(Path(said)) or stat_of(path)
    if status is None and said[-1:] not in (os.sep, os.altsep):
        refuse(said, path, None, kind, guard, force=force)
        must_take_files(path.parent)
        return OutputTarget(path, 0o600, direct=False, stamp=())
    if status is None or stat.S_ISDIR(status.st_mode):
        raise refusal("output.folder", said)
    stream = _is_stream(status)
    if stat.S_ISREG(status.st_mode):
        # What the shell was told to write to is only added to.
        refuse(said, path, status, kind, guard, force=force or stream)
        if not stream:
            must_take_files(path.parent)
        return OutputTarget(path, stat.S_IMODE(status.st_mode) & 0o777, direct=stream, stamp=_stamp(path))
    if not (stat.S_ISCHR(status.st_mode) or stream):
        raise UsageError(msg("output.special", path=said), hint=msg("output.special_hint"))
    return OutputTarget(Path(said), 0, direct=True, stamp=())


def must_take_files(folder: Path) -> None:
    """See that new files can be made in a folder.

    Raises:
        OSError: it is none, it is not there, or it is not to be written by this person.
    """
    if not stat.S_ISDIR(folder.stat().st_mode):
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))


def _write_as_it_stands(path: Path, content: Iterable[bytes]) -> None:
    """Into a terminal, `/dev/null`, or what the shell made of a standard stream."""
    status = path.stat()
    stream = next((n for n in (1, 2) if _is_stream(status, n)), None)
    sys.stdout.flush()
    sys.stderr.flush()
    flags = os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags) if stream is None else os.dup(stream)
    with os.fdopen(handle, "wb") as file:
        file.writelines(content)


def _is_stream(status: os.stat_result, *numbers: int) -> bool:
    """Whether a file is this process's stdout or stderr."""
    for number in numbers or (1, 2):
        with suppress(OSError):
            # On Windows what is no file has no number by which it could be known.
            if status.st_ino and os.path.samestat(os.fstat(number), status):
                return True
    return False


def _stamp(path: Path) -> tuple[int, ...]:
    """By what a file is known again that nobody wrote meanwhile; empty where there is none."""
    status = stat_of(path)
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns) if status else ()
