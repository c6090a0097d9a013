"""`nippo init`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import WriteCommand, author_asked, command, context_of, given_back, schema_text
from nippo_cli.services.care import care
from nippo_cli.services.context import text_in


@command("init", WriteCommand, help="cli.init.help")
def init(
    ctx: typer.Context,
    template: Annotated[str | None, typer.Option("--template", metavar="T|FILE", help="cli.init.template")] = None,
    here: Annotated[bool, typer.Option("--here", help="cli.init.here")] = False,
    author: Annotated[str | None, typer.Option("--author", metavar="NAME", help="cli.init.author")] = None,
    time_zone: Annotated[str | None, typer.Option("--time-zone", metavar="ZONE", help="cli.init.time_zone")] = None,
) -> None:
    """Begin a journal. On a terminal, without a template, a few questions make the team's own schema."""
    run = context_of(ctx)
    workspace = run.workspace(here=here)
    care.must_be_new(workspace)
    text = None if template is not None or text_in(workspace.places.schema) else schema_text(run, None)
    with given_back(text if run.interactive else None):
        name = author or author_asked(run)
        journal = care.init(workspace, template=template, schema_text=text, author=name, time_zone=time_zone)
    run.show(journal, workspace)
