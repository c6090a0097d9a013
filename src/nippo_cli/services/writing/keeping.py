"""What was typed outlives what goes wrong: it becomes a draft, and the error says how to go on; at the last it is given back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import (
    EntryRefused,
    Interrupted,
    JournalError,
    NippoError,
    UsageError,
    msg,
    refusal,
    system_reason,
)
from nippo_cli.base.text import visible, width

# A text so wide, a full-width letter counting two, is no choice, day or amount, and no two reports have it by chance.
_A_TEXT = 12

if TYPE_CHECKING:
    from nippo_cli.services.context import Report, Workspace
    from nippo_cli.services.writing.drafts import SavedDraft


@contextmanager
def draft_on_failure(workspace: "Workspace", reports: Sequence["Report"]) -> Iterator[None]:
    """What was typed outlives whatever ends the block: it is kept as a draft, and the error says how to go on.

    Raises:
        NippoError: what the block raised, or what it means. Interrupted: the person stopped it.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise keep_draft(workspace, reports, Interrupted(msg("cli.stopped"))) from None
    except NippoError as error:
        keep_draft(workspace, reports, error)
        raise
    except Exception as error:
        raise keep_draft(workspace, reports, refusal(error)) from error


def keep_draft(workspace: "Workspace", reports: Sequence["Report"], error: NippoError) -> NippoError:
    """The error, saying how to go on with what was typed; it is kept as a draft, the workspace's own where it has one."""
    # A file that was read is still there to be mended.
    if error.is_saved or workspace.dry_run or (reports and all(r.where.file not in ("", "stdin") for r in reports)):
        error.is_saved = True
        return error
    # An entry that goes well loads no drafts.
    from nippo_cli.services.context import local_time_zone
    from nippo_cli.services.writing.drafts import SavedDraft, time_zone_of

    # Who has waited for a locked journal does not wait for it once more.
    zone = local_time_zone() if isinstance(error, JournalError) else time_zone_of(workspace)
    draft = SavedDraft(
        workspace.draft or 0, reports=tuple(_of_its_day(report, workspace.today(zone)).plain() for report in reports)
    )
    if not draft.number and len(draft.reports) == 1:
        draft = draft._replace(number=_tried_before(workspace, draft.reports[0]))
    if not draft.says_something:
        if isinstance(error, EntryRefused) and not workspace.interactive:
            error.hint = msg("flow.no_terminal")
        error.is_saved = True
        return error
    return put_by(workspace, draft, error)


def _tried_before(workspace: "Workspace", report: Mapping[str, Any]) -> int:
    """The draft of the same report, typed as one line and refused before; 0 where there is none. What was typed anew stands in
    its place, so that whoever mends a command and tries again has one draft."""
    from nippo_cli.services.writing.drafts import drafts_of

    drafts, whose = drafts_of(workspace), _whose(workspace)
    same = (
        d
        for d in drafts.all()
        if d.is_one_line and _is_same(d.reports[0], report, whose) and not drafts.elsewhere(d.number)
    )
    return next((draft.number for draft in same), 0)


def _whose(workspace: "Workspace") -> frozenset[str]:
    """The names of the fields that say of which deal and customer a report is, as far as the schema can be read."""
    from nippo_cli.services.context import for_writing

    try:
        roles = for_writing(workspace.places).by_role
    except (NippoError, OSError):
        return frozenset(("deal", "customer"))
    fields = [roles[role] for role in ("deal", "customer") if role in roles]
    return frozenset(name for field in fields for name in (field.key, field.label))


def _is_same(before: Mapping[str, Any], now: Mapping[str, Any], whose: frozenset[str]) -> bool:
    """Whether a report is an earlier one mended: of one day, writer and deal, all of its texts still there, and, where anything
    else is said otherwise, among them one that no two reports share by chance. What it says in a field of
    `whose` it says still: one text may be true of two deals."""
    if any(before.get(name) != now.get(name) for name in ("on", "by", "meeting", "deal", "parent")):
        return False
    differs = [key for key, said in before.items() if now.get(key) != said]
    texts = {key for key, said in before.items() if isinstance(said, str) and width(said) >= _A_TEXT}
    return not differs or (bool(texts) and not (texts | whose) & set(differs))


def forget_tries(workspace: "Workspace", report: "Report") -> None:
    """Drop the draft that an earlier try left of a report that is recorded now. Without drafts nothing is loaded for it."""
    folder = workspace.places.state / "drafts"
    if workspace.dry_run or not folder.is_dir() or not any(folder.glob("*.json")):
        return
    from nippo_cli.services.writing.drafts import drafts_of, time_zone_of

    said = _of_its_day(report, workspace.today(time_zone_of(workspace))).plain()
    if (number := _tried_before(workspace, said)) and number != workspace.draft:
        drafts_of(workspace).drop(number)


def put_by(workspace: "Workspace", draft: "SavedDraft", error: NippoError) -> NippoError:
    """The error, once the draft is kept, with how to go on with it; where it can't be kept, with what it says."""
    from nippo_cli.services.writing.deal_customer import Disagreement
    from nippo_cli.services.writing.drafts import drafts_of, go_on, resume_command

    drafts = drafts_of(workspace)
    try:
        number = drafts.keep(draft, workspace.now).number
    except OSError as unkept:
        # The error that matters is the entry's own; that what was typed is not kept is said beside it.
        return given_back(workspace, draft.form if draft.form is not None else as_typed(draft.reports), error, unkept)
    if isinstance(error, Disagreement) and len(draft.reports) == 1:
        error.hint = error.resume_hint(number, partial(resume_command, workspace, number))
    else:
        error.hint = go_on(workspace, number, first=error.hint)
    error.is_saved = True
    return error


def given_back(workspace: "Workspace", typed: str, error: NippoError, unkept: OSError) -> NippoError:
    """The error, with what was typed for the person to keep: no draft of it can be kept."""
    from nippo_cli.services.writing.drafts import drafts_of

    reason = system_reason(unkept)
    error.hint = msg("draft.lost", path=str(drafts_of(workspace).folder), reason=reason)
    error.lost = typed
    return error


def put_by_text(workspace: "Workspace", text: str, error: NippoError) -> NippoError:
    """As `put_by`, of the text of a report that can't be read: it goes on in an editor."""
    from nippo_cli.services.writing.drafts import SavedDraft

    if workspace.dry_run or not text.strip():
        error.is_saved = True
        return error
    return put_by(workspace, SavedDraft(form=text), error)


def as_typed(reports: Sequence[Mapping[str, Any]]) -> str:
    """Reports as `--from-file` takes them, in letters that any terminal shows."""
    text = json.dumps(reports[0] if len(reports) == 1 else list(reports), ensure_ascii=False, indent=2)
    return "".join(c if visible(c, multiline=True) == c else json.dumps(c)[1:-1] for c in text)


def _of_its_day(report: "Report", today: date) -> "Report":
    """The report with its day fixed: resumed tomorrow, it is still today's. A day that can't be read is left as typed."""
    from nippo_cli.services.context import day_of

    try:
        return report._replace(on=day_of(report.on, today).isoformat())
    except UsageError:
        return report
