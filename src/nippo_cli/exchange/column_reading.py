"""What every kind of map is read with: picks, rules, how to read the file; every problem with its line."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from unicodedata import normalize

from nippo_cli.base.errors import Message, Place, Problem, msg
from nippo_cli.base.tax import UnreadableRate, read_rate
from nippo_cli.base.text import nearest
from nippo_cli.exchange.cells import JSON, PERSON
from nippo_cli.exchange.days import BadFormat, reader
from nippo_cli.exchange.mapping import OTHERS, ColumnRef, Rule, Rules
from nippo_cli.exchange.source import FORMATS, NO_HEADER, NTH, Options, nth_column
from nippo_cli.exchange.spreadsheet import column_name
from nippo_cli.exchange.tree import Branch, Leaf, Listing, Tree
from nippo_cli.schema.yaml_wide import typed_wide, wide_key

_FILE = ("type", "encoding", "delimiter", "header", "path", "sheet", "marks")
_PICK = ("column", "columns", "sum", "join", "constant", "values", "format", "empty", "fill", "unit", "tax", "written")
_NAMED = ("name", "nth")
_ORIGINS = ("column", "columns", "sum", "constant")
_UNITS = {"円": 1, "千円": 10**3, "万円": 10**4, "百万円": 10**6, "億円": 10**8}
_MOST_LINES = 10**6
_TAB = ("\\t", "tab")
_LESS = ("-", "−", "－")


class MapReading:
    """One reading of a map, and what it found wrong."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems

    def _file_options(self, tree: Tree | None) -> Options:
        """What stands under `file:`; nothing said is found out."""
        branch = self._branch(tree, "file", _FILE) if tree is not None else None
        if branch is None:
            return Options()
        kind, encoding, delimiter = (
            self._text(branch.get(name), f"file.{name}") for name in ("type", "encoding", "delimiter")
        )
        if kind and kind not in FORMATS:
            self._wrong("file.type", branch.line, kind, msg("exchange.map.one_of", allowed=FORMATS))
        if delimiter in _TAB:
            delimiter = "\t"
        if len(delimiter) > 1 or delimiter in ('"', "\n", "\r"):
            self._wrong("file.delimiter", branch.line, delimiter, msg("exchange.map.delimiter"))
        path = branch.get("path")
        keys = self._texts(path, "file.path")
        return Options(
            format=kind,
            encoding=encoding,
            delimiter=delimiter,
            header=self._header(branch.get("header")),
            sheet=self._text(branch.get("sheet"), "file.sheet"),
            path=tuple(keys[0].split(".") if isinstance(path, Leaf) else keys),
            marks=tuple(map(_named_column, self._texts(branch.get("marks"), "file.marks"))),
        )

    def _header(self, tree: Tree | None) -> int | None:
        """The line that the header stands on; None where it is looked for."""
        said = self._text(tree, "file.header")
        if said == "none":
            return NO_HEADER
        number = self._number(said, _MOST_LINES)
        if tree is not None and number is None:
            self._wrong("file.header", tree.line, said, msg("exchange.map.header"))
        return number

    @staticmethod
    def _number(said: str, most: int) -> int | None:
        """A number from 1 to `most`; None where it is none."""
        plain = normalize("NFKC", said)
        return int(plain) if plain.isascii() and plain.isdigit() and 0 < int(plain[:9]) <= most else None

    def _key(self, tree: Tree | None) -> ColumnRef | None:
        if tree is None:
            return None
        # Apart by a character that no cell holds: `a b` + `c` is not `a` + `b c`.
        return ColumnRef(self._columns(tree, "key"), join="\x1f", line=tree.line)

    def _columns(self, tree: Tree | None, name: str) -> tuple[str, ...]:
        """Columns by their names; the second of two of one name is `{name: 金額, nth: 2}`."""
        if tree is None:
            return ()
        parts = tree.items if isinstance(tree, Listing) else (tree,)
        return tuple(self._column(part, name) for part in parts)

    def _column(self, tree: Tree, name: str) -> str:
        """The column that a map names at a place, plainly or as a mapping; "" where it names none, or a problem was
        noted."""
        if not isinstance(tree, Branch):
            said = self._text(tree, name)
            wide = wide_key(said)
            if wide is not None and wide.key in (*_PICK, *_NAMED):
                self._wrong(name, tree.line, said, wide.needs)
            return _named_column(said)
        branch = self._branch(tree, name, _NAMED)
        if branch is None:
            return ""
        column = column_name(self._text(branch.get("name"), f"{name}.name"))
        said = self._text(branch.get("nth"), f"{name}.nth")
        nth = self._number(said, _MOST_LINES)
        if not column:
            self._wrong(name, tree.line, "", msg("exchange.map.column_needed"))
        if nth is None:
            self._wrong(f"{name}.nth", tree.line, said, msg("exchange.map.nth"))
        return nth_column(column, nth or 1)

    def _changed(self, tree: Tree | None, allowed: Sequence[str]) -> str:
        """What becomes of a row whose key stands for something else; "" where nothing is said."""
        said = self._text(tree, "changed")
        if tree is not None and said not in allowed:
            self._wrong("changed", tree.line, said, msg("exchange.map.one_of", allowed=allowed))
        return said if said in allowed else ""

    def _pick(self, tree: Tree | None, name: str) -> ColumnRef | None:
        """Where a value comes from: `案件`, or `{column: 日付, format: "%Y/%m/%d"}`; None where nothing is said, or it
        can't be read."""
        if tree is None:
            return None
        if isinstance(tree, Leaf):
            column = self._column(tree, name)
            if not column:
                self._wrong(name, tree.line, "", msg("exchange.map.column_needed"))
            return ColumnRef((column,), line=tree.line) if column else None
        branch = self._branch(tree, name, _PICK)
        if branch is None:
            return None
        named = [key for key in _ORIGINS if branch.get(key) is not None]
        if len(named) != 1:
            self._wrong(name, branch.line, ", ".join(named), msg("exchange.map.one_origin"))
            return None
        signs, columns = self._origin(branch, named[0], name)
        return ColumnRef(
            columns=columns,
            join=self._text(branch.get("join"), f"{name}.join", strip=False) or " ",
            constant=self._text(branch.get("constant"), f"{name}.constant") if named == ["constant"] else None,
            values=self._values(branch.get("values"), f"{name}.values"),
            formats=self._formats(branch.get("format"), f"{name}.format"),
            empty=frozenset(self._texts(branch.get("empty"), f"{name}.empty")),
            filled=self._one_word(branch.get("fill"), f"{name}.fill", "down"),
            signs=signs,
            unit=self._unit(branch.get("unit"), f"{name}.unit"),
            tax=self._tax(branch.get("tax"), f"{name}.tax"),
            written=self._written(branch.get("written"), f"{name}.written"),
            line=branch.line,
        )

    def _origin(self, branch: Branch, origin: str, name: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """The columns of a pick, and with `sum` each one's sign: `[数量分, -値引]` is the first less the second."""
        tree = branch.get(origin)
        if origin == "constant" or tree is None:
            return (), ()
        if origin != "sum":
            return (), self._columns(tree, f"{name}.columns")
        signs, columns = [], []
        for part in tree.items if isinstance(tree, Listing) else (tree,):
            said = part.text.strip() if isinstance(part, Leaf) else ""
            signs.append(-1 if said[:1] in _LESS else 1)
            bare = part._replace(text=said[1:]) if isinstance(part, Leaf) and said[:1] in (*_LESS, "+") else part
            columns.append(self._column(bare, f"{name}.sum"))
        if not all(columns):
            self._wrong(f"{name}.sum", branch.line, "", msg("exchange.map.column_needed"))
        return tuple(signs), tuple(columns)

    def _unit(self, tree: Tree | None, name: str) -> int:
        said = self._text(tree, name)
        if tree is not None and said not in _UNITS:
            self._wrong(name, tree.line, said, msg("exchange.map.one_of", allowed=tuple(_UNITS)))
        return _UNITS.get(said, 1)

    def _tax(self, tree: Tree | None, name: str) -> int | None:
        if tree is None:
            return None
        said = self._text(tree, name)
        try:
            return read_rate(said)
        except UnreadableRate as error:
            self._wrong(name, tree.line, said, error.needs)
            return None

    def _written(self, tree: Tree | None, name: str) -> date | None:
        if tree is None:
            return None
        said = self._text(tree, name)
        try:
            return date.fromisoformat(said)
        except ValueError:
            self._wrong(name, tree.line, said, msg("exchange.map.written"))
            return None

    def _one_word(self, tree: Tree | None, name: str, word: str, needs: Message | None = None) -> bool:
        """Whether the one word that a key may have is said."""
        said = self._text(tree, name)
        if tree is not None and said != word:
            self._wrong(name, tree.line, said, needs or msg("exchange.map.one_of", allowed=(word,)))
        return said == word

    def _first_only(self, top: Branch, *keys: str) -> bool:
        """Whether of rows with one key the first counts, which one of the `keys` of the map must name."""
        first = self._one_word(top.get("rows"), "rows", "first")
        if first and not any(top.get(key) is not None for key in keys):
            self._wrong("rows", top.line, "first", msg("exchange.map.first_of_key", keys=keys))
        return first

    def _values(self, tree: Tree | None, name: str) -> Mapping[str, str | None]:
        branch = self._branch(tree, name, None) if tree is not None else None
        texts = {key: self._text(part, f"{name}.{key}") or None for key, _, part in branch.pairs} if branch else {}
        if texts.get(OTHERS) == "empty":
            texts[OTHERS] = None
        return texts

    def _formats(self, tree: Tree | None, name: str) -> tuple[str, ...]:
        formats = tuple(self._texts(tree, name))
        for each in formats:
            try:
                reader(() if each in (JSON, PERSON) else (each,))
            except BadFormat:
                self._wrong(name, tree.line if tree else 0, each, msg("exchange.map.bad_format"))
        return formats

    def _rules(self, tree: Tree | None, name: str) -> Rules:
        if tree is None:
            return ()
        branches = tree.items if isinstance(tree, Listing) else (tree,)
        return tuple(self._every(part, name) for part in branches)

    def _every(self, tree: Tree, name: str) -> tuple[Rule, ...]:
        """The rules of a mapping: `{段階: 受注, 担当: {not: [""]}}` is two."""
        branch = self._branch(tree, name, None)
        rules = []
        for column, line, part in branch.pairs if branch else ():
            negated = isinstance(part, Branch)
            inner = self._branch(part, f"{name}.{column}", ("not",)) if negated else None
            texts = self._texts(inner.get("not") if inner else part, f"{name}.{column}") if inner or not negated else ()
            rules.append(Rule(_named_column(column), frozenset(texts), negated, line))
        if branch and not rules:
            self._wrong(name, tree.line, "", msg("exchange.map.rule_needed"))
        return tuple(rules)

    def _check_empty(self, empty: frozenset[str], picks: Iterable[ColumnRef], conditions: Iterable[Rules]) -> None:
        """A word that is empty is nothing else: a condition or a translation of it would never come true."""
        for pick in picks:
            for word in pick.values:
                if word in empty or word in pick.empty:
                    self._wrong("values", pick.line, word, msg("exchange.map.empty_too"))
        for rule in (rule for rules in conditions for every in rules for rule in every):
            for word in sorted(rule.texts & empty):
                self._wrong(rule.column, rule.line, word, msg("exchange.map.empty_too"))

    def _flag(self, tree: Tree | None, name: str) -> bool:
        said = self._text(tree, name)
        if said not in ("", "true", "false"):
            self._wrong(name, tree.line if tree else 0, said, msg("exchange.map.one_of", allowed=("true", "false")))
        return said == "true"

    def _text(self, tree: Tree | None, name: str, *, strip: bool = True) -> str:
        if tree is None:
            return ""
        if not isinstance(tree, Leaf):
            self._wrong(name, tree.line, "", msg("exchange.map.text_needed"))
            return ""
        said = tree.text
        return said.strip() if strip else said

    def _texts(self, tree: Tree | None, name: str) -> Sequence[str]:
        """A list of texts; one text stands for a list of one."""
        if tree is None:
            return ()
        return [self._text(part, name) for part in (tree.items if isinstance(tree, Listing) else (tree,))]

    def _branch(self, tree: Tree, name: str, allowed: Sequence[str] | None) -> Branch | None:
        if not isinstance(tree, Branch):
            needs = msg("exchange.map.mapping_needed", allowed=allowed) if allowed else msg("exchange.map.pairs_needed")
            said = tree.text if isinstance(tree, Leaf) else ""
            self._wrong(name, tree.line, said, typed_wide(said) or needs)
            return None
        for key, line, _ in tree.pairs if allowed is not None else ():
            if key not in (allowed or ()):
                wide = wide_key(key)
                self._wrong(name, line, key, wide.needs if wide else unknown(key, allowed or ()))
        return tree

    def _wrong(self, field: str, line: int, said: str, needs: Message) -> None:
        problem = Problem(Place(field=field, file=self._file, line=line), said, needs)
        # What stands above the entries is read once for each of them.
        if problem not in self._problems:
            self._problems.append(problem)


def _named_column(said: str) -> str:
    """A column by what a map calls it: its name, or as a map that nippo wrote names one of several."""
    name, parted, nth = said.partition(NTH)
    return nth_column(column_name(name), int(nth)) if parted and nth.isdecimal() else column_name(said)


def unknown(said: str, allowed: Sequence[str]) -> Message:
    """That there is no such name: the nearest ones, or all that there are."""
    near = nearest(said, allowed)
    return msg("exchange.near", names=near) if near else msg("exchange.names", names=tuple(allowed))
