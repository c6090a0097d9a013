"""`nippo steps`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import AnswerCommand, Customer, Owner, Since, Until, command, context_of, waiting
from nippo_cli.services.context import key_meant, shown
from nippo_cli.services.pages import steps as pages

_MONTH = "month"
# So many deals of a stage stand behind its figures.
_BEHIND = 100
_GROUPS = (_MONTH, *pages.GROUPS)


@command("steps", AnswerCommand, help="cli.steps.help")
def steps(
    ctx: typer.Context,
    since: Since = None,
    until: Until = None,
    by: Annotated[str | None, typer.Option("--by", metavar="month|owner|kind|source", help="cli.steps.by")] = None,
    deals: Annotated[str | None, typer.Option("--deals", metavar="STAGE[:FIGURE]", help="cli.steps.deals")] = None,
    owner: Owner = None,
    customer: Customer = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="cli.steps.kind")] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="SOURCE", help="cli.steps.source")] = None,
) -> None:
    """The steps of the sale, counted stage by stage."""
    said, by = by, key_meant("by", by, _GROUPS) if by is not None else None
    if said is not None and by is None:
        raise UsageError(msg("cli.bad_choice", option="--by", said=said, allowed=shown("by", _GROUPS)))
    if by is not None and deals is not None:
        raise UsageError(msg("cli.steps.by_or_deals"))
    if by == _MONTH and since is not None:
        raise UsageError(msg("cli.steps.month_since"))
    run = context_of(ctx)
    workspace = run.workspace()
    query = pages.StepsAsked(since or pages.DEFAULT_SINCE, until, owner, customer, kind, source)
    opens = _BEHIND if run.format == "html" else 0
    page: object
    with waiting():
        if deals is not None:
            page = pages.deals(workspace, query, deals, limit=run.row_limit)
        elif by == _MONTH:
            page = pages.months(workspace, query, opens=opens)
        else:
            page = pages.page(workspace, query, by=by or "", opens=opens)
    run.show(page, workspace)
