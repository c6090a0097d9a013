"""The comments that wait for an answer."""

from typing import TYPE_CHECKING

from nippo_cli.results.entries import CommentList, Remarked
from nippo_cli.services.context import Workspace, reading

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf


def waiting(workspace: Workspace) -> CommentList:
    """The comments that wait for an answer."""
    with reading(workspace) as (reader, as_of):
        return CommentList(as_of.on, open_comments(reader, as_of))


def open_comments(reader: "JournalReader", as_of: "AsOf") -> list[Remarked]:
    """Those that wait, each with its entry; one whose entry was taken back waits no more."""
    comments = reader.remarks(as_of).waiting()
    entries = {v.id: v for v in reader.views(as_of, [c.entry for c in comments if c.entry is not None])}
    return [Remarked(c, entries.get(c.entry or 0)) for c in comments if c.entry is None or c.entry in entries]
