"""`nippo doctor`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import ExitCode, UsageError, msg
from nippo_cli.cli.frame import CareCommand, check_progress, command, context_of
from nippo_cli.services.care import care


@command("doctor", CareCommand, help="cli.doctor.help")
def doctor(
    ctx: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="cli.doctor.rebuild")] = False,
    rescue: Annotated[str | None, typer.Option("--rescue", metavar="NEW", help="cli.doctor.rescue")] = None,
) -> None:
    """Check the journal; or bring what is intact of it into a new one."""
    run = context_of(ctx)
    workspace = run.workspace()
    if rescue is not None and rebuild:
        raise UsageError(msg("rescue.or_rebuild"))
    with check_progress() as progress:
        if rescue is not None:
            rescued = care.rescue(workspace, rescue, progress=progress)
        else:
            health = care.doctor(workspace, rebuild=rebuild, progress=progress)
    run.show(rescued if rescue is not None else health, workspace)
    if rescued.problems if rescue is not None else not health.sound:
        raise typer.Exit(ExitCode.JOURNAL)
