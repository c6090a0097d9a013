"""The commands, put together. Only the one that is called is imported, unless help or completion wants all."""

from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from typing import Any, TypeVar

import typer

from nippo_cli.base.language import t
from nippo_cli.cli.frame.commands import NippoGroup, RootGroup
from nippo_cli.cli.frame.context import context_of
from nippo_cli.cli.frame.early_args import OFFERED

# Each command's module; groups have commands of their own below them.
MODULES: dict[str, str] = {
    "init": "init",
    "add": "add",
    "draft": "draft",
    "edit": "entries",
    "undo": "entries",
    "show": "entries",
    "log": "entries",
    "search": "entries",
    "deal": "deal",
    "customer": "customer",
    "gap": "gap",
    "day": "remarks",
    "comment": "remarks",
    "prep": "prep",
    "sweep": "sweep",
    "steps": "steps",
    "lessons": "lessons",
    "sales": "sales",
    "target": "target",
    "import": "files",
    "export": "files",
    "schema": "schema",
    "doctor": "care",
    "backup": "care",
    "restore": "care",
    "path": "care",
    "demo": "demo",
}

Command = TypeVar("Command", bound=Callable[..., None])


def command(argv: Sequence[str]) -> Any:
    """The Typer command for these arguments."""
    from nippo_cli.cli.frame.early_args import the_args

    OFFERED[""] = list(MODULES)
    if any(arg.startswith(("--install-completion", "--show-completion")) for arg in argv):
        from nippo_cli.cli.completion import use_own

        use_own()
    called = next((word for word in the_args().words if word in MODULES), None)
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
    chosen = Chosen(app, {called} if called and len(wanted) == 1 else None, [])
    for module in dict.fromkeys(MODULES[name] for name in wanted):
        import_module(f"nippo_cli.cli.commands.{module}").register(chosen)
    return typer.main.get_command(app)


class Chosen:
    """Where the modules put their commands: into the app, but only those that this run wants (None: all).

    Typer reads the signature of every command that it is given, which for one command is work for nothing.
    """

    def __init__(self, app: typer.Typer, names: Collection[str] | None, offered: list[str]) -> None:
        self.app = app
        self._names = names
        self._offered = offered

    def command(self, name: str, *, cls: type[Any], help: str) -> Callable[[Command], Command]:  # noqa: A002
        """As `Typer.command`."""
        self._offered.append(name)
        if self._names is None or name in self._names:
            return self.app.command(name, cls=cls, help=help)
        return lambda function: function

    def group(self, name: str, help_text: str) -> "Chosen":
        """A group of commands under a name; alone, it shows its help. Of a group that is called by one of its
        commands, only that one is built."""
        from nippo_cli.cli.frame.early_args import the_args

        made = typer.Typer(
            cls=NippoGroup, help=help_text, rich_markup_mode=None, invoke_without_command=True, name=name
        )

        @made.callback(help=help_text)
        def alone(ctx: typer.Context) -> None:
            if ctx.invoked_subcommand is None:
                typer.echo(ctx.get_help())

        self.app.add_typer(made, name=name)
        words = the_args().words
        under = words[words.index(name) + 1 :][:1] if self._names is not None and name in words else []
        return Chosen(made, under or None, OFFERED.setdefault(name, []))


def _asks_for_all(argv: Sequence[str], called: str) -> bool:
    """Whether an argument before the command asks for the help of all."""
    before = list(argv)[: list(argv).index(called)]
    return "--help" in before or "-h" in before


def _alone(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        from nippo_cli.cli.frame.morning import morning

        session = context_of(ctx)
        session.look_ahead()
        morning(session)
