"""`nippo search`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import AnswerCommand, command, context_of
from nippo_cli.services.pages import log


@command("search", AnswerCommand, help="cli.search.help")
def search(ctx: typer.Context, text: Annotated[list[str], typer.Argument(help="cli.search.text")]) -> None:
    """Entries that hold a text."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(log.search(workspace, " ".join(text), limit=run.row_limit), workspace)
