"""`nippo add -e`: the whole report in the person's editor, opened again until it passes."""

from pathlib import Path
from typing import TYPE_CHECKING

from nippo_cli.base.errors import (
    EntryRefused,
    Interrupted,
    NippoError,
    NotFound,
    UsageError,
    msg,
    refusal,
)
from nippo_cli.cli.frame import edit_file, has_editor, saved_text
from nippo_cli.services.context import Report, for_writing, refused, report_of
from nippo_cli.services.writing import (
    SavedDraft,
    begin_interview,
    beginning,
    deal_recalled,
    draft_on_failure,
    drafts_of,
    form,
    go_on,
    keep_draft,
    put_by,
    record,
)

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.results.recap import Recap
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import Workspace


def write_form(run: "CliContext", workspace: "Workspace", report: "Report", *, typed: "Report") -> None:
    """Write a report in the editor, beginning with what is said already; `typed` is what of it the person typed.

    Raises:
        Interrupted: nothing was saved. EditorFailed: the editor failed. EntryRefused: it was closed with problems in
            it. What was saved, or else what was typed before, is a draft.
    """
    with draft_on_failure(workspace, [typed] if typed.raw else []):
        _needs_editor(run, workspace)
        schema = for_writing(workspace.places)
        draft = drafts_of(workspace).keep(SavedDraft(form=_form_of(workspace, schema, report)), workspace.now)
    _Editing(run, workspace, draft, schema, typed=typed if typed.raw else None).until_it_passes()


def resume_form(run: "CliContext", workspace: "Workspace", draft: SavedDraft) -> None:
    """Go on with a draft in the editor.

    Raises: as `write_form`.
    """
    # What was edited before is there to be kept, whatever becomes of it now.
    edited = draft.form is not None
    if edited and run.fields:
        raise UsageError(msg("draft.form_fields", number=draft.number))
    if not edited and len(draft.reports) != 1:
        raise UsageError(msg("draft.several", number=draft.number))
    report = Report() if edited else report_of({**draft.reports[0], **run.fields})
    with draft_on_failure(workspace, [report]):
        _needs_editor(run, workspace)
        schema = for_writing(workspace.places)
        if not edited:
            draft = drafts_of(workspace).keep(draft._replace(form=_form_of(workspace, schema, report)), workspace.now)
    _Editing(run, workspace, draft, schema, resumed=edited).until_it_passes()


def _needs_editor(run: "CliContext", workspace: "Workspace") -> None:
    if run.no_input or not (has_editor() or run.interactive):
        raise UsageError(msg("flow.editor.no_terminal"))
    if (wrong := refused(workspace.places)) is not None:
        raise wrong


def _form_of(workspace: "Workspace", schema: "Schema", report: "Report") -> str:
    """The form that the editor opens: what is said already in it, a value that can't be read as it was typed."""
    # A value that can't be read is left for the check to speak of.
    start = beginning(workspace, author=report.by or "")
    interview = begin_interview(workspace, schema, report, start)
    name = ""
    if report.deal and not report.new_deal:
        try:
            name = deal_recalled(workspace, report.deal).head.name
        except NippoError:
            name = ""
    typed = {key: said for key, said in interview.answers.typed.items() if key in schema.by_key}
    said = interview.answers.report._replace(raw={**interview.raw, **typed}, deal=report.deal)
    return form.form_of(schema, said, interview.on, deal_name=name)


class _Editing:
    """One report in the editor, until it passes or is given up.

    `first` is the form as it was opened first, `best` what was saved last that says anything. `resumed`: it was in an
    editor before, and is kept whatever becomes of it now. `typed` is what the command line said of it.
    """

    def __init__(
        self,
        run: "CliContext",
        workspace: "Workspace",
        draft: SavedDraft,
        schema: "Schema",
        *,
        resumed: bool = False,
        typed: "Report | None" = None,
    ) -> None:
        self.run = run
        self.workspace = workspace
        self.draft = draft
        self.schema = schema
        self.resumed = resumed
        self.typed = typed
        self.drafts = drafts_of(workspace)
        self.path = self.drafts.form_path(draft.number)
        self.first = self.best = saved_text(self.path)

    def until_it_passes(self) -> None:
        """Open it, record it, or open it again with what is wrong.

        Raises: as `write_form`.
        """
        self.workspace.draft = self.draft.number
        try:
            recaps = self._recorded()
        except NippoError as error:
            self._given_up(error)
            raise
        except Exception as error:
            raise self._given_up(refusal(error)) from error
        if not self.workspace.dry_run:
            self.drafts.drop(self.draft.number)
        for recap in recaps:
            self.run.show(recap, self.workspace)
            self.workspace.notices.clear()

    def _recorded(self) -> "list[Recap]":
        """Open the editor until the form passes, and record it; ends where nothing was changed."""
        wrong: NippoError | None = None
        before = self.first
        while True:
            stamp = _stamp(self.path)
            edit_file(self.path)
            text = saved_text(self.path)
            same = form.without_problems(text) == form.without_problems(before)
            if form.says_nothing(text) or (same and (wrong is not None or _stamp(self.path) == stamp)):
                raise wrong or Interrupted(msg("flow.editor.nothing"))
            self.best = text
            try:
                return record.add_all(self.workspace, form.reports_of(text, self.schema, str(self.path)))
            except (EntryRefused, NotFound, UsageError) as error:
                wrong, before = error, form.with_problems(text, error, self.schema)
                self.drafts.keep(self.draft._replace(form=before), self.workspace.now)
                self.run.notice(msg("flow.editor.again", n=max(len(error.problems), 1)))

    def _given_up(self, error: NippoError) -> NippoError:
        """The error, and how to go on with what was typed; where nothing was, no draft is left behind."""
        text = saved_text(self.path)
        if not form.says_nothing(text):
            self.best = text
        number, error.is_saved = self.draft.number, True
        if self.resumed or form.without_problems(self.best) != form.without_problems(self.first):
            # An editor may have emptied or removed the file.
            if text != self.best:
                return put_by(self.workspace, SavedDraft(number, form=self.best), error)
            error.hint = go_on(self.workspace, number, first=error.hint)
        elif self.draft.reports:
            # The draft that was begun by questions stands as it was.
            self.path.unlink(missing_ok=True)
            error.hint = go_on(self.workspace, number, first=error.hint)
        elif self.typed is not None:
            error.is_saved = False
            keep_draft(self.workspace, [self.typed], error)
        else:
            self.drafts.drop(number)
        return error


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
