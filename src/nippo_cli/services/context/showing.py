"""What of an answer is for whoever looks."""

from typing import TYPE_CHECKING, TypeVar

from nippo_cli.services.context.member import me_of

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context.workspace import Workspace

R = TypeVar("R")


def for_who_looks(workspace: "Workspace", schema: "Schema", result: R) -> R:
    """The answer without what others wrote for themselves, or for who leads the team."""
    from nippo_cli.journal.read import reading as open_reader
    from nippo_cli.results.visible import ForOthers

    path = workspace.places.journal_db
    if not path.exists():
        return result
    with open_reader(path) as reader:
        me = me_of(workspace, reader)
    return ForOthers(schema, me.name, leads=me.is_lead).of(result)
