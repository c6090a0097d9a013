"""`nippo doctor`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import ExitCode
from nippo_cli.cli.frame import CareCommand, check_progress, command, context_of
from nippo_cli.services.care import care


@command("doctor", CareCommand, help="cli.doctor.help")
def doctor(
    ctx: typer.Context, rebuild: Annotated[bool, typer.Option("--rebuild", help="cli.doctor.rebuild")] = False
) -> None:
    """Check the journal."""
    run = context_of(ctx)
    workspace = run.workspace()
    with check_progress() as progress:
        health = care.doctor(workspace, rebuild=rebuild, progress=progress)
    run.show(health, workspace)
    if not health.sound:
        raise typer.Exit(ExitCode.JOURNAL)
