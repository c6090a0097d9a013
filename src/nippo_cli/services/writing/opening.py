"""An interview begun: from what the command line said, from a draft, from the report before."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import spoken
from nippo_cli.base.text import normal_form
from nippo_cli.schema.schema import Field, Role, Schema
from nippo_cli.schema.types import Reading, ValueRefused, empty, reader_for, type_of
from nippo_cli.services.context import Report, Workspace, report_of
from nippo_cli.services.writing.deal_customer import stated_customer
from nippo_cli.services.writing.drafts import SavedDraft
from nippo_cli.services.writing.entry_so_far import EntryAnswers, Known
from nippo_cli.services.writing.interview import DEAL, ON, Interview
from nippo_cli.services.writing.recall import Beginning, deal_recalled, held_by
from nippo_cli.services.writing.slipped_amounts import slip_typed

if TYPE_CHECKING:
    from nippo_cli.results.entries import EntryView

# What two deals of one meeting share.
_OF_THE_MEETING: tuple[Role, ...] = ("customer", "people", "companions", "activity")


def begin_interview(
    workspace: Workspace, schema: Schema, report: Report, beginning: Beginning, *, open_again: tuple[Role, ...] = ()
) -> Interview:
    """An interview with what a report says already. What can't be read is asked again, as it was typed; so are the
    fields of the roles `open_again`."""
    from nippo_cli.base.dates import read_day

    on = read_day(report.on, today=beginning.day, lean="past") if report.on else beginning.day
    raw, typed = _readable(schema, by_key(schema, report.raw), on)
    asked_again = {schema.key(role) for role in open_again}
    passed = [key for key in raw if key not in asked_again]
    known = _known(workspace, schema, report) if report.deal else None
    if report.deal and known is not None:
        passed.append(DEAL)
    elif report.deal:
        typed[DEAL] = report.deal
    if report.on:
        passed.append(ON)
    amount = schema.key("amount") or ""
    if amount in passed and known is not None and slip_typed(schema, known.deal_values, raw) is not None:
        typed[amount] = str(raw.pop(amount))
        passed.remove(amount)
    stays = report._replace(raw=raw, deal=report.deal if known else None)
    return Interview(schema, EntryAnswers(stays, tuple(passed), (), typed), on, known)


def resumed(workspace: Workspace, schema: Schema, draft: SavedDraft, beginning: Beginning) -> Interview:
    """An interview where a draft left off."""
    interview = begin_interview(workspace, schema, report_of(draft.reports[0] if draft.reports else {}), beginning)
    answers = interview.answers
    if draft.passed:
        # A deal that is gone since, or a value that the schema takes no more, is open again.
        lost = {key for key in answers.typed if key not in answers.passed}
        passed = tuple(step for step in draft.passed if step not in lost)
        answers = answers._replace(passed=passed, waiting=draft.waiting)
    if draft.typed:
        answers = answers._replace(typed={**answers.typed, draft.at: draft.typed})
    return Interview(schema, answers, interview.on, interview.known)


def same_meeting(before: Interview, meeting: str) -> Interview:
    """A report of another deal that was spoken of in the same meeting: day, customer, people and activity are kept."""
    schema, report = before.schema, before.answers.report
    shared = {schema.key(role) for role in _OF_THE_MEETING}
    customer = schema.key("customer")
    raw: dict[str, Any] = {key: value for key, value in report.raw.items() if key in shared}
    if customer and customer not in raw and before.deal_values.get(customer):
        raw[customer] = before.deal_values[customer]
    fresh = Report(raw, by=report.by, meeting=meeting)
    return Interview(schema, EntryAnswers(fresh, (ON, *raw)), before.on)


def another(before: Interview) -> Interview:
    """A report of another contact on the same day."""
    return Interview(before.schema, EntryAnswers(Report(by=before.answers.report.by), (ON,)), before.on)


def entry_as_report(workspace: Workspace, said: str) -> tuple["EntryView", Interview]:
    """An entry that is there as a report whose every answer stands: what is gone through is corrected.

    Raises:
        NotFound: there is no such entry, or it was taken back.
    """
    from nippo_cli.base.ids import read_id
    from nippo_cli.services.context import EVER, for_writing, no_entry, reading

    schema = for_writing(workspace.places)
    number = read_id(said)
    if number is None:
        raise UsageError(msg("desk.bad_id", said=said))
    with reading(workspace.apart()) as (reader, as_of):
        entry = reader.entry(EVER, number)
        if entry is None or reader.is_retracted(entry.id):
            raise no_entry(reader, as_of, number)
    deal = show_id(entry.deal.id) if entry.deal else None
    # What the deal promises by now is not what the entry says.
    known = deal_recalled(workspace, deal).known._replace(next_step="", next_on="") if deal else None
    raw, typed = _readable(schema, {k: v for k, v in entry.values.items() if k in schema.by_key}, entry.on)
    return entry, Interview(schema, EntryAnswers(Report(raw, deal=deal), (), (), typed), entry.on, known)


def _known(workspace: Workspace, schema: Schema, report: Report) -> Known | None:
    """The report's deal; None where none answers to its name."""
    if report.new_deal:
        return new_deal(workspace, report.deal or "", schema)
    try:
        return deal_recalled(workspace, report.deal or "", stated_customer(report.raw, schema)).known
    except NotFound:
        return None


def new_deal(workspace: Workspace, name: str, schema: Schema) -> Known:
    """A deal that the report begins: it stands in the first stage."""
    stage = schema.stages[0].key if schema.stages else ""
    held, names = held_by(workspace, name)
    return Known(name, stage=stage, new=True, held=held, customers=names)


def by_key(schema: Schema, raw: Mapping[str, object]) -> dict[str, object]:
    """Values by field key; what no field is called is left as it is, for the check to refuse."""
    keys = {normal_form(name): f.key for f in schema.fields for name in (*f.was, f.label, f.key)}
    return {keys.get(normal_form(name), name): value for name, value in raw.items() if not empty(value)}


def _readable(schema: Schema, raw: Mapping[str, object], on: date) -> tuple[dict[str, object], dict[str, str]]:
    """The values that can be read, and the others as they were typed."""
    readable: dict[str, object] = {}
    typed: dict[str, str] = {}
    for key, said in raw.items():
        field = schema.by_key.get(key)
        try:
            readable[key] = said if field is None else _rereadable(field, said, Reading(on, schema))
        except ValueRefused:
            typed[key] = (
                str(said)
                if field is None or isinstance(said, str)
                else spoken(type_of(field).written(said, field, schema))
            )
    return readable, typed


def _rereadable(field: Field, said: object, reading: Reading) -> object:
    """A value that means the same whenever it is read again: `来月10日` as the day that it is."""
    reader = reader_for(field, reading)
    value = reader.read(said)
    return said if reader.kept_as_typed else reader.typed(value)
