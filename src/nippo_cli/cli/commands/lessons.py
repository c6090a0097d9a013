"""`nippo lessons`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import AnswerCommand, Customer, Owner, Until, command, context_of, days, waiting
from nippo_cli.lessons import KINDS
from nippo_cli.lessons.facts import Narrowed
from nippo_cli.services.context import shown
from nippo_cli.services.lessons import LessonDeals, lessons as pages

_LEAST_AGE = 7


@command("lessons", AnswerCommand, help="cli.lessons.help")
def lessons(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help="cli.lessons.kind")] = "",
    text: Annotated[str, typer.Argument(help="cli.lessons.text")] = "",
    since: Annotated[str | None, typer.Option("--since", metavar="90d|DATE", help="cli.lessons.since")] = None,
    until: Until = None,
    owner: Owner = None,
    customer: Customer = None,
    stage: Annotated[str | None, typer.Option("--stage", metavar="STAGE", help="cli.lessons.stage")] = None,
    deal_kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="cli.lessons.deal_kind")] = None,
    deals: Annotated[bool, typer.Option("--deals", help="cli.lessons.deals")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help="cli.lessons.reason")] = "",
    cause: Annotated[str, typer.Option("--cause", metavar="CAUSE", help="cli.lessons.cause")] = "",
    competitor: Annotated[str, typer.Option("--competitor", metavar="NAME", help="cli.lessons.competitor")] = "",
    fate: Annotated[str, typer.Option("--fate", metavar="won|lost|fizzled|open", help="cli.lessons.fate")] = "",
    sign: Annotated[
        str, typer.Option("--sign", metavar="late|never|written|copied|raised|hope", help="cli.lessons.sign")
    ] = "",
    age: Annotated[str | None, typer.Option("--age", metavar="60d", help="cli.lessons.age")] = None,
    names: Annotated[bool, typer.Option("--names", help="cli.lessons.names")] = False,
    rank: Annotated[str, typer.Option("--rank", metavar="RANK", help="cli.lessons.rank")] = "",
) -> None:
    """What finished deals teach."""
    run = context_of(ctx)
    workspace = run.workspace()
    narrowed = Narrowed(fate, reason, cause, competitor, rank, sign)
    asked = LessonDeals(owner, customer, stage, deal_kind)
    query = pages.LessonQuery(since, until, asked, deals, narrowed, _age(age), text, names, opens=run.format == "html")
    if not kind and (deals or narrowed != Narrowed()):
        raise UsageError(msg("desk.lesson_which", allowed=shown("lesson", KINDS)))
    with waiting():
        page = pages.page(workspace, kind, query, limit=run.row_limit) if kind else pages.whole(workspace, query)
    run.show(page, workspace)


def _age(said: str | None) -> int:
    """An age as typed, in days; 0 where none is.

    Raises:
        UsageError: it is no number of days, or one at which too little has happened.
    """
    age = days(said, "--age")
    if said is not None and age < _LEAST_AGE:
        raise UsageError(msg("cli.lessons.young", said=said, least=_LEAST_AGE))
    return age
