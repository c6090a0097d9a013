"""`nippo demo`."""

from typing import Annotated

import typer

from nippo_cli.base.language import current
from nippo_cli.cli.frame import NippoCommand, command, context_of
from nippo_cli.services.care.tour import tour


@command("demo", NippoCommand, help="cli.demo.help")
def demo(
    ctx: typer.Context,
    keep: Annotated[str | None, typer.Option("--keep", metavar="DIR", help="cli.demo.keep")] = None,
) -> None:
    """Make a sample journal and show what nippo does with it. The person's own journal is not touched."""
    run = context_of(ctx)
    # A tour is read from its first page to its last.
    run.no_pager = True
    for step in tour(run.workspace(), keep, language=current()):
        run.tell(step.said)
        if step.page is not None:
            run.show(step.page)
        run.offer(step.commands)
