"""`nippo tidy`."""

import typer

from nippo_cli.cli.frame import AnswerCommand, command, context_of, waiting
from nippo_cli.services.pages import tidy as pages


@command("tidy", AnswerCommand, help="cli.tidy.help")
def tidy(ctx: typer.Context) -> None:
    """What of the diary is to be put in order."""
    run = context_of(ctx)
    workspace = run.workspace()
    with waiting():
        page = pages.tidy(workspace, limit=run.rows_a_section)
    run.show(page, workspace)
