"""The members of a team, and whose each device is, as the records of the kind `member` say."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import slot_of
from nippo_cli.journal.log import REC, select_records

MEMBERS: Final = f"select {REC} from member m cross join record r on r.id = m.id order by r.recorded_at, r.id"


class DeviceMember(NamedTuple):
    """Whose a device is: the member's name and role, as it wrote itself."""

    slot: int
    name: str
    role: str


def device_members(cx: sqlite3.Connection) -> Iterator[DeviceMember]:
    """Of each device that said so, whose it is."""
    for rec in select_records(cx, MEMBERS):
        said = rec.said
        if said.get("do") == "begin":
            yield DeviceMember(slot_of(rec.id), str(said.get("name", "")), str(said.get("role", "")))
