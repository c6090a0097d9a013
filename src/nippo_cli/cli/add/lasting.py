"""What was typed outlives the process: when the terminal is closed or the process is told to end, it is kept first."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# Windows has no closed terminal to tell of.
_ENDING = ("SIGHUP", "SIGTERM")


@contextmanager
def kept_when_ended(keep: Callable[[], None], stop: Callable[[int], None]) -> Iterator[None]:
    """While the block runs, a signal that ends the process first calls `keep`, then `stop` with its number."""

    def end(number: int, _frame: Any) -> None:
        keep()
        stop(number)

    before = {}
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None:
            before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
