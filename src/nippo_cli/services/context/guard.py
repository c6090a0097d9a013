"""What no output of a command is written over."""

from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path

from nippo_cli.base.errors import NippoError
from nippo_cli.base.guards import Guard
from nippo_cli.base.places import Places, state_folder

_DRAFTS = "drafts"


def guard(places: Places, reads: Iterable[str] = ()) -> Guard:
    """The journal's files, what it imported, everybody's drafts, and the files that the command itself reads."""
    drafts, state = places.state / _DRAFTS, state_folder()
    return Guard(
        files=(places.journal_db, places.schema, drafts.with_suffix(".lock"), *map(Path, reads)),
        folders=(drafts, state / _DRAFTS, state / "journals"),
        imported=partial(_imported, places.journal_db),
    )


def _imported(journal_db: Path) -> Collection[str]:
    """The fingerprints of the files that a journal imported; none where it can't be read."""
    from nippo_cli.journal.read import reading

    try:
        if not journal_db.exists():
            return ()
        with reading(journal_db) as reader:
            return reader.imported_files()
    except NippoError:
        return ()
