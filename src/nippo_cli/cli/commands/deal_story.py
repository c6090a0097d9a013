"""`nippo deal story`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import AnswerCommand, Deal, command, context_of, waiting
from nippo_cli.services.pages import story as pages


@command("deal story", AnswerCommand, help="cli.deal.story.help")
def story(
    ctx: typer.Context,
    deal: Deal,
    impressions: Annotated[bool, typer.Option("--impressions", help="cli.deal.story.impressions")] = False,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="cli.deal.story.anonymous")] = False,
    names: Annotated[bool, typer.Option("--names", help="cli.deal.story.names")] = False,
) -> None:
    """A finished deal as a page of Markdown."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.usual = "md"
    if impressions:
        run.with_roles = ("impression", "own_view")
    with waiting():
        page = pages.story(workspace, deal, impressions=impressions, anonymous=anonymous, names=names)
    run.show(page, workspace)
