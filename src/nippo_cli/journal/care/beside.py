"""Copies that a synchronising folder leaves beside a journal or its schema when two machines wrote to it at once, found by their
names.

| who leaves it | name |
|---|---|
| Dropbox, Nextcloud | `journal (PC2's conflicted copy 2026-11-23).db` |
| OneDrive | `journal-PC2.db` |
| Google Drive, a browser | `journal (1).db` |
| Syncthing | `journal.sync-conflict-20261123-180000-ABCDEFG.db` |
| a person | `journal - Copy.db`, `journal - コピー.db` |
"""

import re
from pathlib import Path
from typing import Final

# Made by nippo itself: backups, what restores and rebuilds set aside, and what is left of an upgrade.
_OWN: Final = r"[-.]\d{8}-\d{6}(-\d+)?(\.\w+)?|\.before-.+"
# A journal that its people named themselves may have a neighbour of a like name, which is no copy.
_SAYS_SO: Final = re.compile(r"conflict|copy|\(|コピー|競合", re.IGNORECASE)
_STANDARD: Final = "journal.db"


def conflicted_copies(path: Path) -> list[Path]:
    """What looks like another copy of a journal, or of `schema.yaml`, beside it, by name; nothing is opened."""
    named = re.compile(rf"{re.escape(path.stem)}(?P<more>[^0-9A-Za-z].*){re.escape(path.suffix)}", re.IGNORECASE)
    copies = []
    try:
        names = sorted(file.name for file in path.parent.iterdir())
    except OSError:
        return []
    for name in names:
        match = named.fullmatch(name)
        if match is None or re.fullmatch(_OWN, match["more"]):
            continue
        if path.name == _STANDARD or _SAYS_SO.search(match["more"]):
            copies.append(path.with_name(name))
    return copies
