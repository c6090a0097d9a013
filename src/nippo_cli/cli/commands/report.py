"""`nippo report`."""

from typing import Annotated, Any

import typer

from nippo_cli.cli.frame import AnswerCommand, Customer, Owner, command, context_of, waiting
from nippo_cli.services.context import Scope
from nippo_cli.services.pages import monday


class ReportCommand(AnswerCommand):
    """`nippo report`, which also goes by mail: the page itself attached, to be opened and printed."""

    def invoke(self, ctx: Any) -> Any:
        """Run it, once it is known whether it is to be a mail."""
        run = context_of(ctx)
        run.mailed_as = "html"
        eml, send = ctx.params.get("eml") is True, ctx.params.get("send") is True
        if eml or send:
            from nippo_cli.cli.frame import ask_for_mail

            ask_for_mail(run, eml=eml, send=send)
        return super().invoke(ctx)


@command("report", ReportCommand, help="cli.report.help")
def report(
    ctx: typer.Context,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="cli.report.since")] = None,
    owner: Owner = None,
    customer: Customer = None,
    unfold: Annotated[bool, typer.Option("--unfold", help="cli.report.unfold")] = False,
    eml: Annotated[bool, typer.Option("--eml", help="cli.opt.eml")] = False,  # noqa: ARG001  it is a format
    send: Annotated[bool, typer.Option("--send", help="cli.opt.send")] = False,
) -> None:
    """The page for the meeting, and what it rests on."""
    run = context_of(ctx)
    workspace = run.workspace()
    limit = run.row_limit if run.limit is not None else monday.ROWS_A_KIND
    with waiting():
        page = monday.monday_report(workspace, monday.ReportQuery(Scope(owner, customer), since, limit))
    page = page._replace(unfolded=unfold)
    if send:
        from nippo_cli.cli.frame import put_mail

        put_mail(run, page, workspace, send=True)
        return
    run.show(page, workspace)
