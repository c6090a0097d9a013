"""Ctrl-C, heard once: whoever presses it again, while what was typed is put away and how to go on is said, loses neither."""

import signal
from time import monotonic
from types import FrameType

# So long nothing more is heard; whatever takes longer may be stopped again.
_SECONDS = 5.0
_deaf_until = 0.0


def hear_once() -> None:
    """From now on the first Ctrl-C raises KeyboardInterrupt, and for some seconds those behind it do nothing. A process that was begun
    deaf to Ctrl-C, as a shell's background jobs are, stays so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)


def has_stopped() -> None:
    """The person has stopped by a key that is no signal: what follows is heard as behind one."""
    global _deaf_until  # noqa: PLW0603  one process has one keyboard
    _deaf_until = monotonic() + _SECONDS


def _stop(_number: int, _frame: FrameType | None) -> None:
    if monotonic() >= _deaf_until:
        has_stopped()
        raise KeyboardInterrupt
