"""The import map: a small YAML file that says which column is what. Its shape is checked here, against nothing else.

    source: maven-crm            # where the rows come from; with the key, how a second import knows a row again
    key: opportunity_id          # the column, or columns, that name a row
    deal: opportunity_id
    author: sales_agent
    fields:
      customer: account
    entries:                     # the entries that one row makes; what they share stands above
      - on: {column: engage_date, format: "%Y-%m-%d"}
        fields: {stage: {constant: engaging}}
      - when: {deal_stage: [Won, Lost]}
        on: {column: close_date, format: "%Y-%m-%d"}
        fields: {stage: deal_stage}

All of it: docs/import.md
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nippo_cli.base.errors import (
    ExitCode,
    NippoError,
    NotFound,
    Place,
    Problem,
    msg,
    refusal,
    system_reason,
)
from nippo_cli.base.files import read_whole
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.source import FOUND_OUT, NTH, Options

_LARGEST_MIB = 1
# What becomes of a row whose key stands for something else.
CHANGED = ("reject", "amend", "add", "keep")
# The columns by which an export's rows are known.
EXPORT_KEY = ("nippo_id", "nippo_hash")
OTHERS = "*"


class MapRefused(NippoError):
    """A map with problems, in itself or against the file and the schema."""

    exit_code = ExitCode.USAGE


class ColumnRef(NamedTuple):
    """Where a value comes from: columns joined, or a constant. `values` translates a cell (to None: empty; `OTHERS` stands for
    all that it does not name); `formats` read a date; `empty` are cells that count as empty; an empty cell is `filled` from the
    row above. Of amounts, `signs` are +1 and -1 where columns are added up, and `unit` is what 1 stands for, `tax`
    the rate of the tax that is in them and to be taken off (None where nothing is said). `written` is the day on which
    somebody wrote days without a year: each is the latest by then. `line` is the map's."""

    columns: tuple[str, ...]
    join: str = " "
    constant: str | None = None
    values: Mapping[str, str | None] = {}
    formats: tuple[str, ...] = ()
    empty: frozenset[str] = frozenset()
    filled: bool = False
    signs: tuple[int, ...] = ()
    unit: int = 1
    tax: int | None = None
    written: date | None = None
    line: int = 0

    @property
    def counts(self) -> bool:
        """Whether its cells are amounts to be reckoned with before a field reads them."""
        return bool(self.signs) or self.unit != 1 or bool(self.tax)


class Rule(NamedTuple):
    """A column must hold one of the texts, or, where `negated`, none of them."""

    column: str
    texts: frozenset[str]
    negated: bool
    line: int


# Each tuple of rules is met when all of its rules are; the whole when any tuple is.
Rules = tuple[tuple[Rule, ...], ...]


@dataclass(frozen=True, slots=True)
class EntryMap:
    """One entry that a row makes. `part` tells it from the row's other entries; `deal_key` is how the source knows its deal,
    whatever that is called; `owner` whose the deal is from that entry on; a `snapshot` says what is on its day, not what
    happened. `dated_by_export`: its day is that of the file, and no change where a later file says all else as before."""

    part: str
    when: Rules
    on: ColumnRef | None
    known_on: ColumnRef | None
    deal: ColumnRef | None
    deal_key: ColumnRef | None
    owner: ColumnRef | None
    author: ColumnRef | None
    incomplete: ColumnRef | None
    snapshot: ColumnRef | None
    fields: Mapping[str, ColumnRef]
    line: int
    dated_by_export: bool = False

    def picks(self) -> Iterator[ColumnRef]:
        """Everything that it takes from a row."""
        own = (
            self.on,
            self.known_on,
            self.deal,
            self.deal_key,
            self.owner,
            self.author,
            self.incomplete,
            self.snapshot,
        )
        for pick in own:
            if pick is not None:
                yield pick
        yield from self.fields.values()


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A whole map. `empty` are the cells that count as empty everywhere; `defused`: a `'` before a formula is ours;
    `first_only`: of rows with one key the first counts; `keeps_totals`: no row is left out for being one of totals;
    `changes_customer`: a row may give its deal another customer; `ignores_required`: what the
    schema requires may be missing; `changed`: what becomes of a row whose key stands for an entry
    that says something else, "" where nothing is said; `goes_on`: columns such that a row in which nothing else is filled in goes on
    with the row above."""

    file: str
    source: str
    key: ColumnRef | None
    skip_when: Rules
    entries: tuple[EntryMap, ...]
    opened_by: Options = FOUND_OUT
    empty: frozenset[str] = frozenset()
    defused: bool = False
    first_only: bool = False
    keeps_totals: bool = False
    changes_customer: bool = False
    ignores_required: bool = False
    changed: str = ""
    goes_on: tuple[str, ...] = ()

    @property
    def says_owners(self) -> bool:
        """Whether an entry may say whose its deal is, or how its source knows it by a key."""
        return any(entry.owner is not None or entry.deal_key is not None for entry in self.entries)

    @property
    def has_row_a_deal(self) -> bool:
        """Whether no two rows are of one deal: the source knows the deal by what it knows the row by."""
        key = self.key.columns if self.key is not None else ()
        of_deals = [entry.deal_key for entry in self.entries]
        return len(key) == 1 and all(
            one is not None and one.columns == key and not one.values and not one.empty and not one.filled
            for one in of_deals
        )

    @property
    def reads_export(self) -> bool:
        """Whether its rows are entries that nippo exported."""
        return self.key is not None and self.key.columns == EXPORT_KEY

    def columns(self) -> dict[str, int]:
        """Every column that it names, with the line of the map that names it first."""
        more = dict.fromkeys((*self.goes_on, *self.opened_by.marks), 0)
        return more | columns_named(self.picks(), (self.skip_when, *(e.when for e in self.entries)))

    def picks(self) -> Sequence[ColumnRef]:
        """Everything that is taken from a row."""
        return (*(p for e in self.entries for p in e.picks()), *((self.key,) if self.key else ()))

    def options(self, encoding: str = "", sheet: str = "") -> Options:
        """How to open the file; `encoding` and `sheet`, if given, stand before the map's own."""
        return options_for(self.opened_by, encoding, self.columns(), sheet)


def options_for(options: Options, encoding: str, columns: Iterable[str], sheet: str = "") -> Options:
    """How to open a file by a map that names these columns. Of a column that is the nth of its name the name is looked for."""
    wanted = frozenset(name.partition(NTH)[0] for name in columns)
    return options._replace(encoding=encoding or options.encoding, sheet=sheet or options.sheet, wanted=wanted)


def columns_named(picks: Iterable[ColumnRef], conditions: Iterable[Rules]) -> dict[str, int]:
    """Every column that picks and rules name, with the line that names it first."""
    lines: dict[str, int] = {}
    for pick in picks:
        for column in pick.columns:
            lines.setdefault(column, pick.line)
    for rules in conditions:
        for rule in (r for every in rules for r in every):
            lines.setdefault(rule.column, rule.line)
    return lines


def read_text(path: Path) -> str:
    """The text of a map's file.

    Raises:
        NotFound: there is no such file. UsageError: it is no file, or larger than any map.
        MapRefused: it can't be read, or is not UTF-8.
    """
    try:
        return read_whole(path, _LARGEST_MIB).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(msg("exchange.no_file", path=str(path))) from error
    except OSError as error:
        reason = system_reason(error)
        said = msg("exchange.unreadable", path=str(path), reason=reason)
        raise MapRefused(said, hint=refusal(error).hint) from error
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        problem = Problem(Place(file=str(path), line=line), "", msg("exchange.map.utf8"))
        raise map_refused(str(path), [problem]) from error


def map_refused(file: str, problems: list[Problem]) -> MapRefused:
    """The map, with all that is wrong with it, in the order of its lines."""
    ordered = sorted(problems, key=lambda p: p.where.line or 0)
    return MapRefused(msg("exchange.map.refused", path=file, n=len(ordered)), problems=ordered)
