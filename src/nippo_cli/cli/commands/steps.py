"""`nippo steps`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli.frame import AnswerCommand, Chosen, Customer, Owner, Since, Until, context_of
from nippo_cli.cli.frame.waiting import waiting

MONTH = "month"


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("steps", cls=AnswerCommand, help=t("cli.steps.help"))(steps)


def steps(
    ctx: typer.Context,
    since: Since = None,
    until: Until = None,
    by: Annotated[str | None, typer.Option("--by", metavar="month|owner|kind|source", help=t("cli.steps.by"))] = None,
    deals: Annotated[str | None, typer.Option("--deals", metavar="STAGE[:FIGURE]", help=t("cli.steps.deals"))] = None,
    owner: Owner = None,
    customer: Customer = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help=t("cli.steps.kind"))] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="SOURCE", help=t("cli.steps.source"))] = None,
) -> None:
    """The steps of the sale, counted stage by stage."""
    from nippo_cli.services.pages import steps as room

    if by is not None and by not in (MONTH, *room.GROUPS):
        raise UsageError(msg("cli.bad_choice", option="--by", said=by, allowed=", ".join((MONTH, *room.GROUPS))))
    if by is not None and deals is not None:
        raise UsageError(msg("cli.steps.by_or_deals"))
    if by == MONTH and since is not None:
        raise UsageError(msg("cli.steps.month_since"))
    session = context_of(ctx)
    desk = session.desk()
    asked = room.StepsAsked(since or room.DEFAULT_SINCE, until, owner, customer, kind, source)
    answer: object
    with waiting():
        if deals is not None:
            answer = room.deals(desk, asked, deals, limit=session.row_limit)
        elif by == MONTH:
            answer = room.months(desk, asked)
        else:
            answer = room.page(desk, asked, by=by or "")
    session.show(answer, desk)
