"""A word to a person who waits: that work goes on, and how far it is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.base.text import width

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress

_PATIENCE_SECONDS = 1.0
# To the line's beginning, and what stands there away.
_LINE_ANEW = "\r\x1b[K"


@contextmanager
def waiting() -> "Iterator[Progress | None]":
    """Say on stderr, once a second has passed, that the block is at work, and from then on how far it is where it tells; the line goes
    when the block ends. Nothing is said where nobody is there to read it."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from threading import Timer

    words, said = t("cli.waiting"), list[str]()

    def say(what: str = words) -> None:
        # What stood there before is never longer than the longest of them.
        blank = max(map(width, said), default=0)
        said.append(what)
        sys.stderr.write(f"\r{what}{' ' * (blank - width(what))}" if blank else what)
        sys.stderr.flush()

    def tell(what: str, done: int, of: int) -> None:
        if said:
            say(t("cli.care.progress", check=t(what), done=f"{done:,}", of=f"{of:,}"))

    timer = Timer(_PATIENCE_SECONDS, say)
    timer.daemon = True
    timer.start()
    try:
        yield tell
    finally:
        timer.cancel()
        timer.join()
        if said:
            sys.stderr.write("\r" + " " * max(map(width, said)) + "\r")
            sys.stderr.flush()


@contextmanager
def row_progress() -> Iterator[Callable[[int, int, int], None] | None]:
    """What says to a person at a terminal how far a long import is; nothing where nobody watches."""
    with _one_line() as write:

        def say(rows: int, taken: int, rejected: int) -> None:
            if write:
                write(t("cli.import.progress", n=f"{rows:,}", taken=f"{taken:,}", rejected=f"{rejected:,}"))

        yield say if write else None


@contextmanager
def check_progress() -> "Iterator[Progress | None]":
    """What says to a person at a terminal how far a check of the journal is; nothing where nobody watches."""
    with _one_line() as write:

        def say(check: str, done: int, of: int) -> None:
            if write:
                write(t("cli.care.progress", check=t(check), done=f"{done:,}", of=f"{of:,}"))

        yield say if write else None


@contextmanager
def _one_line() -> Iterator[Callable[[str], None] | None]:
    """What writes a line that the next one replaces, and that is gone when the work ends, in whatever way; nothing where
    nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return

    def write(words: str) -> None:
        sys.stderr.write(f"{_LINE_ANEW}{words}")
        sys.stderr.flush()

    try:
        yield write
    finally:
        sys.stderr.write(_LINE_ANEW)
        sys.stderr.flush()
