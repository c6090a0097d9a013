"""`nippo deal …`."""

from typing import Annotated

import typer

from nippo_cli.base.language import t
from nippo_cli.cli.frame import (
    AnswerCommand,
    Chosen,
    Customer,
    Deal,
    Deals,
    On,
    Owner,
    Stage,
    Why,
    WriteCommand,
    context_of,
)


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    deal = app.group("deal", t("cli.deal.help"))
    deal.command("list", cls=AnswerCommand, help=t("cli.deal.list.help"))(list_)
    deal.command("show", cls=AnswerCommand, help=t("cli.deal.show.help"))(show)
    deal.command("timeline", cls=AnswerCommand, help=t("cli.deal.timeline.help"))(timeline)
    deal.command("precedents", cls=AnswerCommand, help=t("cli.deal.precedents.help"))(precedents)
    deal.command("story", cls=AnswerCommand, help=t("cli.deal.story.help"))(story)
    deal.command("rename", cls=WriteCommand, help=t("cli.deal.rename.help"))(rename)
    deal.command("merge", cls=WriteCommand, help=t("cli.deal.merge.help"))(merge)
    deal.command("assign", cls=WriteCommand, help=t("cli.deal.assign.help"))(assign)
    deal.command("hold", cls=WriteCommand, help=t("cli.deal.hold.help"))(hold)
    deal.command("review", cls=WriteCommand, help=t("cli.deal.review.help"))(review)


def list_(
    ctx: typer.Context,
    summary: Annotated[bool, typer.Option("--summary", help=t("cli.deal.list.summary"))] = False,
    every: Annotated[bool, typer.Option("--all", help=t("cli.deal.list.all"))] = False,
    fate: Annotated[
        str | None, typer.Option("--fate", metavar="won|lost|fizzled|open", help=t("cli.deal.list.fate"))
    ] = None,
    owner: Owner = None,
    customer: Customer = None,
    stage: Stage = None,
) -> None:
    """Deals, or the count of all."""
    from nippo_cli.services.context import Scope
    from nippo_cli.services.pages import deals

    session = context_of(ctx)
    desk = session.desk()
    scope = Scope(owner, customer, stage)
    if summary:
        session.show(deals.summary(desk, scope=scope), desk)
    else:
        session.show(deals.listed(desk, scope=scope, outcome=fate, every=every, limit=session.row_limit), desk)


def show(ctx: typer.Context, deal: Deal) -> None:
    """A deal's whole line."""
    from nippo_cli.services.pages import deals

    session = context_of(ctx)
    desk = session.desk()
    session.show(deals.page(desk, deal), desk)


def timeline(
    ctx: typer.Context,
    deals: Deals,
    align: Annotated[bool, typer.Option("--align", help=t("cli.deal.timeline.align"))] = False,
) -> None:
    """Draw the line of one deal, or of several under each other."""
    from nippo_cli.services.pages import deals as room

    session = context_of(ctx)
    desk = session.desk()
    session.show(room.timeline(desk, deals, aligned=align), desk)


def precedents(ctx: typer.Context, deal: Deal) -> None:
    """What became of deals like this one, side by side with it."""
    from nippo_cli.services.pages import deals as room

    session = context_of(ctx)
    desk = session.desk()
    session.show(room.precedents(desk, deal), desk)


def story(
    ctx: typer.Context,
    deal: Deal,
    impressions: Annotated[bool, typer.Option("--impressions", help=t("cli.deal.story.impressions"))] = False,
    anonymous: Annotated[bool, typer.Option("--anonymous", help=t("cli.deal.story.anonymous"))] = False,
) -> None:
    """A finished deal as a page of Markdown."""
    from nippo_cli.cli.frame.waiting import waiting
    from nippo_cli.services.pages import story as room

    session = context_of(ctx)
    desk = session.desk()
    session.usual = "md"
    with waiting():
        told = room.story(desk, deal, impressions=impressions, anonymous=anonymous)
    session.show(told, desk)


def rename(
    ctx: typer.Context, deal: Deal, name: Annotated[str, typer.Argument(help=t("cli.deal.rename.name"))]
) -> None:
    """Give a deal another name."""
    from nippo_cli.services.writing import deals as deal_care

    session = context_of(ctx)
    desk = session.desk()
    session.show(deal_care.rename(desk, deal, name), desk)


def merge(ctx: typer.Context, deal: Deal, into: Annotated[str, typer.Argument(help=t("cli.deal.merge.into"))]) -> None:
    """Make one deal of two."""
    from nippo_cli.services.writing import deals as deal_care

    session = context_of(ctx)
    desk = session.desk()
    session.show(deal_care.merge(desk, deal, into), desk)


def assign(
    ctx: typer.Context,
    deal: Deal,
    owner: Annotated[str, typer.Argument(help=t("cli.deal.assign.owner"))],
    on: On = None,
) -> None:
    """Hand a deal to an owner."""
    from nippo_cli.services.writing import deals as deal_care

    session = context_of(ctx)
    desk = session.desk()
    session.show(deal_care.assign(desk, deal, owner, on=on), desk)


def hold(
    ctx: typer.Context,
    deal: Deal,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help=t("cli.deal.hold.until"))] = None,
    why: Why = "",
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help=t("cli.deal.hold.from"))] = None,
    release: Annotated[bool, typer.Option("--release", help=t("cli.deal.hold.release"))] = False,
) -> None:
    """Put a deal on hold, or end its hold."""
    from nippo_cli.base.errors import UsageError, msg
    from nippo_cli.services.writing import deals as deal_care

    session = context_of(ctx)
    desk = session.desk()
    if release:
        session.show(deal_care.release(desk, deal), desk)
    elif until is None:
        raise UsageError(msg("cli.hold_until"))
    else:
        session.show(deal_care.hold(desk, deal, until=until, why=why, since=since), desk)


def review(
    ctx: typer.Context,
    deal: Deal,
    cause: Annotated[str, typer.Option("--cause", metavar="CAUSE", help=t("cli.deal.review.cause"))] = "",
    text: Annotated[str, typer.Option("-m", "--message", metavar="TEXT", help=t("cli.deal.review.text"))] = "",
    known: Annotated[str, typer.Option("--known", metavar="asked|found|guess", help=t("cli.deal.review.known"))] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help=t("cli.deal.review.by"))] = "",
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=t("cli.deal.review.on"))] = None,
) -> None:
    """Record what was learned of a finished deal."""
    from nippo_cli.services.writing import reviews

    session = context_of(ctx)
    desk = session.desk()
    session.show(reviews.review(desk, deal, text=text, known_by=known, cause=cause, by=by, on=on), desk)
