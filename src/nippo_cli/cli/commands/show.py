"""`nippo show`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import AnswerCommand, EntryId, command, context_of
from nippo_cli.services.pages import log


@command("show", AnswerCommand, help="cli.show.help")
def show(
    ctx: typer.Context,
    entry: EntryId,
    history: Annotated[bool, typer.Option("--history", help="cli.show.history")] = False,
) -> None:
    """One entry, whole."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(log.entry(workspace, entry, history=history), workspace)
