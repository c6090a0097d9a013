"""`FILE.rejects.csv`: the rows that an import left out, with their line and their reasons, to be mended and imported.

The cells stand as they were read, formulas included: the file is for importing again, and what was changed in it on
the way could not be told from what was there. Lines and reasons come first, so that a row with too few or too many
cells keeps its width and is refused again until it is mended.
"""

import csv
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from itertools import count
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile, gettempdir
from types import TracebackType
from typing import Self

from nippo_cli.base.errors import Problem, msg, system_reason
from nippo_cli.base.files import growing, publish_new
from nippo_cli.exchange.sifting import Rejected
from nippo_cli.exchange.source import LINE_COLUMN, REASON_COLUMN, Source, SourceRefused


class RejectedRows:
    """The rows that an import leaves out, written down as they come, so that a million of them take no memory: in a file without a name,
    gone with the process, until all are there.

    UTF-8 with a byte order mark, which spreadsheets look for and an import goes by whatever its map says; the source's
    delimiter.

    Args:
        say: a problem in words.
    """

    def __init__(self, source: Source, say: Callable[[Problem], str]) -> None:
        self._say = say
        # Half a character, as JSON's escapes can say one, is written as such an escape.
        self._file = TemporaryFile()  # noqa: SIM115
        self._stream = TextIOWrapper(self._file, encoding="utf-8-sig", errors="backslashreplace", newline="")
        self._writer = csv.writer(self._stream, delimiter=source.delimiter or ",")
        self._writer.writerow([LINE_COLUMN, REASON_COLUMN, *source.columns])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What did not get there is needed no more.
        with suppress(OSError):
            self._stream.close()

    def add(self, row: Rejected) -> None:
        """Write one more row down.

        Raises:
            SourceRefused: there is no room for it where the system keeps temporary files.
        """
        reasons = " / ".join(self._say(_without_line(problem)) for problem in row.problems)
        try:
            self._writer.writerow([row.line, reasons, *row.cells])
        except OSError as error:
            raise _unwritable(gettempdir(), error) from error

    def publish(self, path: Path) -> Path:
        """Put the rows beside `path`, the file that they come from; the path written to. A file of rejects that is there already is never
        touched: the next is `FILE.rejects-2.csv`.

        Raises:
            SourceRefused: the system would not let it be written.
        """
        try:
            self._stream.flush()
            self._file.seek(0)
            with growing(path) as part:
                with part.open("wb") as to:
                    copyfileobj(self._file, to)
                return _named(part, path)
        except OSError as error:
            raise _unwritable(f"{path}.rejects.csv", error) from error


def _unwritable(path: str, error: OSError) -> SourceRefused:
    refused = msg("exchange.unwritable", path=path, reason=system_reason(error))
    return SourceRefused(refused, hint=msg("exchange.unwritable_hint"))


def _without_line(problem: Problem) -> Problem:
    """The line stands in a column of its own."""
    return problem._replace(where=problem.where._replace(line=None))


def _named(part: Path, path: Path) -> Path:
    """The first name that is free, now the file's."""
    for number in count(1):
        written = path.with_name(f"{path.name}.rejects{f'-{number}' if number > 1 else ''}.csv")
        if publish_new(part, written):
            return written
    raise AssertionError
