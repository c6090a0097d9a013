"""A file of rows, whatever its format: its columns, and its rows one by one with the line each begins on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Protocol

from nippo_cli.base.errors import (
    ExitCode,
    Message,
    NippoError,
    NotFound,
    Problem,
    msg,
    refusal,
)
from nippo_cli.base.files import check_regular
from nippo_cli.base.frozen import NamedTuple

BATCH = 500
# As many as a sheet of Excel has.
_MOST_COLUMNS = 16_384
FORMATS = ("csv", "json", "jsonl")
_BY_SUFFIX = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}

# Written by `rejects` in front of a row's own columns; a file that is read back does not count them as its own.
LINE_COLUMN, REASON_COLUMN = "nippo_line", "nippo_reason"


class SourceRefused(NippoError):
    """A file that can't be read as rows at all."""

    exit_code = ExitCode.USAGE


class SourceRow(NamedTuple):
    """A row with the physical line that it begins on (from 1), and what keeps it from being one, if anything."""

    line: int
    cells: Sequence[str]
    problem: Problem | None = None


class Batch(NamedTuple):
    """Some rows in a go. `lines` and `rows` are as long as each other; `broken` says by place what is no row."""

    lines: Sequence[int]
    rows: Sequence[Sequence[str]]
    broken: Mapping[int, Problem]


class Options(NamedTuple):
    """How the file is to be read, where it is not to be found out. `wanted` are the columns that the map names."""

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    wanted: frozenset[str] = frozenset()


class Source(Protocol):
    """An open file: columns, encoding as found or given, delimiter (empty but for CSV), SHA-256, and its rows."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns, as the file names them."""

    @property
    def encoding(self) -> str:
        """The encoding, as found or given."""

    @property
    def delimiter(self) -> str:
        """What stands between cells; empty where the format has none."""

    @property
    def odd(self) -> bool:
        """Whether cells may be as spreadsheets leave them: `="0012"`, `#N/A`."""

    @property
    def sha256(self) -> str:
        """The file's fingerprint, hexadecimal."""

    def batches(self) -> Iterator[Batch]:
        """The rows in the file's order; blank lines are none. A row that is not broken has a cell for each column."""


def open_source(path: Path, options: Options) -> Source:
    """Find out how to read a file and read its columns; rows are read when they are iterated over.

    Raises:
        NotFound: there is no such file. UsageError: it is no file, but a folder, a pipe or a device.
        SourceRefused: it is empty, in no encoding that can be told, has a broken header, or is no list of objects.
    """
    module = import_module(f"nippo_cli.exchange.{format_of(path, options)}_file")
    try:
        check_regular(path)
        opened: Source = module.open_file(path, options)
    except FileNotFoundError:
        raise NotFound(msg("exchange.no_file", path=str(path))) from None
    except OSError as error:
        raise unreadable(path, error) from error
    if len(opened.columns) > _MOST_COLUMNS:
        raise refused("exchange.too_many_columns", path, n=len(opened.columns), most=_MOST_COLUMNS)
    return opened


def format_of(path: Path, options: Options) -> str:
    """The format of a file, one of `FORMATS`: as given, or by its ending."""
    return options.format or _BY_SUFFIX.get(path.suffix.lower(), "csv")


def batched(rows: Iterable[SourceRow]) -> Iterator[Batch]:
    """Single rows, so many at a time."""
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        broken = {place: row.problem for place, row in enumerate(some) if row.problem is not None}
        yield Batch([row.line for row in some], [row.cells for row in some], broken)


def unreadable(path: Path, error: OSError) -> SourceRefused:
    """The system would not let the file be read."""
    said = msg("exchange.unreadable", path=str(path), reason=error.strerror or str(error))
    return SourceRefused(said, hint=refusal(error).hint)


def refused(key: str, path: Path, *, hint: Message | None = None, **params: object) -> SourceRefused:
    """A `SourceRefused` about a file."""
    return SourceRefused(msg(key, path=str(path), **params), hint=hint)
