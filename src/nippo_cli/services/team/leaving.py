"""`nippo team leave` and `revoke`: who writes for the team no longer."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.ids import device_name
from nippo_cli.base.persons import same_person
from nippo_cli.carriers.carrier import Gated
from nippo_cli.journal.log import TEAM
from nippo_cli.line.facts import AsOf
from nippo_cli.results.recap import Done
from nippo_cli.results.team import TeamLeave
from nippo_cli.services.context import Workspace, reading, writing
from nippo_cli.services.pages import handover_page
from nippo_cli.services.team.membership import ask_carrier
from nippo_cli.services.team.settings import TeamSettings, carrier_at
from nippo_cli.services.team.syncing import settings_of, sync

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.base.progress import Progress
    from nippo_cli.journal.read.members import DeviceMember
    from nippo_cli.journal.write import Writer


def leave(workspace: Workspace, to: str, *, progress: "Progress | None" = None) -> TeamLeave:
    """Hand all of one's live deals over to a colleague, say so to the team, and write for it no longer. The diary stays as it is.

    Raises:
        UsageError: nobody else of the team has the name; or the team's records can't be reached, so that nobody would hear of it.
        NotFound: there is no journal, or it is of no team.
    """
    settings_of(workspace)
    before = sync(workspace, progress=progress)
    # It may have got another token by it.
    settings = settings_of(workspace)
    if before.unreachable:
        raise UsageError(msg("team.leave_unreachable", why=before.unreachable), hint=msg("team.leave_unreachable.hint"))
    me, receiver = _own_name(workspace), _colleague(workspace, to)
    with reading(workspace) as (reader, as_of):
        any_live = next(iter(reader.heads(as_of, live=True, owner=me)), None) is not None
    page = handover_page(workspace, owner=me, to=receiver) if any_live else None
    with writing(workspace, begin=False) as writer:
        deals = [head.id for head in writer.reader.heads(AsOf(writer.today), live=True, owner=me)]
        for deal in deals:
            writer.assign(deal, receiver)
        own = [device_name(one.slot) for one in _active_devices(writer) if one.name == me]
        for device in own:
            _say_left(writer, device)
    report = sync(workspace, progress=progress)
    # What could not be published is by the next sync; until then the diary is the team's.
    if report.unreachable:
        workspace.notices.append(msg("team.left_unpublished", why=report.unreachable))
    else:
        _give_tokens_back(settings, own)
        with writing(workspace, begin=False) as writer:
            writer.set_meta(TEAM, "")
        workspace.sync_due = False
    return TeamLeave(me, receiver, len(deals), page)


def revoke(workspace: Workspace, said: str, *, progress: "Progress | None" = None) -> Done:
    """Take a member, or one device of theirs, out of the team: what they wrote stays.

    Args:
        said: a member's name, or a device's.

    Raises:
        UsageError: only a lead may, of oneself everybody; or it is this machine.
        NotFound: no member or device of the team is called so, or the journal is of no team.
    """
    settings = settings_of(workspace)
    sync(workspace, progress=progress)
    own = _own_name(workspace)
    with writing(workspace, begin=False) as writer:
        active = _active_devices(writer)
        out = [one for one in active if device_name(one.slot) == said or same_person(one.name, said)]
        if not out:
            names = dict.fromkeys([one.name for one in active] + [device_name(one.slot) for one in active])
            raise NotFound(msg("team.no_member", said=said), hint=msg("team.no_member.hint", allowed=list(names)))
        if any(one.slot == writer.slot for one in out):
            raise UsageError(msg("team.revoke_own"), hint=msg("team.revoke_own.hint"))
        is_lead = any(one.slot == writer.slot and one.role == "lead" for one in active)
        if not is_lead and any(one.name != own for one in out):
            raise UsageError(msg("team.leads_alone"), hint=msg("team.leads_alone.hint"))
        for one in out:
            _say_left(writer, device_name(one.slot))
    carrier = carrier_at(settings.address, settings.key)
    if isinstance(carrier, Gated):
        for one in out:
            _take_token(carrier, settings.address, device_name(one.slot))
    report = sync(workspace, progress=progress)
    if report.unreachable:
        workspace.notices.append(msg("team.left_unpublished", why=report.unreachable))
    devices = [device_name(one.slot) for one in out]
    return Done("done.team_revoked", {"name": out[0].name, "devices": devices}, [], dry_run=False)


def _give_tokens_back(settings: TeamSettings, devices: "Sequence[str]") -> None:
    """Those of one's own devices: the one that asks comes last."""
    carrier = carrier_at(settings.address, settings.key)
    if isinstance(carrier, Gated):
        for device in sorted(devices, key=lambda one: one == settings.device):
            _take_token(carrier, settings.address, device)


def _take_token(gate: Gated, address: str, device: str) -> None:
    ask_carrier(lambda: gate.revoke(device), address)


def _own_name(workspace: Workspace) -> str:
    """Under which name this machine is the team's."""
    with reading(workspace) as (reader, _):
        return reader.meta("author") or workspace.author or workspace.machine_user


def _colleague(workspace: Workspace, said: str) -> str:
    """The member of that name, as the team writes it.

    Raises:
        UsageError: there is none, or it is oneself.
    """
    own = _own_name(workspace)
    with reading(workspace) as (reader, _):
        left = reader.left_devices()
        names = list(dict.fromkeys(one.name for one in reader.device_members() if one.slot not in left))
    others = [name for name in names if name != own]
    named = next((name for name in others if same_person(name, said)), None)
    if named is None:
        raise UsageError(msg("team.no_colleague", said=said), hint=msg("team.no_member.hint", allowed=others))
    return named


def _active_devices(writer: "Writer") -> "Sequence[DeviceMember]":
    """The devices that write for the team, each with its member."""
    left = writer.reader.left_devices()
    return [one for one in writer.reader.device_members() if one.slot not in left]


def _say_left(writer: "Writer", device: str) -> None:
    writer.append("member", {"do": "leave", "device": device}, on=writer.today)
