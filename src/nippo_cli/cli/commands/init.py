"""`nippo init`."""

from typing import Annotated

import typer

from nippo_cli.base.language import t
from nippo_cli.cli.frame import WriteCommand, command, context_of, prompts
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
    """Begin a journal. On a terminal, without a template, six questions at most make the team's own schema."""
    run = context_of(ctx)
    workspace = run.workspace(here=here)
    care.must_be_new(workspace)
    if run.interactive and template is None and not text_in(workspace.places.schema):
        from nippo_cli.cli.add import ask_schema, given_back

        text, author = ask_schema(run, workspace, author=author, ask_author=True)
        with given_back(text):
            journal = care.init(workspace, schema_text=text, author=author or "", time_zone=time_zone)
        care.forget_answers(workspace)
    else:
        if run.interactive and author is None:
            author = prompts.line(t("cli.init.ask_author", name=workspace.author or workspace.machine_user))
        journal = care.init(workspace, template=template, author=author or "", time_zone=time_zone)
    run.show(journal, workspace)
