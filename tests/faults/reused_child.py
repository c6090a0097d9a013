"""Nippo's `main` in one other process, again and again: a start of Python each time would take longer than what is tried.

A command that is busy for longer than `MOST_SECONDS` of processor time is stopped and said so, memory is bounded for the
whole process, and whatever escapes from `main` is said too. POSIX alone has the timers.
"""

import contextlib
import io
import json
import os
import selectors
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

# Of processor time; and how long the parent waits for a child that can't even be interrupted.
MOST_SECONDS, PATIENCE = 2.0, 90
MOST_MEMORY = 700_000_000


class Said(NamedTuple):
    """What a command said, its exit code, and what escaped from it (empty: nothing)."""

    code: int
    out: str
    err: str
    escaped: str


class ReusedChild:
    """The parent's side. `folder` is where the commands run."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self._folder = folder
        self._env = {**os.environ, **env}
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, *argv: str) -> Said:
        """One command."""
        process = self._process or self._begun()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(argv).encode() + b"\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            line = process.stdout.readline() if waiting.select(PATIENCE) else b""
        if not line:
            self.close()
            return Said(-1, "", "", "no answer: hung, or ended")
        return Said(*json.loads(line))

    def close(self) -> None:
        """End the other process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _begun(self) -> "subprocess.Popen[bytes]":
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self._folder, env=self._env
        )
        return self._process


class _TooLong(BaseException):
    """The command's time is up."""


def _stop(*_: object) -> None:
    raise _TooLong


def _answer(main: Any, argv: Sequence[str]) -> Said:
    import signal

    # What is bytes already, as a workbook or a mail, goes through the buffer.
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", newline="") for _ in range(2))
    escaped, code = "", -1
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(argv)
    except BaseException:  # noqa: BLE001  whatever it is, that is what is asked
        escaped = traceback.format_exc()[-1500:]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Said(code, _written(out), _written(err), escaped)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8", "backslashreplace")


def _child() -> None:
    import resource
    import signal

    from nippo_cli.cli.frame.main import main
    from nippo_cli.journal.log import store

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    signal.signal(signal.SIGPROF, _stop)
    # No power is cut here.
    store.EXTRA = "pragma synchronous = off"
    os.fsync = lambda _: None  # type: ignore[assignment]
    answers = os.fdopen(os.dup(1), "wb")
    sys.stdin = io.StringIO()
    for line in os.fdopen(os.dup(0), "rb"):
        answers.write(json.dumps(_answer(main, json.loads(line))).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    _child()
