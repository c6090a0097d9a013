"""Drafts as they are listed, and dropped."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import NippoError, UsageError, msg
from nippo_cli.base.files import sync_folder
from nippo_cli.base.text import normal_form
from nippo_cli.results.drafts import DraftList, DraftView
from nippo_cli.results.recap import Done
from nippo_cli.services.context import Workspace
from nippo_cli.services.writing.drafts import SavedDraft, drafts_of, time_zone_of

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Role, Schema


def listed(workspace: Workspace) -> DraftList:
    """Every draft, the last saved first."""
    zone = time_zone_of(workspace)
    return DraftList(workspace.today(zone), [view_of(workspace, draft) for draft in drafts_of(workspace).all()], zone)


def drop(workspace: Workspace, said: Sequence[str], *, every: bool) -> Done:
    """Throw drafts away: those of the numbers, or all.

    Raises:
        UsageError: neither is asked for, or one is open in another terminal. NotFound: there is no such draft.
    """
    drafts = drafts_of(workspace)
    if not said and not every:
        raise UsageError(msg("draft.which"), hint=msg("draft.see_list"))
    chosen = drafts.all() if every else [drafts.named(one) for one in said]
    for draft in chosen:
        drafts.opened(draft)
    if not workspace.dry_run:
        for draft in chosen:
            drafts.drop(draft.number)
        # A power cut would bring back what was thrown away.
        if chosen:
            sync_folder(drafts.folder)
    numbers = sorted(draft.number for draft in chosen)
    return Done("draft_dropped", {"n": len(numbers), "numbers": ", ".join(map(str, numbers))}, (), workspace.dry_run)


def view_of(workspace: Workspace, draft: SavedDraft) -> DraftView:
    """A draft in a row; its deal by name."""
    folder = drafts_of(workspace)
    path = folder.form_path(draft.number) if draft.form is not None else folder.folder / f"{draft.number}.json"
    report: dict[str, Any] = dict(draft.reports[0]) if draft.reports else {}
    schema = _schema_of(workspace)
    if draft.form is not None:
        report = _of_form(draft.form, schema)
    said = report.get("deal")
    # One that is to begin is no other of its name.
    name, customer = (
        (str(said or ""), "")
        if report.get("new_deal")
        else _deal(workspace, said, _field_text(report, schema, "customer"))
    )
    return DraftView(
        draft.number,
        draft.saved_at,
        _day(report.get("on")),
        name,
        _field_text(report, schema, "customer") or customer,
        _field_text(report, schema, "facts") or draft.typed,
        len(draft.reports) or 1,
        draft.form is not None,
        str(path),
    )


def _of_form(form: str, schema: "Schema | None") -> dict[str, Any]:
    """What a report in an editor says, as far as it can be read."""
    from nippo_cli.services.writing.form import reports_of

    try:
        return reports_of(form, schema, "")[0].plain() if schema else {}
    except NippoError:
        return {}


def _schema_of(workspace: Workspace) -> "Schema | None":
    """The schema that names the fields; None where there is none that can be read: drafts are listed all the same."""
    from nippo_cli.services.context import for_writing

    try:
        return for_writing(workspace.places)
    except NippoError:
        return None


def _field_text(report: dict[str, Any], schema: "Schema | None", role: "Role") -> str:
    field = schema.by_role.get(role) if schema else None
    if field is None:
        return ""
    names = {normal_form(field.key), normal_form(field.label)}
    return next((str(value) for key, value in report.items() if normal_form(key) in names), "")


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        return None


def _deal(workspace: Workspace, said: object, customer: str) -> tuple[str, str]:
    """A deal's name and customer; what was typed where there is no such deal."""
    from nippo_cli.services.writing.recall import deal_recalled

    if not said:
        return "", ""
    try:
        head = deal_recalled(workspace, str(said), customer).head
    except NippoError:
        return str(said), ""
    return head.name, head.customer
