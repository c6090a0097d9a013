"""The report of a day: each contact with its facts, its impression apart, its promises and what comes next; then what
the day's own fields say."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from nippo_cli.base.dates import read_when
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.line.facts import DealSummary
from nippo_cli.render.draw import (
    Block,
    Cell,
    FactRows,
    Glyphs,
    Heading,
    Page,
    Prose,
    Run,
    Span,
)
from nippo_cli.render.parts import entry_lines, field_words, remark_lines, words
from nippo_cli.results.entries import EntryView
from nippo_cli.results.remarks import DayNote
from nippo_cli.results.report import ReportPage
from nippo_cli.schema.schema import DayField, Role, day_fields

# A contact's rows in this order; what the schema has beside these comes before the next step.
_FIRST: tuple[Role, ...] = ("people", "companions", "facts", "impression", "amount", "closes", "confidence")
# Told by the heading, by the first row, or by the last.
_ELSEWHERE: tuple[Role, ...] = (*_FIRST, "customer", "deal", "activity", "stage", "next_step", "next_on")


def page(result: ReportPage, marks: Glyphs) -> Page:
    """The whole report. A day of several people is told person by person."""
    title = t("show.report.day", day=words.day_name(result.since))
    blocks: list[Block] = [Prose(off_line(note, result)) for note in result.notes if note.off is not None]
    several = len({view.author for view in result.entries}) > 1
    for author, views in groupby(sorted(result.entries, key=_by_author(result)), key=lambda view: view.author):
        if several:
            blocks.append(Heading(t("show.report.by", author=author)))
        for view in views:
            blocks += _contact(view, result, marks)
    if not result.entries and not result.notes:
        blocks.append(Prose(t("show.report.nothing")))
    blocks += _remarks(result)
    if result.comments:
        blocks += [Heading(t("show.comment.heading")), *remark_lines.thread(result.comments, result.as_of)]
    return Page(blocks, title, authors(result))


def authors(result: ReportPage) -> str:
    """Whose report it is."""
    return result.author or t("show.comma").join(result.authors)


def off_line(note: DayNote, result: ReportPage) -> Run:
    """`休み（有給）`, with a name where the report is of several people."""
    off = remark_lines.off_words(note)
    return (Span(f"{note.author}  ", "strong"), off) if len(result.authors) > 1 else (off,)


def remark_lines_of(note: DayNote, result: ReportPage) -> Iterator[Run]:
    """`所感: …`, a row for each field of a day, with a name where the report is of several people."""
    for field, text in remark_lines.day_texts(note):
        shown = t("show.labelled", label=field.label, value=text)
        yield (Span(f"{note.author}  ", "strong"), shown) if len(result.authors) > 1 else (shown,)


def deal_words(head: DealSummary) -> tuple[Cell, ...]:
    """`青葉製作所  ロボット #12`."""
    return (f"{head.customer}  " if head.customer else "", Span(head.name, "strong"), f" #{show_id(head.id)}")


def planned(result: ReportPage) -> list[Block]:
    """The dated next steps, a row each."""
    rows: list[Block] = []
    for one in result.planned:
        head = one.head
        parts: list[Cell] = [f"{words.when(head.next_on, result.as_of)}  "]
        if head.next_on is not None and head.next_on.exact:
            parts = [f"{words.day_name(head.next_on.first, result.as_of)}  "]
        parts += [head.next_step or t("show.report.step"), "  ", *deal_words(head)]
        if len(result.authors) > 1:
            parts.append(Span(f"  {head.owner}", "dim"))
        rows.append(Prose(tuple(parts), indent=2, mark="-"))
    return rows


def _by_author(result: ReportPage) -> "_Order":
    return _Order(result.authors)


class _Order:
    """Entries by their author, in the order that these come in; each one's stay as they are."""

    def __init__(self, authors: Sequence[str]) -> None:
        self._place = {author: n for n, author in enumerate(authors)}

    def __call__(self, view: EntryView) -> int:
        return self._place.get(view.author, len(self._place))


def _contact(view: EntryView, result: ReportPage, marks: Glyphs) -> list[Block]:
    whom = "".join(cell if isinstance(cell, str) else cell.text for cell in entry_lines.whom(view))
    note = "  ".join((f"#{show_id(view.id)}", *entry_lines.marks(view)))
    if view.erased:
        return [Heading(whom, note), Prose(Span(t("show.entry.erased"), "dim"))]
    return [Heading(whom, note), FactRows([pair for pair in _pairs(view, result, marks) if pair[1]])]


def _pairs(view: EntryView, result: ReportPage, marks: Glyphs) -> Iterator[tuple[str, Cell]]:
    """Labels and values of an entry, in the order of a report; some values are empty."""
    schema = view.schema
    activity = field_words(view, "activity")
    if view.meeting is not None:
        activity = t("show.report.same_meeting", activity=activity, id=show_id(view.meeting))
    yield _label(view, "activity"), activity
    move = next((m for m in result.moves if m.entry == view.id), None)
    stage = field_words(view, "stage")
    if move is not None:
        before, after = (result.schema.stage_label(key) for key in (move.before, move.stage))
        yield _label(view, "stage"), Span(f"{before} {marks.moved} {after}", "strong")
    elif stage:
        yield _label(view, "stage"), stage
    for role in _FIRST:
        yield _label(view, role), field_words(view, role)
    elsewhere = {schema.key(role) for role in _ELSEWHERE}
    for field in schema.fields:
        if field.key in view.values and field.key not in elsewhere:
            yield field.label, words.value(field, view.values[field.key], schema, view.on)
    step, on = field_words(view, "next_step"), _due(view)
    yield _label(view, "next_step"), t("show.report.step_on", step=step, on=on) if step and on else step or on


def _due(view: EntryView) -> str:
    """The day of the next step with its weekday; a span as it is; empty where the entry names none."""
    key = view.schema.key("next_on")
    due = view.values.get(key) if key else None
    when = read_when(str(due)) if due else None
    return words.day_name(when.first, view.on) if when is not None and when.exact else field_words(view, "next_on")


def _label(view: EntryView, role: Role) -> str:
    field = view.schema.by_role.get(role)
    return field.label if field else ""


def _remarks(result: ReportPage) -> list[Block]:
    """Each field of the day under its label; the plan with the steps that are dated for the next working day."""
    blocks: list[Block] = []
    for field in _fields(result):
        rows: list[Block] = planned(result) if field.role == "plan" else []
        for note in result.notes:
            text = next((text for one, text in remark_lines.day_texts(note) if one.key == field.key), "")
            if text:
                name = (Span(f"{note.author}  ", "strong"),) if len(result.authors) > 1 else ()
                listed = bool(rows or name)
                rows.append(Prose((*name, text), indent=2 if listed else 0, mark="-" if listed else ""))
        if rows:
            blocks += [Heading(field.label), *rows]
    return blocks


def _fields(result: ReportPage) -> list[DayField]:
    """Today's fields, then those that only an older note has."""
    fields = {field.key: field for field in day_fields(result.schema)}
    for note in result.notes:
        for field, _ in remark_lines.day_texts(note):
            fields.setdefault(field.key, field)
    return list(fields.values())
