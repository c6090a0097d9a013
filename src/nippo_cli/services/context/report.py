"""An entry as it is typed, and what became of it: what the use cases of writing pass between them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import Place
from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from nippo_cli.line.facts import DealSummary


class Report(NamedTuple):
    """One entry as typed. `raw` is by field key or label; `later` saves it though something is missing;
    `change_customer` lets it say another customer than its deal has. From a file, `where` is where it begins and `lines`
    where each of its keys stands."""

    raw: Mapping[str, object] = MappingProxyType({})
    deal: str | None = None
    on: str | None = None
    by: str | None = None
    new_deal: bool = False
    parent: str | None = None
    meeting: str | None = None
    later: bool = False
    change_customer: bool = False
    where: Place = Place()
    lines: Mapping[str, int] = MappingProxyType({})

    def plain(self) -> dict[str, object]:
        """The report as `--from-file` takes it: what is not said is left out."""
        beside = {key: said for key in _BESIDE if (said := getattr(self, key)) not in (None, False)}
        return {**beside, **self.raw}


# What a report says beside its fields.
_BESIDE = ("deal", "on", "by", "new_deal", "parent", "meeting", "later", "change_customer")
_MARKS = ("new_deal", "later", "change_customer")


def is_plain(said: Mapping[str, object]) -> bool:
    """Whether what a report says beside its fields is of the types that `Report.plain` writes."""
    return all(isinstance(said[key], bool if key in _MARKS else str) for key in _BESIDE if key in said)


def report_of(plain: Mapping[str, Any]) -> Report:
    """The report that `Report.plain` wrote."""
    beside = {key: plain[key] for key in _BESIDE if key in plain}
    return Report({key: value for key, value in plain.items() if key not in _BESIDE}, **beside)


class Appended(NamedTuple):
    """What was written, for the recap. `before` is the deal's head before the entry, None for a new deal; `customer`
    what the write says of the customer, empty for nothing; `left` whose the deal was that an entry without a customer of
    its own left."""

    entry: int
    deal: int | None
    before: "DealSummary | None"
    new_deal: bool
    missing: tuple[str, ...]
    corrected: bool = False
    customer: str = ""
    left: str = ""
