"""One sync of a journal at a time on this machine, and none that is asked for meanwhile forgotten."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from nippo_cli.base.files import make_folder
from nippo_cli.base.locks import lock, own_lock_file, unlock

_LOCK: Final = "sync.lock"
_ASKED: Final = "sync.asked"
# A share that does not answer may hold the other one for minutes; two at once do no harm.
PATIENCE: Final = 10.0
_PAUSE: Final = 0.05


def ask(state: Path) -> None:
    """Leave word that there is something to sync: whoever is at it goes once more when done."""
    with suppress(OSError):
        make_folder(state)
        (state / _ASKED).touch(mode=0o600)


def is_asked(state: Path) -> bool:
    """Whether word was left since `hear`."""
    return (state / _ASKED).exists()


def hear(state: Path) -> bool:
    """What was asked for by now is done next; whether what is asked from now on can be told."""
    try:
        (state / _ASKED).unlink(missing_ok=True)
    except OSError:
        return False
    return True


@contextmanager
def turn(state: Path, patience: float = 0.0) -> Iterator[bool]:
    """The only sync of this journal for the length of the block; whether it is.

    Args:
        patience: waits for another one for so many seconds.
    """
    try:
        make_folder(state)
        handle = own_lock_file(state / _LOCK)
    except OSError:
        # A state folder that can't be written keeps nobody from syncing.
        yield True
        return
    try:
        upto = monotonic() + patience
        while not (alone := lock(handle, 0)) and monotonic() < upto:
            sleep(_PAUSE)
        try:
            yield alone
        finally:
            if alone:
                unlock(handle, 0)
    finally:
        os.close(handle)
