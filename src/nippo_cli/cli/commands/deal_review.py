"""`nippo deal review`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import Deal, WriteCommand, command, context_of
from nippo_cli.services.writing import reviews


@command("deal review", WriteCommand, help="cli.deal.review.help")
def review(
    ctx: typer.Context,
    deal: Deal,
    cause: Annotated[str, typer.Option("--cause", metavar="CAUSE", help="cli.deal.review.cause")] = "",
    text: Annotated[str, typer.Option("-m", "--message", metavar="TEXT", help="cli.deal.review.text")] = "",
    known: Annotated[str, typer.Option("--known", metavar="asked|found|guess", help="cli.deal.review.known")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="cli.deal.review.by")] = "",
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="cli.deal.review.on")] = None,
    revisit: Annotated[str | None, typer.Option("--revisit", metavar="DATE", help="cli.deal.review.revisit")] = None,
) -> None:
    """Record what was learned of a finished deal."""
    run = context_of(ctx)
    workspace = run.workspace()
    if revisit is not None and not (text or known or cause or by or on):
        run.show(reviews.revisit(workspace, deal, revisit), workspace)
        return
    learned = reviews.Learned(text, known, cause, by, on, revisit)
    run.show(reviews.review(workspace, deal, learned), workspace)
