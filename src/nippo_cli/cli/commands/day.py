"""`nippo day`."""

from typing import Annotated, Any

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import By, CareCommand, command, context_of, options_of, the_args
from nippo_cli.schema.schema import day_fields
from nippo_cli.services import pages
from nippo_cli.services.writing import remarks


class DayCommand(CareCommand):
    """A command whose options are the fields of a day."""

    def more_params(self) -> list[Any]:
        """An option for each field of a day that the schema lists."""
        schema = the_args().for_writing
        return options_of([field.field for field in day_fields(schema)], schema, self.params)


@command("day", DayCommand, help="cli.day.help")
def day(
    ctx: typer.Context,
    date: Annotated[str | None, typer.Argument(help="cli.day.date")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="cli.day.on")] = None,
    text: Annotated[str | None, typer.Option("-m", metavar="TEXT", help="cli.day.text")] = None,
    off: Annotated[bool, typer.Option("--off", help="cli.day.off")] = False,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="cli.day.until")] = None,
    not_off: Annotated[bool, typer.Option("--not-off", help="cli.day.not_off")] = False,
    by: By = None,
) -> None:
    """Write a day's remarks, or show the day."""
    run = context_of(ctx)
    if date is not None and on is not None:
        raise UsageError(msg("cli.day.two_dates", said=on))
    if off and not_off:
        raise UsageError(msg("cli.day.off_or_not"))
    if until is not None and not off:
        raise UsageError(msg("cli.day.until_alone"))
    workspace = run.workspace()
    on = on or date
    if text is None and not run.fields and not off and not not_off:
        run.show(pages.period_report(workspace, "day", on=on, author=by), workspace)
        return
    typed = remarks.TypedDay(on, text, dict(run.fields), off, not_off, until, by)
    run.show(remarks.write_day(workspace, typed), workspace)
