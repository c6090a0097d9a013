"""`nippo deal rename`, `merge`, `assign` and `hold`: what is written about a deal as a whole."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import Deal, On, WhyText, WriteCommand, command, context_of
from nippo_cli.services.writing import deals


@command("deal rename", WriteCommand, help="cli.deal.rename.help")
def rename(ctx: typer.Context, deal: Deal, name: Annotated[str, typer.Argument(help="cli.deal.rename.name")]) -> None:
    """Give a deal another name."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(deals.rename(workspace, deal, name), workspace)


@command("deal merge", WriteCommand, help="cli.deal.merge.help")
def merge(ctx: typer.Context, deal: Deal, into: Annotated[str, typer.Argument(help="cli.deal.merge.into")]) -> None:
    """Make one deal of two."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(deals.merge(workspace, deal, into), workspace)


@command("deal assign", WriteCommand, help="cli.deal.assign.help")
def assign(
    ctx: typer.Context,
    deal: Deal,
    owner: Annotated[str, typer.Argument(help="cli.deal.assign.owner")],
    on: On = None,
    every: Annotated[bool, typer.Option("--all", help="cli.deal.assign.all")] = False,
) -> None:
    """Hand a deal to an owner, or all live ones of another."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show((deals.assign_all if every else deals.assign)(workspace, deal, owner, on=on), workspace)


@command("deal hold", WriteCommand, help="cli.deal.hold.help")
def hold(
    ctx: typer.Context,
    deal: Deal,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="cli.deal.hold.until")] = None,
    why: WhyText = "",
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="cli.deal.hold.from")] = None,
    release: Annotated[bool, typer.Option("--release", help="cli.deal.hold.release")] = False,
) -> None:
    """Put a deal on hold, or end its hold."""
    run = context_of(ctx)
    workspace = run.workspace()
    if release:
        run.show(deals.release(workspace, deal), workspace)
    elif until is None:
        raise UsageError(msg("cli.hold_until"))
    else:
        run.show(deals.hold(workspace, deal, until=until, why=why, since=since), workspace)
