"""Locks of the operating system on bytes of a file: gone with the process that holds them, however it ends.

On POSIX a process has no locks against itself, and closing any handle of a file gives back all of its locks on it.
"""

import errno
import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any


def own_lock_file(path: Path) -> int:
    """A handle of a file to lock bytes of, made for its owner alone where it is not there.

    Raises:
        OSError: it can't be made, or opened.
    """
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    # A umask may have taken what its owner needs.
    with suppress(OSError):
        path.chmod(0o600)
    return handle


def lock(handle: int, at: int, length: int = 1) -> bool:
    """Lock bytes of a file that is open for writing, there or not, against every other process, at once or not at all;
    whether nobody else has them. Where a disk knows no locks, all bytes are free."""
    try:
        _call(handle, at, length, free=False)
    except OSError as error:
        # What bytes that another process holds are answered with, by lockf and by Windows.
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True


def unlock(handle: int, at: int, length: int = 1) -> None:
    """Give bytes back that were locked.

    Raises:
        OSError: the system says no.
    """
    _call(handle, at, length, free=True)


# The modules of either system are unknown to the other's type checker.
def _call(handle: int, at: int, length: int, *, free: bool) -> None:
    if os.name == "nt":
        system: Any = import_module("msvcrt")
        os.lseek(handle, at, os.SEEK_SET)
        system.locking(handle, system.LK_UNLCK if free else system.LK_NBLCK, length)
    else:
        system = import_module("fcntl")
        system.lockf(handle, system.LOCK_UN if free else system.LOCK_EX | system.LOCK_NB, length, at)
