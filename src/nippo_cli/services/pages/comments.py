"""The comments that wait for an answer, and the decisions that wait to be carried out."""

from typing import TYPE_CHECKING

from nippo_cli.results.entries import CommentList
from nippo_cli.services.context import Workspace, reading

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.entries import Remarked


def waiting(workspace: Workspace) -> CommentList:
    """Those that wait."""
    with reading(workspace) as (reader, as_of):
        return CommentList(as_of.on, open_comments(reader, as_of))


def open_comments(reader: "JournalReader", as_of: "AsOf") -> "list[Remarked]":
    """Those that wait, each with what it is about; one whose entry or deal was taken back waits no more."""
    return reader.with_subjects(as_of, reader.remarks(as_of).waiting())
