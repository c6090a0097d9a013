"""A file of rows, whatever its format: its columns, and its rows one by one with the line each begins on."""

from collections import Counter
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
    system_reason,
)
from nippo_cli.base.files import check_regular
from nippo_cli.base.frozen import NamedTuple

BATCH = 500
# As many as a sheet of Excel has.
_MOST_COLUMNS = 16_384
FORMATS = ("csv", "json", "jsonl", "xlsx", "xes")
NO_HEADER = 0
# A letter that no column's name keeps: no column is called as the second of two.
NTH = "\u2060 #"
_BY_SUFFIX = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl",
              ".xlsx": "xlsx", ".xlsm": "xlsx", ".xes": "xes"}  # fmt: skip

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
    """Some rows in a go. `lines` and `rows` are as long as each other; `broken` says by place what is no row; `short` are the
    lines of rows that ended before the header does, and were filled up with empty cells."""

    lines: Sequence[int]
    rows: Sequence[Sequence[str]]
    broken: Mapping[int, Problem]
    short: Sequence[int] = ()


class Options(NamedTuple):
    """How the file is to be read, where it is not to be found out. `header`: the line that it stands on (from 1), `NO_HEADER`
    where columns go by number, None where it is looked for; `sheet`: the one of a workbook, "" for the first that looks like a
    table; `path`: the keys that lead to a JSON file's list; `wanted`: the
    columns that the map names. `marks`: columns of steps, in which a mark says that a deal reached them. `peeks`: the file is only
    looked into, so that of a large one the beginning decides on the encoding."""

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: int | None = None
    path: tuple[str, ...] = ()
    sheet: str = ""
    wanted: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()
    peeks: bool = False


# Nothing is said: all is found out.
FOUND_OUT = Options()


class HeaderPlace(NamedTuple):
    """A table's header: the line that it stands on (0: there is none), and what stands in the rows above it, a text a row."""

    line: int = 0
    above: tuple[str, ...] = ()


class SheetPlace(NamedTuple):
    """Which sheet of a workbook a table is read from; `visible` and `hidden` are the others; how many of the table's rows are
    hidden in it, which are read as any other; and in how many rows an amount is that of the row above, merged with it, and so is
    taken once; `alike` are those of the visible ones that have the same columns."""

    name: str = ""
    visible: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    hidden_rows: int = 0
    merged_amounts: int = 0
    alike: tuple[str, ...] = ()


class Source(Protocol):
    """An open file: columns, encoding as found or given, delimiter (empty but for CSV), SHA-256, and its rows."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns, as the file names them: several may have one name, or none. Without a header their numbers, from 1."""

    @property
    def heading(self) -> HeaderPlace:
        """Where the columns are named."""

    @property
    def sheet(self) -> SheetPlace:
        """Where in a workbook the table is; without a name where it is in none."""

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
    if options.path and format_of(path, options) != "json":
        raise refused("exchange.path_of_json", path)
    if options.sheet and format_of(path, options) != "xlsx":
        raise refused("exchange.sheet_of_workbook", path, sheet=options.sheet)
    module = import_module(f"nippo_cli.exchange.{format_of(path, options)}_file")
    try:
        from nippo_cli.exchange.no_table import refuse_no_table

        refuse_no_table(path)
        check_regular(path)
        opened: Source = module.open_file(path, options)
    except FileNotFoundError:
        raise NotFound(msg("exchange.no_file", path=str(path))) from None
    except OSError as error:
        raise unreadable(path, error) from error
    if len(opened.columns) > _MOST_COLUMNS:
        raise refused("exchange.too_many_columns", path, n=len(opened.columns), most=_MOST_COLUMNS)
    if options.marks:
        marked_steps = import_module("nippo_cli.exchange.marked_steps")
        marked: Source = marked_steps.with_marks(opened, options.marks)
        return marked
    return opened


def format_of(path: Path, options: Options) -> str:
    """The format of a file, one of `FORMATS`: as given, or by its ending."""
    if path.name.lower().endswith(".xes.gz"):
        return options.format or "xes"
    return options.format or _BY_SUFFIX.get(path.suffix.lower(), "csv")


def nth_column(name: str, nth: int) -> str:
    """How a map names the nth (from 1) of the columns of one name."""
    return f"{name}{NTH}{nth}"


def distinct_names(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns' names, those that several have as `nth_column` says them."""
    times, met = Counter(columns), Counter[str]()
    named = []
    for name in columns:
        met[name] += 1
        named.append(nth_column(name, met[name]) if name and times[name] > 1 else name)
    return tuple(named)


def column_places(columns: Sequence[str]) -> dict[str, int]:
    """The place of each column by its name, where no other has it, and by `nth_column`."""
    places: dict[str, int] = {}
    met = Counter[str]()
    for place, name in enumerate(columns):
        met[name] += 1
        places[nth_column(name, met[name])] = place
    return places | {name: place for place, name in enumerate(columns) if met[name] == 1}


def batched(rows: Iterable[SourceRow]) -> Iterator[Batch]:
    """Single rows, so many at a time."""
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        broken = {place: row.problem for place, row in enumerate(some) if row.problem is not None}
        yield Batch([row.line for row in some], [row.cells for row in some], broken)


def unreadable(path: Path, error: OSError) -> SourceRefused:
    """The system would not let the file be read."""
    said = msg("exchange.unreadable", path=str(path), reason=system_reason(error))
    return SourceRefused(said, hint=refusal(error).hint)


def refused(key: str, path: Path, *, hint: Message | None = None, **params: object) -> SourceRefused:
    """A `SourceRefused` about a file."""
    return SourceRefused(msg(key, path=str(path), **params), hint=hint)
