"""`nippo sales add`, `list`, `match` and `retract`: rows of the real ledger."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import (
    AnswerCommand,
    CareCommand,
    Customer,
    On,
    Since,
    Until,
    WhyText,
    WriteCommand,
    command,
    context_of,
)
from nippo_cli.services.imports import sales


@command("sales add", WriteCommand, help="cli.sales.add.help")
def add(
    ctx: typer.Context,
    amount: Annotated[str, typer.Option("--amount", metavar="MONEY", help="cli.sales.amount")],
    customer: Annotated[str | None, typer.Option("--customer", metavar="NAME", help="cli.sales.customer")] = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help="cli.sales.deal")] = None,
    on: On = None,
    reference: Annotated[str, typer.Option("--ref", metavar="TEXT", help="cli.sales.ref")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="cli.sales.note")] = "",
    advance: Annotated[bool, typer.Option("--advance", help="cli.sales.advance")] = False,
    tax: Annotated[str | None, typer.Option("--tax", metavar="10%", help="cli.sales.tax")] = None,
) -> None:
    """Record one row of the real ledger."""
    run = context_of(ctx)
    workspace = run.workspace()
    sale = sales.add(
        workspace, amount=amount, customer=customer, deal=deal, on=on, reference=reference, note=note, advance=advance,
        tax=tax,
    )  # fmt: skip
    run.show(sale, workspace)


@command("sales list", AnswerCommand, help="cli.sales.list.help")
def list_(
    ctx: typer.Context,
    since: Since = None,
    until: Until = None,
    customer: Customer = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help="cli.sales.list.deal")] = None,
    unmatched: Annotated[bool, typer.Option("--unmatched", help="cli.sales.list.unmatched")] = False,
    advances: Annotated[bool, typer.Option("--advances", help="cli.sales.list.advances")] = False,
) -> None:
    """List rows of the ledger."""
    run = context_of(ctx)
    workspace = run.workspace()
    page = sales.listed(
        workspace, since=since, until=until, customer=customer, deal=deal, unmatched=unmatched, advances=advances,
        limit=run.row_limit,
    )  # fmt: skip
    run.show(page, workspace)


@command("sales match", CareCommand, help="cli.sales.match.help")
def match(
    ctx: typer.Context,
    sale: Annotated[str, typer.Argument(help="cli.sales.match.sale")] = "",
    deal: Annotated[str, typer.Argument(help="cli.sales.match.deal")] = "",
    refuse: Annotated[bool, typer.Option("--refuse", help="cli.sales.match.refuse")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="cli.sales.match.exact")] = False,
    since: Since = None,
) -> None:
    """Show proposals; or put a sale to a deal, or part them for good."""
    run = context_of(ctx)
    workspace = run.workspace()
    if sale and deal and not exact:
        run.show(sales.match(workspace, sale, deal, refuse=refuse), workspace)
    elif exact and not (sale or refuse):
        run.show(sales.match_exact(workspace, since=since), workspace)
    elif sale or refuse:
        raise UsageError(msg("cli.sales.match.both"))
    else:
        run.show(sales.proposals(workspace, since=since, limit=run.row_limit), workspace)


@command("sales retract", WriteCommand, help="cli.sales.retract.help")
def retract(
    ctx: typer.Context, sale: Annotated[str, typer.Argument(help="cli.sales.match.sale")], why: WhyText = ""
) -> None:
    """Take a row of the ledger back."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(sales.retract(workspace, sale, why=why), workspace)
