"""`nippo team move`: another place and another key, for whoever is still of the team."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.ids import device_name
from nippo_cli.carriers.carrier import Carrier, Gated
from nippo_cli.journal.log import TEAM
from nippo_cli.results.recap import Done
from nippo_cli.results.team import Invitation, TeamMove
from nippo_cli.services.context import Workspace, reading
from nippo_cli.services.team.exchange import publish, same_device
from nippo_cli.services.team.membership import ask_carrier, heads_there
from nippo_cli.services.team.settings import (
    Code,
    TeamSettings,
    absolute,
    begun_at,
    carrier_at,
    read_code,
    shown_address,
)
from nippo_cli.services.team.syncing import settings_of, sync

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress
    from nippo_cli.journal.read.members import DeviceMember


def move(workspace: Workspace, address: str, *, progress: "Progress | None" = None) -> TeamMove:
    """Publish all of the team's records in a new place, under a new key; each device that is still of the team gets a code by which it
    goes on there. Who has no code reads and writes nothing any more.

    Raises:
        UsageError: only a lead may; something of a team lies there already, or it can't be reached.
        NotFound: there is no journal, or it is of no team.
    """
    from nippo_cli.journal.union import opened

    settings_of(workspace)
    before = sync(workspace, progress=progress)
    if before.unreachable:
        workspace.notices.append(msg("team.moved_behind", why=before.unreachable))
    with reading(workspace) as (reader, _):
        members, left, zone = reader.device_members(), reader.left_devices(), reader.time_zone
    own = own_slot_of(workspace)
    if not any(one.slot == own and one.role == "lead" for one in members):
        raise UsageError(msg("team.leads_alone"), hint=msg("team.leads_alone.hint"))
    settings = begun_at(address)._replace(device=device_name(own))
    carrier = carrier_at(settings.address, settings.key)
    shown = shown_address(settings.address)
    if heads_there(carrier, settings.address):
        raise UsageError(msg("team.there_already", address=shown), hint=msg("team.there_already.hint"))
    if isinstance(carrier, Gated):
        gate, me = carrier, next(one for one in members if one.slot == own)
        ask_carrier(lambda: gate.begin(device_name(own), me.name), settings.address)
    ask_carrier(lambda: publish(carrier, (), workspace.places.journal_db, opened), settings.address)
    _settle_there(workspace, settings)
    going = [one for one in members if one.slot != own and one.slot not in left]
    return TeamMove(shown, [_code(settings, carrier, one, zone) for one in going])


def go_along(
    workspace: Workspace, said: str, *, folder: str | None = None, progress: "Progress | None" = None
) -> Done | None:
    """Go on where the team moved to, by the code of this very device; None where the diary is of no team, or the code another's.

    Raises:
        UsageError: it is no code; the place can't be reached, or another team's records lie there.
    """
    from nippo_cli.journal.union import opened, version_vector

    code = read_code(said)
    if not workspace.places.journal_db.exists() or code.device != device_name(own_slot_of(workspace)):
        return None
    settings = TeamSettings(absolute(f"folder:{folder}" if folder else code.address), code.key, code.device)
    heads = heads_there(carrier_at(settings.address, settings.key), settings.address)
    with opened(workspace.places.journal_db) as cx:
        held = version_vector(cx).values()
    if not any(same_device(one.device, head.device) for one in held for head in heads):
        raise UsageError(
            msg("team.nothing_there", address=shown_address(settings.address)), hint=msg("team.nothing_there.hint")
        )
    _settle_there(workspace, settings)
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


def _settle_there(workspace: Workspace, settings: TeamSettings) -> None:
    from nippo_cli.journal.write import writing

    with writing(workspace.places.journal_db, author="", now=workspace.now) as writer:
        writer.set_meta(TEAM, settings.to_text())


def _code(settings: TeamSettings, carrier: Carrier, one: "DeviceMember", zone: str) -> Invitation:
    device, key = device_name(one.slot), settings.key
    if isinstance(carrier, Gated):
        gate = carrier
        key = ask_carrier(lambda: gate.invite(device, one.name, one.role), settings.address)
    code = Code(settings.address, key, device, one.name, one.role, zone)
    return Invitation(code.to_text(), one.name, one.role, device)
