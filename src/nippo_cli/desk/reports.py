"""Reports from a file or standard input: YAML, JSON or JSONL, as `nippo add --from-file` takes them."""

import sys
from pathlib import Path

from nippo_cli.desk.report import Report
from nippo_cli.errors import NotFound, UsageError, msg


def read(file: str) -> list[Report]:
    """The reports of a file; `-` is standard input.

    Raises:
        NotFound: there is no such file. UsageError: it holds no reports, or can't be read; with file and line.
    """
    from nippo_cli.exchange.report_yaml import read_reports

    found = read_reports(_text(file), file if file != "-" else "stdin")
    if not found:
        raise UsageError(msg("desk.no_reports", path=file))
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
        for one in found
    ]


def _text(file: str) -> str:
    if file == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig")
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound(msg("desk.no_file", path=file)) from None
    except UnicodeDecodeError as error:
        raise UsageError(msg("desk.not_utf8", path=file, at=error.start)) from None
    except OSError as error:
        raise UsageError(msg("desk.cannot_read", path=file, reason=error.strerror or str(error))) from error
