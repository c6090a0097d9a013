"""What can go wrong, as data and as exceptions, and the exit code that each one means.

    NippoError                1  failure
    ├── UsageError            2  a bad option or value
    ├── EntryRefused          3  the entry breaks the schema
    ├── NotFound              4  no such thing
    │   └── Ambiguous         4  more than one such thing
    ├── JournalError          5  the journal is unusable
    └── Interrupted         130  stopped by the person

What the user did wrong is a `Problem`, kept as data until a screen puts it into words;
what nippo can't do is an exception that carries a `Message`.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from nippo_cli.frozen import NamedTuple


class ExitCode(IntEnum):
    """The exit codes of the command line."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    SCHEMA = 3
    NOT_FOUND = 4
    JOURNAL = 5
    FOUND = 10
    INTERRUPTED = 130


class Message(NamedTuple):
    """A catalogue key and the values of its placeholders; `language.say` puts it into words."""

    key: str
    params: Mapping[str, object]


def msg(key: str, **params: object) -> Message:
    """A `Message`, written as it is read."""
    return Message(key, params)


class Place(NamedTuple):
    """Where a problem stands: a field, a file, a line of it (from 1)."""

    field: str = ""
    file: str = ""
    line: int | None = None


class Problem(NamedTuple):
    """One thing wrong with what a person wrote."""

    where: Place
    said: str
    needs: Message


class NippoError(Exception):
    """The root: a message, what to do about it, and the problems that it rests on."""

    exit_code = ExitCode.FAILURE

    def __init__(self, message: Message, *, hint: Message | None = None, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message.key, dict(message.params))
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        # Made again without `__init__`, which differs from class to class: another process may have raised it.
        return type(self).__new__, (type(self), *self.args), self.__dict__


class UsageError(NippoError):
    """A bad option or value."""

    exit_code = ExitCode.USAGE


class EntryRefused(NippoError):
    """An entry that breaks the schema; its problems say every reason."""

    exit_code = ExitCode.SCHEMA


class NotFound(NippoError):
    """No such deal, entry, customer, file…"""

    exit_code = ExitCode.NOT_FOUND


class Ambiguous(NotFound):
    """A name that more than one thing answers to."""


class JournalError(NippoError):
    """The journal can't be used: locked, damaged, not a journal, or made by a newer version."""

    exit_code = ExitCode.JOURNAL


class Interrupted(NippoError):
    """Stopped by the person at the keyboard."""

    exit_code = ExitCode.INTERRUPTED
