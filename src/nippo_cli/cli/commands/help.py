"""`nippo help`."""

from typing import Annotated

import typer

from nippo_cli.base.errors import NotFound, msg
from nippo_cli.cli.frame import NippoCommand, command


@command("help", NippoCommand, help="cli.help.help")
def show_help(
    ctx: typer.Context,
    about: Annotated[list[str] | None, typer.Argument(metavar="[all|COMMAND]", help="cli.help.about")] = None,
) -> None:
    """The daily commands; `all` of them with the shared options; or one in full, `help deal show`."""
    root = ctx.find_root()
    group: object = root.command
    if not about:
        typer.echo(root.get_help())
    elif about == ["all"]:
        typer.echo(group.whole_help(root))  # type: ignore[attr-defined]
    else:
        within, called = root, root.command
        for name in about:
            below = called.get_command(within, name) if hasattr(called, "get_command") else None
            if below is None:
                raise NotFound(msg("cli.help.unknown", said=" ".join(about)), hint=msg("cli.help.unknown_hint"))
            within = typer.Context(below, parent=within, info_name=name)
            called = below
        typer.echo(called.get_help(within))
