"""What became of dated next steps: kept in time, kept late, or never."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias

from nippo_cli.base.dates import When
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.quiet import overdue_days
from nippo_cli.line.span import ClosedDays

StepFate: TypeAlias = Literal["on_time", "late", "never", "open"]


class StepOutcome(NamedTuple):
    """What became of a step. `days` is by how many it was late, or is so far; 0 where it was in time or is not due."""

    became: StepFate
    days: int


class StepPoint(NamedTuple):
    """An entry as far as steps go: when the step that it promises is due, if it promises a dated one, and whether it is
    a contact."""

    entry: int
    on: date
    due: When | None
    contact: bool


def steps(points: Sequence[StepPoint], grace: int, rest: ClosedDays, upto: date) -> list[tuple[StepPoint, StepOutcome]]:
    """What became of each dated step of a deal's entries, which come in the order of its line and up to a day."""
    outcomes: list[tuple[StepPoint, StepOutcome]] = []
    met_on: date | None = None
    for one in reversed(points):
        if one.due is not None:
            outcomes.append((one, outcomes_of_steps(one.due, met_on, grace, rest, upto)))
        if one.contact:
            met_on = one.on
    return outcomes[::-1]


def outcomes_of_steps(due: When, met_on: date | None, grace: int, rest: ClosedDays, upto: date) -> StepOutcome:
    """What a dated next step had become by a day: the next contact ends it, as it does wherever steps are counted.

    Args:
        met_on: the first contact after the step was promised; None where there was none by `upto`.
        grace: the business days after which it is late.
        upto: the day looked at, or that of the deal's end: what was not due by then is `open`.

    Rule: docs/lessons.md#words
    """
    late = overdue_days(due, grace, rest, met_on or upto)
    if met_on is not None:
        return StepOutcome("late" if late else "on_time", late)
    return StepOutcome("never" if late else "open", late)
