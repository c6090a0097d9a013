"""`nippo team begin`, `invite` and `join`: whose machines write the team's diary."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from nippo_cli.base.errors import JournalError, UsageError, msg
from nippo_cli.base.ids import device_name, slot_named
from nippo_cli.base.persons import same_person
from nippo_cli.base.text import quoted
from nippo_cli.carriers.carrier import Carrier, CarrierError, Gated, NotAllowed, PublishedHead
from nippo_cli.journal.log import ROLE, TEAM, draw_slot
from nippo_cli.results.recap import Done
from nippo_cli.results.team import Invitation
from nippo_cli.services.context import Workspace, bring_up_to_date, claim_device, reading, settle, writing
from nippo_cli.services.team.coming_back import come_back, enter
from nippo_cli.services.team.device_names import heads_by_name
from nippo_cli.services.team.fetching import Fetched, MetDevice, fetch, holds_any, without_dropped
from nippo_cli.services.team.following import say_member
from nippo_cli.services.team.refusals import notices_why, unreached
from nippo_cli.services.team.settings import (
    ROLES,
    Code,
    TeamSettings,
    absolute,
    carrier_at,
    new_team_settings,
    read_code,
    settings_of,
    shown_address,
)
from nippo_cli.services.team.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from nippo_cli.base.progress import Progress
    from nippo_cli.journal.care.team_file import TeamFile
    from nippo_cli.journal.union import Arrival
    from nippo_cli.journal.write import Writer

_R = TypeVar("_R")


def begin(workspace: Workspace, address: str, *, progress: "Progress | None" = None) -> Done:
    """Make the diary a team's: its log is issued anew as a device of the team, and published. A diary that is not there yet is
    begun.

    Raises:
        UsageError: there is no such carrier, something of a team lies there already, or the diary is of a team. PlaceUnreachable: the place
            can't be reached.
        JournalError: the diary is damaged, or can't be written.
    """
    from nippo_cli.journal.care import make_team_file

    _refuse_a_teams(workspace)
    settings = new_team_settings(address)
    carrier = carrier_at(settings.address, settings.key)
    if heads_there(carrier, settings.address):
        raise UsageError(
            msg("team.there_already", address=shown_address(settings.address)), hint=msg("team.there_already.hint")
        )
    author = _own_author(workspace)
    device = device_name(draw_slot(()))
    settings = settings._replace(device=device)
    if isinstance(carrier, Gated):
        ask_carrier(lambda: carrier.begin(device, author), settings.address)

    def write_founding(writer: "Writer") -> None:
        assert writer.schema is not None  # noqa: S101  every journal that was written to has one
        sha256, _ = writer.reader.adopted()
        writer.adopt(writer.reader.adopted_text(), writer.schema, sha256, founds=True)
        say_member(writer, author, "lead", device)
        writer.set_meta("author", author)
        writer.set_meta(ROLE, "lead")
        writer.set_meta(TEAM, settings.to_text())

    made = make_team_file(
        workspace.places.journal_db,
        slot=slot_named(device),
        author=author,
        now=workspace.now,
        write=write_founding,
        progress=progress,
    )
    _first_sync(workspace, settings.address, progress)
    params = {"address": shown_address(settings.address), "device": device, "n": made.own, "aside": made.set_aside}
    return Done("done.team_begun", params, [], dry_run=False)


def invite(workspace: Workspace, name: str, *, role: str = "member") -> Invitation:
    """A code that lets one machine of one person join.

    Raises:
        UsageError: no such role, or no name; or who asks may not. PlaceUnreachable: the server can't be reached. NotFound: the diary is of
            no team.
    """
    from nippo_cli.journal.union import opened, version_vector

    if role not in ROLES:
        raise UsageError(msg("team.no_role", said=role, allowed=tuple(ROLES)))
    if not name.strip():
        raise UsageError(msg("team.no_name"))
    settings = settings_of(workspace)
    with reading(workspace) as (reader, _):
        zone, own_role = reader.time_zone, reader.meta(ROLE)
    if own_role == "reader" or (role == "lead" and own_role != "lead"):
        raise UsageError(msg("team.leads_alone"), hint=msg("team.leads_alone.hint"))
    with opened(workspace.places.journal_db) as cx:
        taken = {held.slot for held in version_vector(cx).values()}
    device = device_name(draw_slot(taken))
    carrier = carrier_at(settings.address, settings.key)
    key = settings.key
    if isinstance(carrier, Gated):
        key = ask_carrier(lambda: carrier.invite(device, name.strip(), role), settings.address)
    code = Code(settings.address, key, device, name.strip(), role, zone)
    return Invitation(code.to_text(), code.name, role, device)


def join(
    workspace: Workspace,
    said: str,
    *,
    empty: bool = False,
    folder: str | None = None,
    progress: "Progress | None" = None,
) -> Done:
    """Take part in a team's diary, with one's own or with an empty one.

    Args:
        said: the invitation's code.
        empty: one's own diary stays out of it, beside the new one.
        folder: where the team's folder is on this machine, if not where it is on the inviter's.

    Raises:
        UsageError: it is no code, it was used already, the diary is of a team, or a reader's own. PlaceUnreachable: the place can't be
            reached.
        JournalError: the team's records are not all there, or the diary is damaged or can't be written.
    """
    _refuse_a_teams(workspace)
    code = read_code(said)
    settings = TeamSettings(absolute(f"folder:{folder}" if folder else code.address), code.key, code.device)
    carrier = carrier_at(settings.address, settings.key)
    heads = _heads_to_join(carrier, settings, code)
    path = workspace.places.journal_db
    own = path.exists() and not empty
    if own and code.role == "reader":
        raise UsageError(msg("team.reader_own"), hint=msg("team.reader_own.hint"))
    if own and holds_any(path, heads):
        done = ask_carrier(lambda: come_back(workspace, code, settings, carrier, heads), settings.address)
        _first_sync(workspace, settings.address, progress)
        return done
    arrivals = _all_there(workspace, carrier, heads, settings, progress)
    if own and not same_person(was := _own_author(workspace), code.name) and _has_written(workspace, was):
        workspace.notices.append(msg("team.other_name", was=was, said=quoted(was), name=quoted(code.name)))
    made = _make_journal(workspace, code, settings, arrivals, progress, own=own)
    _first_sync(workspace, settings.address, progress)
    _show_purpose(workspace)
    elsewhere = _of_ones_own(workspace, code.name, made.taken)
    params = {
        "address": shown_address(settings.address), "device": code.device, "name": code.name, "n": made.own,
        "elsewhere": elsewhere, "others": sum(made.taken.values()) - elsewhere, "aside": made.set_aside,
    }  # fmt: skip
    what = ("done.team_joined" if own else "done.team_joined_empty") + ("_too" if elsewhere else "")
    return Done(what, params, [], dry_run=False)


def _of_ones_own(workspace: Workspace, name: str, taken: "Mapping[int, int]") -> int:
    """How many of the records of each device are a member's own, written on another machine."""
    with reading(workspace) as (reader, _):
        own = {one.slot for one in reader.device_members() if same_person(one.name, name)}
    return sum(n for slot, n in taken.items() if slot in own)


def _make_journal(
    workspace: Workspace,
    code: Code,
    settings: TeamSettings,
    arrivals: "Sequence[Arrival]",
    progress: "Progress | None",
    *,
    own: bool,
) -> "TeamFile":
    """The team's diary on this machine, with one's own in it where `own` says so."""
    from nippo_cli.journal.care import make_team_file

    return make_team_file(
        workspace.places.journal_db,
        slot=slot_named(code.device),
        author=code.name,
        now=workspace.now,
        write=lambda writer: enter(writer, code, settings),
        arrivals=arrivals,
        time_zone=code.zone,
        own_diary=own,
        is_there=own and _is_there(workspace, arrivals),
        schema_text=lambda writer: writer.reader.adopted_text(),
        progress=progress,
    )


def _heads_to_join(carrier: Carrier, settings: TeamSettings, code: Code) -> list[PublishedHead]:
    """What is published, where a code still lets somebody in."""
    heads = heads_there(carrier, settings.address)
    if not heads:
        raise UsageError(
            msg("team.nothing_there", address=shown_address(settings.address)), hint=msg("team.nothing_there.hint")
        )
    if any(head.name == code.device for head in heads):
        raise UsageError(msg("team.code_used"), hint=msg("team.code_used.hint", name=code.name))
    return heads


def _all_there(
    workspace: Workspace,
    carrier: Carrier,
    heads: "Sequence[PublishedHead]",
    settings: TeamSettings,
    progress: "Progress | None",
) -> "Sequence[Arrival]":
    """All that the team has published, if all of it can be read."""
    folder_of_diary = workspace.places.journal_db.parent

    def fetch_all() -> Fetched:
        met = [MetDevice(head, 0, None) for head in heads_by_name(carrier, heads).rightful]
        return fetch(carrier, met, spool_in=folder_of_diary, progress=progress)

    fetched = ask_carrier(fetch_all, settings.address)
    if fetched.waits:
        raise JournalError(msg("team.incomplete"), hint=msg("team.incomplete.hint"))
    return without_dropped(fetched.arrivals)


def _show_purpose(workspace: Workspace) -> None:
    """What the team says its diary is for."""
    with reading(workspace) as (reader, as_of):
        purpose = reader.schema(as_of).purpose
    if purpose:
        workspace.notices.append(msg("team.purpose", text=purpose))


def heads_there(carrier: Carrier, address: str) -> list[PublishedHead]:
    """What lies there.

    Raises:
        PlaceUnreachable: nobody can tell.
    """
    return ask_carrier(lambda: list(carrier.heads()), address)


def ask_carrier(ask: Callable[[], _R], address: str) -> _R:
    """What a carrier answers.

    Raises:
        UsageError: a lead alone may ask, or the address is none. PlaceUnreachable: it can't be reached, or refuses.
    """
    try:
        return ask()
    except NotAllowed as error:
        raise UsageError(msg("team.leads_only"), hint=msg("team.leads_only.hint")) from error
    except CarrierError as error:
        raise unreached(error, address) from error


def _own_author(workspace: Workspace) -> str:
    """Who writes the diary; begins it where there is none, and adopts a changed `schema.yaml`."""
    with writing(workspace) as writer:
        return writer.author


def _has_written(workspace: Workspace, name: str) -> bool:
    """Whether anything of a diary is by somebody."""
    with reading(workspace) as (reader, _):
        return any(same_person(one, name) for one in reader.authors())


def _refuse_a_teams(workspace: Workspace) -> None:
    """Refuse a diary that is of a team; what is not there passes."""
    settle(workspace)
    bring_up_to_date(workspace)
    if workspace.places.journal_db.exists():
        with reading(workspace) as (reader, _):
            if reader.meta(TEAM):
                raise UsageError(msg("team.in_one"), hint=msg("team.in_one.hint"))


def _is_there(workspace: Workspace, arrivals: "Collection[Arrival]") -> bool:
    """Whether the team has the diary already, or an earlier copy of it: of every entry there would be two."""
    from nippo_cli.journal.union import any_salt, opened

    with opened(workspace.places.journal_db) as cx:
        return any_salt(cx, (record.salt for arrival in arrivals for record in arrival.records))


def _first_sync(workspace: Workspace, address: str, progress: "Progress | None") -> None:
    """Publish what the team is to have; that it could not be is told, and the next sync does it."""
    claim_device(workspace.places)
    report = sync(workspace, progress=progress)
    if report.unreachable:
        workspace.notices += notices_why("team.not_published", report.unreachable, address=shown_address(address))
