"""`nippo team move`: another place and another key, for whoever is still of the team."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import device_name
from nippo_cli.carriers.carrier import KEY_BYTES, Carrier, Gated, PublishedHead
from nippo_cli.journal.log import TEAM
from nippo_cli.results.recap import Done
from nippo_cli.results.team import Invitation, TeamMove
from nippo_cli.services.context import Workspace, reading
from nippo_cli.services.team.fetching import holds_any
from nippo_cli.services.team.membership import ask_carrier, heads_there
from nippo_cli.services.team.publishing import publish
from nippo_cli.services.team.refusals import notices_why
from nippo_cli.services.team.settings import (
    MOVING,
    Code,
    TeamSettings,
    absolute,
    carrier_at,
    is_server,
    new_team_settings,
    read_code,
    read_settings,
    settings_of,
    shown_address,
)
from nippo_cli.services.team.syncing import sync

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress
    from nippo_cli.journal.read.members import DeviceMember


class PendingMove(NamedTuple):
    """A move that has begun: its place and key, and the token that each device gets there, by name. Done again, it is the same one."""

    settings: TeamSettings
    tokens: Mapping[str, bytes]

    def to_text(self) -> str:
        """As the journal keeps it."""
        tokens = {device: token.hex() for device, token in self.tokens.items()}
        return json.dumps({"settings": self.settings.to_text(), "tokens": tokens})


def move(workspace: Workspace, address: str, *, progress: "Progress | None" = None) -> TeamMove:
    """Publish all of the team's records in a new place, under a new key; each device that is still of the team gets a code by which it
    goes on there. Who has no code reads and writes nothing any more. Where it broke off, the team stays where it is, and the same
    words go on from there.

    Raises:
        UsageError: only a lead may; or something of a team lies there already. PlaceUnreachable: it can't be reached, or refuses.
        NotFound: there is no journal, or it is of no team.
    """
    settings_of(workspace)
    before = sync(workspace, progress=progress)
    if before.unreachable:
        workspace.notices += notices_why("team.moved_behind", before.unreachable)
    with reading(workspace) as (reader, _):
        members, left, zone = reader.device_members(), reader.left_devices(), reader.time_zone
        pending = _read_pending(reader.meta(MOVING))
    own = own_slot_of(workspace)
    me = next((one for one in members if one.slot == own and one.role == "lead"), None)
    if me is None:
        raise UsageError(msg("team.leads_alone"), hint=msg("team.leads_alone.hint"))
    going = [one for one in members if one.slot != own and one.slot not in left]
    moving = _moving_to(new_team_settings(address)._replace(device=device_name(own)), pending, going)
    settings = moving.settings
    carrier = carrier_at(settings.address, settings.key)
    heads = heads_there(carrier, settings.address)
    resumes = pending is not None and pending.settings == settings
    if heads and not (resumes and _are_ours(workspace, heads)):
        shown = shown_address(settings.address)
        raise UsageError(msg("team.there_already", address=shown), hint=msg("team.there_already.hint"))
    _note(workspace, {MOVING: moving.to_text()})
    codes = _publish_there(workspace, carrier, heads, moving, me, going, zone)
    _note(workspace, {TEAM: settings.to_text(), MOVING: ""})
    return TeamMove(shown_address(settings.address), codes)


def go_along(
    workspace: Workspace, said: str, *, folder: str | None = None, progress: "Progress | None" = None
) -> Done | None:
    """Go on where the team moved to, by the code of this very device; None where the code is another's, or of a way back into the team
    that broke off.

    Raises:
        UsageError: it is no code; or another team's records lie there. PlaceUnreachable: the place can't be reached.
    """
    code = read_code(said)
    if not workspace.places.journal_db.exists() or code.device != device_name(own_slot_of(workspace)):
        return None
    settings = TeamSettings(absolute(f"folder:{folder}" if folder else code.address), code.key, code.device)
    heads = heads_there(carrier_at(settings.address, settings.key), settings.address)
    with reading(workspace) as (reader, _):
        is_of_team = bool(reader.meta(TEAM))
    if not is_of_team and all(head.name != code.device for head in heads):
        return None
    if not holds_any(workspace.places.journal_db, heads):
        raise UsageError(
            msg("team.nothing_there", address=shown_address(settings.address)), hint=msg("team.nothing_there.hint")
        )
    _note(workspace, {TEAM: settings.to_text()})
    sync(workspace, progress=progress)
    return Done(
        "done.team_moved_along", {"address": shown_address(settings.address), "device": code.device}, [], dry_run=False
    )


def own_slot_of(workspace: Workspace) -> int:
    """The slot of this journal's device."""
    from nippo_cli.journal.log import bare_slot
    from nippo_cli.journal.union import opened

    with opened(workspace.places.journal_db) as cx:
        return bare_slot(cx)


def _read_pending(noted: str) -> PendingMove | None:
    if not noted:
        return None
    said = json.loads(noted)
    tokens = {device: bytes.fromhex(token) for device, token in said["tokens"].items()}
    return PendingMove(read_settings(said["settings"]), tokens)


def _moving_to(settings: TeamSettings, pending: PendingMove | None, going: "Sequence[DeviceMember]") -> PendingMove:
    """The move to a place: the one that broke off, if it went there. The key of a folder is drawn anew each time, a server's address has
    it."""
    tokens: Mapping[str, bytes] = {}
    if pending is not None and pending.settings.address == settings.address:
        if not is_server(settings.address):
            settings = pending.settings
        if settings == pending.settings:
            tokens = pending.tokens
    devices = [device_name(one.slot) for one in going]
    return PendingMove(settings, {device: tokens.get(device) or os.urandom(KEY_BYTES) for device in devices})


def _publish_there(
    workspace: Workspace,
    carrier: Carrier,
    heads: Sequence[PublishedHead],
    moving: PendingMove,
    me: "DeviceMember",
    going: "Sequence[DeviceMember]",
    zone: str,
) -> list[Invitation]:
    """Put all that is held into a new place, and make a code for each device that goes there."""
    from nippo_cli.journal.union import opened

    settings = moving.settings
    if isinstance(carrier, Gated) and not heads:
        gate = carrier
        ask_carrier(lambda: gate.begin(settings.device, me.name), settings.address)
    ask_carrier(lambda: publish(carrier, heads, workspace.places.journal_db, opened), settings.address)
    return [_code(settings, carrier, one, zone, moving.tokens[device_name(one.slot)]) for one in going]


def _code(settings: TeamSettings, carrier: Carrier, one: "DeviceMember", zone: str, token: bytes) -> Invitation:
    device, key = device_name(one.slot), settings.key
    if isinstance(carrier, Gated):
        gate = carrier
        key = ask_carrier(lambda: gate.invite(device, one.name, one.role, token), settings.address)
    code = Code(settings.address, key, device, one.name, one.role, zone)
    return Invitation(code.to_text(), one.name, one.role, device)


def _are_ours(workspace: Workspace, heads: Sequence[PublishedHead]) -> bool:
    """Whether all that lies there is of devices whose records are held here."""
    return all(holds_any(workspace.places.journal_db, [head]) for head in heads)


def _note(workspace: Workspace, notes: Mapping[str, str]) -> None:
    """Keep notes of the journal's own, in one transaction."""
    from nippo_cli.journal.write import writing

    with writing(workspace.places.journal_db, author="", now=workspace.now) as writer:
        for key, value in notes.items():
            writer.set_meta(key, value)
