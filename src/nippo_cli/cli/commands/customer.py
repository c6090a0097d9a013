"""`nippo customer`: all customers, or all of one."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import Owner, WithSubcommands, command, context_of


@command("customer", WithSubcommands, help="cli.customer.help")
def customer(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(help="cli.customer.name")] = None,
    silent: Annotated[str | None, typer.Option("--silent", metavar="1y|DATE", help="cli.customer.silent")] = None,
    owner: Owner = None,
    near: Annotated[bool, typer.Option("--near", help="cli.customer.near")] = False,
) -> None:
    """All customers; of one all deals, people and contacts."""
    run = context_of(ctx)
    workspace = run.workspace()
    if near and (name or silent or owner):
        raise UsageError(msg("cli.customer.near_alone"))
    if name is None:
        from nippo_cli.services.pages import customers

        if near:
            run.show(customers.near(workspace, limit=run.row_limit), workspace)
            return
        run.show(customers.listed(workspace, silent=silent, owner=owner, limit=run.row_limit), workspace)
        return
    if silent or owner:
        raise UsageError(msg("cli.customer.name_or_filter", name=name))
    from nippo_cli.services.pages import deals

    run.show(deals.customer(workspace, name, limit=run.rows_a_section, opens=run.format == "html"), workspace)
