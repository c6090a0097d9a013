"""`nippo sales …`."""

from typing import Annotated

import typer

from nippo_cli.cli.app import Chosen
from nippo_cli.cli.commands import Write
from nippo_cli.cli.params import On
from nippo_cli.cli.session import session_of
from nippo_cli.language import t


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    sales = app.group("sales", t("cli.sales.help"))
    sales.command("add", cls=Write, help=t("cli.sales.add.help"))(add)


def add(
    ctx: typer.Context,
    amount: Annotated[str, typer.Option("--amount", metavar="MONEY", help=t("cli.sales.amount"))],
    customer: Annotated[str | None, typer.Option("--customer", metavar="NAME", help=t("cli.sales.customer"))] = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help=t("cli.sales.deal"))] = None,
    on: On = None,
    reference: Annotated[str, typer.Option("--ref", metavar="TEXT", help=t("cli.sales.ref"))] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help=t("cli.sales.note"))] = "",
) -> None:
    """Record one row of the real ledger."""
    from nippo_cli.desk import sales

    session = session_of(ctx)
    desk = session.desk()
    session.show(
        sales.add(desk, amount=amount, customer=customer, deal=deal, on=on, reference=reference, note=note), desk
    )
