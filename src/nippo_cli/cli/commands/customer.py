"""`nippo customer`."""

from typing import Annotated

import typer

from nippo_cli.base.language import t
from nippo_cli.cli.frame import AnswerCommand, Chosen, context_of


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("customer", cls=AnswerCommand, help=t("cli.customer.help"))(customer)


def customer(ctx: typer.Context, name: Annotated[str, typer.Argument(help=t("cli.customer.name"))]) -> None:
    """All of a customer's deals, people and contacts."""
    from nippo_cli.services.pages import deals

    session = context_of(ctx)
    desk = session.desk()
    session.show(deals.customer(desk, name, limit=session.rows_a_section), desk)
