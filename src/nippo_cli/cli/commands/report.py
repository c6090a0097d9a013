"""`nippo report`."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import AnswerCommand, Customer, Owner, command, context_of, waiting
from nippo_cli.services.context import Scope
from nippo_cli.services.pages import monday


@command("report", AnswerCommand, help="cli.report.help")
def report(
    ctx: typer.Context,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="cli.report.since")] = None,
    owner: Owner = None,
    customer: Customer = None,
    unfold: Annotated[bool, typer.Option("--unfold", help="cli.report.unfold")] = False,
) -> None:
    """The page for the meeting, and what it rests on."""
    run = context_of(ctx)
    workspace = run.workspace()
    limit = run.row_limit if run.limit is not None else monday.ROWS_A_KIND
    with waiting():
        page = monday.monday_report(workspace, monday.ReportQuery(Scope(owner, customer), since, limit))
    run.show(page._replace(unfolded=unfold), workspace)
