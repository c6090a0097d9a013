"""A process that goes on by itself: nobody waits for it, it says nothing, and it outlives the terminal."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

# Of Windows: no console, no window, and no Ctrl-C of the terminal that began it.
_DETACHED: Final = 0x00000008
_NEW_GROUP: Final = 0x00000200


def start_python(module: str, args: Sequence[str]) -> bool:
    """Run a module of nippo in a process of its own; whether one was started. This returns at once.

    No module of the current folder stands in for one of Python's: `-P`.
    """
    if not sys.executable:
        return False
    argv = [sys.executable, "-P", "-m", module, *args]
    try:
        spawn = getattr(os, "posix_spawn", None)
        if spawn is not None:
            _spawn(spawn, argv)
        else:
            _start_on_windows(argv)
    except (OSError, ValueError):
        # No room for a process, or none allowed: what it was to do is done another time.
        return False
    return True


def _spawn(spawn: Callable[..., int], argv: list[str]) -> None:
    """By `posix_spawn`: `subprocess` alone would cost a short command a tenth of its time."""
    opens = os.POSIX_SPAWN_OPEN
    quiet = [
        (opens, 0, os.devnull, os.O_RDONLY, 0),
        (opens, 1, os.devnull, os.O_WRONLY, 0),
        (opens, 2, os.devnull, os.O_WRONLY, 0),
    ]
    try:
        spawn(argv[0], argv, os.environ, file_actions=quiet, setsid=True)
    except NotImplementedError:
        # The module makes a session of its own then: `leave_terminal`.
        spawn(argv[0], argv, os.environ, file_actions=quiet)


def _start_on_windows(argv: list[str]) -> None:
    import subprocess

    subprocess.Popen(  # noqa: S603  of this Python, with what nippo made
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        creationflags=_DETACHED | _NEW_GROUP,
    )


def leave_terminal() -> None:
    """Of the process that was started: no signal of the terminal reaches it, and it holds no folder."""
    setsid = getattr(os, "setsid", None)
    if setsid is not None:
        try:
            setsid()
        except OSError:
            # It leads a session already.
            return
