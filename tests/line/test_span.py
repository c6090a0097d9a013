"""Counting days with holds and closures, against counting them one by one."""

from datetime import date, timedelta

import pytest
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


@pytest.mark.parametrize(("after", "upto", "closed"), [
    ("2026-12-28", "2027-01-04", 6), ("2026-12-30", "2027-01-10", 4), ("2026-12-31", "2027-01-02", 2),
    ("2027-01-01", "2027-01-10", 2), ("2027-01-02", "2027-01-10", 1), ("2027-01-03", "2027-01-10", 0),
    ("2027-01-01", "2027-12-30", 4), ("2026-12-27", "2026-12-29", 1), ("2025-12-31", "2028-01-01", 3 + 6 + 4),
])  # fmt: skip
def test_a_closure_over_new_year_is_counted_from_either_side_of_it(after, upto, closed):
    """29 December to 3 January are six days; a count that begins inside them, even on New Year's Day, sees the rest."""
    assert ClosedDays([NEW_YEAR]).count(date.fromisoformat(after), date.fromisoformat(upto)) == closed


def test_new_years_day_is_closed_whatever_was_asked_before():
    """Years are reached as they are asked for, downwards and upwards: neither loses what it shares with the other."""
    rest = ClosedDays([NEW_YEAR])
    asked = [
        date(2027, 1, 3),
        date(2024, 1, 1),
        date(2029, 1, 2),
        date(2027, 1, 4),
        date(2024, 12, 29),
        date(2026, 1, 3),
    ]
    assert [on in rest for on in asked] == [True, True, True, False, True, True]


@pytest.mark.parametrize(("first", "last", "open_before", "open_after"), [
    ("12-31", "01-01", "2026-12-30", "2027-01-02"),
    ("02-25", "02-29", "2027-02-24", "2027-03-01"),
    ("02-28", "03-01", "2028-02-27", "2028-03-02"),
    ("2026-12-30", "2027-01-02", "2026-12-29", "2027-01-03"),
])  # fmt: skip
def test_a_closure_over_a_boundary_begins_and_ends_where_it_says(first, last, open_before, open_after):
    """Over New Year, to a day that common years lack, through one that leap years have; and of one year alone."""
    rest = ClosedDays([Closure("x", first, last)])
    before, after = date.fromisoformat(open_before), date.fromisoformat(open_after)
    assert (before in rest, after in rest) == (False, False)
    assert rest.count(before, after) == (after - before).days - 1


def test_a_limit_over_new_year_is_moved_on_by_the_closed_days_on_the_way():
    """Ten days from 25 December: 4 January is day 10, six days were closed, so the first day beyond is 11 January."""
    rest = ClosedDays([NEW_YEAR])
    assert passes_on(date(2026, 12, 25), 10, rest, ()) == date(2027, 1, 11)
    assert passes_on(date(2027, 1, 1), 1, rest, ()) == date(2027, 1, 5)


def test_a_hold_over_new_year_takes_the_closed_days_under_it():
    """From 27 December to 10 January 14 days; on hold 30 December to 5 January (7), closed beside it only the 29th."""
    rest, hold = ClosedDays([NEW_YEAR]), Hold(1, date(2026, 12, 30), date(2027, 1, 5), "年末")
    after, upto = date(2026, 12, 27), date(2027, 1, 10)
    assert (held_days([hold], after, upto), rest.count(after, upto, [hold])) == (7, 1)
    assert net_days([hold], after, upto) == 7


@pytest.mark.parametrize("upto", ["2026-08-10", "2026-08-20", "2025-12-30"])
def test_nothing_is_counted_backwards(upto):
    """Of a day before, or the same day, no day is closed: never less than none."""
    rest = ClosedDays([BON, NEW_YEAR])
    assert rest.count(date(2026, 8, 20), date.fromisoformat(upto)) == 0
    assert (
        rest.count(date(2026, 8, 20), date.fromisoformat(upto), [Hold(1, date(2026, 8, 1), date(2026, 8, 30), "")]) == 0
    )
    assert ClosedDays([]).count(date(2026, 1, 1), date(2026, 12, 31)) == 0


@pytest.mark.parametrize("asked", [
    [("2026-03-01", "2026-12-01"), ("2024-03-01", "2026-12-01"), ("2024-03-01", "2028-12-01"), ("2023-01-01", "2029-01-01")],
    [("2026-03-01", "2026-12-01"), ("2026-03-01", "2028-12-01"), ("2023-03-01", "2026-12-01"), ("2020-01-01", "2020-01-05")],
])  # fmt: skip
def test_years_are_reached_on_either_side_of_those_known(asked):
    """Each year has four days of New Year's closure behind 29 December and three before 4 January, six of Bon."""
    rest = ClosedDays([BON, NEW_YEAR])
    for first, last in asked:
        after, upto = date.fromisoformat(first), date.fromisoformat(last)
        expected = sum(
            (is_closed(on) and on.year != 2026) or (is_closed(on) and on.month != 5) for on in one_by_one(after, upto)
        )
        assert rest.count(after, upto) == expected


@pytest.mark.parametrize(
    ("year", "last"), [(1900, 28), (1980, 29), (2000, 29), (2027, 28), (2028, 29), (2100, 28), (2400, 29)]
)
def test_which_years_have_a_29th_of_february(year, last):
    """Every fourth, but for the full centuries that 400 does not part."""
    rest = ClosedDays([Closure("x", "02-29", "02-29")])
    assert [on for on in (28, 29, 30) if on <= last and date(year, 2, on) in rest] == [last]


def test_holds_within_and_over_each_other():
    """January on hold, and within it the 10th to the 12th, and the 31st to 3 February: 34 days from New Year's Eve on."""
    january, within, over = (Hold(n, date(2026, 1, a), b, "") for n, (a, b) in enumerate(
        ((1, date(2026, 1, 31)), (10, date(2026, 1, 12)), (31, date(2026, 2, 3)))
    ))  # fmt: skip
    for holds in ([january, within, over], [within, over, january], [over, january, within]):
        assert held_days(holds, date(2025, 12, 31), date(2026, 2, 28)) == 34
        assert held_days(holds, date(2026, 1, 5), date(2026, 1, 11)) == 6
        assert held_days(holds, date(2026, 2, 3), date(2026, 2, 28)) == 0
