"""An entry in a few rows: whom, what, the facts, what comes next. Stages and choices are labelled by the entry's own
version of the schema."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.line.facts import Stay
from nippo_cli.render.draw import Block, Cell, Prose, Run, Span
from nippo_cli.render.parts import words
from nippo_cli.results.entries import EntryList, EntryView
from nippo_cli.schema.schema import Role

if TYPE_CHECKING:
    from nippo_cli.results.deals import DealLine, DealPage


# What an entry promised, in the order of a rep's own words.
_PROMISES: tuple[Role, ...] = ("closes", "amount", "confidence")


def blocks(
    view: EntryView, *, indent: int, near: date, with_day: bool = False, customer: bool = True, author: bool = True
) -> list[Block]:
    """The entry's paragraphs; the first stands behind its id. Without `customer` on a page that is about one, without `author` below
    their name."""
    head = _head(view, near, with_day=with_day, customer=customer, author=author)
    shown: list[Block] = [Prose(head, indent=indent, mark=show_id(view.id))]
    if view.erased:
        return [*shown, Prose(Span(t("show.entry.erased"), "dim"), indent=indent)]
    if facts := field_words(view, "facts"):
        shown.append(Prose(facts, indent=indent))
    if impression := field_words(view, "impression"):
        shown.append(Prose(Span(labelled(view, "impression", impression), "dim"), indent=indent))
    if promised := _promised(view, near):
        shown.append(Prose(Span(promised, "dim"), indent=indent))
    if coming := next_step(view, near):
        shown.append(Prose(coming, indent=indent))
    return shown


def indent_of(entries: Sequence[EntryView] | EntryList) -> int:
    """The columns that the widest id of these takes, and the blanks after it."""
    ids = entries.ids if isinstance(entries, EntryList) else [view.id for view in entries]
    return max((len(show_id(entry)) for entry in ids), default=0) + 2


def field_words(view: EntryView, role: Role) -> str:
    """A field's value in words; empty where the entry does not say it."""
    field = view.schema.by_role.get(role)
    value = view.values.get(field.key) if field else None
    return words.value(field, value, view.schema, view.on) if field and value is not None else ""


def labelled(view: EntryView, role: Role, shown: str) -> str:
    """`所感: …`, under the label that the schema gives the field."""
    return t("show.labelled", label=view.schema.by_role[role].label, value=shown)


def next_step(view: EntryView, near: date) -> str:
    """What comes next and by when; empty where the entry names nothing."""
    step, on = field_words(view, "next_step"), _when(view, "next_on", near)
    if step and on:
        return t("show.entry.next_on", step=step, on=on)
    return t("show.entry.next", step=step or on) if step or on else ""


def whom(view: EntryView, *, customer: bool = True) -> tuple[Cell, ...]:
    """The customer and the deal; words for an entry that has neither."""
    name = view.customer
    deal = view.deal.name if view.deal else ""
    if not name and not deal:
        return (t("show.entry.in_house"),)
    shown = name if customer else ""
    return (shown, "  " if shown and deal else "", Span(deal, "strong"))


def marks(view: EntryView) -> list[str]:
    """What is to be known of the entry before it is read."""
    notes = []
    if view.damaged:
        notes.append(t("show.entry.damaged"))
    if view.incomplete:
        notes.append(t("show.entry.incomplete"))
    if view.snapshot:
        notes.append(t("show.entry.snapshot"))
    if view.corrected:
        notes.append(t("show.entry.corrected"))
    return notes


def _head(view: EntryView, near: date, *, with_day: bool, customer: bool, author: bool) -> Run:
    """`9/14 東洋計測  案件  訪問・見積  田中`, and before it what is to be known of the entry."""
    parts: list[tuple[Cell, ...]] = []
    if with_day:
        parts.append((words.day_name(view.on, near),))
    if view.damaged:
        parts.append((Span(t("show.entry.damaged"), "bad"),))
    if view.incomplete:
        parts.append((Span(t("show.entry.incomplete"), "warn"),))
    parts.append(whom(view, customer=customer))
    parts.append(
        (t("show.dot").join(part for part in (field_words(view, "activity"), field_words(view, "stage")) if part),)
    )
    parts.append((view.author if author else "",))
    if view.snapshot:
        parts.append((Span(t("show.entry.snapshot"), "dim"),))
    if view.corrected:
        parts.append((Span(t("show.entry.corrected"), "dim"),))
    shown = [part for part in parts if any(not isinstance(c, str) or c for c in part)]
    return tuple(cell for i, part in enumerate(shown) for cell in (("  ", *part) if i else part))


def _promised(view: EntryView, near: date) -> str:
    shown = []
    for role in _PROMISES:
        value = _when(view, role, near) if role == "closes" else field_words(view, role)
        if value:
            shown.append(labelled(view, role, value))
    return t("show.dot").join(shown)


def _when(view: EntryView, role: Role, near: date) -> str:
    field = view.schema.by_role.get(role)
    value: Any = view.values.get(field.key) if field else None
    return words.value(field, value, view.schema, near) if field and value is not None else ""


def value_in_role(entry: EntryView, role: Role) -> Any:
    """The entry's canonical value of the field bound to a role; None where there is no such field or value."""
    key = entry.schema.key(role)
    return entry.values.get(key) if key else None


def is_contact(entry: EntryView) -> bool:
    """Whether it counts as a contact with the customer: its activity says so, or it names none; what a list says is none."""
    activity = value_in_role(entry, "activity")
    if entry.erased or entry.snapshot:
        return False
    if not activity:
        return True
    schema = entry.schema
    known = schema.activity_by_key.get(schema.renamed_activities.get(activity, activity))
    return known is None or known.contact


def activity_label(entry: EntryView) -> str:
    """The activity in the words of the entry's schema; empty where it names none."""
    activity = value_in_role(entry, "activity")
    field = entry.schema.by_role.get("activity")
    return entry.schema.label(field, activity) if field and activity else ""


def contacts_on(points: Sequence[EntryView]) -> list[date]:
    """The days of the contacts, in order; entries of one meeting are one contact."""
    met: dict[int, date] = {}
    for entry in points:
        if is_contact(entry):
            met.setdefault(entry.meeting or entry.id, entry.on)
    return sorted(met.values())


def stay_days(deal: "DealLine | DealPage", stay: Stay) -> int | None:
    """A stay's length, the lasting one's up to the day that is asked about; None for `won` and `lost`."""
    return deal.status.stay_days if stay is deal.line.stays[-1] else stay.days
