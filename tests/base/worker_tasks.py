"""What the second processes of the tests do."""

import os
import signal
import time
from pathlib import Path

from nippo_cli.base.errors import NotFound, msg


def echo(first, greeting):
    """Says what it is told, after a greeting, until it is told None."""
    while (told := first.receive()) is not None:
        first.send(f"{greeting} {told}")


def pid(first):
    """Says who it is, then what it is told."""
    first.send(os.getpid())
    first.send(first.receive())


def flood(first):
    """Says more than anybody hears, for ever."""
    while True:
        first.send("x" * 1_000_000)


def refuse(first, key):
    """Fails as nippo does, halfway."""
    first.send("half")
    raise NotFound(msg(key, path="x"), hint=msg("hint"))


def deaf(first):
    """Says whether Ctrl-C ends it."""
    first.send(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)


def ahead(first, mark, messages):
    """Says much that nobody hears yet, and then that it is done with it, by a file."""
    for n in range(messages):
        first.send(f"{n}" * 1_000_000)
    Path(mark).touch()


def busy(first, mark):
    """Hears nothing until there is a file; then says how long each thing is that it was told, until it is told None."""
    while not Path(mark).exists():
        time.sleep(0.01)
    while (told := first.receive()) is not None:
        first.send(len(told))


def long(first, mark, seconds):
    """Says that it begins; says nothing for so long, and then that it is done with it, by a file."""
    first.send("begun")
    time.sleep(seconds)
    Path(mark).touch()


def bitter(first):
    """Says much until nobody hears it, and fails over that."""
    try:
        flood(first)
    except EOFError:
        raise ValueError from None
