"""`nippo demo`."""

from typing import Annotated

import typer

from nippo_cli.base.language import t
from nippo_cli.cli.frame import Chosen, NippoCommand, context_of


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("demo", cls=NippoCommand, help=t("cli.demo.help"))(demo)


def demo(
    ctx: typer.Context,
    keep: Annotated[str | None, typer.Option("--keep", metavar="DIR", help=t("cli.demo.keep"))] = None,
) -> None:
    """Make a sample journal and show what nippo does with it. The person's own journal is not touched."""
    from nippo_cli.base.language import current
    from nippo_cli.services.care.tour import tour

    session = context_of(ctx)
    # A tour is read from its first page to its last.
    session.no_pager = True
    for step in tour(session.desk(), keep, language=current()):
        session.tell(step.said)
        if step.page is not None:
            session.show(step.page)
        session.offer(step.commands)
