"""The map of a table that is no diary: the ledger's rows, targets. The same picks as a map of entries has.

    source: 会計ソフト
    on: {column: 計上日, format: "%Y/%m/%d"}
    customer: 得意先
    amount: 金額
    reference: 伝票番号           # with `source`, how a second import knows a row again

All of it: docs/sales.md
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nippo_cli.base.errors import Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.cells import JSON
from nippo_cli.exchange.column_reading import MapReading
from nippo_cli.exchange.fit import missing_columns
from nippo_cli.exchange.mapping import CHANGED, ColumnRef, Rules, columns_named, map_refused, options_for, read_text
from nippo_cli.exchange.source import FOUND_OUT, Options, Source, SourceRefused
from nippo_cli.exchange.tree import Tree, read_tree

_TOP = ("source", "file", "empty", "defused", "key", "skip_when", "rows", "totals", "changed")


class TableShape(NamedTuple):
    """What a table's rows have: the parts that a map must name, those that it may, which of them are days, and which name
    what a sum of rows is not; `changed`, what may become of a row that says something else than before."""

    needed: tuple[str, ...]
    may: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    changed: tuple[str, ...] = CHANGED

    @property
    def parts(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.needed, *self.may)


SALES = TableShape(
    ("on", "amount"), ("customer", "deal", "reference", "note", "currency", "known_on", "kind"), ("on", "known_on"),
    ("customer", "deal"),
)  # fmt: skip
TARGETS = TableShape(("owner", "month", "amount"), ("currency", "known_on"), ("known_on",), ("owner",), CHANGED[:2])


@dataclass(frozen=True, slots=True)
class FlatMap:
    """A whole map. `picks` are by the part's name."""

    file: str
    source: str
    picks: Mapping[str, ColumnRef]
    key: ColumnRef | None = None
    skip_when: Rules = ()
    opened_by: Options = FOUND_OUT
    empty: frozenset[str] = frozenset()
    defused: bool = False
    first_only: bool = False
    keeps_totals: bool = False
    changed: str = ""

    def columns(self) -> dict[str, int]:
        """Every column that it names, with the line of the map that names it first."""
        picks = (*self.picks.values(), *((self.key,) if self.key else ()))
        return columns_named(picks, (self.skip_when,))

    def options(self, encoding: str = "") -> Options:
        """How to open the file; `encoding`, if given, stands before the map's own."""
        return options_for(self.opened_by, encoding, self.columns())


def load_flat_map(path: Path, shape: TableShape) -> FlatMap:
    """Read a map from its file.

    Raises:
        NotFound: there is no such file.
        MapRefused: with every problem of it, each with its line.
    """
    problems: list[Problem] = []
    flat_map = read_flat_map(read_text(path), str(path), shape, problems)
    if problems or flat_map is None:
        raise map_refused(str(path), problems)
    return flat_map


def read_flat_map(text: str, file: str, shape: TableShape, problems: list[Problem]) -> FlatMap | None:
    """The map, as far as it can be read; what is wrong is added to `problems`."""
    root = read_tree(text, file, problems)
    return _FlatMapReading(file, problems).map(root, shape) if root is not None else None


def fit_flat_map(flat_map: FlatMap, source: Source, named: Mapping[str, tuple[str, ...]] | None = None) -> FlatMap:
    """The map, once it fits the file.

    Args:
        named: for a table without a map, the names that a part's column may have; the first that the file has is its.

    Raises:
        MapRefused: with each column that the file lacks. SourceRefused: a table without a map lacks one.
    """
    if named is not None:
        flat_map = _by_names(flat_map, source, named)
    problems = list(missing_columns(flat_map.columns(), flat_map.file, source.columns))
    if problems:
        raise map_refused(flat_map.file, problems)
    return flat_map


def _by_names(flat_map: FlatMap, source: Source, named: Mapping[str, tuple[str, ...]]) -> FlatMap:
    """The map of a table that has none, by the names of its columns."""
    columns = {part: next((name for name in names if name in source.columns), "") for part, names in named.items()}
    lacking = [part for part, column in columns.items() if not column]
    if lacking:
        part = lacking[0]
        said = msg(
            f"exchange.flat.lacks_{part}",
            file=flat_map.source,
            names=named[part],
            columns=tuple(filter(None, source.columns)),
        )
        raise SourceRefused(said, hint=msg("exchange.flat.map_hint"))
    return replace(flat_map, picks={part: ColumnRef((column,)) for part, column in columns.items()})


class _FlatMapReading(MapReading):
    """One reading of such a map."""

    def map(self, root: Tree, shape: TableShape) -> FlatMap | None:
        top = self._branch(root, "", (*_TOP, *shape.parts))
        if top is None:
            return None
        source = self._text(top.get("source"), "source")
        if not source:
            self._wrong("source", top.line, "", msg("exchange.map.source_needed"))
        picks = {part: pick for part in shape.parts if (pick := self._pick(top.get(part), part)) is not None}
        for part in shape.needed:
            if part not in picks:
                self._wrong(part, top.line, "", msg("exchange.flat.needed", part=part))
        for part, pick in picks.items():
            if pick.formats and (part not in shape.days or JSON in pick.formats):
                self._wrong(part, pick.line, " ".join(pick.formats), msg("exchange.flat.no_format", days=shape.days))
            if pick.counts and part != "amount":
                self._wrong(part, pick.line, part, msg("exchange.map.no_amount"))
        flat_map = FlatMap(
            file=self._file,
            source=source,
            picks=picks,
            key=self._key(top.get("key")),
            skip_when=self._rules(top.get("skip_when"), "skip_when"),
            opened_by=self._file_options(top.get("file")),
            empty=frozenset(self._texts(top.get("empty"), "empty")),
            defused=self._flag(top.get("defused"), "defused"),
            first_only=self._first_only(top, "key", *(("reference",) if "reference" in shape.parts else ())),
            keeps_totals=self._one_word(top.get("totals"), "totals", "keep"),
            changed=self._changed(top.get("changed"), shape.changed),
        )
        self._check_empty(flat_map.empty, flat_map.picks.values(), (flat_map.skip_when,))
        return flat_map
