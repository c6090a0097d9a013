"""Which program a file comes from, by the names of its columns. A source is a file in `profiles/`; `_words.yaml` says what people
call columns and stages in sheets of their own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from unicodedata import normalize

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.source import NTH

_FOLDER: Final = Path(__file__).with_name("profiles")
_WORDS, _ACCOUNTS = "_words", "_accounts"
_BRACKETS: Final = re.compile(r"[(\[（［【][^)\]）］】]*[)\]）］】]")
_BETWEEN: Final = re.compile(r"[\s_\-./:：・*＊■●◆○]+")

_BOOKS: Final = ("continues", "side", "net")

Roles = Mapping[str, tuple[str, ...]]


class Profile(NamedTuple):
    """How a program names its columns. `must` are names of which the header has one of each group; `columns` says by role what
    holds it, first names first; `also` are other columns by which it is known. `of`: it holds `entries` or `sales`. `shape`: a row
    is a deal as it stands (`snapshot`), a step of one (`history`), a contact (`diary`), one field of a step (`fields`), a card of a
    person (`cards`) or a line of books (`books`). `moves`: columns that hold the day on which the stage in their name was entered;
    `fields`: of the shape `fields`, what a field is called by role. `books`: of the shape `books` what is said in the words of a map
    (`exchange/bookkeeping.py`); `headless`: how many columns a file without a header has, and what its first cell may be.
    `constants`: what all rows are, by role, by the names that a schema may have for it."""

    key: str
    name: str
    shape: str
    must: tuple[tuple[str, ...], ...]
    least: int
    columns: Roles
    also: tuple[str, ...] = ()
    moves: str = ""
    fields: Roles = MappingProxyType({})
    of: str = "entries"
    books: Mapping[str, Any] = MappingProxyType({})
    headless: Mapping[str, Any] = MappingProxyType({})
    constants: Roles = MappingProxyType({})

    def names(self) -> frozenset[str]:
        """Every column that it knows."""
        return frozenset((*self.also, *(name for names in self.columns.values() for name in names)))


class KnownWords(NamedTuple):
    """What people call columns, by role; stages, a step a group; and what ends a deal. All as `header_key` has them."""

    columns: Roles
    stages: tuple[tuple[str, ...], ...]
    won: frozenset[str]
    lost: frozenset[str]


class AccountWords(NamedTuple):
    """What accounts are called, by what their lines are, and how accounts of revenue end; words that may mean revenue; what the tax
    on sales is called; and what people call the columns of a list of sales, by role. All as `header_key` has them."""

    named: Roles
    sale_endings: tuple[str, ...]
    doubtful: tuple[str, ...]
    tax: tuple[str, ...]
    columns: Roles


class Recognised(NamedTuple):
    """A profile that a header fits: how many of its columns it knows, and the column of each role."""

    profile: Profile
    score: int
    roles: Mapping[str, str]


def recognise(columns: Sequence[str], of: str = "") -> Recognised | None:
    """The profile that knows most of a header's columns, of those whose `must` it has; None where it is nobody's.

    Args:
        of: what the profile is to hold, `entries` or `sales`; "" for either.
    """
    there = {header_key(name): name for name in reversed(columns) if name}
    best: Recognised | None = None
    for profile in profiles():
        if profile.headless or of not in ("", profile.of):
            continue
        known = {header_key(name) for name in profile.names()}
        score = len(known & there.keys())
        has_all = all(any(header_key(name) in there for name in group) for group in profile.must)
        if has_all and score >= profile.least and (best is None or score > best.score):
            roles = {role: column for role, names in profile.columns.items() if (column := _first(names, there))}
            best = Recognised(profile, score, roles)
    return best


def recognise_headless(first_row: Sequence[str]) -> Recognised | None:
    """The profile of a file without a header, by its first row; None where it is nobody's."""
    for profile in profiles():
        how = profile.headless
        if how and int(how["least"]) <= len(first_row) <= int(how["most"]) and first_row[0].strip() in how["flags"]:
            return Recognised(profile, len(first_row), {role: names[0] for role, names in profile.columns.items()})
    return None


# What says that a list is one of deals or contacts; nothing of it stands in a list of what was billed.
_OF_DEALS: Final = ("stage", "status", "confidence", "closes", "next_step", "next_on", "began", "closed", "activity", "people",
                    "lost_reason", "competitor")  # fmt: skip
_OF_BILLS: Final = ("請求", "invoice")
# When an invoice is to be paid.
_PAYMENT: Final = frozenset(("duedate", "期限"))


def sales_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns by which a list is one of sales or invoices (`請求番号`, `請求日`, `請求金額`), whosever it is; none where it may be one
    of deals: for each column that such a list would have there must be one more that only a ledger has."""
    keys = {header_key(column): column for column in columns if column}
    of_deals = {key for names in words().columns.values() for key in names}
    of_sales = {key for names in account_words().columns.values() for key in names}
    own = tuple(
        column for key, column in keys.items() if key.startswith(_OF_BILLS) or (key in of_sales and key not in of_deals)
    )
    signs = {role for role in _OF_DEALS for name in words().columns[role] if name in keys and name not in _PAYMENT}
    return own if len(own) >= 2 + len(signs) else ()


def _first(names: Sequence[str], there: Mapping[str, str]) -> str:
    return next((there[header_key(name)] for name in names if header_key(name) in there), "")


def header_key(name: str) -> str:
    """A column's name to match by: width and case apart, without brackets, blanks and signs: `商談 所有者*` is `商談所有者`."""
    name = name.partition(NTH)[0]
    bare = _BETWEEN.sub("", normalize("NFKC", _BRACKETS.sub("", name)).casefold())
    return bare or _BETWEEN.sub("", normalize("NFKC", name).casefold())


def known_columns() -> frozenset[str]:
    """The names by which a header is matched below titles: those of every profile, and what people call columns."""
    names = {name for profile in profiles() for name in profile.names() if not name.isdecimal()}
    return _in_any_case(names.union(*_words_tree()["columns"].values()))


def known_ledger_columns() -> frozenset[str]:
    """The same of a ledger's file."""
    names = {name for profile in profiles() for name in profile.names() if not name.isdecimal()}
    return _in_any_case(names.union(*_tree(_FOLDER / f"{_ACCOUNTS}.yaml")["columns"].values()))


def _in_any_case(names: Iterable[str]) -> frozenset[str]:
    """Names as heads write them: `Close date`, `Close Date`, `CLOSE DATE`."""
    return frozenset(
        form
        for name in names
        for form in ((name, name.capitalize(), name.title(), name.upper()) if name.isascii() else (name,))
    )


@cache
def profiles() -> tuple[Profile, ...]:
    """Every profile, by the names of their files."""
    made = []
    for path in sorted(_FOLDER.glob("*.yaml")):
        if not path.stem.startswith("_"):
            said = _tree(path)
            made.append(
                Profile(
                    path.stem, said["name"], said["shape"], tuple(map(tuple, said["must"])), int(said["least"]),
                    _roles(said["columns"]), tuple(said.get("also", ())), said.get("moves", ""), _roles(said.get("fields", {})),
                    said.get("of", "entries"), {key: said[key] for key in _BOOKS if key in said}, said.get("headless", {}),
                    _roles(said.get("constants", {})),
                )
            )  # fmt: skip
    return tuple(made)


@cache
def words() -> KnownWords:
    """What people call columns and stages."""
    said = _words_tree()
    return KnownWords(
        {role: tuple(map(header_key, names)) for role, names in said["columns"].items()},
        tuple(tuple(map(stage_key, group)) for group in said["stages"]),
        frozenset(map(stage_key, said["won"])),
        frozenset(map(stage_key, said["lost"])),
    )


@cache
def account_words() -> AccountWords:
    """What accounts and the columns of lists of sales are called."""
    said = _tree(_FOLDER / f"{_ACCOUNTS}.yaml")
    named, columns = (
        {what: tuple(map(header_key, names)) for what, names in said[key].items()} for key in ("accounts", "columns")
    )
    endings, doubtful, tax = (tuple(map(header_key, said[key])) for key in ("sale_endings", "doubtful", "tax"))
    return AccountWords(named, endings, doubtful, tax, columns)


def stage_key(name: str) -> str:
    """A stage's name to match by: `1. 提案中` is `提案中`, `Closed-Won` is `closedwon`."""
    return _BETWEEN.sub("", re.sub(r"^[\d①-⑳]+[.)．、:\s-]+", "", normalize("NFKC", name).casefold().strip()))


@cache
def _words_tree() -> Mapping[str, Any]:
    return _tree(_FOLDER / f"{_WORDS}.yaml")


def _tree(path: Path) -> Mapping[str, Any]:
    import yaml

    # libyaml's takes a ninth of the time: a tenth of a second of each proposal.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    loaded: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return loaded


def _roles(said: Mapping[str, Sequence[str]]) -> Roles:
    return {role: tuple(names) for role, names in said.items()}
