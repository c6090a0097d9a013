"""`nippo draft list` and `nippo draft drop`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import AnswerCommand, WriteCommand, command, context_of
from nippo_cli.services.writing import draft_list


@command("draft list", AnswerCommand, help="cli.draft.list.help")
def list_(ctx: typer.Context) -> None:
    """Every draft."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(draft_list.listed(workspace), workspace)


@command("draft drop", WriteCommand, help="cli.draft.drop.help")
def drop(
    ctx: typer.Context,
    numbers: Annotated[list[str] | None, typer.Argument(metavar="[N]...", help="cli.draft.number")] = None,
    every: Annotated[bool, typer.Option("--all", help="cli.draft.drop.all")] = False,
) -> None:
    """Throw drafts away."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(draft_list.drop(workspace, numbers or [], every=every), workspace)
