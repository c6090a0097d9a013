"""`nippo target set` and `nippo target list`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import AnswerCommand, Owner, WriteCommand, command, context_of
from nippo_cli.services.imports import targets


@command("target set", WriteCommand, help="cli.target.set.help")
def set_(
    ctx: typer.Context,
    said: Annotated[list[str], typer.Argument(metavar="[OWNER] MONTH AMOUNT", help="cli.target.set.said")],
    team: Annotated[bool, typer.Option("--team", help="cli.target.set.team")] = False,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="cli.target.set.kind")] = None,
) -> None:
    """Say what an owner, the team or a kind of deal is to sell in a month."""
    of_all = team or kind is not None
    if len(said) != (2 if of_all else 3):
        raise UsageError(msg("target.words_of_all" if of_all else "target.words", said=" ".join(said)))
    owner, month, amount = ("", *said) if of_all else said
    if not of_all and not owner.strip():
        raise UsageError(msg("target.owner_blank"))
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(targets.set_target(workspace, owner, month, amount, kind=kind or ""), workspace)


@command("target list", AnswerCommand, help="cli.target.list.help")
def list_(ctx: typer.Context, owner: Owner = None) -> None:
    """List the targets that hold."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(targets.listed(workspace, owner=owner), workspace)
