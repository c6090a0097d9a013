"""Cumulative incidence, drawn: the share that has come to each end, one on the other, by days since the beginning."""

from collections.abc import Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import t
from nippo_cli.base.text import width
from nippo_cli.line.incidence import IncidenceStep, reached_by
from nippo_cli.render.draw import Canvas, Run, Span, TextLines, Tone

_ROWS = 10
_LABEL = 6
# Days that an axis is at least.
_LEAST_DAYS = 30


class Fills(NamedTuple):
    """The mark of each end, from the bottom upwards."""

    won: str
    lost: str
    fizzled: str


DRAWN, ASCII = Fills("█", "▒", "░"), Fills("#", "=", ".")
_TONES: dict[str, Tone] = {"won": "good", "lost": "bad", "fizzled": "warn"}


def chart(
    steps: Sequence[IncidenceStep], last_day: int, marks: Sequence[int], columns: int, *, ascii_only: bool
) -> TextLines:
    """Ten rows of a tenth each, an axis of days, and what the marks mean. What is blank still goes on.

    Args:
        last_day: where the axis ends.
        marks: the days that the axis names.
        columns: how wide the whole is.
    """
    fills = ASCII if ascii_only else DRAWN
    wide, days = columns - _LABEL, max(last_day, _LEAST_DAYS)
    canvases = [Canvas(wide) for _ in range(_ROWS)]
    for column in range(wide):
        reached = reached_by(steps, (column + 1) * days // wide)
        level = 0.0
        for end, tone in _TONES.items():
            upto = level + reached.get(end, 0.0)
            for row in range(round(level * _ROWS), round(upto * _ROWS)):
                canvases[_ROWS - 1 - row].put(column, getattr(fills, end), tone)
            level = upto
    rows: list[Run] = [
        (Span(f"{_percent(row):>{_LABEL - 1}} ", "dim"), *canvas.run()) for row, canvas in enumerate(canvases)
    ]
    return TextLines([*rows, _axis(days, marks, wide), _legend(fills)])


def _percent(row: int) -> str:
    """The share that the upper edge of a row stands for; every other row."""
    return f"{100 - row * 100 // _ROWS}%" if row in (0, _ROWS // 2) else ""


def _axis(days: int, marks: Sequence[int], wide: int) -> Run:
    """The axis of days below the bars, with the labels that find room: `0 30 60 90日`."""
    canvas = Canvas(wide)
    free = 0
    for day in (0, *marks):
        label = t("show.days_short", n=day)
        # The last day's label ends at the edge.
        column = min(day * wide // days, wide - width(label))
        if day <= days and column >= free:
            canvas.put(column, label, "dim")
            free = column + width(label) + 1
    return canvas.run(indent=_LABEL)


def _legend(fills: Fills) -> Run:
    spans: list[Span] = [Span(" " * _LABEL)]
    for end, tone in _TONES.items():
        spans += [Span(getattr(fills, end), tone), Span(f" {t(f'show.outcome.{end}')}   ")]
    return (*spans, Span(t("lessons.fates.blank"), "dim"))
