"""`FILE.rejects.csv`: the rows that an import left out, with their line and their reasons, to be mended and imported.

The cells stand as they were read, formulas included: the file is for importing again, and what was changed in it on
the way could not be told from what was there. Lines and reasons come first, so that a row with too few or too many
cells keeps its width and is refused again until it is mended.
"""

import csv
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

from nippo_cli.base.errors import Problem, msg, system_reason
from nippo_cli.base.files import growing, publish_new
from nippo_cli.exchange.sifting import Rejected
from nippo_cli.exchange.source import LINE_COLUMN, REASON_COLUMN, Source, SourceRefused


def write_rejects(path: Path, source: Source, rejected: Iterable[Rejected], say: Callable[[Problem], str]) -> Path:
    """Write the rows beside `path`, the file that they come from; the path written to.

    UTF-8 with a byte order mark, which spreadsheets look for and an import goes by whatever its map says; the source's
    delimiter. A file of rejects that is there already is never touched: the next is `FILE.rejects-2.csv`.

    Raises:
        SourceRefused: the system would not let it be written.
    """
    try:
        with growing(path) as part:
            # Half a character, as JSON's escapes can say one, is written as such an escape.
            with part.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as stream:
                writer = csv.writer(stream, delimiter=source.delimiter or ",")
                writer.writerow([LINE_COLUMN, REASON_COLUMN, *source.columns])
                for row in rejected:
                    writer.writerow([row.line, " / ".join(say(_without_line(p)) for p in row.problems), *row.cells])
            return _named(part, path)
    except OSError as error:
        refused = msg("exchange.unwritable", path=f"{path}.rejects.csv", reason=system_reason(error))
        raise SourceRefused(refused, hint=msg("exchange.unwritable_hint")) from error


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
