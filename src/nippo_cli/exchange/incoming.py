"""What an import reads, as a file that can be read more than once: standard input (`-`) and pipes are copied first."""

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from nippo_cli.base.errors import Message, NippoError, UsageError, msg
from nippo_cli.base.files import check_regular, too_large
from nippo_cli.base.scratch import scratch_folder
from nippo_cli.exchange.source import Options

STANDARD_INPUT = "-"
_LARGEST_MIB = 1024
_CHUNK = 1 << 16
# As long as a pipe that nobody writes into is waited for.
_SECONDS_WITHOUT_WRITER = 3
_LISTED, _OBJECT = b"[", b"{"
_HEAD = 512


@contextmanager
def readable_file(said: str, options: Options) -> Iterator[tuple[Path, Options]]:
    """A file by the name that was said, and how to open it; gone afterwards if it is a copy of a pipe, of which the first
    letter decides on CSV, JSON or JSONL unless that is said.

    Raises:
        UsageError: it is no file and no pipe, nobody writes into it, or it holds more than a gibibyte.
    """
    if said != STANDARD_INPUT and not _is_pipe(Path(said)):
        yield Path(said), options
        return
    with scratch_folder() as folder:
        copy = folder / "stdin"
        try:
            with copy.open("xb") as out:
                head = _copy(said, out)
            yield copy, options if options.format else options._replace(format=_format(head, options))
        except NippoError as error:
            # The person knows nothing of the copy.
            error.message = _named(error.message, str(copy), said)
            raise


def _is_pipe(path: Path) -> bool:
    with suppress(OSError, ValueError):
        return stat.S_ISFIFO(path.stat().st_mode)
    return False


def _copy(said: str, out: IO[bytes]) -> bytes:
    """Copy what comes until there is no more; its first bytes."""
    head, size = b"", 0
    with _opened(said) as stream:
        while chunk := stream.read1(_CHUNK):
            head = head or chunk[:_HEAD]
            size += len(chunk)
            if size > _LARGEST_MIB << 20:
                raise too_large(said, _LARGEST_MIB)
            out.write(chunk)
    return head


@contextmanager
def _opened(said: str) -> Iterator[Any]:
    if said == STANDARD_INPUT:
        if sys.stdin is None:
            raise UsageError(msg("desk.no_stdin"))
        yield sys.stdin.buffer
        return
    with os.fdopen(_written_into(said), "rb") as stream:
        yield stream


def _written_into(said: str) -> int:
    """The open pipe, once somebody writes into it.

    Raises:
        NoFile: nobody does.
    """
    no_wait = getattr(os, "O_NONBLOCK", 0)
    pipe = os.open(said, os.O_RDONLY | no_wait)
    if no_wait and not _has_writer(pipe):
        os.close(pipe)
        check_regular(Path(said))
    os.set_blocking(pipe, True)
    return pipe


def _has_writer(pipe: int) -> bool:
    """Whether somebody writes into a pipe, or did before."""
    import select

    until = time.monotonic() + _SECONDS_WITHOUT_WRITER
    poll = select.poll()
    poll.register(pipe, select.POLLIN | select.POLLHUP)
    while time.monotonic() < until:
        if poll.poll(100):
            return True
    # Of one who is there and has not written yet the pipe alone tells.
    try:
        os.read(pipe, 1)
    except BlockingIOError:
        return True
    return False


def _format(head: bytes, options: Options) -> str:
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if begins == _LISTED or (begins == _OBJECT and options.path):
        return "json"
    return "jsonl" if begins == _OBJECT else "csv"


def _named(message: Message, copy: str, said: str) -> Message:
    """The message, of the file by the name that was said."""
    params = {key: said if value == copy else value for key, value in message.params.items()}
    return msg(message.key, **params)
