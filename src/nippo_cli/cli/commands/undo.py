"""`nippo undo`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import WriteCommand, command, context_of
from nippo_cli.services.writing import undo as taking_back


@command("undo", WriteCommand, help="cli.undo.help")
def undo(
    ctx: typer.Context,
    number: Annotated[str | None, typer.Argument(metavar="[ID]", help="cli.undo.id")] = None,
    import_: Annotated[str | None, typer.Option("--import", metavar="ID", help="cli.undo.import")] = None,
    all_: Annotated[bool, typer.Option("--all", help="cli.undo.all")] = False,
) -> None:
    """Take the last command back, or an import by its number."""
    run = context_of(ctx)
    workspace = run.workspace()
    if number is not None and import_ is not None:
        raise UsageError(msg("cli.undo.both"))
    said = import_ if import_ is not None else number
    if said is not None:
        run.show(taking_back.undo_import(workspace, said, everything=all_), workspace)
    elif all_:
        raise UsageError(msg("cli.undo.all_alone"))
    else:
        run.show(taking_back.undo(workspace), workspace)
