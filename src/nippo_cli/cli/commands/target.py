"""`nippo target set` and `nippo target list`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import AnswerCommand, Owner, WriteCommand, command, context_of
from nippo_cli.services.imports import targets


@command("target set", WriteCommand, help="cli.target.set.help")
def set_(
    ctx: typer.Context,
    owner: Annotated[str, typer.Argument(help="cli.target.owner")],
    month: Annotated[str, typer.Argument(help="cli.target.month")],
    amount: Annotated[str, typer.Argument(help="cli.target.amount")],
) -> None:
    """Say what an owner is to sell in a month."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(targets.set_target(workspace, owner, month, amount), workspace)


@command("target list", AnswerCommand, help="cli.target.list.help")
def list_(ctx: typer.Context, owner: Owner = None) -> None:
    """List the targets that hold."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(targets.listed(workspace, owner=owner), workspace)
