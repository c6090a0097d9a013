"""The members of a team, and whose each device is, as the records of the kind `member` say."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import slot_named, slot_of
from nippo_cli.base.persons import person_key
from nippo_cli.journal.log import REC, select_records

if TYPE_CHECKING:
    from nippo_cli.journal.read.news import Bounds

MEMBERS: Final = (
    f"select {REC} from record r indexed by record_members where r.kind = 'member' order by r.recorded_at, r.id"
)


class DeviceMember(NamedTuple):
    """Whose a device is: the member's name and role, as it wrote itself, and the day on which it did."""

    slot: int
    name: str
    role: str
    on: str


def left_devices(cx: sqlite3.Connection) -> set[int]:
    """The slots of devices that write for the team no longer: they left, or were taken out. Who may say so: the member whose device
    it is, and a lead."""
    members = {one.slot: one for one in device_members(cx)}
    left: set[int] = set()
    for rec in select_records(cx, MEMBERS):
        by, slot = members.get(slot_of(rec.id)), _device_of(rec.parsed_body)
        of = members.get(slot)
        if (
            rec.parsed_body.get("do") == "leave"
            and by is not None
            and (by.role == "lead" or (of and of.name == by.name))
        ):
            left.add(slot)
    return left


def left_within(cx: sqlite3.Connection, bounds: Collection["Bounds"]) -> list[str]:
    """The members of whom a record within the bounds says that they left, or were taken out, with the last of their devices."""
    left = left_devices(cx)
    said = {
        _device_of(rec.parsed_body)
        for rec in select_records(cx, MEMBERS)
        if rec.parsed_body.get("do") == "leave"
        and any(of["after"] < rec.id < of["before"] and rec.known_on >= of["since"] for of in bounds)
    }
    members = list(device_members(cx))
    there = {person_key(one.name) for one in members if one.slot not in left}
    names = {person_key(one.name): one.name for one in members if one.slot in said & left}
    return [name for key, name in names.items() if key not in there]


def dropped_tails(cx: sqlite3.Connection) -> dict[int, int]:
    """Of each device whose last records were issued anew, as their own member says, by slot behind which number."""
    return dropped_by([(slot_of(rec.id), rec.parsed_body) for rec in select_records(cx, MEMBERS)])


def dropped_by(member_records: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[int, int]:
    """The same, by what the records of members say.

    Args:
        member_records: in their order, each with the slot of the device that wrote it.
    """
    names = {slot: str(said.get("name", "")) for slot, said in member_records if said.get("do") == "begin"}
    dropped: dict[int, int] = {}
    for by, said in member_records:
        slot, after = _device_of(said), said.get("after")
        own = slot in names and names[slot] == names.get(by)
        if said.get("do") == "drop" and isinstance(after, int) and after >= 0 and own:
            dropped[slot] = min(after, dropped.get(slot, after))
    return dropped


def _device_of(said: Mapping[str, Any]) -> int:
    """The slot of the device that a member's record is about; 0 for none."""
    name = str(said.get("device", ""))
    return slot_named(name) if name.isascii() and name.isalnum() else 0


def device_members(cx: sqlite3.Connection) -> Iterator[DeviceMember]:
    """Of each device that said so, whose it is."""
    for rec in select_records(cx, MEMBERS):
        said = rec.parsed_body
        if said.get("do") == "begin":
            yield DeviceMember(slot_of(rec.id), str(said.get("name", "")), str(said.get("role", "")), rec.known_on)
