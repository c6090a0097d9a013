"""`nippo follow`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import CareCommand, command, context_of
from nippo_cli.services.pages import follows as pages
from nippo_cli.services.writing import follows


@command("follow", CareCommand, help="cli.follow.help")
def follow(
    ctx: typer.Context,
    whom: Annotated[str | None, typer.Argument(metavar="[DEAL|CUSTOMER]", help="cli.follow.whom")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="cli.follow.stop")] = False,
) -> None:
    """Follow a deal or a customer, or list what is followed."""
    run = context_of(ctx)
    workspace = run.workspace()
    if whom is None:
        if stop:
            raise UsageError(msg("cli.follow.stop_what"), hint=msg("follow.list_hint"))
        run.show(pages.followed(workspace), workspace)
    else:
        run.show((follows.stop if stop else follows.follow)(workspace, whom), workspace)
