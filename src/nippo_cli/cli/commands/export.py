"""`nippo export`."""

from typing import Annotated, Any

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import AnswerCommand, command, context_of
from nippo_cli.services import imports


class ExportCommand(AnswerCommand):
    """`nippo export`, which also has formats that no other answer has."""

    def invoke(self, ctx: Any) -> Any:
        """Run it, once it is known in which format."""
        context_of(ctx).more_formats = ("xes",)
        return super().invoke(ctx)


@command("export", ExportCommand, help="cli.export.help")
def export(
    ctx: typer.Context,
    folder: Annotated[str | None, typer.Argument(help="cli.export.folder")] = None,
    log: Annotated[bool, typer.Option("--log", help="cli.export.log")] = False,
) -> None:
    """Export every entry, with a map that reads them back or as one table; the complete log; an event log."""
    run = context_of(ctx)
    workspace = run.workspace()
    if folder is not None:
        if log:
            raise UsageError(msg("cli.export.two"), hint=msg("cli.export.two.hint"))
        run.show(imports.export_to(workspace, folder, force=run.force), workspace)
    elif log:
        from nippo_cli.services.care.log_files import log_lines

        run.hand_out(log_lines(workspace), "jsonl")
    elif run.format == "xes":
        run.hand_out(imports.event_log(workspace), "xes")
    elif run.output is None and run.format == "table":
        raise UsageError(msg("cli.export.needs"), hint=msg("cli.export.needs.hint"))
    else:
        run.show(imports.entry_table(workspace), workspace)
