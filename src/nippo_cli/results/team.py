"""A team's diary: whom to invite, what a sync did, and how far everybody's records are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.results.handover import HandoverPage


class Invitation(NamedTuple):
    """`nippo team invite`: the code that lets one machine of one person join."""

    code: str
    name: str
    role: str
    device: str


class TeamMove(NamedTuple):
    """`nippo team move`: where the team's records lie now, and a code for each other device that goes on there."""

    address: str
    codes: Sequence[Invitation]


class LeavePlan(NamedTuple):
    """What `nippo team leave` is about to do: who hands which live deals over to whom."""

    name: str
    to: str
    deals: Sequence[int]


class TeamLeave(NamedTuple):
    """`nippo team leave`: who left, who has the live deals now, how many, and what there is to know of them; no page where there are
    none. `to` is empty where nobody heard of it; `held` is how many records stay in the diary. `pending` says that the deals
    are handed over, and the diary is still the team's: it is to be done once more; `dry_run`, that nothing was done."""

    name: str
    to: str
    deals: int
    page: HandoverPage | None
    held: int
    pending: bool = False
    dry_run: bool = False


class DeviceRow(NamedTuple):
    """A device of the team: whose it is, how many of its records are here, and how many are published; `own` is this one. `left`
    says that it writes no longer, and `retired` that its member goes on with another one."""

    device: str
    name: str
    role: str
    held: int
    published: int
    own: bool
    left: bool = False
    retired: bool = False


class WaitingDevice(NamedTuple):
    """A device whose records wait from a number on: `why` is a key below `team.wait.`; `about` is the record that lacks, by
    its id as people type it."""

    device: str
    number: int
    why: str
    about: str


class SyncReport(NamedTuple):
    """`nippo sync`: how many records were taken in and published, by device; which devices wait; what is erased now where the
    records lie. `unreachable` says why nothing could be exchanged, in words, with more about it in lines below; `own` up to which
    number this device's own records are published then. `left` says that what came is left to be taken where a person waits for
    it; `mended` how many records were put back where somebody had damaged them."""

    taken: Sequence[tuple[str, int]]
    published: Sequence[tuple[str, int]]
    waits: Sequence[WaitingDevice]
    erased: int
    unreachable: str
    verbose: bool
    own: int = 0
    left: bool = False
    mended: int = 0
    unerased: int = 0


class TeamPage(NamedTuple):
    """`nippo team status`. `mark` is a short hash of what is held, the same wherever the same is held. `synced_on` is the day on which
    all was last exchanged, `away_since` the one since which nobody could be reached, and `failed` why the last sync failed, in words."""

    address: str
    mark: str
    devices: Sequence[DeviceRow]
    waits: Sequence[WaitingDevice]
    unreachable: str
    synced_on: date | None = None
    away_since: date | None = None
    failed: str = ""


class HostedServer(NamedTuple):
    """`nippo team host`: the version of what the server had (0: nothing) and has now; the address of a team that can begin there,
    empty where none was made, and whether the login's password is in it; what was run, or would be."""

    server: str
    before: int
    version: int
    address: str
    has_password: bool
    sql: str
    dry_run: bool
