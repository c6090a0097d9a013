"""A write-ahead log beside the journal. nippo makes none, and the file itself says whether another program that had it
did. Where it doesn't, SQLite would play a stranger's log into it all the same."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.files import lies_there, sync_folder, unused

# Bytes 18 and 19 of a file whose writes go to a write-ahead log: https://www.sqlite.org/fileformat.html#file_format_version_numbers
_OWN: Final = b"\2\2"


def write_ahead_log(path: Path) -> Path:
    """Where SQLite looks for it: beside the file itself, not beside a link to it."""
    file = path.resolve() if path.is_symlink() else path
    return file.with_name(file.name + "-wal")


def is_foreign(path: Path) -> bool:
    """Whether one lies there that is not the file's, or that waits for a file of this name.

    Raises:
        OSError: the file can't be read.
    """
    if not lies_there(write_ahead_log(path)):
        return False
    try:
        status = path.stat()
    except FileNotFoundError:
        return True
    return not _has_its_own(path, status.st_dev, status.st_ino)


@cache
def _has_its_own(path: Path, _device: int, _number: int) -> bool:
    # Looked at once: closing a file gives up every lock that this process has on it.
    with path.open("rb") as file:
        return file.read(20)[18:] == _OWN


def set_aside(path: Path, tell: Callable[[Message], None] | None = None) -> None:
    """Take one that is not the file's out of SQLite's way, under a name that says so.

    Args:
        tell: called with what the person should know of that.

    Raises:
        OSError: it can't be renamed.
    """
    if not is_foreign(path):
        return
    wal = write_ahead_log(path)
    new_name = unused(wal.with_name(wal.name + ".set-aside"))
    # Another process may have been first.
    with suppress(FileNotFoundError):
        wal.rename(new_name)
        sync_folder(wal.parent)
        if tell is not None:
            tell(msg("journal.wal_set_aside", path=str(new_name)))
