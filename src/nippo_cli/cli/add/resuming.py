"""Going on with a draft: by `nippo draft resume N`, and by `nippo add --resume`."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli import frame
from nippo_cli.cli.add.start import can_converse, resume
from nippo_cli.cli.add.whole_report import resume_form
from nippo_cli.services.context import for_writing, report_of
from nippo_cli.services.writing import by_key, drafts_of, record

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.services.context import Workspace
    from nippo_cli.services.writing import SavedDraft


def resume_draft(
    run: "CliContext",
    number: str | None,
    deal: str | None,
    *,
    new_deal: bool,
    change_customer: bool,
    later: bool,
    edit: bool,
) -> None:
    """Go on with a draft, that of `number` or the one saved last: question by question, in the editor, or with what the
    options say.

    Raises:
        NotFound: there is no such draft. UsageError: it is open elsewhere, or of several reports where one is meant.
    """
    workspace = run.workspace()
    drafts = drafts_of(workspace)
    draft = drafts.opened(drafts.named(number))
    workspace.draft = draft.number
    if deal is not None or new_deal or change_customer:
        draft = _of_deal(draft, deal, new_deal=new_deal, change_customer=change_customer)
    if draft.form is not None or edit:
        resume_form(run, workspace, draft)
    elif not run.fields and not later and run.interactive and len(draft.reports) == 1:
        _by_questions(run, workspace, draft)
    else:
        _as_it_is(run, workspace, draft, later=later)


def _of_deal(draft: "SavedDraft", deal: str | None, *, new_deal: bool, change_customer: bool) -> "SavedDraft":
    """The draft of another deal, or of its own as the options want it.

    Raises:
        UsageError: it holds several reports, or the text of an editor, which says itself what is whose.
    """
    if len(draft.reports) != 1:
        raise UsageError(
            msg("draft.own_text" if draft.form is not None else "draft.several_fields", number=draft.number)
        )
    report = report_of(draft.reports[0])
    if deal is not None:
        report = report._replace(deal=deal, new_deal=False)
    report = report._replace(new_deal=report.new_deal or new_deal, change_customer=change_customer)
    return draft._replace(reports=(report.plain(),))


def _by_questions(run: "CliContext", workspace: "Workspace", draft: "SavedDraft") -> None:
    if can_converse():
        resume(run, workspace, draft)
    else:
        run.show(record.add(workspace, frame.completed(run, workspace, report_of(draft.reports[0]))), workspace)
        _done(workspace, draft)


def _as_it_is(run: "CliContext", workspace: "Workspace", draft: "SavedDraft", *, later: bool) -> None:
    """Record what the draft holds, with what the options put into its first report."""
    reports = [report_of(typed) for typed in draft.reports]
    if len(reports) > 1 and run.fields:
        raise UsageError(msg("draft.several_fields", number=draft.number))
    reports = [report._replace(later=later or report.later) for report in reports]
    if run.fields:
        raw = {**by_key(for_writing(workspace.places), reports[0].raw), **run.fields}
        reports[0] = reports[0]._replace(raw=raw)
    for recap in record.add_all(workspace, reports):
        run.show(recap, workspace)
        workspace.notices.clear()
    _done(workspace, draft)


def _done(workspace: "Workspace", draft: "SavedDraft") -> None:
    if not workspace.dry_run:
        drafts_of(workspace).drop(draft.number)
