"""`nippo target …`."""

from functools import partial
from typing import Annotated

import typer

from nippo_cli.base.language import t
from nippo_cli.cli.frame import AnswerCommand, Chosen, Owner, WriteCommand, context_of


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    target = app.group("target", t("cli.target.help"))
    target.command("set", cls=WriteCommand, help=t("cli.target.set.help"))(set_)
    target.command("import", cls=WriteCommand, help=t("cli.target.import.help"))(import_)
    target.command("list", cls=AnswerCommand, help=t("cli.target.list.help"))(list_)


def set_(
    ctx: typer.Context,
    owner: Annotated[str, typer.Argument(help=t("cli.target.owner"))],
    month: Annotated[str, typer.Argument(help=t("cli.target.month"))],
    amount: Annotated[str, typer.Argument(help=t("cli.target.amount"))],
) -> None:
    """Say what an owner is to sell in a month."""
    from nippo_cli.services.imports import targets

    session = context_of(ctx)
    desk = session.desk()
    session.show(targets.set_target(desk, owner, month, amount), desk)


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help=t("cli.import.file"))],
    map_: Annotated[str | None, typer.Option("--map", metavar="MAP", help=t("cli.target.import.map"))] = None,
    on_error: Annotated[str, typer.Option("--on-error", metavar="stop|skip", help=t("cli.import.on_error"))] = "stop",
    encoding: Annotated[str, typer.Option("--encoding", metavar="utf-8|cp932", help=t("cli.import.encoding"))] = "",
) -> None:
    """Import targets."""
    from nippo_cli.cli.commands.files import bring_in
    from nippo_cli.services.imports import import_targets

    bring_in(ctx, partial(import_targets, file=file, map_file=map_, on_error=on_error, encoding=encoding))


def list_(ctx: typer.Context, owner: Owner = None) -> None:
    """List the targets that stand."""
    from nippo_cli.services.imports import targets

    session = context_of(ctx)
    desk = session.desk()
    session.show(targets.listed(desk, owner=owner), desk)
