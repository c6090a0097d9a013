"""What a journal's file is set to, also where that is damaged: its time zone, and which device writes to it."""

import sqlite3
from typing import Final

from nippo_cli.base.dates import is_zone
from nippo_cli.base.errors import JournalError, msg
from nippo_cli.base.ids import number_of, record_id
from nippo_cli.journal.log.records import rows
from nippo_cli.journal.log.statements import META

META_VALUES: Final = "select value from meta"
DEVICE: Final = "select d.slot, d.id, d.last_number from device d, meta m where m.key = 'device' and d.slot = m.value"
LAST_ID: Final = "select max(id) from record where id > ? and id < ?"


# The journal's note of the team that it is of; and the slot of the device that writes to it, if it is of one.
TEAM: Final = "team"
# The journal's note of its member's role in the team.
ROLE: Final = "team_role"
TEAM_SLOT: Final = "select d.value from meta t join meta d on d.key = 'device' where t.key = 'team'"

# So many records at the end may be missing from a damaged file; a number that is farther ahead is damaged itself.
_LOST_AT_MOST = 1 << 20


def meta(cx: sqlite3.Connection, key: str) -> str:
    """A fact of the journal; empty where it has none, or none that can be read."""
    value = next(rows(cx, META, (key,)), ("",))[0]
    return value if isinstance(value, str) and "\ufffd" not in value else ""


def bare_slot(cx: sqlite3.Connection) -> int:
    """The slot of the device whose records are meant by numbers without a name: one's own in a team, else 0."""
    row = cx.execute(TEAM_SLOT).fetchone()
    return int(row[0]) if row is not None and str(row[0]).isdigit() else 0


def own_device(cx: sqlite3.Connection) -> str:
    """The random id of the device that writes to the file; empty where its note of it is damaged."""
    row = next(rows(cx, DEVICE), None)
    return str(row[1]) if row is not None else ""


def time_zone(cx: sqlite3.Connection) -> str:
    """The IANA time zone that days are counted in; if its name is damaged, the one that it differs from in one letter.

    Raises:
        JournalError: nothing tells which.
    """
    said = next(rows(cx, META, ("time_zone",)), ("",))[0]
    if is_zone(said):
        return str(said)
    # What it is called may be damaged as well as what it says.
    values = [str(value) for (value,) in rows(cx, META_VALUES)]
    zones = {value for value in values if is_zone(value)} or _like((str(said), *values))
    if len(zones) == 1:
        return zones.pop()
    raise JournalError(msg("journal.no_zone", said=str(said)), hint=msg("journal.no_zone.hint"))


def _like(names: tuple[str, ...]) -> set[str]:
    from zoneinfo import available_timezones

    return {zone for zone in available_timezones() for name in names if _one_letter_apart(zone, name)}


def _one_letter_apart(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def device(cx: sqlite3.Connection, now: str) -> tuple[int, str, int]:
    """The device that writes: its slot, its random id and the last number that it gave out, never below that of its last
    record. Where the file's note of it is damaged, it writes as a new one from now on."""
    row = next(rows(cx, DEVICE), None)
    if row is None:
        from nippo_cli.journal.log.store import begin_device

        begin_device(cx, now)
        row = next(rows(cx, DEVICE))
    slot, name, last = row
    (most,) = cx.execute(LAST_ID, (record_id(slot, 0), record_id(slot + 1, 0))).fetchone()
    written = number_of(most) if most is not None else 0
    return slot, name, last if isinstance(last, int) and written <= last < written + _LOST_AT_MOST else written
