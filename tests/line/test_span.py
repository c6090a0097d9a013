"""Counting days with holds and closures, against counting them one by one."""

from datetime import date, timedelta

from hypothesis import given, strategies as st

from nippo_cli.line.span import (
    ClosedDays,
    Hold,
    held_days,
    net_days,
    on_hold,
    passes_on,
)
from nippo_cli.schema.schema import Closure

BON = Closure("お盆", "08-11", "08-16")
NEW_YEAR = Closure("年末年始", "12-29", "01-03")
ONCE = Closure("移転", "2026-05-07", "2026-05-08")

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
spans = st.tuples(days, st.integers(0, 40)).map(lambda s: Hold(1, s[0], s[0] + timedelta(days=s[1]), ""))


def one_by_one(after: date, upto: date) -> list[date]:
    """Every day after one and up to another."""
    return [after + timedelta(days=n) for n in range(1, (upto - after).days + 1)]


def is_closed(on: date) -> bool:
    """The three closures, spelled out."""
    return (
        (on.month == 8 and 11 <= on.day <= 16)
        or (on.month == 12 and on.day >= 29)
        or (on.month == 1 and on.day <= 3)
        or on in (date(2026, 5, 7), date(2026, 5, 8))
    )


@given(days, st.integers(0, 500), st.lists(spans, max_size=4))
def test_held_days_are_counted_once_each(after: date, length: int, holds: list[Hold]):
    """The union of the holds inside (after, upto], however they overlap."""
    upto = after + timedelta(days=length)
    counted = sum(on_hold(holds, day) for day in one_by_one(after, upto))
    assert held_days(holds, after, upto) == counted
    assert net_days(holds, after, upto) == length - counted


@given(days, st.integers(0, 800), st.lists(spans, max_size=2))
def test_closed_days_inside_a_span(after: date, length: int, holds: list[Hold]):
    """Yearly closures, one over New Year, and one of a single year; those on hold are left to the hold."""
    rest = ClosedDays([BON, NEW_YEAR, ONCE])
    upto = after + timedelta(days=length)
    expected = sum(is_closed(day) and not on_hold(holds, day) for day in one_by_one(after, upto))
    assert rest.count(after, upto, holds) == expected


@given(days, st.integers(0, 60), st.lists(spans, max_size=3))
def test_a_limit_is_passed_on_the_first_day_beyond_it(after: date, limit: int, holds: list[Hold]):
    """The first day whose net stay is longer than the limit and its closed days."""
    rest = ClosedDays([BON, NEW_YEAR, ONCE])
    on = after
    while net_days(holds, after, on) <= limit + rest.count(after, on, holds):
        on += timedelta(days=1)
    assert passes_on(after, limit, rest, holds) == on


def test_29_february_is_the_28th_where_there_is_none():
    """A yearly closure never breaks on a common year."""
    rest = ClosedDays([Closure("x", "02-29", "02-29")])
    assert date(2027, 2, 28) in rest
    assert date(2028, 2, 29) in rest
    assert date(2028, 2, 28) not in rest
