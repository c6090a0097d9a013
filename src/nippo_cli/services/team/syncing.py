"""`nippo sync`, and the sync that nobody watches; what became of either is kept for the page that tells."""

from typing import TYPE_CHECKING

from nippo_cli.base.dates import instant_text
from nippo_cli.base.errors import NippoError
from nippo_cli.base.language import say
from nippo_cli.results.team import SyncReport
from nippo_cli.services.context import Workspace
from nippo_cli.services.team.exchange import exchange
from nippo_cli.services.team.last_sync import LastSync, note_last, note_shown, read_last
from nippo_cli.services.team.settings import settings_of
from nippo_cli.services.team.turns import PATIENCE, ask, hear, is_asked, turn

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress


def sync(workspace: Workspace, *, verbose: bool = False, progress: "Progress | None" = None) -> SyncReport:
    """Take in what others published, publish what is one's own, and erase where the records lie what was erased here. Waits a while
    for a sync that is at it already.

    A carrier that can't be reached is no failure: what was written is on one's own disk, and the next sync takes it along.

    Raises:
        NotFound: there is no journal, or it is of no team.
    """
    settings = settings_of(workspace)
    state = workspace.places.state
    with turn(state, PATIENCE):
        hear(state)
        report = exchange(workspace, settings, watched=True, verbose=verbose, progress=progress)
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
                _note(workspace, exchange(workspace, settings_of(workspace), watched=False))
            except Exception as error:  # noqa: BLE001  nobody sees it raised: the morning page tells of it
                why = say(error.message) if isinstance(error, NippoError) else f"{type(error).__name__}: {error}"
                note_last(state, read_last(state)._replace(failed=why))
            finally:
                _keep_notes(workspace)
        again = heard and is_asked(state)


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
