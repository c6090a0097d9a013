"""What the morning page reminds of besides what is due, a row each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import cut, width
from nippo_cli.render.draw import Run, Span, spans
from nippo_cli.render.draw.wrap import breaks
from nippo_cli.render.parts import lesson_json, lesson_row, shapes, words
from nippo_cli.results.reminders import DueCall, DueDeadline, DueLesson
from nippo_cli.results.today import TodayPage


class RowOfPage(NamedTuple):
    """What is shown of one: `said` is cut where a row is too narrow for it, `front` and `number` never."""

    front: Run
    said: str
    number: str = ""

    def drawn(self, said: str) -> Run:
        """The row, with so much of what is said."""
        return (*self.front, Span(f"  {said}{self.number}", "dim"))


def runs(name: str, result: TodayPage, n: int, columns: int | None) -> Sequence[Run]:
    """The first of a section; what is said in each is cut to the rows of so many columns that `ROWS_TAKEN` says, None cuts
    nothing."""
    taken = ROWS_TAKEN.get(name, 1)
    return [cut_row(_ROWS[name](one, result), columns, taken) for one in getattr(result.reminders, name)[:n]]


def cut_row(one: RowOfPage, columns: int | None, rows_taken: int) -> Run:
    """The row, what is said in it cut so that it takes so many rows of so many columns; None cuts nothing."""
    said = " ".join(one.said.splitlines())
    if columns is None:
        return one.drawn(said)
    said = cut(said, columns * rows_taken)
    while len(breaks("".join(piece.text for piece in spans(one.drawn(said))), columns)) > rows_taken and said:
        said = cut(said, width(said) - 1)
    return one.drawn(said)


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


def _deadline(one: DueDeadline, result: TodayPage) -> RowOfPage:
    """By when, the deal, what ends and on which day."""
    head = one.status.head
    customer = f"  {head.customer}" if head.customer else ""
    said = f"{result.schema.field_label(one.field)} {words.when(one.on, result.as_of)}"
    return RowOfPage((days_left(one.days), f"  {head.name}{customer}"), said, f"  #{show_id(head.id)}")


def _revisit(one: DueCall, _result: TodayPage) -> RowOfPage:
    """Since when, whom, and why."""
    deal = f"{one.status.head.name}  " if one.status is not None else ""
    number = f"  #{show_id(one.status.head.id)}" if one.status is not None else ""
    said = "  ".join(part for part in (t(f"show.revisit.why_{one.why}"), one.text) if part)
    return RowOfPage((days_left(one.days), f"  {deal}{one.customer}"), said, number)


def _lesson(one: DueLesson, result: TodayPage) -> RowOfPage:
    """Which deal, and what was lost where it stands now."""
    head = one.status.head
    return RowOfPage((f"#{show_id(head.id)} {head.name}",), lesson_row(one.lesson, result.schema))


# How a row of each section is written, in the order of the page.
_ROWS: Mapping[str, Callable[[Any, TodayPage], RowOfPage]] = {
    "deadlines": _deadline,
    "revisits": _revisit,
    "lessons": _lesson,
}
SECTIONS = tuple(_ROWS)
# The rows that one of a section takes; of the others one.
ROWS_TAKEN: Mapping[str, int] = {"lessons": 2}
