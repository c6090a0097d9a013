"""`nippo` as Typer builds it: of its commands only the one that is called, when it is called.

A command is a function under `@command`, in the module that `grammar.MODULES` names. Its help, and that of its
parameters, are keys of the catalogue, put into words when a help page is drawn.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from nippo_cli import __version__
from nippo_cli.base.errors import Message, UsageError, msg
from nippo_cli.cli.frame.context import context_of
from nippo_cli.cli.frame.grammar import MODULES, SHARED, names_in
from nippo_cli.cli.frame.params import Owner
from nippo_cli.services import context, pages

# What stands in a command that is shown where the person's own words go.
_TO_FILL_IN = "…"

# How a parameter is shown whose value is a file that the command reads.
_READ = ("FILE", "FILE|-", "T|FILE", "MAP")


class _WithShared:
    """Help in the user's language, and the options that several commands share."""

    # The key in `grammar.SHARED`.
    shared = "else"
    _every: list[Any] | None = None

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ARG002  the signature is Click's
        """The command's own parameters, then the shared ones. They are made once, however often Click asks."""
        if self._every is None:
            own = list(self.params)  # type: ignore[attr-defined]
            self._every = [*own, *self.more_params(), *shared_params(self.shared), _help_option()]
        return self._every

    def more_params(self) -> list[Any]:
        """Parameters made when the command runs; none here."""
        return []

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        from nippo_cli.cli.frame.help import page_of

        return page_of(self, ctx)


class NippoCommand(_WithShared, TyperCommand):
    """A command that neither answers with a page nor writes."""

    # Whether `-o` may name a folder.
    folders = False

    def invoke(self, ctx: Any) -> Any:
        """Run the command, once it is known that its answer can be written."""
        read = (ctx.params.get(p.name) for p in self.params if (p.metavar or str(p.name).upper()) in _READ)
        context_of(ctx).look_ahead((said for said in read if said), folders=self.folders)
        return super().invoke(ctx)


class AnswerCommand(NippoCommand):
    """A command that answers with a page, as of a day, in any format."""

    shared = "answer"


class FolderCommand(AnswerCommand):
    """One whose answer may be several files of a folder."""

    folders = True


class WithSubcommands(AnswerCommand):
    """A command that answers by itself, and has others behind its name: `nippo customer`, `nippo customer rename`."""

    def described(self) -> list[tuple[str, str]]:
        """Each of those with the key of its help."""
        from nippo_cli.cli.completion import COMMANDS

        return [(name, COMMANDS[f"{self.name} {name}"][0]) for name in names_in(str(self.name))]


class CareCommand(NippoCommand):
    """A command that looks after the journal: it answers, and may write."""

    shared = "care"


class WriteCommand(NippoCommand):
    """A command that writes to the journal."""

    shared = "write"

    def invoke(self, ctx: Any) -> Any:
        """Run it, once a write that was cut off is seen to: what it asks and looks up rests on the journal. What became of
        that is said at once, for the answer may be a refusal.

        Raises:
            UsageError: a value is still the `…` of a command that nippo showed.
        """
        if any(
            said == _TO_FILL_IN or (isinstance(said, list | tuple) and _TO_FILL_IN in said)
            for said in ctx.params.values()
        ):
            raise UsageError(msg("cli.to_fill_in"))
        # Who begins another journal touches none.
        if "here" not in ctx.params:
            run = context_of(ctx)
            workspace = run.workspace()
            context.settle(workspace)
            for notice in workspace.notices:
                run.notice(notice)
        return super().invoke(ctx)


class AddCommand(WriteCommand):
    """A command whose options are the schema's fields."""

    def more_params(self) -> list[Any]:
        """An option for each field of the schema that the journal last adopted."""
        from nippo_cli.cli.frame.schema_options import options

        return options(self.params)


class NippoGroup(_WithShared, TyperGroup):
    """A group of commands. A name that is none of them gets a did-you-mean."""

    # Its name; empty for `nippo` itself.
    group = ""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  the signature is Click's
        """The names of its commands."""
        return names_in(self.group)

    def get_command(self, ctx: Any, name: str) -> Any:
        """A command or group below this one, loaded; None where there is none of that name."""
        return _loaded(f"{self.group} {name}".strip()) if name in self.list_commands(ctx) else None

    def described(self) -> list[tuple[str, str]]:
        """Each of its commands with the key of its help; none is loaded for it."""
        from nippo_cli.cli.completion import COMMANDS

        return [(name, COMMANDS[f"{self.group} {name}".strip()][0]) for name in names_in(self.group)]

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the first argument names.

        Raises:
            UsageError: there is none of that name.
        """
        name = args[0]
        path = f"{self.group} {name}".strip()
        # Behind a group's name the command itself, where nothing stands between: the group takes a sixteenth of a bare interpreter.
        if len(args) > 1 and args[1] in names_in(path):
            return f"{name} {args[1]}", _loaded(f"{path} {args[1]}"), args[2:]
        called = self.get_command(ctx, name)
        if called is None and not ctx.resilient_parsing:
            from nippo_cli.cli.frame.failure import no_command

            raise no_command(name, self.list_commands(ctx), ctx.command_path)
        return (name if called else None), called, args[1:]


class ReaderLeft(Exception):
    """Whoever read the output went away, which is no error."""


class RootGroup(NippoGroup):
    """`nippo` itself: alone, it answers with the morning page."""

    shared = "answer"

    def get_help(self, ctx: Any) -> str:
        """What a rep needs, on one screen; `nippo help all` has the rest."""
        from nippo_cli.cli.frame.help import home_page

        return home_page(ctx)

    def whole_help(self, ctx: Any) -> str:
        """Every command and every shared option."""
        return super().get_help(ctx)

    def more_params(self) -> list[Any]:
        """`--version`, beside other options too; alone it never comes this far."""
        return [_at_once("shared_version", ("--version", "-V"), "cli.shared.version", lambda _: f"nippo {__version__}")]

    def invoke(self, ctx: Any) -> Any:
        """Run what is called. Typer would make an exit code 1 of a pipe that was closed: it is given no such error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderLeft from error


Function = TypeVar("Function", bound=Callable[..., None])

_DECLARED: dict[str, tuple[Function, type[NippoCommand], str]] = {}  # type: ignore[valid-type]


def command(path: str, cls: type[NippoCommand], *, help: str) -> Callable[[Function], Function]:  # noqa: A002  as Typer's
    """The function below is the command of this path (`deal show`).

    Args:
        help: the key of its help.
    """

    def declare(function: Function) -> Function:
        _DECLARED[path] = function, cls, help
        return function

    return declare


def root(*, completion: bool = True) -> Any:
    """`nippo` as Typer's command.

    Args:
        completion: with the options that bring TAB into a shell. Typer takes a tenth of a bare interpreter to make them.
    """
    app = typer.Typer(
        cls=RootGroup,
        help="cli.help.nippo",
        add_completion=completion,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_alone)
    return typer.main.get_command(app)


def takes_completion(words: Sequence[str], argv: Sequence[str]) -> bool:
    """Whether `nippo` itself is asked for something, so that its own options have to be there: no command is named, or help is
    wanted."""
    named = bool(words) and words[0] in names_in("") and words[0] != "help"
    return bool(argv) and not (named and not {"-h", "--help"}.intersection(argv))


def _loaded(path: str) -> Any:
    """The command of a path, its module imported; for a group's name the group."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    if path not in MODULES:
        app.info.cls, app.info.invoke_without_command = NippoGroup, True
        app.callback(help=f"cli.{path}.help")(_help_alone)
        group: Any = typer.main.get_command(app)
        group.name = group.group = path
        return group
    import_module(f"nippo_cli.cli.commands.{MODULES[path]}")
    function, cls, help_key = _DECLARED[path]
    app.command(path.rpartition(" ")[2], cls=cls, help=help_key)(function)
    return typer.main.get_command(app)


def _alone(ctx: typer.Context, owner: Owner = None) -> None:
    """Bare `nippo`: the morning page; where there is no journal yet, how to begin."""
    if ctx.invoked_subcommand is not None and owner is not None:
        raise UsageError(msg("cli.owner_before", command=ctx.invoked_subcommand))
    if ctx.invoked_subcommand is None:
        run = context_of(ctx)
        run.look_ahead()
        workspace = run.workspace()
        if os.path.isdir(workspace.places.state / "drafts"):  # noqa: PTH112  whatever the path is, no fault
            from nippo_cli.services.writing.cut_edits import edits_put_by

            workspace.notices += edits_put_by(workspace)
        page = pages.morning(workspace, limit=run.rows_a_page, owner=owner, opens=run.format == "html")
        if workspace.sync_due:
            workspace.notices += _team_lines(workspace)
        run.show(page, workspace)
        # Of what a file or a pipe took nobody knows whether it was read.
        if page.team is not None and run.screen.terminal and run.format == "table":
            pages.note_the_look(workspace, page)


def _team_lines(workspace: context.Workspace) -> Iterator[Message]:
    """What the page says of the team, with its days as the page below writes them."""
    from nippo_cli.render.parts import words
    from nippo_cli.services.team.status import team_lines

    for line in team_lines(workspace):
        on = line.params.get("on")
        yield Message(line.key, {**line.params, "on": words.day(on)}) if isinstance(on, date) else line


def _help_alone(ctx: typer.Context) -> None:
    """A group alone shows its help."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


@cache
def shared_params(shared: str) -> Sequence[TyperOption]:
    """The options of a key of `grammar.SHARED`: `nippo` itself and the command below it take the same ones."""
    return [_option(name, flags, values) for name, flags, values in SHARED[shared]]


def _option(name: str, flags: tuple[str, ...], values: str) -> TyperOption:
    """A shared option, whose value becomes the attribute `name` of the run's context."""

    def keep(ctx: typer.Context, _param: object, value: object) -> object:
        # A group's own `--json` stands unless the command under it says otherwise.
        if value not in (None, False):
            setattr(context_of(ctx), name, value)
        return value

    return TyperOption(
        param_decls=[f"shared_{name}", *flags],
        type=None if values else bool,
        is_flag=not values,
        default=None if values else False,
        metavar=values or None,
        expose_value=False,
        callback=keep,
        help=f"cli.shared.{name}",
        rich_help_panel="shared",
    )


@cache
def _help_option() -> TyperOption:
    return _at_once("shared_help", ("--help", "-h"), "cli.shared.help", lambda ctx: ctx.get_help())


def _at_once(name: str, flags: tuple[str, ...], key: str, says: Callable[[typer.Context], str]) -> TyperOption:
    """An option that answers in place of the command."""

    def show(ctx: typer.Context, _param: object, value: object) -> None:
        if value and not ctx.resilient_parsing:
            typer.echo(says(ctx), color=ctx.color)
            ctx.exit()

    return TyperOption(
        param_decls=[name, *flags],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        type=bool,
        default=False,
        callback=show,
        help=key,
        rich_help_panel="shared",
    )
