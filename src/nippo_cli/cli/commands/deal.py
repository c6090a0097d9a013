"""`nippo deal list`, `show`, `timeline` and `precedents`: what is read of deals."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import (
    AnswerCommand,
    AtSite,
    AtStage,
    BilledTo,
    Customer,
    Deal,
    Deals,
    Owner,
    command,
    context_of,
)
from nippo_cli.services.context import Scope
from nippo_cli.services.pages import deals as pages


@command("deal list", AnswerCommand, help="cli.deal.list.help")
def list_(
    ctx: typer.Context,
    summary: Annotated[bool, typer.Option("--summary", help="cli.deal.list.summary")] = False,
    every: Annotated[bool, typer.Option("--all", help="cli.deal.list.all")] = False,
    fate: Annotated[
        str | None, typer.Option("--fate", metavar="won|lost|fizzled|open", help="cli.deal.list.fate")
    ] = None,
    owner: Owner = None,
    customer: Customer = None,
    billed_to: BilledTo = None,
    site: AtSite = None,
    stage: AtStage = None,
) -> None:
    """Deals, or the count of all."""
    run = context_of(ctx)
    workspace = run.workspace()
    scope = Scope(owner, customer, stage, billed_to, site)
    if summary:
        run.show(pages.summary(workspace, scope=scope, opens=run.format == "html"), workspace)
    else:
        limit = run.deal_limit
        of = pages.listed(workspace, scope=scope, outcome=fate, every=every, limit=limit, drawn=run.is_drawn)
        run.show(of, workspace)


@command("deal show", AnswerCommand, help="cli.deal.show.help")
def show(ctx: typer.Context, deal: Deal) -> None:
    """A deal's whole line."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(pages.page(workspace, deal), workspace)


@command("deal timeline", AnswerCommand, help="cli.deal.timeline.help")
def timeline(
    ctx: typer.Context,
    deals: Deals,
    align: Annotated[bool, typer.Option("--align", help="cli.deal.timeline.align")] = False,
) -> None:
    """Draw the line of one deal, or of several under each other."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(pages.timeline(workspace, deals, aligned=align), workspace)


@command("deal precedents", AnswerCommand, help="cli.deal.precedents.help")
def precedents(ctx: typer.Context, deal: Deal) -> None:
    """What became of deals like this one, side by side with it."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(pages.precedents(workspace, deal), workspace)
