"""What became of the syncs so far, kept in the state folder: by those that nobody watches, for the page that tells."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from nippo_cli.base.files import make_folder, replace_file
from nippo_cli.base.frozen import NamedTuple

_FILE: Final = "sync.json"
_SHOWN: Final = "sync.shown"


class LastSync(NamedTuple):
    """`at` is when all was last exchanged, and `away_since` since when nobody could be reached (instants as the log writes them; empty for
    never).

    `taken` is how many records ever came in; `published` up to which number this device's own are out. `away` says why nothing
    could be exchanged, and `failed` what else went wrong, in words; `waits` how many devices wait. `later` says that what came is
    to be taken in where a person waits for it. `notes` are lines that somebody should read, of syncs that nobody watched.
    """

    at: str = ""
    taken: int = 0
    published: int = 0
    away: str = ""
    away_since: str = ""
    failed: str = ""
    waits: int = 0
    later: bool = False
    notes: str = ""


def read_last(state: Path) -> LastSync:
    """The last one; of which nothing is known where nothing was kept, or can't be read."""
    try:
        said = json.loads((state / _FILE).read_text(encoding="utf-8"))
        last = LastSync(**said)
    except (OSError, ValueError, TypeError):
        return LastSync()
    sound = all(isinstance(value, type(usual)) for value, usual in zip(last, LastSync(), strict=True))
    return last if sound else LastSync()


def note_last(state: Path, last: LastSync) -> None:
    """Keep it. What can't be kept is no fault."""
    _put(state / _FILE, json.dumps(last._asdict(), ensure_ascii=False))


def arrived(state: Path, last: LastSync) -> int:
    """How many records came in that no page has counted yet; they are counted by now."""
    try:
        shown = int((state / _SHOWN).read_text(encoding="ascii"))
    except (OSError, ValueError):
        shown = 0
    if shown != last.taken:
        note_shown(state, last)
    return max(0, last.taken - shown)


def shown_notes(state: Path, last: LastSync) -> list[str]:
    """The lines that nobody has read yet; they are read by now."""
    if last.notes:
        note_last(state, last._replace(notes=""))
    return last.notes.splitlines()


def note_shown(state: Path, last: LastSync) -> None:
    """What came in by now was told."""
    _put(state / _SHOWN, str(last.taken))


def _put(path: Path, text: str) -> None:
    with suppress(OSError):
        make_folder(path.parent)
        replace_file(path, text.encode())
