"""What the marks of a form are filled with: the diary's days, put into words, numbers and days as cells hold them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from nippo_cli.base.dates import read_when
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.exchange.forms import FormContent, FormMark, FormValue
from nippo_cli.render.parts import entry_lines, remark_lines, words
from nippo_cli.schema.schema import Schema, day_fields
from nippo_cli.schema.types import type_of
from nippo_cli.services.pages.periods import count_contacts
from nippo_cli.services.pages.workdays import WorkDays

if TYPE_CHECKING:
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.remarks import DayNote
    from nippo_cli.results.report import ReportPage
    from nippo_cli.schema.schema import Currency, Field

_DAY = timedelta(days=1)


def content_of(report: "ReportPage") -> FormContent:
    """What a form says of some days."""
    return FormContent(
        alone={
            FormMark("", "author"): FormValue(report.author or t("show.comma").join(report.authors)),
            FormMark("", "today"): _day(report.as_of),
            **_of_period(report),
            **_totals(report),
            **{FormMark("day", key): value for key, value in _of_whole(report).items()},
        },
        lists={
            "entries": [_of_entry(view, report.schema) for view in report.entries],
            "days": list(_of_days(report)),
            "planned": [_of_step(one) for one in report.planned],
        },
    )


def _of_period(report: "ReportPage") -> dict[FormMark, FormValue]:
    return {
        FormMark("period", "since"): _day(report.since),
        FormMark("period", "until"): _day(report.until),
        FormMark("period", "span"): FormValue(words.span_of_days(report.since, report.until)),
        FormMark("period", "week"): _count(report.since.isocalendar().week),
    }


def _totals(report: "ReportPage") -> dict[FormMark, FormValue]:
    """The marks of counts and sums in a form, with their values."""
    currency = report.schema.currency
    counts = {
        "entries": len(report.entries),
        "contacts": report.contacts,
        "new_deals": len(report.new_deals),
        "won": len(report.won),
        "lost": len(report.lost),
    }
    amounts = {
        key: _money(sum(one.head.amount or 0 for one in closed), currency)
        for key, closed in (("won_amount", report.won), ("lost_amount", report.lost))
    }
    return {
        FormMark("total", key): value for key, value in ({k: _count(n) for k, n in counts.items()} | amounts).items()
    }


def _of_entry(view: "EntryView", schema: Schema) -> dict[str, FormValue]:
    """An entry by the marks of its list; of the fields of today's agreement what it says under its own."""
    said = {
        field.key: _value(view, field) for field in schema.fields if type_of(field).own_role not in ("customer", "deal")
    }
    customer = entry_lines.field_words(view, "customer") or (view.deal.customer if view.deal else "")
    deal = FormValue(view.deal.name if view.deal else "")
    own = {
        "date": _day(view.on),
        "weekday": FormValue(words.weekday(view.on)),
        "customer": FormValue(customer),
        "deal": deal,
        "deal_id": FormValue(show_id(view.deal.id) if view.deal else ""),
        "author": FormValue(view.author),
        "id": FormValue(show_id(view.id)),
    }
    by_role = {
        field.key: own[field.role]
        for field in schema.fields
        if field.role is not None and field.role in ("customer", "deal")
    }
    return said | by_role | own


def _value(view: "EntryView", field: "Field") -> FormValue:
    key = next((key for key in (field.key, *field.was) if key in view.values), None)
    value = view.values[key] if key is not None else None
    if key is None or value is None:
        return FormValue("")
    return _typed(view.schema.by_key.get(key, field), value, view.schema)


def _typed(field: "Field", value: Any, schema: Schema) -> FormValue:
    """A canonical value as a cell holds it."""
    text = words.value(field, value, schema)
    of = type_of(field)
    if of.is_amount:
        return _money(value, schema.currency)
    if of.dated:
        when = read_when(str(value))
        return _day(when.first) if when.exact else FormValue(text)
    return FormValue(text, str(value)) if type(value) is int else FormValue(text)


def _of_whole(report: "ReportPage") -> dict[str, FormValue]:
    """What is said of all days together: of several each with its date before it, of several people each with the name."""
    several = report.since != report.until
    named = len({note.author for note in report.notes}) > 1
    return {
        "date": _day(report.since),
        "weekday": FormValue(words.weekday(report.since)),
        "contacts": _count(report.contacts),
        **_with_plan(_remarks(report.notes, report.schema, _heads(several=several, named=named)), report),
    }


def _with_plan(remarks: dict[str, FormValue], report: "ReportPage") -> dict[str, FormValue]:
    """A day's plan with the next steps before it that are dated for the days up to the next one of work, as the day's page has it."""
    if report.period != "day":
        return remarks
    steps = []
    for one in report.planned:
        head = one.head
        due = (
            words.day_name(head.next_on.first, report.since)
            if head.next_on and head.next_on.exact
            else words.when(head.next_on)
        )
        steps.append("  ".join(part for part in (due, head.next_step, words.deal(head)) if part))
    plans = {field.key for field in day_fields(report.schema) if field.role == "plan"}
    return {
        key: FormValue("\n".join([*steps, *filter(None, [value.text])])) if key in plans else value
        for key, value in remarks.items()
    }


def _of_days(report: "ReportPage") -> Iterator[dict[str, FormValue]]:
    """The days of work of a period, and those on which anything was written."""
    work = WorkDays(report.schema)
    on = report.since
    while on <= report.until:
        entries = [view for view in report.entries if view.on == on]
        notes = [note for note in report.notes if note.on == on]
        if entries or notes or work.works(on):
            yield {
                "date": _day(on),
                "weekday": FormValue(words.weekday(on)),
                "contacts": _count(count_contacts(entries, report.schema)),
                "entries": FormValue("\n".join(map(_line, entries))),
                **_remarks(notes, report.schema, _heads(several=False, named=len(notes) > 1)),
            }
        on += _DAY


def _heads(*, several: bool, named: bool) -> "Callable[[DayNote], str]":
    """What stands before a remark: its day, its writer."""

    def head(note: "DayNote") -> str:
        parts = [words.day_name(note.on, note.on)] if several else []
        return "  ".join([*parts, *([note.author] if named else []), ""])

    return head


def _remarks(notes: "Sequence[DayNote]", schema: Schema, head: "Callable[[DayNote], str]") -> dict[str, FormValue]:
    """What days say, field by field, and who was off."""
    lines: dict[str, list[str]] = {field.key: [] for field in day_fields(schema)}
    now = {old: field.key for field in day_fields(schema) for old in field.was}
    for note in notes:
        for field, text in remark_lines.day_texts(note):
            lines.setdefault(now.get(field.key, field.key), []).append(head(note) + text)
    off = [head(note) + remark_lines.off_words(note) for note in notes if note.off is not None]
    return {key: FormValue("\n".join(said)) for key, said in (lines | {"off": off}).items()}


def _line(view: "EntryView") -> str:
    """An entry in a line: whom, what was done, the facts."""
    whom = "".join(cell if isinstance(cell, str) else cell.text for cell in entry_lines.whom(view))
    parts: Iterable[str] = (whom, entry_lines.activity_label(view), entry_lines.field_words(view, "facts"))
    return "  ".join(part for part in parts if part)


def _of_step(one: "DealStatus") -> Mapping[str, FormValue]:
    """A next step that is dated for the days after."""
    head = one.head
    when = head.next_on
    exact = when is not None and when.exact
    return {
        "date": _day(when.first) if when is not None and exact else FormValue(words.when(when)),
        "weekday": FormValue(words.weekday(when.first) if when is not None and exact else ""),
        "step": FormValue(head.next_step),
        "customer": FormValue(head.customer),
        "deal": FormValue(head.name),
        "deal_id": FormValue(show_id(head.id)),
        "owner": FormValue(head.owner),
    }


def _day(on: date) -> FormValue:
    return FormValue(words.day(on), day=on)


def _count(n: int) -> FormValue:
    return FormValue(f"{n:,}", str(n))


def _money(minor: int, currency: "Currency") -> FormValue:
    """An amount: in words with its sign, as a number in the currency's large unit."""
    if not currency.digits:
        return FormValue(words.money(minor, currency), str(minor))
    whole, part = divmod(abs(minor), 10**currency.digits)
    number = f"{'-' if minor < 0 else ''}{whole}.{part:0{currency.digits}d}"
    return FormValue(words.money(minor, currency), number)
