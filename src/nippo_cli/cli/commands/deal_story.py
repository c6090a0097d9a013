"""`nippo deal story`."""

import sys
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
    """A finished deal as a page to read together: of Markdown, unless a terminal shows it."""
    run = context_of(ctx)
    workspace = run.workspace()
    # On a screen that is to be read at once it is drawn as any page is.
    run.usual = "md" if run.output is not None or not sys.stdout.isatty() else "table"
    if impressions:
        run.with_roles = ("impression", "own_view")
    with waiting():
        page = pages.story(workspace, deal, impressions=impressions, anonymous=anonymous, names=names)
    run.show(page, workspace)
