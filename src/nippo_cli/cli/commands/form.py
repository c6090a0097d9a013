"""`nippo form check`, `new` and `marks`."""

from pathlib import Path
from typing import Annotated

import typer

from nippo_cli.base.errors import ExitCode, msg
from nippo_cli.cli.frame import AnswerCommand, NippoCommand, command, context_of
from nippo_cli.services.pages import forms
from nippo_cli.services.pages.example_forms import write_example


@command("form check", AnswerCommand, help="cli.form.check.help")
def check(ctx: typer.Context, file: Annotated[str, typer.Argument(help="cli.form.check.file")]) -> None:
    """What a form would be filled with, and the marks that can't be."""
    run = context_of(ctx)
    workspace = run.workspace()
    checked = forms.check_form(workspace, file)
    run.show(checked, workspace)
    if not checked.sound:
        raise typer.Exit(ExitCode.SCHEMA)


@command("form marks", AnswerCommand, help="cli.form.marks.help")
def marks(ctx: typer.Context) -> None:
    """The marks that a form may have."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(forms.list_marks(workspace), workspace)


@command("form new", NippoCommand, help="cli.form.new.help")
def new(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="cli.form.new.file")],
    like: Annotated[str | None, typer.Option("--like", metavar="daily|weekly", help="cli.form.new.like")] = None,
) -> None:
    """A copy of an example, to be made one's own."""
    run = context_of(ctx)
    write_example(Path(file), like)
    run.notice(msg("cli.wrote_file", path=file))
    run.notice(msg("forms.next", path=file))
