"""`nippo lessons`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli.frame import AnswerCommand, Chosen, Customer, Owner, Until, context_of, days
from nippo_cli.cli.frame.waiting import waiting

LEAST_AGE = 7


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("lessons", cls=AnswerCommand, help=t("cli.lessons.help"))(lessons)


def lessons(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help=t("cli.lessons.kind"))] = "",
    text: Annotated[str, typer.Argument(help=t("cli.lessons.text"))] = "",
    since: Annotated[str | None, typer.Option("--since", metavar="90d|DATE", help=t("cli.lessons.since"))] = None,
    until: Until = None,
    owner: Owner = None,
    customer: Customer = None,
    stage: Annotated[str | None, typer.Option("--stage", metavar="STAGE", help=t("cli.lessons.stage"))] = None,
    deal_kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help=t("cli.lessons.deal_kind"))] = None,
    deals: Annotated[bool, typer.Option("--deals", help=t("cli.lessons.deals"))] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help=t("cli.lessons.reason"))] = "",
    cause: Annotated[str, typer.Option("--cause", metavar="CAUSE", help=t("cli.lessons.cause"))] = "",
    competitor: Annotated[str, typer.Option("--competitor", metavar="NAME", help=t("cli.lessons.competitor"))] = "",
    fate: Annotated[str, typer.Option("--fate", metavar="won|lost|fizzled|open", help=t("cli.lessons.fate"))] = "",
    sign: Annotated[
        str, typer.Option("--sign", metavar="late|never|written|copied|raised|hope", help=t("cli.lessons.sign"))
    ] = "",
    age: Annotated[str | None, typer.Option("--age", metavar="60d", help=t("cli.lessons.age"))] = None,
    rank: Annotated[str, typer.Option("--rank", metavar="RANK", help=t("cli.lessons.rank"))] = "",
) -> None:
    """What finished deals teach."""
    from nippo_cli.lessons import KINDS
    from nippo_cli.lessons.facts import Narrowed
    from nippo_cli.services.lessons import LessonDeals, lessons as room

    session = context_of(ctx)
    desk = session.desk()
    narrowed = Narrowed(fate, reason, cause, competitor, rank, sign)
    question = room.LessonQuery(
        since, until, LessonDeals(owner, customer, stage, deal_kind), deals, narrowed, aged(age), text
    )
    if not kind and (deals or narrowed != Narrowed()):
        raise UsageError(msg("desk.lesson_which", allowed=", ".join(KINDS)))
    with waiting():
        answer = room.page(desk, kind, question, limit=session.row_limit) if kind else room.whole(desk, question)
    session.show(answer, desk)


def aged(said: str | None) -> int:
    """An age as typed, in days; 0 where none is.

    Raises:
        UsageError: it is no number of days, or one at which too little has happened.
    """
    found = days(said, "--age")
    if said is not None and found < LEAST_AGE:
        raise UsageError(msg("cli.lessons.young", said=said, least=LEAST_AGE))
    return found
