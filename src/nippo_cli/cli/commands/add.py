"""`nippo add`."""

from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.language import t
from nippo_cli.cli.frame import AddCommand, By, ChangeCustomer, Chosen, Later, NewDeal, On, context_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.cli.frame import CliContext
    from nippo_cli.services.context import Report, Workspace


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("add", cls=AddCommand, help=t("cli.add.help"))(add)


def add(
    ctx: typer.Context,
    deal: Annotated[str | None, typer.Argument(help=t("cli.add.deal"))] = None,
    on: On = None,
    by: By = None,
    new_deal: NewDeal = False,
    parent: Annotated[str | None, typer.Option("--parent", metavar="DEAL", help=t("cli.add.parent"))] = None,
    meeting: Annotated[str | None, typer.Option("--meeting", metavar="ID", help=t("cli.add.meeting"))] = None,
    like: Annotated[str | None, typer.Option("--like", metavar="ID|last", help=t("cli.add.like"))] = None,
    later: Later = False,
    change_customer: ChangeCustomer = False,
    edit: Annotated[bool, typer.Option("-e", "--edit", help=t("cli.add.edit"))] = False,
    from_file: Annotated[str | None, typer.Option("--from-file", metavar="FILE|-", help=t("cli.add.from_file"))] = None,
) -> None:
    """Record one contact."""
    from nippo_cli.services.context import Report

    session = context_of(ctx)
    report = Report(session.fields, deal, on, by, new_deal, parent, meeting, later, change_customer)
    if from_file is not None:
        _from_file(session, from_file, report, also=("--like",) * (like is not None) + ("--edit",) * edit)
        return
    from nippo_cli.services.writing import kept_on_failure

    desk = session.desk()
    with kept_on_failure(desk, [report]):
        begun = _begun(desk, report, like) if like is not None else report
        asks = not edit and session.interactive and not _complete(desk, begun, liked=like is not None)
    if edit:
        from nippo_cli.cli.add import write_form

        _may_begin(desk)
        write_form(session, desk, begun, typed=report)
    elif asks:
        _by_questions(session, desk, begun, liked=like is not None)
    else:
        _as_said(session, desk, begun)


def _begun(desk: "Workspace", report: "Report", like: str) -> "Report":
    """The report as an earlier entry begins it."""
    from nippo_cli.services.writing import like as like_earlier

    return like_earlier(desk, like, report)


def _complete(desk: "Workspace", report: "Report", *, liked: bool) -> bool:
    """Whether nothing is left to be asked: all that is required is there, or the rest is for later, and it and its deal
    agree."""
    from nippo_cli.base.errors import NippoError
    from nippo_cli.services.writing import deal_customer, record

    said = bool(report.raw) and not liked
    if not said or (report.deal and not report.new_deal and not record.knows(desk, report.deal)):
        return False
    try:
        if deal_customer.disagreement(desk, report) is not None:
            return False
        return not [p for p in record.prepared(desk, report)[1] if not (report.later and p.needs.key == record.MISSING)]
    except NippoError:
        # What is wrong beside the fields is told by the write.
        return True


def _by_questions(session: "CliContext", desk: "Workspace", report: "Report", *, liked: bool) -> None:
    """Ask for the rest, question by question; plainly where the terminal is too simple for more."""
    from nippo_cli.cli.add import start

    _may_begin(desk)
    if start.can_converse():
        start.write_reports(session, desk, report, liked=liked)
        return
    from nippo_cli.cli.frame import completed

    _as_said(session, desk, completed(session, desk, report))


def _may_begin(desk: "Workspace") -> None:
    """Refuse, before anything is typed, what the write would refuse in the end.

    Raises:
        NotFound: the journal is lost, and copies of it are there.
    """
    from nippo_cli.services.context import lost

    if (gone := lost(desk)) is not None:
        raise gone


def _as_said(session: "CliContext", desk: "Workspace", report: "Report") -> None:
    from nippo_cli.services.writing import record

    session.show(record.add(desk, report), desk)


def _from_file(session: "CliContext", file: str, beside: "Report", also: "Sequence[str]") -> None:
    """Record the entries of a file, all or none.

    Raises:
        UsageError: something is said `beside` the file, and would go nowhere.
    """
    from nippo_cli.base.errors import UsageError, msg
    from nippo_cli.services.writing import record, reports

    own = ("on", "by", "new_deal", "parent", "meeting", "later", "change_customer")
    named = [f"--{name.replace('_', '-')}" for name in own if getattr(beside, name)]
    said = [*([beside.deal] if beside.deal else []), *named, *also, *(f"--{k.replace('_', '-')}" for k in beside.raw)]
    if said:
        raise UsageError(msg("writing.beside_file", said=said), hint=msg("writing.beside_file_hint"))
    desk = session.desk()
    for recap in record.add_all(desk, reports.read(desk, file)):
        session.show(recap, desk)
        desk.notices.clear()
