"""Copies beside a journal that still say what a colleague erased: those that upgrades left go, those that are people's own to keep are
told."""

from contextlib import closing, suppress
from pathlib import Path

from nippo_cli.base.errors import JournalError, NotFound, msg
from nippo_cli.base.files import sync_folder
from nippo_cli.services.context import Workspace


def clear_copies(workspace: Workspace) -> None:
    """Remove the copies that upgrades left of the words that are erased by now, and tell of the backups, and of what was set aside, that
    hold some. What can't be read is told, too."""
    from nippo_cli.journal.care import copies_beside, typed
    from nippo_cli.journal.union import erased_records, opened, version_vector

    path = workspace.places.journal_db
    with opened(path) as cx:
        erased = [
            (one.number, one.recorded_at) for held in version_vector(cx).values() for one in erased_records(cx, held)
        ]
    remaining: list[Path] = []
    for copy, what in copies_beside(path):
        holds = _holds(copy, erased)
        if what == "upgraded" and holds:
            with suppress(OSError):
                copy.unlink()
                sync_folder(copy.parent)
        if holds is not False and copy.exists():
            remaining.append(copy)
    if remaining:
        workspace.notices.append(msg("team.erased_beside", n=len(remaining), paths=" ".join(map(typed, remaining))))


def _holds(copy: Path, erased: list[tuple[int, str]]) -> bool | None:
    """Whether a copy says what is erased; None where nobody can tell."""
    from nippo_cli.journal.log import look_into, usable
    from nippo_cli.journal.read import holds_bodies

    try:
        with closing(look_into(copy, older=True)) as cx, usable(copy):
            return holds_bodies(cx, erased)
    except (JournalError, NotFound, OSError):
        return None
