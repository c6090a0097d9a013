"""What the morning page reminds of besides what is due, a row each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Run, Span
from nippo_cli.render.parts import lesson_json, lesson_row, shapes, words
from nippo_cli.results.recap import TodayPage
from nippo_cli.results.reminders import DueCall, DueDeadline, DueLesson


def rows(name: str, result: TodayPage, n: int) -> Sequence[Run]:
    """The first rows of a section."""
    return [_ROWS[name](one, result) for one in getattr(result.reminders, name)[:n]]


def count(name: str, result: TodayPage) -> tuple[int, int]:
    """How many of a section were read, and how many there are."""
    read = len(getattr(result.reminders, name))
    return read, read + result.reminders.more.get(name, 0)


def to_json(result: TodayPage) -> Mapping[str, object]:
    """Each section as data."""
    return {
        "deadlines": [
            {"days": one.days, "field": one.field, "on": shapes.when(one.on), **shapes.status(one.status)}
            for one in result.reminders.deadlines
        ],
        "revisits": [
            {
                "days": one.days,
                "why": one.why,
                "customer": one.customer or None,
                "text": one.text or None,
                "deal": shapes.status(one.status) if one.status is not None else None,
            }
            for one in result.reminders.revisits
        ],
        "lessons": [
            {**shapes.status(one.status), "lesson": lesson_json(one.lesson)} for one in result.reminders.lessons
        ],
    }


def days_left(days: int) -> Span | str:
    """`今日`, `あと3日`, `2日超過`."""
    if days == 0:
        return Span(t("show.today.today"), "strong")
    if days < 0:
        return Span(words.counted("show.today.overdue", -days), "warn")
    return words.counted("show.today.in", days)


def _deadline(one: DueDeadline, result: TodayPage) -> Run:
    """By when, the deal, what ends and on which day."""
    head = one.status.head
    customer = f"  {head.customer}" if head.customer else ""
    said = f"{result.schema.field_label(one.field)} {words.when(one.on, result.as_of)}"
    return (days_left(one.days), f"  {head.name}{customer}", Span(f"  {said}  #{show_id(head.id)}", "dim"))


def _revisit(one: DueCall, _result: TodayPage) -> Run:
    """Since when, whom, and why."""
    deal = f"{one.status.head.name}  " if one.status is not None else ""
    number = f"  #{show_id(one.status.head.id)}" if one.status is not None else ""
    said = "  ".join(part for part in (t(f"show.revisit.why_{one.why}"), one.text) if part)
    return (days_left(one.days), f"  {deal}{one.customer}", Span(f"  {said}{number}", "dim"))


def _lesson(one: DueLesson, result: TodayPage) -> Run:
    """Which deal, and what was lost where it stands now."""
    head = one.status.head
    return (f"#{show_id(head.id)} {head.name}", Span(f"  {lesson_row(one.lesson, result.schema)}", "dim"))


# How a row of each section is written, in the order of the page.
_ROWS: Mapping[str, Callable[[Any, TodayPage], Run]] = {
    "deadlines": _deadline,
    "revisits": _revisit,
    "lessons": _lesson,
}
SECTIONS = tuple(_ROWS)
