"""The commands, put together. Only the one that is called is imported, unless help or completion wants all."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

from nippo_cli.cli.commands import NippoGroup, RootGroup, session_of
from nippo_cli.language import t

# Each command's module; groups have commands of their own below them.
MODULES: dict[str, str] = {
    "init": "begin",
    "add": "add",
    "edit": "entries",
    "undo": "entries",
    "show": "entries",
    "log": "entries",
    "search": "entries",
    "deal": "deals",
    "customer": "customers",
    "gap": "gaps",
    "sales": "sales",
    "import": "files",
    "export": "files",
    "schema": "schemas",
    "doctor": "care",
    "backup": "care",
    "restore": "care",
    "path": "care",
    "demo": "demo",
}
GROUPS = ("deal", "sales", "schema")


def command(argv: Sequence[str]) -> Any:
    """The Typer command for these arguments."""
    from nippo_cli.cli.glance import seen

    called = next((word for word in seen().words if word in MODULES), None)
    wanted = [called] if called and not _asks_for_all(argv, called) else list(MODULES)
    app = typer.Typer(
        cls=RootGroup,
        help=t("cli.help.nippo"),
        add_completion=True,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback(help=t("cli.help.nippo"))(_alone)
    for module in dict.fromkeys(MODULES[name] for name in wanted):
        import_module(f"nippo_cli.cli.{module}").register(app)
    return typer.main.get_command(app)


def _asks_for_all(argv: Sequence[str], called: str) -> bool:
    """Whether an argument before the command asks for the help of all."""
    before = list(argv)[: list(argv).index(called)]
    return "--help" in before or "-h" in before


def _alone(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        from nippo_cli.cli.morning import morning

        morning(session_of(ctx))


def group(app: typer.Typer, name: str, help_text: str) -> typer.Typer:
    """A group of commands under a name; alone, it shows its help."""
    made = typer.Typer(
        cls=NippoGroup, help=help_text, rich_markup_mode=None, invoke_without_command=True, name=name
    )

    @made.callback(help=help_text)
    def alone(ctx: typer.Context) -> None:
        if ctx.invoked_subcommand is None:
            typer.echo(ctx.get_help())

    app.add_typer(made, name=name)
    return made
