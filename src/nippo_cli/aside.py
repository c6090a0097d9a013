"""A second process that works beside the first, on another core: begun, heard and ended within one block.

It is made afresh (`spawn`), the same way on every system, and ends by itself when the first one does, in whatever way.
Why: docs/decisions/second-process.md
"""

import gc
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nippo_cli.errors import NippoError, msg
from nippo_cli.frozen import NamedTuple

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_READY = "ready"
_SECONDS_TO_END = 5


class AsideLost(NippoError):
    """The second process ended before its work did: killed, or out of memory."""


class _Failed(NamedTuple):
    """What ended the work."""

    error: Exception


class Aside:
    """The second process, as the first one talks to it."""

    def __init__(self, line: "Connection", *, runs: bool = True) -> None:
        self._line = line
        self._runs = runs

    def say(self, what: object) -> None:
        """Send what can be pickled; waits until there is room for it.

        Raises:
            AsideLost: nobody hears it.
        """
        try:
            self._line.send(what)
        except OSError as error:
            raise _lost() from error

    def spoke(self) -> bool:
        """Whether there is something to hear."""
        return self._line.poll()

    def hear(self) -> Any:
        """What it says next; waits for it.

        Raises:
            AsideLost: it will say nothing more.
            Exception: what the work raised.
        """
        try:
            if not self._runs:
                self._line.recv()
                self._runs = True
            heard = self._line.recv()
        except (EOFError, OSError) as error:
            raise _lost() from error
        if isinstance(heard, _Failed):
            raise heard.error
        return heard


@contextmanager
def aside(work: Callable[..., None], *args: object, wait: bool = True) -> Iterator[Aside | None]:
    """Let `work(line, *args)` run in a second process for the length of the block; None where there can be none.

    Args:
        work: a function of a module. It talks over `line`, a connection of `multiprocessing`; what it raises, the next
            `hear` raises.
        args: what can be pickled.
        wait: until it runs. Who does not wait may hear only later that there can be none: `AsideLost`.
    """
    begun = _begin(work, args, wait=wait)
    if begun is None:
        yield None
        return
    process, line = begun
    try:
        yield Aside(line, runs=wait)
    finally:
        # If it still has something to say it finds nobody listening, and ends.
        line.close()
        process.join(_SECONDS_TO_END)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()


def _begin(
    work: Callable[..., None], args: tuple[object, ...], *, wait: bool
) -> "tuple[BaseProcess, Connection] | None":
    """The process, once it runs, and the line to it."""
    try:
        from multiprocessing import get_context

        spawn = get_context("spawn")
        here, there = spawn.Pipe()
    except (ImportError, OSError):
        return None
    process = spawn.Process(target=_run, args=(there, work, args), daemon=True)
    try:
        with _deaf_to_interrupts():
            process.start()
        there.close()
        if wait:
            here.recv()
    except (OSError, EOFError, AssertionError):
        # No room for a process, none allowed below this one, or Python could not start in it.
        here.close()
        there.close()
        if process.pid is not None:
            process.join()
        return None
    return process, here


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A process begun meanwhile does not hear Ctrl-C, not even before its first statement: the first one answers it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _run(line: "Connection", work: Callable[..., None], args: tuple[Any, ...]) -> None:
    # Windows hands no such setting down.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Work by the million makes no cycles for the collector to find.
    gc.disable()
    try:
        line.send(_READY)
        work(line, *args)
    except (EOFError, ConnectionError):
        # The first process is gone, or has heard enough.
        return
    except Exception as error:  # noqa: BLE001  it is raised where somebody can tell of it
        line.send(_Failed(error))


def _lost() -> AsideLost:
    return AsideLost(msg("importing.aside_lost"), hint=msg("importing.aside_lost.hint"))
