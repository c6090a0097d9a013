"""A word to a person who waits: what takes longer than a second says that it is being counted."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from nippo_cli.base.language import t
from nippo_cli.base.text import width

_PATIENCE_SECONDS = 1.0


@contextmanager
def waiting() -> Iterator[None]:
    """Say on stderr, once a second has passed, that the block is at work; the line goes when the block ends. Nothing is
    said where nobody is there to read it."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    words, said = t("cli.waiting"), list[str]()

    def say() -> None:
        said.append(words)
        sys.stderr.write(words)
        sys.stderr.flush()

    timer = Timer(_PATIENCE_SECONDS, say)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if said:
            sys.stderr.write("\r" + " " * width(words) + "\r")
            sys.stderr.flush()
