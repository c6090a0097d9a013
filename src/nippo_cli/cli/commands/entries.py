"""`edit`, `undo`, `show`, `log` and `search`."""

from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli.frame import (
    AddCommand,
    AnswerCommand,
    By,
    Chosen,
    Customer,
    EntryId,
    Later,
    NewDay,
    OfDay,
    Since,
    Until,
    Why,
    WriteCommand,
    context_of,
    number,
)

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.report import Period
    from nippo_cli.services.pages import LogFilter


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    app.command("edit", cls=AddCommand, help=t("cli.edit.help"))(edit)
    app.command("undo", cls=WriteCommand, help=t("cli.undo.help"))(undo)
    app.command("show", cls=AnswerCommand, help=t("cli.show.help"))(show)
    app.command("log", cls=AnswerCommand, help=t("cli.log.help"))(log)
    app.command("search", cls=AnswerCommand, help=t("cli.search.help"))(search)


def edit(
    ctx: typer.Context,
    entry: EntryId,
    why: Why = "",
    on: NewDay = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help=t("cli.edit.deal"))] = None,
    later: Later = False,
    retract: Annotated[bool, typer.Option("--retract", help=t("cli.edit.retract"))] = False,
    erase: Annotated[bool, typer.Option("--erase", help=t("cli.edit.erase"))] = False,
) -> None:
    """Correct an entry, take it back, or erase what it says."""
    from nippo_cli.services.context import Report
    from nippo_cli.services.writing import amend, undo as taking_back

    session = context_of(ctx)
    desk = session.desk()
    if erase:
        session.show(taking_back.erase(desk, entry, why=why), desk)
    elif retract:
        session.show(taking_back.retract(desk, entry, why=why), desk)
    else:
        report = Report(raw=session.fields, deal=deal, on=on, later=later)
        session.show(amend.amend(desk, entry, report, why=why), desk)


def undo(ctx: typer.Context) -> None:
    """Take the last command back."""
    from nippo_cli.services.writing import undo as taking_back

    session = context_of(ctx)
    desk = session.desk()
    session.show(taking_back.undo(desk), desk)


def show(
    ctx: typer.Context,
    entry: EntryId,
    history: Annotated[bool, typer.Option("--history", help=t("cli.show.history"))] = False,
) -> None:
    """One entry, whole."""
    from nippo_cli.services.pages import log as room

    session = context_of(ctx)
    desk = session.desk()
    session.show(room.entry(desk, entry, history=history), desk)


def log(
    ctx: typer.Context,
    on: OfDay = None,
    since: Since = None,
    until: Until = None,
    by: By = None,
    customer: Customer = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help=t("cli.log.deal"))] = None,
    activity: Annotated[str | None, typer.Option("--activity", metavar="ACTIVITY", help=t("cli.log.activity"))] = None,
    incomplete: Annotated[bool, typer.Option("--incomplete", help=t("cli.log.incomplete"))] = False,
    week: Annotated[bool, typer.Option("--week", help=t("cli.log.week"))] = False,
    month: Annotated[bool, typer.Option("--month", help=t("cli.log.month"))] = False,
    n: Annotated[str | None, typer.Option("-n", metavar="N", help=t("cli.log.n"))] = None,
) -> None:
    """The diary, newest first."""
    from nippo_cli.services.pages import log as room

    session = context_of(ctx)
    if n is not None:
        session.limit = str(number(n, "-n", least=0, default=0))
    desk = session.desk()
    wanted = room.LogFilter(on, since, until, by, customer, deal, activity, incomplete)
    period = _period(session, wanted, week=week, month=month)
    if period is not None:
        from nippo_cli.services.pages import periods

        session.show(periods.report(desk, period, on=on, author=by), desk)
        return
    # Who asks for ten wants ten; a terminal that shows only twenty says how many it leaves out.
    count = session.limit is None
    session.show(room.log(desk, wanted, limit=session.row_limit, count=count), desk)


def _period(session: "CliContext", wanted: "LogFilter", *, week: bool, month: bool) -> "Period | None":
    """The report that is asked for, if one is: a week's, a month's, or, of a whole day as Markdown, that day's.

    Raises:
        UsageError: a week or a month is narrowed to less than its report.
    """
    whole = wanted._replace(on=None, author=None) == type(wanted)()
    if not week and not month:
        return "day" if session.format == "md" and wanted.on is not None and whole else None
    if week and month:
        raise UsageError(msg("cli.log.week_or_month"))
    if not whole:
        raise UsageError(msg("cli.log.whole_period", option="--week" if week else "--month"))
    return "week" if week else "month"


def search(ctx: typer.Context, text: Annotated[list[str], typer.Argument(help=t("cli.search.text"))]) -> None:
    """Entries that hold a text."""
    from nippo_cli.services.pages import log as room

    session = context_of(ctx)
    desk = session.desk()
    session.show(room.search(desk, " ".join(text), limit=session.row_limit), desk)
