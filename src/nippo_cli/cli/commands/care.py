"""`doctor`, `backup`, `restore` and `path`."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import ExitCode
from nippo_cli.base.language import t
from nippo_cli.cli.frame import AnswerCommand, CareCommand, Chosen, context_of, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nippo_cli.journal.check import Progress


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    app.command("doctor", cls=CareCommand, help=t("cli.doctor.help"))(doctor)
    app.command("backup", cls=CareCommand, help=t("cli.backup.help"))(backup)
    app.command("restore", cls=CareCommand, help=t("cli.restore.help"))(restore)
    app.command("path", cls=AnswerCommand, help=t("cli.path.help"))(path)


def doctor(
    ctx: typer.Context, rebuild: Annotated[bool, typer.Option("--rebuild", help=t("cli.doctor.rebuild"))] = False
) -> None:
    """Check the journal."""
    from nippo_cli.services.care import care

    session = context_of(ctx)
    desk = session.desk()
    with _progress() as tell:
        health = care.doctor(desk, rebuild=rebuild, progress=tell)
    session.show(health, desk)
    if not health.sound:
        raise typer.Exit(ExitCode.JOURNAL)


def backup(
    ctx: typer.Context,
    to: Annotated[str | None, typer.Option("--to", metavar="FOLDER", help=t("cli.backup.to"))] = None,
    keep: Annotated[str | None, typer.Option("--keep", metavar="N", help=t("cli.backup.keep"))] = None,
) -> None:
    """Copy the journal."""
    from nippo_cli.services.care import care

    session = context_of(ctx)
    desk = session.desk()
    kept = number(keep, "--keep", least=1, default=care.KEPT_BACKUPS)
    with _progress() as tell:
        made = care.backup(desk, to=to, keep=kept, progress=tell)
    session.show(made, desk)


def restore(ctx: typer.Context, file: Annotated[str, typer.Argument(help=t("cli.restore.file"))]) -> None:
    """Bring a backup back."""
    from nippo_cli.services.care import care

    session = context_of(ctx)
    desk = session.desk()
    with _progress() as tell:
        brought = care.restore(desk, file, progress=tell)
    session.show(brought, desk)


def path(ctx: typer.Context) -> None:
    """Where everything is."""
    from nippo_cli.services.care import care

    session = context_of(ctx)
    desk = session.desk()
    session.show(care.where(desk), desk)


@contextmanager
def _progress() -> "Iterator[Progress | None]":
    """What tells a person at a terminal how far a check is; nothing where nobody watches."""
    from nippo_cli.cli.commands.files import one_line

    with one_line() as write:

        def tell(check: str, done: int, of: int) -> None:
            if write:
                write(t("cli.care.progress", check=t(check), done=f"{done:,}", of=f"{of:,}"))

        yield tell if write else None
