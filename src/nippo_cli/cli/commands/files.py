"""`nippo import` and `nippo export`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import ExitCode, Interrupted, UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli.frame import AnswerCommand, Chosen, WriteCommand, context_of

if TYPE_CHECKING:
    from nippo_cli.results.care import ImportReport

# To the line's beginning, and what stands there away.
_LINE_ANEW = "\r\x1b[K"


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    app.command("import", cls=WriteCommand, help=t("cli.import.help"))(import_)
    app.command("export", cls=AnswerCommand, help=t("cli.export.help"))(export)


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help=t("cli.import.file"))],
    map_: Annotated[str | None, typer.Option("--map", metavar="MAP", help=t("cli.import.map"))] = None,
    on_error: Annotated[str, typer.Option("--on-error", metavar="stop|skip", help=t("cli.import.on_error"))] = "stop",
    encoding: Annotated[str, typer.Option("--encoding", metavar="utf-8|cp932", help=t("cli.import.encoding"))] = "",
) -> None:
    """Import a file's rows as entries."""
    from nippo_cli.services.imports import import_file

    if map_ is None:
        raise UsageError(msg("cli.import.needs_map"))
    bring_in(ctx, partial(import_file, file=file, map_file=map_, on_error=on_error, encoding=encoding))


def export(ctx: typer.Context, folder: Annotated[str, typer.Argument(help=t("cli.export.folder"))]) -> None:
    """Export every entry, with a map that reads them back."""
    from nippo_cli.services.imports import export_to

    session = context_of(ctx)
    desk = session.desk()
    session.show(export_to(desk, folder, force=session.force), desk)


def bring_in(ctx: typer.Context, importing: "Callable[..., ImportReport]") -> None:
    """Run an import of whatever it brings, tell how far it is and then what it did.

    Args:
        importing: called with the desk, and with what is told the progress.

    Raises:
        typer.Exit: it stopped at rows that do not pass. Interrupted: the person stopped it.
    """
    session = context_of(ctx)
    desk = session.desk()
    with progress() as tell:
        try:
            report = importing(desk, progress=tell)
        except KeyboardInterrupt:
            raise Interrupted(msg("cli.import.interrupted")) from None
    session.show(report, desk)
    if report.stopped:
        raise typer.Exit(ExitCode.SCHEMA)


@contextmanager
def progress() -> Iterator[Callable[[int, int, int], None] | None]:
    """What tells a person at a terminal how far a long import is; nothing where nobody watches."""
    with one_line() as write:

        def tell(rows: int, taken: int, rejected: int) -> None:
            if write:
                write(t("cli.import.progress", n=f"{rows:,}", taken=f"{taken:,}", rejected=f"{rejected:,}"))

        yield tell if write else None


@contextmanager
def one_line() -> Iterator[Callable[[str], None] | None]:
    """What writes a line that the next one replaces, and that is gone when the work ends, in whatever way; nothing where
    nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return

    def write(words: str) -> None:
        sys.stderr.write(f"{_LINE_ANEW}{words}")
        sys.stderr.flush()

    try:
        yield write
    finally:
        sys.stderr.write(_LINE_ANEW)
        sys.stderr.flush()
