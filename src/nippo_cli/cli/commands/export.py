"""`nippo export`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import AnswerCommand, command, context_of
from nippo_cli.services.imports import export_to


@command("export", AnswerCommand, help="cli.export.help")
def export(
    ctx: typer.Context,
    folder: Annotated[str | None, typer.Argument(help="cli.export.folder")] = None,
    log: Annotated[bool, typer.Option("--log", help="cli.export.log")] = False,
) -> None:
    """Export every entry, with a map that reads them back; or the complete log."""
    run = context_of(ctx)
    workspace = run.workspace()
    if log:
        from nippo_cli.services.care.log_files import log_lines

        if folder is not None:
            raise UsageError(msg("cli.export.two"), hint=msg("cli.export.two.hint"))
        run.hand_out(log_lines(workspace), "jsonl")
        return
    if folder is None:
        raise UsageError(msg("cli.export.needs"), hint=msg("cli.export.needs.hint"))
    run.show(export_to(workspace, folder, force=run.force), workspace)
