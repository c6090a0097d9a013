"""A second process that works beside the first, on another core: started, listened to and ended within one block.

It is made afresh (`spawn`), the same way on every system, and ends by itself when the first one does, in whatever way.
Why: docs/decisions/0008-second-process.md
"""

import gc
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import Queue, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from nippo_cli.base.errors import NippoError, msg
from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_T = TypeVar("_T")

_READY = "ready"
_SECONDS_TO_END = 5
# What may wait to be heard: as much as evens out that now the one and now the other is slower, and no more.
_MESSAGES_AHEAD = 24


class WorkerLost(NippoError):
    """The second process ended before its work did: killed, or out of memory."""


class _Failed(NamedTuple):
    """What ended the work."""

    error: Exception


class Worker:
    """The second process, as the first one talks to it."""

    def __init__(self, line: "Connection") -> None:
        self._line = line
        self._started = False

    def started(self) -> bool:
        """Whether it runs; waits until it does. False where Python could not start in it."""
        if not self._started:
            try:
                self._started = self._line.recv() == _READY
            except (EOFError, OSError):
                return False
        return self._started

    def send(self, what: object) -> None:
        """Send what can be pickled; waits until there is room for it.

        Raises:
            WorkerLost: nobody receives it.
        """
        try:
            self._line.send(what)
        except OSError as error:
            raise _lost() from error

    def has_message(self) -> bool:
        """Whether there is something to receive, if only that it will send nothing more."""
        try:
            return self.started() and self._line.poll()
        except OSError:
            # On Windows a line without its other end can't be asked.
            return True

    def receive(self) -> Any:
        """What it sends next; waits for it.

        Raises:
            WorkerLost: it will send nothing more.
            Exception: what the work raised.
        """
        if not self.started():
            raise _lost()
        try:
            message = self._line.recv()
        except (EOFError, OSError) as error:
            raise _lost() from error
        if isinstance(message, _Failed):
            raise message.error
        return message

    def answers(self, asked: Iterable[tuple[object, _T]], ahead: int) -> Iterator[tuple[_T, Any]]:
        """What it answers to one message after another, in their order, each with what is kept here for it.

        Args:
            asked: the messages, each with what is kept; taken as far as so many are on their way.
            ahead: how many are on their way at most.

        Raises:
            WorkerLost, Exception: as of `send` and `receive`.
        """
        waiting = deque[_T]()
        for message, own in asked:
            if len(waiting) == ahead:
                yield waiting.popleft(), self.receive()
            self.send(message)
            waiting.append(own)
        while waiting:
            yield waiting.popleft(), self.receive()


class Parent:
    """The first process, as the second one talks to it.

    Threads send and receive: the work goes on where it would else stand still until each message is heard, and what it
    is told lies ready while it is busy.
    """

    def __init__(self, line: "Connection") -> None:
        self._line = line
        self._outbox: Queue[memoryview | None] = Queue(_MESSAGES_AHEAD)
        # As much as the first process cares to say.
        self._inbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._closed = False
        self._sender = threading.Thread(target=self._send_all, daemon=True)
        self._sender.start()
        threading.Thread(target=self._receive_all, daemon=True).start()

    def send(self, what: object) -> None:
        """Send what can be pickled, sooner or later; waits while much else is to be sent.

        Raises:
            EOFError: nobody receives it.
        """
        from multiprocessing.reduction import ForkingPickler

        if self._closed:
            raise EOFError
        self._outbox.put(ForkingPickler.dumps(what))

    def receive(self) -> Any:
        """What it sends next; waits for it.

        Raises:
            EOFError: it will send nothing more.
        """
        message = self._inbox.get()
        if message is None:
            raise EOFError
        return pickle.loads(message)  # noqa: S301  from the process that began this one

    def end(self) -> None:
        """Wait until all that was said is sent, or can't be."""
        self._outbox.put(None)
        self._sender.join()

    def _send_all(self) -> None:
        while (message := self._outbox.get()) is not None:
            try:
                self._line.send_bytes(message)
            except OSError:
                # The rest is taken all the same, or who says it would wait for ever.
                self._closed = True

    def _receive_all(self) -> None:
        try:
            while True:
                self._inbox.put(self._line.recv_bytes())
        except (EOFError, OSError):
            self._inbox.put(None)


@contextmanager
def working_beside(work: Callable[..., None], *args: object) -> Iterator[Worker | None]:
    """Let `work(first, *args)` run in a second process for the length of the block; None where there can be none.

    The block begins at once, while it is still starting: `Worker.started` waits for it.

    Args:
        work: a function of a module. It talks to `first`, a `Parent`; what it raises, the next `receive` raises.
        args: what can be pickled.
    """
    started = _start(work, args)
    if started is None:
        yield None
        return
    process, line = started
    try:
        yield Worker(line)
    except BaseException:
        # Who waits for nothing more of it does not wait for its end: it may be far from the next thing that it says.
        process.kill()
        raise
    finally:
        # If it still has something to say it finds nobody listening, and ends.
        line.close()
        process.join(_SECONDS_TO_END)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()


def _start(work: Callable[..., None], args: tuple[object, ...]) -> "tuple[BaseProcess, Connection] | None":
    """The process and the line to it."""
    try:
        from multiprocessing import get_context

        spawn = get_context("spawn")
        near_end, far_end = spawn.Pipe()
    except (ImportError, OSError):
        return None
    process = spawn.Process(target=_run, args=(far_end, work, args), daemon=True)
    try:
        with _deaf_to_interrupts():
            process.start()
    except (OSError, AssertionError):
        # No room for a process, or none allowed below this one.
        near_end.close()
        if process.pid is not None:
            process.join()
        return None
    finally:
        far_end.close()
    return process, near_end


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
    """The second process, from its first statement: does the work, and sends what it raised."""
    # Windows hands no such setting down.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Work by the million makes no cycles for the collector to find.
    gc.disable()
    # A thread that has a message to pass on gets its turn soon: the first process may be waiting for it.
    sys.setswitchinterval(0.001)
    first = Parent(line)
    try:
        first.send(_READY)
        work(first, *args)
    except (EOFError, ConnectionError):
        # The first process is gone, or has heard enough.
        pass
    except Exception as error:  # noqa: BLE001  it is raised where somebody can tell of it
        with suppress(EOFError):
            first.send(_Failed(error))
    first.end()


def _lost() -> WorkerLost:
    return WorkerLost(msg("importing.aside_lost"), hint=msg("importing.aside_lost.hint"))
