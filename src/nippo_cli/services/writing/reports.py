"""Reports from a file or standard input: YAML, JSON or JSONL, as `nippo add --from-file` takes them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import (
    EntryRefused,
    Interrupted,
    NippoError,
    NotFound,
    UsageError,
    msg,
    refusal,
    system_reason,
)
from nippo_cli.base.files import TooLarge, read_whole, too_large
from nippo_cli.services.context import Report

if TYPE_CHECKING:
    from nippo_cli.services.context import Workspace

_LARGEST_MIB = 16
_CHUNK = 1 << 16


def read(workspace: "Workspace", file: str) -> list[Report]:
    """The reports of a file; `-` is standard input.

    Raises:
        NotFound: there is no such file. UsageError: it is none, or can't be read. EntryRefused: it holds no reports; with
            file and line. What stood on standard input is then a draft.
    """
    if file != "-":
        try:
            return _reports(_text(file), file)
        except NippoError as error:
            # The file is there to be mended.
            error.is_saved = True
            raise
    from nippo_cli.services.writing.keeping import put_by_text

    content = bytearray()
    try:
        _take_in(content)
        return _reports(_decoded(bytes(content), "stdin"), "stdin")
    except (EntryRefused, UsageError) as error:
        if isinstance(error, TooLarge):
            raise
        raise put_by_text(workspace, content.decode("utf-8", "surrogateescape"), error) from None
    except KeyboardInterrupt:
        raise put_by_text(
            workspace, content.decode("utf-8", "surrogateescape"), Interrupted(msg("cli.stopped"))
        ) from None


def _take_in(content: bytearray) -> None:
    """What stands on standard input, as it comes: Ctrl-C loses none of it."""
    if sys.stdin is None:
        raise UsageError(msg("desk.no_stdin"))
    stdin: Any = sys.stdin.buffer
    while chunk := stdin.read1(_CHUNK):
        content += chunk
        if len(content) > _LARGEST_MIB << 20:
            raise too_large("stdin", _LARGEST_MIB)


def _reports(text: str, file: str) -> list[Report]:
    """The reports of a YAML or JSON text, each with its lines in the file."""
    from nippo_cli.exchange.report_yaml import read_reports

    documents = read_reports(text, file)
    return [
        Report(
            raw=one.raw,
            deal=one.deal,
            on=one.on,
            by=one.by,
            new_deal=one.new_deal,
            parent=one.parent,
            meeting=one.meeting,
            later=one.later,
            change_customer=one.change_customer,
            where=one.where,
            lines=one.lines,
        )
        for one in documents
    ]


def _text(file: str) -> str:
    try:
        return _decoded(read_whole(Path(file), _LARGEST_MIB), file)
    except FileNotFoundError:
        raise NotFound(msg("desk.no_file", path=file)) from None
    except OSError as error:
        unreadable = msg("desk.cannot_read", path=file, reason=system_reason(error))
        raise UsageError(unreadable, hint=refusal(error).hint) from error


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(msg("desk.not_utf8", path=file, at=error.start)) from None
