"""What can go wrong, as data and as exceptions, and the exit code that each one means.

    NippoError                1  failure
    ├── UsageError            2  a bad option or value
    ├── EntryRefused          3  the entry breaks the schema
    ├── NotFound              4  no such thing
    │   └── Ambiguous         4  more than one such thing
    ├── JournalError          5  the journal is unusable
    ├── Interrupted         130  stopped by the person
    ├── SystemRefused         1  the operating system would not
    ├── PlaceUnreachable      1  the place where a team's records lie can't be reached, or refuses
    └── Fault                 1  a mistake of nippo's own

What the user did wrong is a `Problem`, kept as data until a screen puts it into words;
what nippo can't do is an exception that carries a `Message`.
"""

import errno
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from nippo_cli.base.frozen import NamedTuple


class ExitCode(IntEnum):
    """The exit codes of the command line."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    SCHEMA = 3
    NOT_FOUND = 4
    JOURNAL = 5
    FINDINGS = 10
    INTERRUPTED = 130


class Message(NamedTuple):
    """A catalogue key and the values of its placeholders; `language.say` puts it into words."""

    key: str
    params: Mapping[str, object]


def msg(key: str, **params: object) -> Message:
    """A `Message`, written as it is read."""
    return Message(key, params)


class Place(NamedTuple):
    """Where a problem stands: a field by its key, a file, a line of it (from 1); what the screen calls the field."""

    field: str = ""
    file: str = ""
    line: int | None = None
    label: str = ""


class Problem(NamedTuple):
    """One thing wrong with what a person wrote."""

    where: Place
    said: str
    needs: Message


class NippoError(Exception):
    """The root: a message, what to do about it, and the problems that it rests on."""

    exit_code = ExitCode.FAILURE
    # Whether what was typed is saved; else what of it is in nobody's hands, in a form that can be typed again.
    is_saved = False
    lost = ""

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


class SystemRefused(NippoError):
    """The operating system would not: a full disk, a missing right, a path that leads nowhere."""


class PlaceUnreachable(NippoError):
    """The place where a team's records lie can't be reached, or refuses. What was typed is right, and can be typed again."""


class Fault(NippoError):
    """A mistake of nippo's own: an exception that nobody has words for."""


def refusal(error: Exception, path: object = "") -> NippoError:
    """An exception as one that has words. What the system said is told with the path that it is about: `path`, else the
    one that the exception names."""
    if isinstance(error, NippoError):
        return error
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        # Bytes of a command line that are no text; as the name of a file they would do.
        said = error.object[max(error.start - _AROUND, 0) : error.end + _AROUND]
        from nippo_cli.base.text import is_bytes

        if not is_bytes(error.object):
            # No byte of a terminal, but half of a pair that JSON or a program wrote: `"\ud800"`.
            return UsageError(msg("system.half_letter", said=said), hint=msg("system.half_letter.hint"))
        return UsageError(msg("system.not_text", said=said), hint=msg("system.not_text.hint"))
    if not isinstance(error, OSError):
        return Fault(msg("cli.fault", what=type(error).__name__, said=str(error)))
    where = str(path or error.filename or "")
    reason = system_reason(error)
    refused = (
        msg("system.refused", path=where, reason=reason) if where else msg("system.refused_unnamed", reason=reason)
    )
    return SystemRefused(refused, hint=msg(f"system.{_KINDS.get(error.errno or 0, 'other')}"))


def system_reason(error: Exception) -> "Message | str":
    """Why the system refused, in the user's language where nippo has words for it; else as the system says it."""
    number = error.errno if isinstance(error, OSError) else None
    if number in _REASONS:
        return msg(f"system.why_{_REASONS[number]}")
    return (isinstance(error, OSError) and error.strerror) or str(error)


_AROUND = 10
# What the system says where there is no room.
FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
_REASONS: dict[int | None, str] = {
    **dict.fromkeys(FULL, "full"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "denied"),
    errno.EROFS: "read_only",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "no_folder",
    errno.EISDIR: "folder",
    errno.ENAMETOOLONG: "long",
    errno.EIO: "disk",
}
_KINDS = {
    **dict.fromkeys(FULL, "full"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "denied"),
    **dict.fromkeys((errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOENT), "path"),
}
