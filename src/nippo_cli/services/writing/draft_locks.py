"""Which drafts are open: one terminal at a time has a draft, so that nothing is recorded twice.

A draft that is open holds one byte of a file beside the drafts' folder, at the place of its number: a lock of the
operating system's, gone with the process however it ends, so that a killed one leaves no draft closed for good. Where
a disk knows no locks, every draft is free.
"""

import os
from contextlib import suppress
from pathlib import Path

from nippo_cli.base.locks import lock, own_lock_file, unlock

# The lock file of each folder of drafts that this process has drafts of open, and their numbers.
_held: dict[Path, tuple[int, set[int]]] = {}


def take(folder: Path, number: int) -> bool:
    """Open a draft in this process; whether nobody else has it open."""
    handle, numbers = _held.get(folder) or (_lock_file(folder), set[int]())
    if number in numbers:
        return True
    free = handle is None or lock(handle, number)
    if handle is not None:
        _held[folder] = handle, numbers
        if free:
            numbers.add(number)
        _closed_when_unused(folder)
    return free


def give_back(folder: Path, number: int) -> None:
    """The draft may be opened elsewhere, or is gone."""
    handle, numbers = _held.get(folder, (-1, set[int]()))
    if number in numbers:
        numbers.discard(number)
        with suppress(OSError):
            unlock(handle, number)
        _closed_when_unused(folder)


def open_elsewhere(folder: Path, number: int) -> bool:
    """Whether another process has the draft open now."""
    if number in _held.get(folder, (-1, set[int]()))[1]:
        return False
    if take(folder, number):
        give_back(folder, number)
        return False
    return True


def _lock_file(folder: Path) -> int | None:
    file = folder.with_name(f"{folder.name}.lock")
    try:
        return own_lock_file(file)
    except OSError:
        return None


def _closed_when_unused(folder: Path) -> None:
    handle, numbers = _held[folder]
    if not numbers:
        del _held[folder]
        os.close(handle)
