"""`nippo add`."""

from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.cli.app import Chosen
from nippo_cli.cli.commands import AddWrite
from nippo_cli.cli.params import By, On
from nippo_cli.cli.session import session_of
from nippo_cli.language import t

if TYPE_CHECKING:
    from nippo_cli.cli.session import Session


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("add", cls=AddWrite, help=t("cli.add.help"))(add)


def add(
    ctx: typer.Context,
    deal: Annotated[str | None, typer.Argument(help=t("cli.add.deal"))] = None,
    on: On = None,
    by: By = None,
    new_deal: Annotated[bool, typer.Option("--new-deal", help=t("cli.add.new_deal"))] = False,
    parent: Annotated[str | None, typer.Option("--parent", metavar="DEAL", help=t("cli.add.parent"))] = None,
    meeting: Annotated[str | None, typer.Option("--meeting", metavar="ID", help=t("cli.add.meeting"))] = None,
    later: Annotated[bool, typer.Option("--later", help=t("cli.add.later"))] = False,
    from_file: Annotated[str | None, typer.Option("--from-file", metavar="FILE|-", help=t("cli.add.from_file"))] = None,
) -> None:
    """Record one contact."""
    from nippo_cli.desk import record
    from nippo_cli.desk.report import Report

    session = session_of(ctx)
    if from_file is not None:
        _from_file(session, from_file)
        return
    report = Report(session.fields, deal, on, by, new_deal, parent, meeting, later)
    desk = session.desk()
    if session.interactive:
        from nippo_cli.cli.prompts import completed

        report = completed(session, desk, report)
    session.show(record.add(desk, report), desk)


def _from_file(session: "Session", file: str) -> None:
    """Record the entries of a file, all or none."""
    from nippo_cli.desk import record, reports

    desk = session.desk()
    for recap in record.add_all(desk, reports.read(file)):
        session.show(recap, desk)
        desk.notices.clear()
