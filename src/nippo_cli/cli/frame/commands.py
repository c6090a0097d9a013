"""Commands that carry the shared options and speak the user's language in their help and their errors."""

from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from nippo_cli import __version__
from nippo_cli.base.language import t
from nippo_cli.cli.frame.context import context_of
from nippo_cli.cli.frame.early_args import OFFERED
from nippo_cli.cli.frame.shared_options import ANSWERING, EVERYWHERE, WRITING

# What stands in a command that is shown where the person's own words go.
_TO_FILL_IN = "…"

# How a parameter is shown whose value is a file that the command reads.
_READ = ("FILE", "FILE|-", "T|FILE", "MAP")


class _Spoken:
    """Help in the user's language, and the options that several commands share."""

    shared: tuple[tuple[str, tuple[str, ...], str], ...] = EVERYWHERE
    _every: list[Any] | None = None

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ARG002  the signature is Click's
        """The command's own parameters, then the shared ones. They are made once, however often Click asks."""
        if self._every is None:
            own = list(self.params)  # type: ignore[attr-defined]
            self._every = [*own, *self.more_params(), *_options(self.shared), _help_option()]
        return self._every

    def more_params(self) -> list[Any]:
        """Parameters made when the command runs; none here."""
        return []

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        from nippo_cli.cli.frame.help import page_of

        return page_of(self, ctx)


class NippoCommand(_Spoken, TyperCommand):
    """A command that neither answers with a page nor writes."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command, once it is known that its answer can be written."""
        read = (ctx.params.get(p.name) for p in self.params if (p.metavar or str(p.name).upper()) in _READ)
        context_of(ctx).look_ahead(said for said in read if said)
        return super().invoke(ctx)


class AnswerCommand(NippoCommand):
    """A command that answers with a page, as of a day, in any format."""

    shared = ANSWERING + EVERYWHERE


class CareCommand(AnswerCommand):
    """A command that looks after the journal: it answers, and may write."""

    shared = (*ANSWERING, WRITING[0], *EVERYWHERE)


class WriteCommand(NippoCommand):
    """A command that writes to the journal."""

    shared = WRITING + EVERYWHERE

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
            from nippo_cli.base.errors import UsageError, msg

            raise UsageError(msg("cli.to_fill_in"))
        # Who begins another journal touches none.
        if "here" not in ctx.params:
            from nippo_cli.services.context import settle

            session = context_of(ctx)
            desk = session.desk()
            settle(desk)
            for notice in desk.notices:
                session.notice(notice)
        return super().invoke(ctx)


class AddCommand(WriteCommand):
    """A command whose options are the schema's fields."""

    def more_params(self) -> list[Any]:
        """An option for each field of the agreement that the journal last adopted."""
        from nippo_cli.cli.frame.schema_options import options

        return options()


class NippoGroup(_Spoken, TyperGroup):
    """A group of commands; a name that is none of them gets a did-you-mean."""

    shared = EVERYWHERE

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the first argument names.

        Raises:
            UsageError: there is none of that name.
        """
        name = args[0]
        found = self.get_command(ctx, name)
        if found is None and not ctx.resilient_parsing:
            from nippo_cli.cli.frame.failure import no_command

            raise no_command(name, OFFERED[self.name or ""], ctx.command_path)
        return (name if found else None), found, args[1:]


class RootGroup(NippoGroup):
    """`nippo` itself: alone, it answers with the morning page."""

    shared = ANSWERING + EVERYWHERE

    def more_params(self) -> list[Any]:
        """`--version`, beside other options too; alone it never comes this far."""
        return [_at_once("shared_version", ("--version", "-V"), "cli.shared.version", lambda _: f"nippo {__version__}")]


def _options(shared: Sequence[tuple[str, tuple[str, ...], str]]) -> list[TyperOption]:
    return [_option(name, flags, values) for name, flags, values in shared]


def _option(name: str, flags: tuple[str, ...], values: str) -> TyperOption:
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
        help=t(f"cli.shared.{name}"),
        rich_help_panel="shared",
    )


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
        help=t(key),
        rich_help_panel="shared",
    )
