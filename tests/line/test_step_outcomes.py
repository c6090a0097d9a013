"""What became of a dated next step."""

import pytest
from lines import day, when

from nippo_cli.line.span import ClosedDays
from nippo_cli.line.step_outcomes import StepOutcome, outcomes_of_steps
from nippo_cli.schema.schema import Closure

NONE = ClosedDays(())


@pytest.mark.parametrize(
    ("met_on", "upto", "became"),
    [
        ("11/18", "11/30", StepOutcome("on_time", 0)),
        ("11/20", "11/30", StepOutcome("on_time", 0)),
        # Due on a Friday: Monday lies within the grace of one business day, Tuesday does not.
        ("11/23", "11/30", StepOutcome("on_time", 0)),
        ("11/24", "11/30", StepOutcome("late", 4)),
        (None, "11/23", StepOutcome("open", 0)),
        (None, "11/24", StepOutcome("never", 4)),
        (None, "11/30", StepOutcome("never", 10)),
    ],
)
def test_the_next_contact_keeps_a_step(met_on, upto, became):
    """In time up to the end of the grace, late after it, never where nothing came."""
    assert outcomes_of_steps(when("11/20"), day(met_on) if met_on else None, 1, NONE, day(upto)) == became


def test_a_coarse_date_is_late_only_after_its_end_and_closed_days_are_no_business_days():
    """`August` lasts to its 31st; behind Bon the grace ends on the Monday after it."""
    august = when("2026-08-01/2026-08-31")
    assert outcomes_of_steps(august, day("9/1"), 1, NONE, day("9/30")).became == "on_time"
    assert outcomes_of_steps(august, day("9/2"), 1, NONE, day("9/30")) == StepOutcome("late", 2)
    bon = ClosedDays([Closure("お盆", "08-11", "08-16")])
    assert outcomes_of_steps(when("8/10"), day("8/17"), 1, bon, day("8/30")).became == "on_time"
    assert outcomes_of_steps(when("8/10"), day("8/18"), 1, bon, day("8/30")) == StepOutcome("late", 8)
