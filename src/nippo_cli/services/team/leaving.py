"""`nippo team leave` and `revoke`: who writes for the team no longer."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import NotFound, PlaceUnreachable, UsageError, msg
from nippo_cli.base.ids import device_name
from nippo_cli.base.language import say
from nippo_cli.base.persons import same_person
from nippo_cli.base.text import quoted
from nippo_cli.carriers.carrier import Gated
from nippo_cli.journal.log import ROLE, TEAM
from nippo_cli.line.facts import AsOf
from nippo_cli.results.recap import Done
from nippo_cli.results.team import LeavePlan, TeamLeave
from nippo_cli.services.context import Workspace, reading, writing
from nippo_cli.services.pages import handover_page
from nippo_cli.services.team.membership import ask_carrier
from nippo_cli.services.team.moving import own_slot_of
from nippo_cli.services.team.refusals import notices_why, with_why
from nippo_cli.services.team.settings import MOVING, WAITING, TeamSettings, carrier_at, settings_of
from nippo_cli.services.team.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.base.progress import Progress
    from nippo_cli.journal.read.members import DeviceMember
    from nippo_cli.journal.write import Writer


def plan_leave(workspace: Workspace, to: str, *, progress: "Progress | None" = None) -> LeavePlan:
    """Who would hand which live deals over to whom. All that refuses it is said here; nothing is handed over.

    Raises:
        UsageError: nobody else of the team has the name. PlaceUnreachable: the team's records can't be reached, so that nobody would
            hear of it.
        NotFound: there is no journal, or it is of no team.
    """
    settings_of(workspace, reads=workspace.dry_run)
    if not workspace.dry_run and (why := sync(workspace, progress=progress).unreachable):
        raise PlaceUnreachable(with_why("team.leave_unreachable", why), hint=msg("team.leave_unreachable.hint", to=to))
    me, receiver = _own_name(workspace), _colleague(workspace, to)
    with reading(workspace) as (reader, as_of):
        return LeavePlan(me, receiver, [head.id for head in reader.heads(as_of, live=True, owner=me)])


def leave(workspace: Workspace, plan: LeavePlan, *, progress: "Progress | None" = None) -> TeamLeave:
    """Hand all of one's live deals over to a colleague, say so to the team, and write for it no longer. The diary stays as it is.
    Where it broke off, a notice says so, and the same words do the rest.

    Raises:
        JournalError: the diary can't be written.
    """
    me, receiver, deals = plan
    if workspace.dry_run:
        page = handover_page(workspace, owner=me, to=receiver, deals=deals) if deals else None
        return TeamLeave(me, receiver, len(deals), page, _count_held(workspace), dry_run=True)
    # It may have got another token by the sync before.
    settings = settings_of(workspace)
    with writing(workspace, begin=False) as writer:
        deals = [head.id for head in writer.reader.heads(AsOf(writer.today), live=True, owner=me)]
        for deal in deals:
            writer.assign(deal, receiver)
        for one in _active_devices(writer):
            if one.name == me:
                _say_left(writer, device_name(one.slot))
        own = [device_name(one.slot) for one in writer.reader.device_members() if one.name == me]
    page = handover_page(workspace, owner=me, to=receiver, deals=deals) if deals else None
    why = sync(workspace, progress=progress).unreachable or _keep_off(settings, own)
    if why:
        # Until all of it is done the diary is the team's.
        workspace.notices += notices_why("team.left_half", why, to=receiver)
    else:
        _make_own(workspace)
    return TeamLeave(me, receiver, len(deals), page, _count_held(workspace), bool(why))


def leave_alone(workspace: Workspace) -> TeamLeave:
    """Make the diary one's own again without a word to the team, whose records may be out of reach for good: with all that it holds.
    Nothing is handed over.

    Raises:
        NotFound: there is no journal, or it is of no team.
    """
    settings_of(workspace, reads=workspace.dry_run)
    me = _own_name(workspace)
    if not workspace.dry_run:
        _make_own(workspace)
    return TeamLeave(me, "", 0, None, _count_held(workspace), dry_run=workspace.dry_run)


def revoke(workspace: Workspace, said: str, *, progress: "Progress | None" = None) -> Done:
    """Take a member, or one device of theirs, out of the team: what they wrote stays. Of whoever is out already it is done once more.

    Args:
        said: a member's name, or a device's.

    Raises:
        UsageError: only a lead may, of oneself everybody; or it is this machine. PlaceUnreachable: the team's records can't be
            reached: nothing was done.
        NotFound: no member or device of the team is called so, or the journal is of no team.
    """
    settings = settings_of(workspace, reads=workspace.dry_run)
    if not workspace.dry_run:
        before = sync(workspace, progress=progress)
        settings = settings_of(workspace)
        if before.unreachable:
            raise PlaceUnreachable(
                with_why("team.revoke_unreachable", before.unreachable), hint=msg("team.revoke_unreachable.hint")
            )
    out, goes_on = _to_revoke(workspace, said)
    carrier = carrier_at(settings.address, settings.key)
    devices = [device_name(one.slot) for one in out]
    key = f"done.team_{'device_' if goes_on else ''}revoked{'_server' if isinstance(carrier, Gated) else ''}"
    name = out[0].name
    n = 0 if goes_on else _count_live(workspace, name)
    to_do = msg("team.revoked_deals", n=n, name=name, said=quoted(name)) if n else None
    done = Done(key, {"name": name, "devices": devices, "deals": n}, [], workspace.dry_run, to_do=to_do)
    if workspace.dry_run:
        return done
    # First, so that nobody is named as gone whose machine still reads.
    if isinstance(carrier, Gated):
        for one in out:
            _take_token(carrier, settings.address, device_name(one.slot))
    with writing(workspace, begin=False) as writer:
        for one in _active_devices(writer):
            if one in out:
                _say_left(writer, device_name(one.slot))
    report = sync(workspace, progress=progress)
    if report.unreachable:
        workspace.notices += notices_why("team.left_unpublished", report.unreachable)
    return done


def _to_revoke(workspace: Workspace, said: str) -> "tuple[list[DeviceMember], bool]":
    """The devices of that name, or of the member of that name: those that write for the team; where none does, those that did. And
    whether their member writes on with another one."""
    own_name, own_slot = _own_name(workspace), own_slot_of(workspace)
    with reading(workspace) as (reader, _):
        members, left = reader.device_members(), reader.left_devices()
    active = [one for one in members if one.slot not in left]
    named = [one for one in members if device_name(one.slot) == said or same_person(one.name, said)]
    if not named:
        names = dict.fromkeys([one.name for one in active] + [device_name(one.slot) for one in active])
        raise NotFound(msg("team.no_member", said=said), hint=msg("team.no_member.hint", allowed=list(names)))
    out = [one for one in named if one in active] or named
    if any(one.slot == own_slot for one in out):
        raise UsageError(msg("team.revoke_own"), hint=msg("team.revoke_own.hint"))
    is_lead = any(one.slot == own_slot and one.role == "lead" for one in active)
    if not is_lead and any(one.name != own_name for one in out):
        raise UsageError(msg("team.leads_alone"), hint=msg("team.leads_alone.hint"))
    return out, any(same_person(one.name, out[0].name) for one in active if one not in out)


def _count_live(workspace: Workspace, owner: str) -> int:
    """How many live deals are a member's."""
    with reading(workspace) as (reader, as_of):
        return len(list(reader.heads(as_of, live=True, owner=owner)))


def _keep_off(settings: TeamSettings, devices: "Sequence[str]") -> str:
    """Give back the tokens of one's own devices, that of the one that asks last; why not, in words, where it could not be."""
    try:
        _give_tokens_back(settings, devices)
    except PlaceUnreachable as error:
        return say(error.message)
    return ""


def _make_own(workspace: Workspace) -> None:
    with writing(workspace, begin=False) as writer:
        for note in (TEAM, ROLE, WAITING, MOVING):
            writer.set_meta(note, "")
    workspace.sync_due = False


def _count_held(workspace: Workspace) -> int:
    from nippo_cli.journal.union import count_records, opened

    with opened(workspace.places.journal_db) as cx:
        return count_records(cx)


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
