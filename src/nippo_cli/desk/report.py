"""An entry as it is typed, and what became of it: what the use cases of writing pass between them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from nippo_cli.errors import Place
from nippo_cli.frozen import NamedTuple

if TYPE_CHECKING:
    from nippo_cli.line.facts import Head


class Report(NamedTuple):
    """One entry as typed. `raw` is by field key or label; `later` saves it though something is missing. From a file,
    `where` is where it begins and `lines` where each of its keys stands."""

    raw: Mapping[str, object] = MappingProxyType({})
    deal: str | None = None
    on: str | None = None
    by: str | None = None
    new_deal: bool = False
    parent: str | None = None
    meeting: str | None = None
    later: bool = False
    where: Place = Place()
    lines: Mapping[str, int] = MappingProxyType({})


class Appended(NamedTuple):
    """What was written, for the recap. `before` is the deal's head before the entry, None for a new deal."""

    entry: int
    deal: int | None
    before: "Head | None"
    new_deal: bool
    missing: tuple[str, ...]
    corrected: bool = False
