"""`nippo log`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import (
    AnswerCommand,
    AtSite,
    BilledTo,
    By,
    Customer,
    OfDay,
    Since,
    Until,
    command,
    context_of,
    number,
)
from nippo_cli.services import pages
from nippo_cli.services.pages import log as diary

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.report import Period
    from nippo_cli.services.context import Workspace


class LogCommand(AnswerCommand):
    """`nippo log`, which also fills forms and sends mails."""

    def invoke(self, ctx: Any) -> Any:
        """Run it, once it is known whether `-o` is to be a page, a form or a mail."""
        run = context_of(ctx)
        eml, send = ctx.params.get("eml") is True, ctx.params.get("send") is True
        if eml or send:
            from nippo_cli.cli.frame import ask_for_mail

            ask_for_mail(run, eml=eml, send=send)
        filled = ctx.params.get("form") is not None
        if filled and str(run.output).casefold().endswith(".pdf"):
            raise UsageError(msg("forms.ending", path=run.output, ending=".xlsx"), hint=msg("cli.only_form.hint"))
        if filled and run.format != "eml":
            run.makes_file, run.more_formats = True, ("xlsm",)
        return super().invoke(ctx)


@command("log", LogCommand, help="cli.log.help")
def log(
    ctx: typer.Context,
    entry: Annotated[str | None, typer.Argument(metavar="[ID]", help="cli.log.entry")] = None,
    on: OfDay = None,
    since: Since = None,
    until: Until = None,
    by: By = None,
    customer: Customer = None,
    billed_to: BilledTo = None,
    site: AtSite = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help="cli.log.deal")] = None,
    activity: Annotated[str | None, typer.Option("--activity", metavar="ACTIVITY", help="cli.log.activity")] = None,
    incomplete: Annotated[bool, typer.Option("--incomplete", help="cli.log.incomplete")] = False,
    week: Annotated[bool, typer.Option("--week", help="cli.log.week")] = False,
    month: Annotated[bool, typer.Option("--month", help="cli.log.month")] = False,
    new: Annotated[bool, typer.Option("--new", help="cli.log.new")] = False,
    team: Annotated[bool, typer.Option("--team", help="cli.log.team")] = False,
    form: Annotated[str | None, typer.Option("--form", metavar="FILE", help="cli.log.form")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="cli.log.pdf")] = False,
    eml: Annotated[bool, typer.Option("--eml", help="cli.opt.eml")] = False,  # noqa: ARG001  it is a format
    send: Annotated[bool, typer.Option("--send", help="cli.opt.send")] = False,
    n: Annotated[str | None, typer.Option("-n", metavar="N", help="cli.log.n")] = None,
    history: Annotated[bool, typer.Option("--history", help="cli.show.history")] = False,
) -> None:
    """The diary, newest first; of a number that one entry, whole."""
    run = context_of(ctx)
    wanted = pages.LogFilter(on, since, until, by, customer, deal, activity, incomplete, billed_to, site)
    beside = any((week, month, form, pdf, n and not new))
    if entry is not None or history:
        _one(run, entry, history=history, alone=not (any(wanted) or new or team or beside), send=send)
        return
    run.limit = str(number(n, "-n", least=0, default=0)) if n is not None else run.limit
    if new or team:
        _team(run, wanted, new=new, alone=not beside and not (new and team), send=send)
        return
    period = _chosen(week=week, month=month)
    if form is not None or pdf:
        from nippo_cli.cli.commands.log_form import fill_form

        fill_form(run, form, wanted, period=period, pdf=pdf, send=send)
    else:
        _days(run, wanted, period, send=send)


def _team(run: "CliContext", wanted: "pages.LogFilter", *, new: bool, alone: bool, send: bool) -> None:
    """What a team did on a day, shown or sent; or what is new of colleagues.

    Raises:
        UsageError: more than the day is said; of what is new, anything.
    """
    if new and (wanted != type(wanted)() or not alone or send):
        raise UsageError(msg("cli.log.new_alone"))
    if wanted._replace(on=None) != type(wanted)() or not alone:
        raise UsageError(msg("cli.log.team_alone"))
    workspace = run.workspace()
    if new:
        run.show(diary.new_log(workspace, limit=run.entry_limit), workspace)
        return
    _put(run, pages.team_report(workspace, on=wanted.on), workspace, send=send)


def _days(run: "CliContext", wanted: "pages.LogFilter", chosen: "Period | None", *, send: bool) -> None:
    """Entries, newest first, or the report of a period; shown, or as a mail.

    Raises:
        UsageError: a mail of entries that make no report is to be sent. As `_period`.
    """
    mailed = send or run.format == "eml"
    period = _period(run, wanted, chosen, mailed=mailed)
    workspace = run.workspace()
    if period is None:
        if send:
            raise UsageError(msg("mail.which_days"))
        # Who asks for ten wants ten; a terminal that shows only twenty says how many it leaves out.
        run.show(
            diary.log(workspace, wanted, limit=run.entry_limit, count=not run.limit or not run.row_limit), workspace
        )
        return
    _put(run, pages.period_report(workspace, period, on=wanted.on, author=wanted.author), workspace, send=send)


def _put(run: "CliContext", report: object, workspace: "Workspace", *, send: bool) -> None:
    """Show a report, or send it."""
    if send:
        from nippo_cli.cli.frame import put_mail

        put_mail(run, report, workspace, send=True)
    else:
        run.show(report, workspace)


def _period(run: "CliContext", wanted: "pages.LogFilter", chosen: "Period | None", *, mailed: bool) -> "Period | None":
    """The report that is asked for, if one is: a week's, a month's, or, of a whole day as Markdown or as a mail, that day's.

    Raises:
        UsageError: a week or a month is narrowed to less than its report.
    """
    whole = wanted._replace(on=None, author=None) == type(wanted)()
    if chosen is None:
        return "day" if (run.format == "md" or mailed) and wanted.on is not None and whole else None
    if not whole:
        raise UsageError(msg("cli.log.whole_period", option=f"--{chosen}"))
    return chosen


def _chosen(*, week: bool, month: bool) -> "Period | None":
    """The period that an option names.

    Raises:
        UsageError: two are named.
    """
    if week and month:
        raise UsageError(msg("cli.log.week_or_month"))
    return "week" if week else "month" if month else None


def _one(run: "CliContext", entry: str | None, *, history: bool, alone: bool, send: bool) -> None:
    """One entry, as `nippo show` has it.

    Raises:
        UsageError: it is not named, or something is said that chooses among several; it is to be sent.
    """
    if entry is None or not alone:
        raise UsageError(msg("cli.log.entry_alone"))
    if send:
        raise UsageError(msg("mail.which_days"))
    workspace = run.workspace()
    run.show(diary.entry(workspace, entry, history=history), workspace)
