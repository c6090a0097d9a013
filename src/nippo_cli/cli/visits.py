"""`prep` and `sweep`."""

from typing import Annotated

import typer

from nippo_cli.cli.app import Chosen
from nippo_cli.cli.commands import Answer
from nippo_cli.cli.session import session_of
from nippo_cli.language import t


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("prep", cls=Answer, help=t("cli.prep.help"))(prep)


def prep(ctx: typer.Context, customer: Annotated[str, typer.Argument(help=t("cli.arg.customer"))]) -> None:
    """One page before a visit."""
    from nippo_cli.desk import prep as room

    session = session_of(ctx)
    desk = session.desk()
    session.show(room.page(desk, customer), desk)
