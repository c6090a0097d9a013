"""`nippo customer rename`, `merge`, `alias` and `revisit`: what is said of a customer."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import WriteCommand, command, context_of
from nippo_cli.services.writing import customers, revisits


@command("customer rename", WriteCommand, help="cli.customer.rename.help")
def rename(
    ctx: typer.Context,
    customer: Annotated[str, typer.Argument(help="cli.arg.customer")],
    name: Annotated[str, typer.Argument(help="cli.customer.rename.name")],
) -> None:
    """Call a customer by another name."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(customers.rename(workspace, customer, name), workspace)


@command("customer merge", WriteCommand, help="cli.customer.merge.help")
def merge(
    ctx: typer.Context,
    customer: Annotated[str, typer.Argument(help="cli.arg.customer")],
    into: Annotated[str, typer.Argument(help="cli.customer.merge.into")],
) -> None:
    """Make one customer of two."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(customers.merge(workspace, customer, into), workspace)


@command("customer alias", WriteCommand, help="cli.customer.alias.help")
def alias(
    ctx: typer.Context,
    customer: Annotated[str, typer.Argument(help="cli.arg.customer")],
    name: Annotated[str, typer.Argument(help="cli.customer.alias.name")],
) -> None:
    """Let a customer answer to one more name."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(customers.alias(workspace, customer, name), workspace)


@command("customer revisit", WriteCommand, help="cli.customer.revisit.help")
def revisit(
    ctx: typer.Context,
    customer: Annotated[str, typer.Argument(help="cli.arg.customer")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="cli.customer.revisit.on")] = None,
    why: Annotated[str, typer.Option("-m", "--message", metavar="TEXT", help="cli.customer.revisit.why")] = "",
    drop: Annotated[bool, typer.Option("--drop", help="cli.customer.revisit.drop")] = False,
) -> None:
    """Say when to call a customer again."""
    run = context_of(ctx)
    workspace = run.workspace()
    if drop == (on is not None):
        raise UsageError(msg("cli.customer.revisit.which"))
    if on is None:
        run.show(revisits.forget_customer_revisit(workspace, customer), workspace)
    else:
        run.show(revisits.revisit_customer(workspace, customer, on, why), workspace)
