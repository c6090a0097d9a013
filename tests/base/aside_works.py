"""What the second processes of the tests do."""

import os
import signal

from nippo_cli.errors import NotFound, msg


def echo(first, greeting):
    """Says what it is told, after a greeting, until it is told None."""
    while (told := first.hear()) is not None:
        first.say(f"{greeting} {told}")


def pid(first):
    """Says who it is, then what it is told."""
    first.say(os.getpid())
    first.say(first.hear())


def flood(first):
    """Says more than anybody hears, for ever."""
    while True:
        first.say("x" * 1_000_000)


def refuse(first, key):
    """Fails as nippo does, halfway."""
    first.say("half")
    raise NotFound(msg(key, path="x"), hint=msg("hint"))


def deaf(first):
    """Says whether Ctrl-C ends it."""
    first.say(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
