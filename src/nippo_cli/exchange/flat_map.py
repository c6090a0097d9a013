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
from nippo_cli.base.language import current
from nippo_cli.exchange.bookkeeping import (
    ACCOUNT_KINDS,
    AMOUNT,
    CUSTOMER,
    KEY,
    KIND,
    REFERENCE,
    TAX,
    Bookkeeping,
    BookSide,
)
from nippo_cli.exchange.cells import JSON
from nippo_cli.exchange.column_reading import MapReading
from nippo_cli.exchange.fit import missing_columns, shown_columns
from nippo_cli.exchange.mapping import (
    CHANGED,
    ColumnRef,
    Rule,
    Rules,
    columns_named,
    map_refused,
    options_for,
    read_text,
)
from nippo_cli.exchange.source import FOUND_OUT, Options, Source, SourceRefused
from nippo_cli.exchange.tree import Branch, Tree, read_tree

_TOP = ("source", "file", "empty", "defused", "key", "skip_when", "rows", "totals", "changed")


_BOOKS = ("slip", "continues", "side", "credit", "debit", "net", "tax", "accounts", "customer", "reference")
# What books make of a line, by the part that it is.
_OF_BOOKS = {"amount": AMOUNT, "customer": CUSTOMER, "kind": KIND, "amount_tax": TAX}
_NO_REVENUE: Rules = ((Rule(KIND, frozenset(("",)), negated=False, line=0),),)


class TableShape(NamedTuple):
    """What a table's rows have: the parts that a map must name, those that it may, which of them are days, and which name
    what a sum of rows is not; `one_of`, those of which a map must name one at least; `changed`, what may become of a row
    that says something else than before; whether its rows may be lines of `books`."""

    needed: tuple[str, ...]
    may: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    changed: tuple[str, ...] = CHANGED[:3]
    books: bool = False
    one_of: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.needed, *self.may)


SALES = TableShape(
    ("on", "amount"), ("customer", "deal", "reference", "note", "currency", "known_on", "kind", "amount_tax"),
    ("on", "known_on"), ("customer", "deal"), books=True,
)  # fmt: skip
WHOSE = ("owner", "team", "kind")
TARGETS = TableShape(
    ("month", "amount"), (*WHOSE, "currency", "known_on"), ("known_on",), ("owner",), CHANGED[:2], one_of=WHOSE
)


@dataclass(frozen=True, slots=True)
class FlatMap:
    """A whole map. `picks` are by the part's name; of `books` what they make of a line is picked besides."""

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
    books: Bookkeeping | None = None

    def columns(self) -> dict[str, int]:
        """Every column that it names, with the line of the map that names it first."""
        picks = (*self.picks.values(), *((self.key,) if self.key else ()))
        own = dict.fromkeys(self.books.columns(), self.books.line) if self.books else {}
        return columns_named(picks, (self.skip_when,)) | own

    def options(self, encoding: str = "", sheet: str = "") -> Options:
        """How to open the file; `encoding` and `sheet`, if given, stand before the map's own."""
        return options_for(self.opened_by, encoding, self.columns(), sheet)


def load_flat_map(path: Path, shape: TableShape) -> FlatMap:
    """Read a map from its file.

    Raises:
        NotFound: there is no such file.
        MapRefused: with every problem of it, each with its line.
    """
    return read_flat_map_text(read_text(path), str(path), shape)


def read_flat_map_text(text: str, file: str, shape: TableShape) -> FlatMap:
    """A map of a file, by its text.

    Raises:
        MapRefused: with every problem of it, each with its line.
    """
    problems: list[Problem] = []
    flat_map = read_flat_map(text, file, shape, problems)
    if problems or flat_map is None:
        raise map_refused(file, problems)
    return flat_map


def read_flat_map(text: str, file: str, shape: TableShape, problems: list[Problem]) -> FlatMap | None:
    """The map, as far as it can be read; what is wrong is added to `problems`."""
    root = read_tree(text, file, problems)
    return _FlatMapReading(file, problems).map(root, shape) if root is not None else None


def fit_flat_map(flat_map: FlatMap, source: Source, named: Mapping[str, tuple[str, ...]] | None = None) -> FlatMap:
    """The map, once it fits the file.

    Args:
        named: for a table without a map, the names that a part's column may have; the first that the file has is its. Whose a
            target is needs one column of `WHOSE`.

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
    whose = WHOSE[1:] if not any(columns.get(part) for part in WHOSE) else WHOSE
    lacking = [part for part, column in columns.items() if not column and part not in whose]
    if lacking:
        part = lacking[0]
        said = msg(
            f"exchange.flat.lacks_{part}",
            file=flat_map.source,
            names=tuple(name for name in named[part] if name.isascii() or current() == "ja"),
            columns=shown_columns(source.columns),
        )
        raise SourceRefused(said, hint=msg("exchange.flat.map_hint"))
    return replace(flat_map, picks={part: ColumnRef((column,)) for part, column in columns.items() if column})


class _FlatMapReading(MapReading):
    """One reading of such a map."""

    def _books(self, tree: Tree | None, top: Branch, picks: dict[str, ColumnRef]) -> Bookkeeping | None:
        """How books are read; what they make of a line is picked."""
        branch = self._branch(tree, "bookkeeping", _BOOKS) if tree is not None else None
        if branch is None:
            return None
        for part in (*_OF_BOOKS, "key"):
            if top.get(part) is not None:
                self._wrong(part, branch.line, part, msg("exchange.books.said", part=part))
        picks |= {part: ColumnRef((column,), line=branch.line) for part, column in _OF_BOOKS.items()}
        picks.setdefault("reference", ColumnRef((REFERENCE,), line=branch.line))
        picks["amount"] = picks["amount"]._replace(tax=self._tax(branch.get("tax"), "bookkeeping.tax"))
        credit = self._side(branch.get("credit"), "credit") or BookSide("", "")
        debit = self._side(branch.get("debit"), "debit")
        side = self._pick(branch.get("side"), "bookkeeping.side")
        if not (credit.tax or (debit and debit.tax)) or picks["amount"].tax is not None:
            del picks["amount_tax"]
        if not credit.account or not credit.amount or (debit is None) == (side is None):
            self._wrong("bookkeeping", branch.line, "", msg("exchange.books.sides"))
        said = branch.get("accounts")
        accounts = self._branch(said, "accounts", None) if said is not None else None
        kinds = {name: self._text(part, f"accounts.{name}") for name, _, part in accounts.pairs} if accounts else {}
        for name, kind in kinds.items():
            if kind not in ACCOUNT_KINDS:
                self._wrong(f"accounts.{name}", branch.line, kind, msg("exchange.map.one_of", allowed=ACCOUNT_KINDS))
        return Bookkeeping(
            debit or credit,
            credit,
            slip=self._text(branch.get("slip"), "bookkeeping.slip"),
            continues=self._rules(branch.get("continues"), "bookkeeping.continues"),
            side=side.columns[0] if side and side.columns else "",
            credited=frozenset(said for said, means in side.values.items() if means == "credit")
            if side
            else frozenset(),
            net=self._rules(branch.get("net"), "bookkeeping.net"),
            accounts=kinds,
            customer=self._columns(branch.get("customer"), "bookkeeping.customer"),
            reference=self._text(branch.get("reference"), "bookkeeping.reference"),
            line=branch.line,
        )

    def _side(self, tree: Tree | None, name: str) -> BookSide | None:
        branch = self._branch(tree, f"bookkeeping.{name}", BookSide._fields) if tree is not None else None
        if branch is None:
            return None
        return BookSide(**{part: self._text(branch.get(part), f"{name}.{part}") for part in BookSide._fields})

    def map(self, root: Tree, shape: TableShape) -> FlatMap | None:
        top = self._branch(root, "", (*_TOP, *(("bookkeeping",) if shape.books else ()), *shape.parts))
        if top is None:
            return None
        source = self._text(top.get("source"), "source")
        if not source:
            self._wrong("source", top.line, "", msg("exchange.map.source_needed"))
        picks = {part: pick for part in shape.parts if (pick := self._pick(top.get(part), part)) is not None}
        books = self._books(top.get("bookkeeping"), top, picks) if shape.books else None
        for part in shape.needed:
            if part not in picks:
                self._wrong(part, top.line, "", msg("exchange.flat.needed", part=part))
        if shape.one_of and not picks.keys() & set(shape.one_of):
            self._wrong(shape.one_of[0], top.line, "", msg("exchange.flat.one_of", parts=shape.one_of))
        for part, pick in picks.items():
            if pick.formats and (part not in shape.days or JSON in pick.formats):
                self._wrong(part, pick.line, " ".join(pick.formats), msg("exchange.flat.no_format", days=shape.days))
            if pick.counts and part != "amount":
                self._wrong(part, pick.line, part, msg("exchange.map.no_amount"))
        flat_map = FlatMap(
            file=self._file,
            source=source,
            picks=picks,
            key=ColumnRef((KEY,)) if books else self._key(top.get("key")),
            skip_when=(*self._rules(top.get("skip_when"), "skip_when"), *(_NO_REVENUE if books else ())),
            opened_by=self._file_options(top.get("file")),
            empty=frozenset(self._texts(top.get("empty"), "empty")),
            defused=self._flag(top.get("defused"), "defused"),
            first_only=self._first_only(top, "key", *(("reference",) if "reference" in shape.parts else ())),
            keeps_totals=self._one_word(top.get("totals"), "totals", "keep"),
            changed=self._changed(top.get("changed"), shape.changed),
            books=books,
        )
        self._check_empty(flat_map.empty, flat_map.picks.values(), (flat_map.skip_when,))
        return flat_map
