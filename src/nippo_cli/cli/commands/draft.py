"""`nippo draft list|resume|drop`."""

from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli.frame import (
    AddCommand,
    AnswerCommand,
    ChangeCustomer,
    Chosen,
    Later,
    NewDeal,
    WriteCommand,
    context_of,
)

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.services.context import Workspace
    from nippo_cli.services.writing import SavedDraft


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    group = app.group("draft", t("cli.draft.help"))
    group.command("list", cls=AnswerCommand, help=t("cli.draft.list.help"))(list_)
    group.command("resume", cls=AddCommand, help=t("cli.draft.resume.help"))(resume)
    group.command("drop", cls=WriteCommand, help=t("cli.draft.drop.help"))(drop)


def list_(ctx: typer.Context) -> None:
    """Every draft."""
    from nippo_cli.services.writing import draft_list

    session = context_of(ctx)
    desk = session.desk()
    session.show(draft_list.listed(desk), desk)


def resume(
    ctx: typer.Context,
    number: Annotated[str | None, typer.Argument(metavar="[N]", help=t("cli.draft.number"))] = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help=t("cli.draft.resume.deal"))] = None,
    new_deal: NewDeal = False,
    change_customer: ChangeCustomer = False,
    later: Later = False,
    edit: Annotated[bool, typer.Option("-e", "--edit", help=t("cli.add.edit"))] = False,
) -> None:
    """Go on with a draft: question by question, in the editor, or with what the options say."""
    from nippo_cli.services.writing import drafts_of

    session = context_of(ctx)
    desk = session.desk()
    drafts = drafts_of(desk)
    draft = drafts.opened(drafts.named(number))
    desk.draft = draft.number
    if deal is not None or new_deal or change_customer:
        draft = _of_deal(draft, deal, new_deal=new_deal, change_customer=change_customer)
    if draft.form is not None or edit:
        from nippo_cli.cli.add import resume_form

        resume_form(session, desk, draft)
    elif not session.fields and not later and session.interactive and len(draft.reports) == 1:
        _by_questions(session, desk, draft)
    else:
        _as_it_is(session, desk, draft, later=later)


def _of_deal(draft: "SavedDraft", deal: str | None, *, new_deal: bool, change_customer: bool) -> "SavedDraft":
    """The draft of another deal, or of its own as the options want it.

    Raises:
        UsageError: it holds several reports, or the text of an editor, which says itself what is whose.
    """
    from nippo_cli.services.context import report_of

    if len(draft.reports) != 1:
        raise UsageError(
            msg("draft.own_text" if draft.form is not None else "draft.several_fields", number=draft.number)
        )
    report = report_of(draft.reports[0])
    if deal is not None:
        report = report._replace(deal=deal, new_deal=False)
    report = report._replace(new_deal=report.new_deal or new_deal, change_customer=change_customer)
    return draft._replace(reports=(report.plain(),))


def _by_questions(session: "CliContext", desk: "Workspace", draft: "SavedDraft") -> None:
    from nippo_cli.cli.add import start

    if start.can_converse():
        start.resume(session, desk, draft)
    else:
        from nippo_cli.cli.frame import completed
        from nippo_cli.services.context import report_of
        from nippo_cli.services.writing import record

        session.show(record.add(desk, completed(session, desk, report_of(draft.reports[0]))), desk)
        _done(desk, draft)


def _as_it_is(session: "CliContext", desk: "Workspace", draft: "SavedDraft", *, later: bool) -> None:
    """Record what the draft holds, with what the options put into its first report."""
    from nippo_cli.services.context import for_writing, report_of
    from nippo_cli.services.writing import by_key, record

    reports = [report_of(found) for found in draft.reports]
    if len(reports) > 1 and session.fields:
        raise UsageError(msg("draft.several_fields", number=draft.number))
    reports = [report._replace(later=later or report.later) for report in reports]
    if session.fields:
        raw = {**by_key(for_writing(desk.places), reports[0].raw), **session.fields}
        reports[0] = reports[0]._replace(raw=raw)
    for recap in record.add_all(desk, reports):
        session.show(recap, desk)
        desk.notices.clear()
    _done(desk, draft)


def _done(desk: "Workspace", draft: "SavedDraft") -> None:
    from nippo_cli.services.writing import drafts_of

    if not desk.dry_run:
        drafts_of(desk).drop(draft.number)


def drop(
    ctx: typer.Context,
    numbers: Annotated[list[str] | None, typer.Argument(metavar="[N]...", help=t("cli.draft.number"))] = None,
    every: Annotated[bool, typer.Option("--all", help=t("cli.draft.drop.all"))] = False,
) -> None:
    """Throw drafts away."""
    from nippo_cli.services.writing import draft_list

    session = context_of(ctx)
    desk = session.desk()
    session.show(draft_list.drop(desk, numbers or [], every=every), desk)
