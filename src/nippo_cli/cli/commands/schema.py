"""`nippo schema show`, `check` and `restore`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import ExitCode
from nippo_cli.cli.frame import AnswerCommand, WriteCommand, command, context_of
from nippo_cli.services.care import schemas


@command("schema show", AnswerCommand, help="cli.schema.show.help")
def show(ctx: typer.Context) -> None:
    """The schema as a person would read it."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(schemas.shown(workspace), workspace)


@command("schema check", AnswerCommand, help="cli.schema.check.help")
def check(ctx: typer.Context, file: Annotated[str | None, typer.Argument(help="cli.schema.check.file")] = None) -> None:
    """Every problem of a schema file."""
    run = context_of(ctx)
    workspace = run.workspace()
    checked = schemas.checked(workspace, file)
    run.show(checked, workspace)
    if checked.problems:
        raise typer.Exit(ExitCode.SCHEMA)


@command("schema restore", WriteCommand, help="cli.schema.restore.help")
def restore(ctx: typer.Context) -> None:
    """Write the schema that the journal last adopted to its place again."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(schemas.restore(workspace), workspace)
