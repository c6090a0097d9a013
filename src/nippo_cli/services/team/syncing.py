"""`nippo sync` and `nippo team status`."""

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.dates import instant_text, local_day
from nippo_cli.base.errors import Message, NippoError, msg
from nippo_cli.base.ids import device_name, show_id
from nippo_cli.base.language import say
from nippo_cli.carriers.carrier import Carrier, CarrierError, PublishedHead
from nippo_cli.journal.log import TEAM, bare_slot, time_zone
from nippo_cli.results.team import DeviceRow, SyncReport, TeamPage, WaitingDevice
from nippo_cli.services.context import Workspace, no_journal, reading
from nippo_cli.services.team.exchange import Fetched, erase, fetch, mend, met_devices, publish, same_device
from nippo_cli.services.team.following import adopted_sha256, erase_own_rows, follow_schema, keep_member
from nippo_cli.services.team.last_sync import LastSync, arrived, note_last, note_shown, read_last, shown_notes
from nippo_cli.services.team.own_tail import leave_branches, leave_fork, right_clock
from nippo_cli.services.team.own_token import carrier_of_device
from nippo_cli.services.team.settings import (
    WAITING,
    TeamSettings,
    carrier_at,
    read_settings,
    shown_address,
    why_refused,
)
from nippo_cli.services.team.turns import PATIENCE, ask, hear, is_asked, turn

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress
    from nippo_cli.journal.union import Wait


def sync(workspace: Workspace, *, verbose: bool = False, progress: "Progress | None" = None) -> SyncReport:
    """Take in what others published, publish what is one's own, and erase where the records lie what was erased here. Waits a while
    for a sync that is at it already.

    A carrier that can't be reached is no failure: what was written is on one's own disk, and the next sync takes it along.

    Raises:
        NotFound: there is no journal, or it is of no team.
    """
    settings_of(workspace)
    state = workspace.places.state
    with turn(state, PATIENCE):
        hear(state)
        report = _exchange(workspace, watched=True, verbose=verbose, progress=progress)
        note_shown(state, _note(workspace, report))
    return report


def sync_unwatched(workspace: Workspace) -> None:
    """As `sync`, where nobody waits for it: what became of it is kept in the state folder. Where another one is at it already, that
    one goes once more."""
    state = workspace.places.state
    ask(state)
    again = True
    while again:
        with turn(state) as alone:
            if not alone:
                return
            heard = hear(state)
            try:
                _note(workspace, _exchange(workspace, watched=False))
            except Exception as error:  # noqa: BLE001  nobody sees it raised: the morning page tells of it
                why = say(error.message) if isinstance(error, NippoError) else f"{type(error).__name__}: {error}"
                note_last(state, read_last(state)._replace(failed=why))
            finally:
                _keep_notes(workspace)
        again = heard and is_asked(state)


def _exchange(
    workspace: Workspace, *, watched: bool, verbose: bool = False, progress: "Progress | None" = None
) -> SyncReport:
    """One sync, start to end.

    Args:
        watched: a person waits for it; else what takes long is left to one that a person waits for.
    """
    from nippo_cli.journal.union import append_foreign, opened, version_vector

    settings = settings_of(workspace)
    path = workspace.places.journal_db
    right_clock(workspace)
    keep_member(workspace)
    before = adopted_sha256(workspace)
    carrier = carrier_at(settings.address, settings.key)
    taken: list[tuple[str, int]] = []
    published: list[tuple[str, int]] = []
    waits: list[WaitingDevice] = []
    erased, unreachable, own, left, mended = 0, "", 0, False, 0
    try:
        heads = carrier.heads()
        fetched = _fetch(carrier, heads, path, progress)
        settled = leave_fork(workspace, carrier, heads, fetched.forked)
        # All is derived anew of it: that takes as long as a person waits for.
        settled |= watched and leave_branches(workspace, carrier, heads, fetched.forked)
        if settled:
            fetched = _fetch(carrier, heads, path, progress)
        waits = [*fetched.waits]
        if fetched.arrivals:
            admitted = append_foreign(
                path,
                fetched.arrivals,
                now=workspace.now,
                tell=workspace.notices.append,
                progress=progress,
                watched=watched,
            )
            left = admitted.left
            taken = [(device_name(slot), n) for slot, n in sorted(admitted.records.items())]
            waits += map(_waiting, admitted.waits)
        erase_own_rows(workspace)
        with opened(path) as cx:
            slot = bare_slot(cx)
            own = next((held.number for held in version_vector(cx).values() if held.slot == slot), 0)
        mended = mend(carrier, path, opened)
        carrier = carrier_of_device(workspace, carrier, settings, device_name(slot))
        out = publish(carrier, heads, path, opened, fetched.forked)
        published, waits = out.records, [*waits, *out.waits]
        erased = erase(carrier, carrier.heads() if published else heads, path, opened, fetched.forked)
    except CarrierError as error:
        unreachable = why_refused(error)
    else:
        _note_waiting(workspace, waits)
        _note_heads(path)
    follow_schema(workspace, before)
    return SyncReport(taken, published, waits, erased, unreachable, verbose, own, left, mended)


def _note_heads(path: Path) -> None:
    """Note the running heads of devices that wrote much since they were noted last."""
    from nippo_cli.journal.log import PUT_HEAD
    from nippo_cli.journal.union import opened, unnoted_heads
    from nippo_cli.journal.write import connect_to_write

    with opened(path) as cx:
        heads = unnoted_heads(cx)
    if heads:
        with closing(connect_to_write(path)) as cx:
            cx.executemany(PUT_HEAD, heads)
            cx.execute("commit")


def _fetch(carrier: Carrier, heads: Sequence[PublishedHead], path: Path, progress: "Progress | None" = None) -> Fetched:
    from nippo_cli.journal.union import opened

    with opened(path) as cx:
        met = met_devices(cx, heads)
    return fetch(carrier, met, spool_in=path.parent, progress=progress)


def _note(workspace: Workspace, report: SyncReport) -> LastSync:
    """Keep what became of a sync."""
    state, now = workspace.places.state, instant_text(workspace.now)
    before = read_last(state)
    last = LastSync(
        at=before.at if report.unreachable else now,
        taken=before.taken + sum(n for _, n in report.taken),
        published=before.published if report.unreachable else report.own,
        away=report.unreachable,
        away_since=(before.away_since or now) if report.unreachable else "",
        waits=before.waits if report.unreachable else len(report.waits),
        later=before.later if report.unreachable else report.left,
        notes=before.notes,
    )
    note_last(state, last)
    return last


def _keep_notes(workspace: Workspace) -> None:
    """Keep what a sync that nobody watched has to say of what it did here, until somebody looks."""
    state = workspace.places.state
    notes = [say(notice).replace("\n", " ") for notice in workspace.notices if notice.key.startswith("team.")]
    workspace.notices.clear()
    if notes:
        last = read_last(state)
        note_last(state, last._replace(notes="\n".join(dict.fromkeys([*last.notes.splitlines(), *notes]))))


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

    settings_of(workspace)
    state = workspace.places.state
    last = read_last(state)
    with opened(workspace.places.journal_db) as cx:
        held = version_vector(cx).values()
        slot = bare_slot(cx)
        zone = time_zone(cx)
    n, own = sum(one.number for one in held), sum(one.number for one in held if one.slot == slot)
    if last.failed:
        return msg("team.line.failed", why=last.failed)
    if last.away:
        since = local_day(datetime.fromisoformat(last.away_since), zone)
        return msg("team.line.away", on=since, why=last.away, n=max(0, own - last.published), held=n)
    if last.later:
        return msg("team.line.later", held=n)
    if last.waits:
        return msg("team.line.waits", n=last.waits)
    came = arrived(state, last)
    return msg("team.line.came" if came else "team.line.held", n=came, held=n)


def status(workspace: Workspace) -> TeamPage:
    """How far everybody's records are, here and where they are published.

    Raises:
        NotFound: there is no journal, or it is of no team.
    """
    from nippo_cli.journal.read import dropped_tails
    from nippo_cli.journal.union import heads_at, opened, version_vector

    settings = settings_of(workspace)
    heads: Sequence[PublishedHead] = ()
    unreachable = ""
    try:
        heads = carrier_at(settings.address, settings.key).heads()
    except CarrierError as error:
        unreachable = why_refused(error)
    with reading(workspace) as (reader, _):
        members, left, zone = (
            {one.slot: one for one in reader.device_members()},
            reader.left_devices(),
            reader.time_zone,
        )
        waits = [WaitingDevice(*row) for row in json.loads(reader.meta(WAITING) or "[]")]
    with opened(workspace.places.journal_db) as cx:
        held = list(version_vector(cx).values())
        own = bare_slot(cx)
        dropped = dropped_tails(cx)
        marks = [f"{one.device} {one.number} {heads_at(cx, one, [one.number])}" for one in sorted(held)]
    there = {
        one.slot: min(head.number, dropped.get(one.slot, head.number))
        for one in held
        for head in heads
        if same_device(head.device, one.device)
    }
    rows = [
        DeviceRow(
            device_name(one.slot),
            members[one.slot].name if one.slot in members else "",
            members[one.slot].role if one.slot in members else "",
            one.number,
            there.get(one.slot, 0),
            one.slot == own,
            one.slot in left,
        )
        for one in held
    ]
    rows += [
        DeviceRow(head.name, "", "", 0, head.number, own=False)
        for head in heads
        if not any(same_device(head.device, one.device) for one in held)
    ]
    last = read_last(workspace.places.state)
    mark = sha256("\n".join(marks).encode()).hexdigest()[:8]
    return TeamPage(
        shown_address(settings.address),
        mark,
        rows,
        waits,
        unreachable,
        _day(last.at, zone),
        _day(last.away_since, zone),
        last.failed,
    )


def settings_of(workspace: Workspace) -> TeamSettings:
    """The team of the journal.

    Raises:
        NotFound: there is no journal, or it is of no team.
    """
    if not workspace.places.journal_db.exists():
        raise no_journal(workspace)
    with reading(workspace) as (reader, _):
        return read_settings(reader.meta(TEAM))


def _day(instant: str, zone: str) -> date | None:
    return local_day(datetime.fromisoformat(instant), zone) if instant else None


def _waiting(wait: "Wait") -> WaitingDevice:
    about = show_id(wait.about) if wait.about is not None else ""
    return WaitingDevice(device_name(wait.slot), wait.number, wait.why, about)


def _note_waiting(workspace: Workspace, waits: "Sequence[WaitingDevice]") -> None:
    """Keep who waits for the page that tells; written only where it is otherwise than before."""
    from nippo_cli.journal.read import reading as open_reader
    from nippo_cli.journal.write import writing

    note = json.dumps([list(wait) for wait in waits])
    with open_reader(workspace.places.journal_db) as reader:
        before = reader.meta(WAITING) or "[]"
    if before != note:
        with writing(workspace.places.journal_db, author="", now=workspace.now) as writer:
            writer.set_meta(WAITING, note)
