"""`nippo customer`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import AnswerCommand, command, context_of
from nippo_cli.services.pages import deals


@command("customer", AnswerCommand, help="cli.customer.help")
def customer(ctx: typer.Context, name: Annotated[str, typer.Argument(help="cli.customer.name")]) -> None:
    """All of a customer's deals, people and contacts."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(deals.customer(workspace, name, limit=run.rows_a_section), workspace)
