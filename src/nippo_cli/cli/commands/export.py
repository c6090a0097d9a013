"""`nippo export`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import AnswerCommand, command, context_of
from nippo_cli.services.imports import export_to


@command("export", AnswerCommand, help="cli.export.help")
def export(ctx: typer.Context, folder: Annotated[str, typer.Argument(help="cli.export.folder")]) -> None:
    """Export every entry, with a map that reads them back."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(export_to(workspace, folder, force=run.force), workspace)
