"""`nippo path`."""

import typer

from nippo_cli.cli.frame import AnswerCommand, command, context_of
from nippo_cli.services.care import care


@command("path", AnswerCommand, help="cli.path.help")
def path(ctx: typer.Context) -> None:
    """Where everything is."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(care.where(workspace), workspace)
