"""`nippo customer rename`, `merge` and `alias`: what is said of a customer."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import WriteCommand, command, context_of
from nippo_cli.services.writing import customers


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
