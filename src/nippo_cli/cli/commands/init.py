"""`nippo init`."""

from typing import Annotated

import typer

from nippo_cli.base.language import t
from nippo_cli.cli.frame import Chosen, WriteCommand, context_of


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("init", cls=WriteCommand, help=t("cli.init.help"))(init)


def init(
    ctx: typer.Context,
    template: Annotated[str | None, typer.Option("--template", metavar="T|FILE", help=t("cli.init.template"))] = None,
    here: Annotated[bool, typer.Option("--here", help=t("cli.init.here"))] = False,
    author: Annotated[str | None, typer.Option("--author", metavar="NAME", help=t("cli.init.author"))] = None,
    time_zone: Annotated[str | None, typer.Option("--time-zone", metavar="ZONE", help=t("cli.init.time_zone"))] = None,
) -> None:
    """Begin a journal. On a terminal, without a template, a few questions make the team's own schema."""
    from nippo_cli.cli.frame import author_asked, given_back, schema_text
    from nippo_cli.services.care import care
    from nippo_cli.services.context import text_in

    session = context_of(ctx)
    desk = session.desk(here=here)
    care.must_be_new(desk)
    text = None if template is not None or text_in(desk.places.schema) else schema_text(session, None)
    with given_back(text if session.interactive else None):
        name = author or author_asked(session)
        done = care.init(desk, template=template, schema_text=text, author=name, time_zone=time_zone)
    session.show(done, desk)
