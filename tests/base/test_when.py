"""A promise as coarse as people know it, and what counts as moving it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.dates.when import When, moved, read_when

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
WHENS = st.builds(lambda day, days: When(day, day + timedelta(days)), DAYS, st.integers(0, 400))
MARCH = When(date(2026, 3, 1), date(2026, 3, 31))


@given(WHENS)
def test_a_when_reads_back(when):
    """A day as a date, a span as an interval, both ISO 8601."""
    assert read_when(str(when)) == when
    assert ("/" in str(when)) == (not when.exact)


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        (When.day(date(2026, 3, 10)), When.day(date(2026, 3, 20)), 10),
        (When.day(date(2026, 3, 20)), When.day(date(2026, 3, 10)), -10),
        (MARCH, When.day(date(2026, 3, 31)), 0),
        (When.day(date(2026, 3, 10)), MARCH, 0),
        (MARCH, When.day(date(2026, 4, 1)), 1),
        (MARCH, When(date(2026, 4, 1), date(2026, 4, 30)), 30),
        (MARCH, When.day(date(2026, 2, 28)), -31),
    ],
)
def test_only_what_leaves_the_span_has_moved(before, after, days):
    """Within it nothing moved; beyond it the ends are compared."""
    assert moved(before, after) == days


@given(WHENS, WHENS)
def test_a_move_back_undoes_a_move(one, other):
    """There and back is no move at all."""
    assert moved(one, other) == -moved(other, one)


@pytest.mark.parametrize("said", ["", "2026-03", "/2026-03-01", "2026-02-30", "3月"])
def test_what_str_never_writes_is_refused(said):
    """Only a day and an interval of two are read."""
    with pytest.raises(ValueError, match=r".+"):
        read_when(said)


@pytest.mark.parametrize(
    ("outer", "inner", "holds"),
    [
        (MARCH, MARCH, True),
        (MARCH, When(date(2026, 3, 1), date(2026, 3, 10)), True),
        (MARCH, When(date(2026, 3, 11), date(2026, 3, 31)), True),
        (MARCH, When(date(2026, 2, 20), date(2026, 3, 10)), False),
        (MARCH, When(date(2026, 3, 20), date(2026, 4, 10)), False),
        (MARCH, When(date(2026, 2, 20), date(2026, 4, 10)), False),
        (MARCH, When.day(date(2026, 2, 28)), False),
    ],
)
def test_a_span_holds_what_lies_in_it_with_both_ends(outer, inner, holds):
    """One that only overlaps is not held; promised instead it has moved, by the difference of the last days."""
    assert outer.holds(inner) == holds
    assert moved(outer, inner) == (0 if holds or inner.holds(outer) else (inner.last - outer.last).days)
