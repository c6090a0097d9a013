"""`nippo undo`."""

import typer

from nippo_cli.cli.frame import WriteCommand, command, context_of
from nippo_cli.services.writing import undo as taking_back


@command("undo", WriteCommand, help="cli.undo.help")
def undo(ctx: typer.Context) -> None:
    """Take the last command back."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(taking_back.undo(workspace), workspace)
