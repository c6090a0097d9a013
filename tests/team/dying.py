"""A process that is killed within a write: at its n-th statement, between two calls of its carrier, or between two changes of a folder.

What is on the disk then is what is there afterwards: a rollback journal, pages that SQLite wrote before the end, a file under its
first name. Nothing that a process does on its way out is done.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class Killed(BaseException):
    """The process is gone."""


class _Dying(sqlite3.Connection):
    """A connection that counts its statements, and writes its pages out early, as a large transaction does."""

    countdown: "Countdown"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        super().execute("pragma cache_size = 10")

    def execute(self, *args: Any) -> sqlite3.Cursor:
        self.countdown.step()
        return super().execute(*args)

    def executemany(self, *args: Any) -> sqlite3.Cursor:
        self.countdown.step()
        return super().executemany(*args)


class Countdown:
    """So many steps are taken; the next one kills.

    Args:
        steps: None where nobody is killed.
        folder: what is in it stays as it was at that moment.
    """

    def __init__(self, steps: int | None, folder: Path) -> None:
        self._left = steps
        self._folder = folder
        self._files: dict[str, bytes] = {}
        self.struck = False

    def step(self) -> None:
        """A statement, a call, a change of a folder."""
        if self._left is None or self.struck:
            return
        if self._left:
            self._left -= 1
            return
        self.struck = True
        self._files = {file.name: file.read_bytes() for file in self._folder.iterdir() if file.is_file()}
        raise Killed

    def put_back(self) -> None:
        """Undo what was done on the way out."""
        for file in self._folder.iterdir():
            if file.is_file() and file.name not in self._files:
                file.unlink()
        for name, content in self._files.items():
            (self._folder / name).write_bytes(content)


@contextmanager
def dying(steps: int | None, folder: Path) -> Iterator[Countdown]:
    """What is done within the block with journals of a folder is killed after so many steps."""
    countdown = Countdown(steps, folder)
    connection = type("Dying", (_Dying,), {"countdown": countdown})
    connect = sqlite3.connect
    with pytest.MonkeyPatch.context() as patched:
        if steps is not None:
            patched.setattr(
                sqlite3, "connect", lambda *args, **options: connect(*args, **options | {"factory": connection})
            )
        try:
            yield countdown
        except Killed:
            if not countdown.struck:
                raise
    if countdown.struck:
        countdown.put_back()


def stepping(countdown: Countdown, act: Callable[..., Any]) -> Callable[..., Any]:
    """A call that is a step before it is done, and one after."""

    def stepped(*args: Any, **options: Any) -> Any:
        countdown.step()
        answer = act(*args, **options)
        countdown.step()
        return answer

    return stepped
