"""`nippo sync`: it runs often, and loads little."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import CareCommand, check_progress, command, context_of
from nippo_cli.services.team import syncing


@command("sync", CareCommand, help="cli.sync.help")
def sync(
    ctx: typer.Context,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="cli.sync.verbose")] = False,
) -> None:
    """Exchange records with the team."""
    run = context_of(ctx)
    workspace = run.workspace()
    if workspace.dry_run:
        raise UsageError(msg("team.no_dry_run"))
    with check_progress() as progress:
        report = syncing.sync(workspace, verbose=verbose, progress=progress)
    run.show(report, workspace)
