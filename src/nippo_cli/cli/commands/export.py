"""`nippo export`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import AnswerCommand, Owner, command, context_of
from nippo_cli.services import imports

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.services.context import Workspace


class ExportCommand(AnswerCommand):
    """`nippo export`, which also has formats that no other answer has."""

    def invoke(self, ctx: Any) -> Any:
        """Run it, once it is known in which format."""
        context_of(ctx).more_formats = ("xes", "ics", "sqlite")
        return super().invoke(ctx)


@command("export", ExportCommand, help="cli.export.help")
def export(
    ctx: typer.Context,
    folder: Annotated[str | None, typer.Argument(help="cli.export.folder")] = None,
    log: Annotated[bool, typer.Option("--log", help="cli.export.log")] = False,
    ics: Annotated[bool, typer.Option("--ics", help="cli.export.ics")] = False,
    owner: Owner = None,
) -> None:
    """Export every entry, with a map that reads them back or as one table; the complete log; an event log."""
    run = context_of(ctx)
    workspace = run.workspace()
    as_calendar = ics or (run.format == "ics" and not log)
    if owner is not None and not as_calendar:
        raise UsageError(msg("cli.export.owner"))
    if (folder is not None) + log + ics > 1:
        raise UsageError(msg("cli.export.two"), hint=msg("cli.export.two.hint"))
    if folder is not None:
        run.show(imports.export_to(workspace, folder, force=run.force), workspace)
    elif log:
        _hand_log_out(run, workspace)
    elif as_calendar:
        from nippo_cli.services.pages.calendar import calendar

        run.hand_out([calendar(workspace, owner=owner)], "ics")
    elif run.format == "sqlite":
        if run.output in (None, "-"):
            raise UsageError(msg("cli.sql_needs_file"), hint=msg("cli.sql_needs_file.hint"))
        run.put_file(imports.sql_export(workspace))
    elif run.format == "xes":
        run.hand_out(imports.event_log(workspace), "xes")
    elif run.output is None and run.format == "table":
        raise UsageError(msg("cli.export.needs"), hint=msg("cli.export.needs.hint"))
    else:
        run.is_whole = True
        run.show(imports.entry_table(workspace), workspace)


def _hand_log_out(run: "CliContext", workspace: "Workspace") -> None:
    """The complete log; on stderr, what it lacks."""
    from nippo_cli.services.care.log_files import log_lines

    lines = log_lines(workspace)
    for notice in workspace.notices:
        run.notice(notice)
    run.hand_out(lines, "jsonl")
