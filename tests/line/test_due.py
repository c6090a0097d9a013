"""When a next step is overdue: business days after its last day."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st
from lines import day, when

from nippo_cli.line.quiet import grace_ends, overdue_days
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Closure

BON = ClosedDays([Closure("お盆", "08-11", "08-16")])


@pytest.mark.parametrize(
    ("due", "grace", "ends"),
    [
        pytest.param("11/18", 0, "11/18", id="no grace"),
        pytest.param("11/18", 1, "11/19", id="the next working day"),
        pytest.param("11/20", 1, "11/23", id="a Friday's is the Monday"),
        pytest.param("8/10", 1, "8/17", id="not in お盆"),
        pytest.param("8/7", 2, "8/17", id="Monday 10th and, after お盆, Monday 17th"),
    ],
)
def test_the_grace_is_counted_in_business_days(due, grace, ends):
    """By the calendar of 2026: 18 November is a Wednesday, お盆 runs from Tuesday 11 to Sunday 16 August."""
    assert grace_ends(day(due), grace, BON) == day(ends)


def test_days_overdue_are_calendar_days_since_the_date():
    """Due on Friday, one business day of grace: not late on Monday, four days late on Tuesday."""
    assert overdue_days(when("11/20"), 1, BON, day("11/23")) == 0
    assert overdue_days(when("11/20"), 1, BON, day("11/24")) == 4


@given(st.integers(0, 400), st.integers(0, 9))
def test_grace_against_numpy(offset: int, grace: int):
    """As numpy counts the same business days, closed days being its holidays."""
    import numpy as np

    due = day("1/5") + timedelta(days=offset)
    closed = [day(f"8/{n}") for n in range(11, 17)] + [day(f"2027-08-{n}") for n in range(11, 17)]
    last = due if not grace else np.busday_offset(due, grace, roll="backward", holidays=closed).astype(object)
    assert grace_ends(due, grace, BON) == last
