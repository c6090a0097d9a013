"""`nippo add -e`: the whole report in the person's editor, opened again until it passes."""

from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.cli.editor import edit_file, has_editor
from nippo_cli.desk import form
from nippo_cli.desk.drafts import Draft, Drafts, drafts_of, go_on
from nippo_cli.desk.recall import beginning, deal_recalled
from nippo_cli.desk.report import report_of
from nippo_cli.errors import EntryRefused, Interrupted, NippoError, NotFound, UsageError, msg
from nippo_cli.files import replace_file

if TYPE_CHECKING:
    from nippo_cli.cli.session import Session
    from nippo_cli.desk.desk import Desk
    from nippo_cli.desk.report import Report
    from nippo_cli.schema.agreement import Agreement


def write_form(session: "Session", desk: "Desk", report: "Report") -> None:
    """Write a report in the editor, beginning with what is said already.

    Raises:
        Interrupted: nothing was saved. EditorFailed: the editor failed. EntryRefused: it was closed with problems in
            it; what was saved is a draft.
    """
    _needs_editor(session, desk)
    from nippo_cli.desk.agreed import for_writing

    drafts, agreement = drafts_of(desk), for_writing(desk.places)
    draft = drafts.keep(Draft(form=_form_of(desk, agreement, report)), desk.now)
    _until_it_passes(session, desk, drafts, draft, agreement)


def resume_form(session: "Session", desk: "Desk", draft: Draft) -> None:
    """Go on with a draft in the editor.

    Raises: as `write_form`.
    """
    _needs_editor(session, desk)
    from nippo_cli.desk.agreed import for_writing

    drafts, agreement = drafts_of(desk), for_writing(desk.places)
    # What was edited before is there to be kept, whatever becomes of it now.
    edited = draft.form is not None
    if not edited:
        if len(draft.reports) != 1:
            raise UsageError(msg("draft.several", number=draft.number))
        text = _form_of(desk, agreement, report_of({**draft.reports[0], **session.fields}))
        draft = drafts.keep(draft._replace(form=text), desk.now)
    _until_it_passes(session, desk, drafts, draft, agreement, resumed=edited)


def _needs_editor(session: "Session", desk: "Desk") -> None:
    if session.no_input or not (has_editor() or session.interactive):
        raise UsageError(msg("flow.editor.no_terminal"))
    from nippo_cli.desk.agreed import refused

    if (wrong := refused(desk.places)) is not None:
        raise wrong


def _form_of(desk: "Desk", agreement: "Agreement", report: "Report") -> str:
    from nippo_cli.desk.opening import begun

    # A value that can't be read is left for the check to speak of.
    start = beginning(desk, author=report.by or "")
    interview = begun(desk, agreement, report, start)
    name = ""
    if report.deal and not report.new_deal:
        try:
            name = deal_recalled(desk, report.deal).head.name
        except NippoError:
            name = ""
    typed = {key: said for key, said in interview.answers.typed.items() if key in agreement.by_key}
    said = interview.answers.report._replace(raw={**interview.raw, **typed}, deal=report.deal)
    return form.form_of(agreement, said, interview.on, deal_name=name)


def _until_it_passes(
    session: "Session", desk: "Desk", drafts: Drafts, draft: Draft, agreement: "Agreement", *, resumed: bool = False
) -> None:
    from nippo_cli.desk import record

    desk.draft = draft.number
    path, first = drafts.form_path(draft.number), draft.form or ""
    wrong: NippoError | None = None
    before = first
    while True:
        stamp = path.stat().st_mtime_ns
        try:
            edit_file(path)
        except NippoError as error:
            raise _unfinished(desk, draft, path, error, kept=resumed or _text(path) != first) from None
        text = _text(path)
        same = form.without_problems(text) == form.without_problems(before)
        if form.says_nothing(text) or (same and (wrong is not None or path.stat().st_mtime_ns == stamp)):
            nothing = wrong or Interrupted(msg("flow.editor.nothing"))
            kept = resumed or (wrong is not None and form.without_problems(text) != form.without_problems(first))
            raise _unfinished(desk, draft, path, nothing, kept=kept and not form.says_nothing(text))
        try:
            recaps = record.add_all(desk, form.reports_of(text, agreement, str(path)))
        except (EntryRefused, NotFound, UsageError) as error:
            wrong, before = error, form.with_problems(text, error, agreement)
            replace_file(path, before.encode())
            session.notice(msg("flow.editor.again", n=max(len(error.problems), 1)))
            continue
        break
    if not desk.dry_run:
        drafts.drop(draft.number)
    for recap in recaps:
        session.show(recap, desk)
        desk.notices.clear()


def _unfinished(desk: "Desk", draft: Draft, path: Path, error: NippoError, *, kept: bool) -> NippoError:
    """The error, and how to go on where anything was saved; else no draft is left behind."""
    if kept:
        error.hint = go_on(desk, draft.number)
    elif draft.reports:
        # The draft that was begun by questions stands as it was.
        path.unlink(missing_ok=True)
        error.hint = go_on(desk, draft.number)
    else:
        drafts_of(desk).drop(draft.number)
    return error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        return ""
