"""`nippo report`."""

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nippo_cli.base.errors import msg
from nippo_cli.cli.frame import Customer, FolderCommand, Owner, command, context_of, waiting
from nippo_cli.services.context import Scope, basis_meant
from nippo_cli.services.pages import monday

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.monday import MondayReport

# A day's folder in a folder of reports: whose deals it is about may stand behind the day.
_DAY = re.compile(r"\d{4}-\d\d-\d\d(-.+)?")
# What no system takes for a part of a path.
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class ReportCommand(FolderCommand):
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
    basis: Annotated[str, typer.Option("--basis", metavar="order|sale", help="cli.landing.basis")] = "order",
    anonymous: Annotated[bool, typer.Option("--anonymous", help="cli.report.anonymous")] = False,
    unfold: Annotated[bool, typer.Option("--unfold", help="cli.report.unfold")] = False,
    eml: Annotated[bool, typer.Option("--eml", help="cli.opt.eml")] = False,  # noqa: ARG001  it is a format
    send: Annotated[bool, typer.Option("--send", help="cli.opt.send")] = False,
) -> None:
    """The page for the meeting, and what it rests on."""
    run = context_of(ctx)
    workspace = run.workspace()
    limit = run.row_limit if run.limit is not None else monday.ROWS_A_KIND
    with waiting():
        asked = monday.ReportQuery(Scope(owner, customer), since, limit, anonymous, basis_meant(basis))
        page = monday.monday_report(workspace, asked)
    page = page._replace(unfolded=unfold)
    if send:
        from nippo_cli.cli.frame import put_mail

        put_mail(run, page, workspace, send=True)
        return
    if run.folder is None:
        run.show(page, workspace)
        return
    _fill_folder(run, run.for_who_looks(page, workspace))
    for notice in workspace.notices:
        run.notice(notice)


def _fill_folder(run: "CliContext", result: "MondayReport") -> None:
    """The files of the day in a folder of its own, then the index of all days: whoever opens it meanwhile finds what it leads to. What
    a longer report of the day left there goes last."""
    from nippo_cli.base.language import t
    from nippo_cli.render.draw import html
    from nippo_cli.render.monday import folder as files

    if run.folder is None:
        raise LookupError("-o")
    head = run.file_head(result)
    result = run.handed_on(result)
    whose = (result.owner, result.customer) if result.names is None else (t("report.nameless"),)
    day = _UNSAFE.sub("_", "-".join(part for part in (result.as_of.isoformat(), *whose) if part))
    written = set[str]()
    for name, page in files.files(result):
        run.folder.put(f"{day}/{name}", html.write(page._replace(head=head)))
        written.add(name)
    days = [one.name for one in run.folder.path.iterdir() if _DAY.fullmatch(one.name) and (one / files.FRONT).is_file()]
    run.folder.put(files.INDEX, html.write(files.index(days)._replace(head=head)))
    for name in (one.name for one in (run.folder.path / day).iterdir() if files.is_of_deals(one.name)):
        if name not in written:
            run.folder.remove(f"{day}/{name}")
    run.notice(msg("report.wrote_folder", path=run.folder.said, n=len(written) + 1))
