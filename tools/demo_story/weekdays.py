"""The days on which the team works in the story: Monday to Friday. Days off are kept when the story is moved to its day."""

from datetime import date, timedelta

_FRIDAY = 4


def is_weekday(on: date) -> bool:
    """Whether a day is one of Monday to Friday."""
    return on.weekday() <= _FRIDAY


def weekday_before(on: date) -> date:
    """The day itself from Monday to Friday, else the Friday before it."""
    return on - timedelta(days=max(0, on.weekday() - _FRIDAY))


def weekday_after(on: date) -> date:
    """The day itself from Monday to Friday, else the Monday after it."""
    return on if is_weekday(on) else on + timedelta(days=7 - on.weekday())
