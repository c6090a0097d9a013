"""`doctor`, `backup`, `restore` and `path`."""

from typing import Annotated

import typer

from nippo_cli.cli.app import Chosen
from nippo_cli.cli.commands import Answer, Care
from nippo_cli.cli.params import number
from nippo_cli.cli.session import session_of
from nippo_cli.errors import ExitCode
from nippo_cli.language import t


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    app.command("doctor", cls=Care, help=t("cli.doctor.help"))(doctor)
    app.command("backup", cls=Care, help=t("cli.backup.help"))(backup)
    app.command("restore", cls=Care, help=t("cli.restore.help"))(restore)
    app.command("path", cls=Answer, help=t("cli.path.help"))(path)


def doctor(
    ctx: typer.Context, rebuild: Annotated[bool, typer.Option("--rebuild", help=t("cli.doctor.rebuild"))] = False
) -> None:
    """Check the journal."""
    from nippo_cli.desk import care

    session = session_of(ctx)
    desk = session.desk()
    health = care.doctor(desk, rebuild=rebuild)
    session.show(health, desk)
    if not health.sound:
        raise typer.Exit(ExitCode.JOURNAL)


def backup(
    ctx: typer.Context,
    to: Annotated[str | None, typer.Option("--to", metavar="FOLDER", help=t("cli.backup.to"))] = None,
    keep: Annotated[str | None, typer.Option("--keep", metavar="N", help=t("cli.backup.keep"))] = None,
) -> None:
    """Copy the journal."""
    from nippo_cli.desk import care

    session = session_of(ctx)
    desk = session.desk()
    kept = number(keep, "--keep", least=1, default=care.KEPT_BACKUPS)
    session.show(care.backup(desk, to=to, keep=kept), desk)


def restore(ctx: typer.Context, file: Annotated[str, typer.Argument(help=t("cli.restore.file"))]) -> None:
    """Bring a backup back."""
    from nippo_cli.desk import care

    session = session_of(ctx)
    desk = session.desk()
    session.show(care.restore(desk, file), desk)


def path(ctx: typer.Context) -> None:
    """Where everything is."""
    from nippo_cli.desk import care

    session = session_of(ctx)
    desk = session.desk()
    session.show(care.where(desk), desk)
