"""What the second processes of the tests do."""

import os
import signal

from nippo_cli.errors import NotFound, msg


def echo(line, greeting):
    """Says what it is told, after a greeting, until it is told None."""
    while (told := line.recv()) is not None:
        line.send(f"{greeting} {told}")


def pid(line):
    """Says who it is, then what it is told."""
    line.send(os.getpid())
    line.send(line.recv())


def flood(line):
    """Says more than anybody hears, for ever."""
    while True:
        line.send("x" * 1_000_000)


def refuse(line, key):
    """Fails as nippo does, halfway."""
    line.send("half")
    raise NotFound(msg(key, path="x"), hint=msg("hint"))


def deaf(line):
    """Says whether Ctrl-C ends it."""
    line.send(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
