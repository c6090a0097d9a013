"""`nippo backup` and `nippo restore`: copies of the journal, and the way back."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import CareCommand, check_progress, command, context_of, number
from nippo_cli.services.care import care


@command("backup", CareCommand, help="cli.backup.help")
def backup(
    ctx: typer.Context,
    to: Annotated[str | None, typer.Option("--to", metavar="FOLDER", help="cli.backup.to")] = None,
    keep: Annotated[str | None, typer.Option("--keep", metavar="N", help="cli.backup.keep")] = None,
) -> None:
    """Copy the journal."""
    run = context_of(ctx)
    workspace = run.workspace()
    count = number(keep, "--keep", least=1, default=care.KEPT_BACKUPS)
    with check_progress() as progress:
        copied = care.backup(workspace, to=to, keep=count, progress=progress)
    run.show(copied, workspace)


@command("restore", CareCommand, help="cli.restore.help")
def restore(ctx: typer.Context, file: Annotated[str, typer.Argument(help="cli.restore.file")]) -> None:
    """Bring a backup back."""
    run = context_of(ctx)
    workspace = run.workspace()
    with check_progress() as progress:
        restored = care.restore(workspace, file, progress=progress)
    run.show(restored, workspace)
