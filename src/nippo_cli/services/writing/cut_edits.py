"""Corrections that a signal cut short: each one's command waits beside the drafts, so that no answer is lost."""

from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.ids import read_id, show_id

if TYPE_CHECKING:
    from nippo_cli.services.context import Workspace


def keep_edit(workspace: "Workspace", entry: int, command: str) -> None:
    """Put by what corrects an entry as far as was answered, in place of what was put by of it before.

    Raises:
        OSError: it can't be written.
    """
    from nippo_cli.base.files import make_folder, replace_file

    path = _path(workspace, entry)
    make_folder(path.parent)
    replace_file(path, f"{command}\n".encode("utf-8", "surrogateescape"))


def forget_edit(workspace: "Workspace", said: str) -> None:
    """Drop what was put by of an entry: it was corrected."""
    entry = read_id(said)
    if entry is not None and not workspace.dry_run:
        _path(workspace, entry).unlink(missing_ok=True)


def edits_put_by(workspace: "Workspace") -> list[Message]:
    """Of each correction that was cut short, which entry's it is and where its command lies."""
    try:
        paths = sorted((workspace.places.state / "drafts").glob("edit-*.txt"))
    except OSError:
        # No folder can be there: nothing was put by.
        return []
    return [msg("edit.cut_short", id=path.stem.removeprefix("edit-"), path=str(path)) for path in paths]


def _path(workspace: "Workspace", entry: int) -> Path:
    # Where drafts lie a redaction looks, and no output of a command goes.
    return workspace.places.state / "drafts" / f"edit-{show_id(entry)}.txt"
