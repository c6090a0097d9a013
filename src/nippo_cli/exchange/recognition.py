"""Which program a file comes from, by the names of its columns. A source is a file in `profiles/`; `_words.yaml` says what people
call columns and stages in sheets of their own."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from unicodedata import normalize

from nippo_cli.base.frozen import NamedTuple

_FOLDER: Final = Path(__file__).with_name("profiles")
_WORDS: Final = "_words"
_BRACKETS: Final = re.compile(r"[(\[（［【][^)\]）］】]*[)\]）］】]")
_BETWEEN: Final = re.compile(r"[\s_\-./:：・*＊■●◆○]+")

Roles = Mapping[str, tuple[str, ...]]


class Profile(NamedTuple):
    """How a program names its columns. `must` are names of which the header has one of each group; `columns` says by role what
    holds it, first names first; `also` are other columns by which it is known. `shape`: a row is a deal as it stands
    (`snapshot`), a step of one (`history`), a contact (`diary`) or one field of a step (`fields`). `moves`: columns that hold the day on
    which the stage in their name was entered; `fields`: of the shape `fields`, what a field is called by role."""

    key: str
    name: str
    shape: str
    must: tuple[tuple[str, ...], ...]
    least: int
    columns: Roles
    also: tuple[str, ...] = ()
    moves: str = ""
    fields: Roles = MappingProxyType({})

    def names(self) -> frozenset[str]:
        """Every column that it knows."""
        return frozenset((*self.also, *(name for names in self.columns.values() for name in names)))


class KnownWords(NamedTuple):
    """What people call columns, by role; stages, a step a group; and what ends a deal. All as `header_key` has them."""

    columns: Roles
    stages: tuple[tuple[str, ...], ...]
    won: frozenset[str]
    lost: frozenset[str]


class Recognised(NamedTuple):
    """A profile that a header fits: how many of its columns it knows, and the column of each role."""

    profile: Profile
    score: int
    roles: Mapping[str, str]


def recognise(columns: Sequence[str]) -> Recognised | None:
    """The profile that knows most of a header's columns, of those whose `must` it has; None where it is nobody's."""
    there = {header_key(name): name for name in reversed(columns) if name}
    best: Recognised | None = None
    for profile in profiles():
        known = {header_key(name) for name in profile.names()}
        score = len(known & there.keys())
        has_all = all(any(header_key(name) in there for name in group) for group in profile.must)
        if has_all and score >= profile.least and (best is None or score > best.score):
            roles = {role: column for role, names in profile.columns.items() if (column := _first(names, there))}
            best = Recognised(profile, score, roles)
    return best


def _first(names: Sequence[str], there: Mapping[str, str]) -> str:
    return next((there[header_key(name)] for name in names if header_key(name) in there), "")


def header_key(name: str) -> str:
    """A column's name to match by: width and case apart, without brackets, blanks and signs: `商談 所有者*` is `商談所有者`."""
    bare = _BETWEEN.sub("", normalize("NFKC", _BRACKETS.sub("", name)).casefold())
    return bare or _BETWEEN.sub("", normalize("NFKC", name).casefold())


def known_columns() -> frozenset[str]:
    """The names by which a header is matched below titles: those of every profile, and what people call columns."""
    names = {name for profile in profiles() for name in profile.names()}
    return frozenset(names.union(*_words_tree()["columns"].values()))


@cache
def profiles() -> tuple[Profile, ...]:
    """Every profile, by the names of their files."""
    made = []
    for path in sorted(_FOLDER.glob("*.yaml")):
        if path.stem != _WORDS:
            said = _tree(path)
            made.append(
                Profile(
                    path.stem, said["name"], said["shape"], tuple(map(tuple, said["must"])), int(said["least"]),
                    _roles(said["columns"]), tuple(said.get("also", ())), said.get("moves", ""), _roles(said.get("fields", {})),
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


def stage_key(name: str) -> str:
    """A stage's name to match by: `1. 提案中` is `提案中`, `Closed-Won` is `closedwon`."""
    return _BETWEEN.sub("", re.sub(r"^[\d①-⑳]+[.)．、:\s-]+", "", normalize("NFKC", name).casefold().strip()))


@cache
def _words_tree() -> Mapping[str, Any]:
    return _tree(_FOLDER / f"{_WORDS}.yaml")


def _tree(path: Path) -> Mapping[str, Any]:
    import yaml

    loaded: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return loaded


def _roles(said: Mapping[str, Sequence[str]]) -> Roles:
    return {role: tuple(names) for role, names in said.items()}
