"""Files that are there whole or not at all: written beside their place, synced, then renamed onto it. And a look at what
a person names, before it is opened: a pipe or a device may never end.

What is being written has a name that nobody else makes (`.NAME.MACHINE-PROCESS-RANDOM.part`) and is its owner's alone.
A process that is killed leaves it behind; the next one that writes there clears it away.
"""

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nippo_cli.base.errors import FULL, UsageError, msg

if TYPE_CHECKING:
    from collections.abc import Callable
    from hashlib import _Hash

_A_DAY: Final = 86_400
# A name may have 255 bytes, and SQLite puts `-journal` behind it.
_LONGEST: Final = 160
_PART = r"\..+\.(?P<machine>[0-9a-f]{6})-(?P<process>\d+)-[0-9a-f]{12}\.part(-journal)?"
# What versions before this one left behind.
_OLD_PART = r"(.+\.db\.new-|\..+\.db\.)(?P<process>\d+)(\.part)?(-journal)?|.+\.before-.+\.db\.new"

# Folders that are made in one go; more is a path gone wrong.
_DEEPEST = 100


class NoFile(UsageError):
    """What is named as a file is a folder, a pipe or a device."""


class TooLarge(UsageError):
    """A file, or what is piped, is more than would be read whole."""


def check_regular(path: Path) -> None:
    """Refuse what is no regular file; what is not there passes, and so opening it fails.

    Raises:
        NoFile: it is a folder, a pipe, a socket or a device. OSError: the system can't look at it.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise NoFile(msg("files.folder", path=str(path)), hint=msg("files.folder.hint"))
    if not stat.S_ISREG(mode):
        raise NoFile(msg("files.endless", path=str(path)), hint=msg("files.endless.hint"))


def lies_there(path: Path) -> bool:
    """Whether anything has this name, a link that leads nowhere included.

    Raises:
        OSError: nobody can tell: `os.path.lexists` would say that nothing does.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    return True


def read_whole(path: Path, most_mib: int) -> bytes:
    """What a file holds, which is for people and so of a size that people write.

    Raises:
        NoFile: it is no regular file. TooLarge: it holds more than `most_mib` mebibytes. OSError: it can't be read, or
            isn't there.
    """
    check_regular(path)
    with path.open("rb") as file:
        content = file.read((most_mib << 20) + 1)
    if len(content) > most_mib << 20:
        raise too_large(str(path), most_mib)
    return content


def too_large(path: str, most_mib: int) -> TooLarge:
    """The exception that says so."""
    return TooLarge(msg("files.too_large", path=path, most=most_mib))


def make_folder(folder: Path) -> None:
    """A folder for its owner alone, and those above it that lack; on the disk under their names when this returns.

    Raises:
        OSError: it can't be made, or something else has its name.
    """
    lacking = [folder]
    while not lies_there(lacking[-1].parent):
        lacking.append(lacking[-1].parent)
        if len(lacking) > _DEEPEST:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), str(folder))
    for one in reversed(lacking):
        if not one.is_dir():
            one.mkdir(mode=0o700, exist_ok=True)
            # A umask may have taken what its owner needs, and not every file system knows permissions.
            with suppress(OSError):
                one.chmod(0o700)
            sync_folder(one.parent)


@contextmanager
def growing(final: Path) -> Iterator[Path]:
    """An empty file beside `final`, for its owner alone; gone afterwards unless it was published.

    Raises:
        OSError: the folder can't be written.
    """
    if not final.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(final))
    part = part_beside(final)
    mine = True
    # From before it is made: Ctrl-C comes between any two steps, and so before the handle has a name.
    try:
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            mine = False
            raise
        # A umask may have taken what its owner needs, and not every file system knows permissions.
        with suppress(OSError):
            part.chmod(0o600)
        yield part
    except OSError as error:
        # What a full disk says has no name in it.
        error.filename = error.filename or str(final)
        raise
    finally:
        for left in (part, part.with_name(part.name + "-journal")) if mine else ():
            with suppress(OSError):
                left.unlink()


def part_beside(final: Path) -> Path:
    """A name for what is to be `final`, by which `clear_leftovers` knows whether somebody still writes it."""
    return final.with_name(f".{_shortened(final.name)}.{machine_mark()}-{os.getpid()}-{os.urandom(6).hex()}.part")


def publish(part: Path, final: Path) -> None:
    """Give what has grown its name, in place of what had it; on the disk under that name when this returns.

    Raises:
        OSError: it can't be synced or renamed; `final` is then as it was, unless the disk broke right after.
    """
    sync_file(part)
    part.replace(final)
    sync_folder(final.parent)


def publish_new(part: Path, final: Path) -> bool:
    """As `publish`, but where something has the name nothing is done; whether it was.

    Raises:
        OSError: it can't be synced or named.
    """
    sync_file(part)
    try:
        os.link(part, final)
    except FileExistsError:
        return False
    except OSError:
        # No hard links here (FAT, some shares): a rename, which on Windows never overwrites.
        if final.exists():
            return False
        part.rename(final)
    else:
        # Who clears leftovers may have been here first.
        part.unlink(missing_ok=True)
    sync_folder(final.parent)
    return True


def new_file(path: Path, content: bytes) -> bool:
    """Write a file as a whole, for its owner alone, unless there is one; whether it was written.

    Raises:
        OSError: it can't be written.
    """
    with growing(path) as part:
        part.write_bytes(content)
        return publish_new(part, path)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file as a whole, for its owner alone, in place of what is there.

    Raises:
        OSError: it can't be written; what was there is as it was.
    """
    with growing(path) as part:
        part.write_bytes(content)
        publish(part, path)


def sync_file(path: Path) -> None:
    """What a file holds is on the disk.

    Raises:
        OSError: the disk says that it isn't.
    """
    with path.open("rb+") as file:
        _flush(file.fileno())


def sync_folder(folder: Path) -> None:
    """A new name in a folder is on disk too, where the system can do that for a folder: Windows can't, nor can every share,
    nor who may not list it. What the file holds is on disk before.

    Raises:
        OSError: the disk is full or broken.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            _flush(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno in (errno.EIO, *FULL):
            error.filename = error.filename or str(folder)
            raise


def _flush(handle: int) -> None:
    if sys.platform == "darwin":
        from importlib import import_module

        # There `fsync` leaves it in the drive's own memory. Not every disk knows more.
        fcntl = import_module("fcntl")
        with suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def clear_leftovers(folder: Path, now: datetime, *, of_old: bool = True) -> None:
    """Remove what killed processes left half written in a folder. What a process may still be writing stays: another
    machine's, an older version's, and on Windows everybody's, until it is a day old by `now` (aware).

    Args:
        of_old: by the names of older versions too, which in a folder that isn't nippo's own may be another program's.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            # A pattern is made only where a name looks like one: every write comes by here.
            if ".part" not in entry.name and ".new" not in entry.name:
                continue
            named = re.fullmatch(_PART, entry.name) or (of_old and re.fullmatch(_OLD_PART, entry.name))
            if named and entry.is_file(follow_symlinks=False) and _is_left(named.groupdict(), entry, now):
                with suppress(OSError):
                    Path(entry.path).unlink()


def _is_left(named: dict[str, str], entry: "os.DirEntry[str]", now: datetime) -> bool:
    status = entry.stat(follow_symlinks=False)
    # What has its name already needs no other: the hard link of a process that was killed just then.
    if status.st_nlink > 1:
        return True
    if os.name != "nt" and named.get("machine") == machine_mark():
        return not is_running(int(named["process"]))
    return now.timestamp() - status.st_mtime > _A_DAY


def is_running(process: int) -> bool:
    """Whether a process of this machine has that number; POSIX only."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def unused(wanted: Path) -> Path:
    """The path, or the first with `-2`, `-3`… behind it that is free."""
    path, n = wanted, 1
    while path.exists():
        n += 1
        path = wanted.with_name(f"{wanted.name}-{n}")
    return path


def _shortened(name: str) -> str:
    """A name, cut where it leaves no room for what a file that grows has beside it."""
    while len(os.fsencode(name)) > _LONGEST:
        name = name[:-1]
    return name


def machine_mark() -> str:
    """Six letters that tell this machine from those that it shares a folder with."""
    from zlib import crc32

    # Windows, which has no uname, goes by age alone.
    uname = getattr(os, "uname", None)
    return f"{crc32(os.fsencode(uname().nodename) if uname else b''):08x}"[:6]


def light_sha256() -> "Callable[[bytes], _Hash]":
    """Python's own SHA-256. `hashlib` loads OpenSSL first: a third of a bare interpreter on each command that reads a record
    (docs/decisions/0006-start-up.md)."""
    for name in ("_sha2", "_sha256"):  # Python 3.12, and before
        try:
            function: Callable[[bytes], _Hash] = import_module(name).sha256
        except ImportError:
            continue
        return function
    from hashlib import sha256

    return sha256
