"""Which journals this machine has written to, so that one that vanished is not taken for one that never was."""

import os
from contextlib import suppress
from pathlib import Path

from nippo_cli.base.files import make_folder, new_file
from nippo_cli.base.places import Places


def note_written(places: Places) -> None:
    """Remember in the state folder that the journal was written to. What can't be remembered is no fault."""
    mark = _mark(places)
    with suppress(OSError):
        if not mark.exists():
            make_folder(mark.parent)
            new_file(mark, os.fsencode(places.journal_db))


def was_written(places: Places) -> bool:
    """Whether this machine has written to the journal, wherever it is now."""
    try:
        return _mark(places).read_bytes() == os.fsencode(places.journal_db)
    except OSError:
        return False


def _mark(places: Places) -> Path:
    return places.state / "written"
