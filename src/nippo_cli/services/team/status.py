"""`nippo team status`, and what the morning page says of the team."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from nippo_cli.base.dates import local_day
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.ids import device_name
from nippo_cli.base.persons import person_key
from nippo_cli.carriers.carrier import CarrierError, PublishedHead, short_id
from nippo_cli.journal.log import bare_slot, time_zone
from nippo_cli.results.team import DeviceRow, TeamPage, WaitingDevice
from nippo_cli.services.context import Workspace, reading
from nippo_cli.services.team.last_sync import arrived, read_last, shown_notes
from nippo_cli.services.team.refusals import why_refused
from nippo_cli.services.team.settings import (
    WAITING,
    TeamSettings,
    carrier_at,
    settings_of,
    shown_address,
)

if TYPE_CHECKING:
    from nippo_cli.journal.union import Held


def team_lines(workspace: Workspace) -> list[Message]:
    """What the morning page says of the team: what syncs did here that nobody watched, and in a line what is wrong, or else what arrived
    since it was last shown.

    Raises:
        NotFound: there is no journal, or it is of no team.
    """
    state = workspace.places.state
    notes = shown_notes(state, read_last(state))
    return [*(msg("team.line.note", text=text) for text in notes), _team_line(workspace)]


def _team_line(workspace: Workspace) -> Message:
    """What is wrong, or else what arrived since it was last shown.

    Raises:
        NotFound: there is no journal, or it is of no team.
    """
    from nippo_cli.journal.union import opened, version_vector

    settings_of(workspace, reads=True)
    state = workspace.places.state
    last = read_last(state)
    with opened(workspace.places.journal_db) as cx:
        held = version_vector(cx).values()
        slot = bare_slot(cx)
        zone = time_zone(cx)
    n, own = sum(one.number for one in held), sum(one.number for one in held if one.slot == slot)
    if last.failed:
        return msg("team.line.failed")
    if last.away:
        return msg("team.line.away", on=_day(last.away_since, zone), n=max(0, own - last.published))
    if last.later:
        return msg("team.line.later", held=n)
    if last.waits:
        return msg("team.line.waits", n=last.waits)
    if came := arrived(state, last):
        return msg("team.line.came", n=came, held=n)
    # Whether anything is new to who looks says the page below: a sync that somebody watched has told of what came.
    return msg("team.line.held", on=_day(last.at, zone), held=n) if last.at else msg("team.line.here", held=n)


def status(workspace: Workspace) -> TeamPage:
    """How far everybody's records are, here and where they are published.

    Raises:
        NotFound: there is no journal, or it is of no team.
    """
    from nippo_cli.journal.read import dropped_tails
    from nippo_cli.journal.union import heads_at, opened, version_vector

    settings = settings_of(workspace, reads=True)
    heads, unreachable = _heads_or_why(settings)
    with opened(workspace.places.journal_db) as cx:
        held = list(version_vector(cx).values())
        own, zone = bare_slot(cx), time_zone(cx)
        dropped = dropped_tails(cx)
        marks = [f"{one.device} {one.number} {heads_at(cx, one, [one.number])}" for one in sorted(held)]
    with reading(workspace) as (reader, _):
        waits = [WaitingDevice(*row) for row in json.loads(reader.meta(WAITING) or "[]")]
    last = read_last(workspace.places.state)
    mark = sha256("\n".join(marks).encode()).hexdigest()[:8]
    return TeamPage(
        shown_address(settings.address),
        mark,
        _device_rows(workspace, held, heads, own, dropped),
        waits,
        unreachable,
        _day(last.at, zone),
        _day(last.away_since, zone),
        # What keeps the records from going out may let them be listed: a full disk.
        last.failed or ("" if unreachable else last.away),
    )


def _heads_or_why(settings: TeamSettings) -> tuple[Sequence[PublishedHead], str]:
    """What is published; or nothing, and why that can't be told."""
    try:
        return carrier_at(settings.address, settings.key).heads(), ""
    except CarrierError as error:
        return (), why_refused(error)


def _device_rows(
    workspace: Workspace, held: "Sequence[Held]", heads: Sequence[PublishedHead], own: int, dropped: Mapping[int, int]
) -> list[DeviceRow]:
    """Each device with whose it is and how far it is here and there; those last of which nothing is here."""
    with reading(workspace) as (reader, _):
        members, left = {one.slot: one for one in reader.device_members()}, reader.left_devices()
    there_still = {person_key(one.name) for slot, one in members.items() if slot not in left}
    rows: list[DeviceRow] = []
    numbers = {short_id(head.device): head.number for head in heads}
    for one in held:
        member = members.get(one.slot)
        there = numbers.pop(short_id(one.device), 0)
        published = min(there, dropped.get(one.slot, there))
        name, role = (member.name, member.role) if member is not None else ("", "")
        retired = one.slot in left and person_key(name) in there_still
        rows.append(
            DeviceRow(
                device_name(one.slot), name, role, one.number, published, one.slot == own, one.slot in left, retired
            )
        )
    unheld = [head for head in heads if short_id(head.device) in numbers]
    return [*rows, *(DeviceRow(head.name, "", "", 0, head.number, own=False) for head in unheld)]


def _day(instant: str, zone: str) -> date | None:
    return local_day(datetime.fromisoformat(instant), zone) if instant else None
