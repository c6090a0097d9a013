"""`nippo prep`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import AnswerCommand, command, context_of
from nippo_cli.services.pages import prep as pages


@command("prep", AnswerCommand, help="cli.prep.help")
def prep(
    ctx: typer.Context, whom: Annotated[str, typer.Argument(metavar="CUSTOMER|DEAL", help="cli.prep.whom")]
) -> None:
    """One page before a visit."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(pages.page(workspace, whom), workspace)
