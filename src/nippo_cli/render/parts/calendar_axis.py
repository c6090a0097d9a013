"""An axis of days in a picture: by the calendar, or counted from a line's first day."""

from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import Tick, calendar_ticks, count_ticks, scale
from nippo_cli.render.parts import words

if TYPE_CHECKING:
    from nippo_cli.render.draw.marks import PictureAxis

# As fine as the ticks of a wide terminal.
_COLUMNS = 100


def day_axis(first: int, last: int, *, aligned: bool = False, columns: int = _COLUMNS) -> "PictureAxis":
    """From one day to another, both on it.

    Args:
        aligned: days count from a line's first one; else they are ordinals of the calendar.
        columns: how many letters wide the axis is, at least: its ticks are as fine as their names have room there.
    """
    from nippo_cli.render.draw.marks import AxisTick, PictureAxis

    span = scale(first, max(first, last), columns)
    ticks = count_ticks(span) if aligned else calendar_ticks(span)
    return PictureAxis(
        first, span.last, [AxisTick(tick.day, tick_label(tick, year_at_its_first=True)) for tick in ticks]
    )


def tick_label(tick: Tick, *, year_at_its_first: bool = False) -> str:
    """A day, a month, a year, or a count of days; `year_at_its_first`: a year's first month is called by the year."""
    if tick.unit == "count":
        return words.days_short(tick.day)
    on = date.fromordinal(tick.day)
    if tick.unit == "day":
        return words.day(on, on)
    if tick.unit == "year" or (year_at_its_first and on.month == 1):
        return t("timeline.year", year=on.year)
    return words.month(on.month)
