"""The days on which the demo's team works: no weekends, no national holidays, no company closures."""

from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_FIXED = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23))
_HAPPY_MONDAYS = ((1, 2), (7, 3), (9, 3), (10, 2))
# A little wider than any schema's closures need to be: nobody visits a customer on the eve of お盆.
_SHUT = (((1, 1), (1, 5)), ((4, 29), (5, 6)), ((8, 10), (8, 17)), ((12, 28), (12, 31)))


@lru_cache(maxsize=32)
def holidays(year: int) -> frozenset[date]:
    """Japan's national holidays of a year from 2022 on, substitute days and the day between two included."""
    days = {date(year, month, day) for month, day in _FIXED}
    days |= {_monday(year, month, nth) for month, nth in _HAPPY_MONDAYS}
    leaps = (year - 1980) // 4
    days.add(date(year, 3, int(20.8431 + 0.242194 * (year - 1980)) - leaps))
    days.add(date(year, 9, int(23.2488 + 0.242194 * (year - 1980)) - leaps))
    for day in sorted(days):
        if day + 2 * _DAY in days and day + _DAY not in days:
            days.add(day + _DAY)
    for sunday in [day for day in sorted(days) if day.weekday() == 6]:
        substitute = sunday
        while substitute in days:
            substitute += _DAY
        days.add(substitute)
    return frozenset(days)


def is_workday(on: date) -> bool:
    """Whether the team works on that day."""
    if on.weekday() >= 5 or on in holidays(on.year):
        return False
    return not any(first <= (on.month, on.day) <= last for first, last in _SHUT)


def back_to_work(on: date) -> date:
    """The day itself if it is a workday, else the last one before it."""
    while not is_workday(on):
        on -= _DAY
    return on


def on_to_work(on: date) -> date:
    """The day itself if it is a workday, else the first one after it."""
    while not is_workday(on):
        on += _DAY
    return on


def _monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (nth - 1))
