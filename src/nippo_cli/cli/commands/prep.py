"""`nippo prep`."""

from typing import Annotated

import typer

from nippo_cli.base.language import t
from nippo_cli.cli.frame import AnswerCommand, Chosen, context_of


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("prep", cls=AnswerCommand, help=t("cli.prep.help"))(prep)


def prep(ctx: typer.Context, customer: Annotated[str, typer.Argument(help=t("cli.arg.customer"))]) -> None:
    """One page before a visit."""
    from nippo_cli.services.pages import prep as room

    session = context_of(ctx)
    desk = session.desk()
    session.show(room.page(desk, customer), desk)
