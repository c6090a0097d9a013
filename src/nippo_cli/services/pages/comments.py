"""The comments that wait for an answer, and the decisions that wait to be carried out."""

from typing import TYPE_CHECKING

from nippo_cli.base.persons import same_person
from nippo_cli.results.entries import CommentList
from nippo_cli.services.context import Workspace, reading

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.results.entries import Remarked
    from nippo_cli.services.context import Me


def waiting(workspace: Workspace) -> CommentList:
    """Those that wait."""
    with reading(workspace) as (reader, as_of):
        return CommentList(as_of.on, open_comments(reader, as_of))


def open_comments(reader: "JournalReader", as_of: "AsOf") -> "list[Remarked]":
    """Those that wait, each with what it is about; one whose entry or deal was taken back waits no more."""
    return reader.with_subjects(as_of, reader.remarks(as_of).waiting())


def comments_of_page(reader: "JournalReader", as_of: "AsOf", me: "Me", whose: str | None = None) -> "list[Remarked]":
    """Those that wait on the morning page: all of them; in a team what is for who looks, or `whose` page it is."""
    whom = whose or (me.name if me.role else None)
    return [one for one in open_comments(reader, as_of) if whom is None or _is_for(one, whom)]


def _is_for(one: "Remarked", whose: str) -> bool:
    """Whether a comment is about what somebody wrote, or about a deal of theirs; one about a day is for whoever reads it. A
    decision is for who has to carry it out, too."""
    entry, deal = one.entry, one.of_deal
    if one.comment.decision and same_person(one.comment.who, whose):
        return True
    if entry is None and deal is None:
        return not one.comment.decision
    return (entry is not None and same_person(entry.author, whose)) or (
        deal is not None and same_person(deal.owner, whose)
    )
