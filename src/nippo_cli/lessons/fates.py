"""What became of all deals ever begun, and how soon.

Rule: docs/lessons.md#fates
"""

from collections.abc import Mapping, Sequence
from datetime import date

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.lessons import LEAST_RATE
from nippo_cli.lessons.facts import Behind, Ended, LessonFacts, Narrowed
from nippo_cli.lessons.finished import FATES
from nippo_cli.line.facts import DealSummary, Outcome
from nippo_cli.line.incidence import IncidenceStep, aalen_johansen, at_risk_on, reached_by
from nippo_cli.line.quantile import Lengths, mean, median
from nippo_cli.line.rate import Rate
from nippo_cli.line.span import ClosedDays, passes_on

# The ends that compete; what is open is censored.
ENDS: tuple[Outcome, ...] = ("won", "lost", "fizzled")
MARKS = (30, 60, 90, 180, 365)


class Slice(NamedTuple):
    """The deals of one fate among all. Money in the smallest unit; `without_amount` name none."""

    fate: Outcome
    of_all: Rate
    amount: int
    without_amount: int


class Lead(NamedTuple):
    """Days from the first entry to the closing one. None of nothing."""

    n: int
    median: float | None
    mean: float | None


class Mark(NamedTuple):
    """A day after the first contact: how many deals are still followed, and the share that has come to each end by then;
    None where too few are followed to say."""

    day: int
    at_risk: int
    reached: Mapping[str, float] | None


class FatesLesson(NamedTuple):
    """Four fates that add up to `deals`. `win_rate` is won of won and lost; `honest` of won, lost and fizzled. `steps` is
    each fate's cumulative incidence by days since the first contact."""

    deals: int
    slices: Sequence[Slice]
    win_rate: Rate
    honest: Rate
    lead: Mapping[str, Lead]
    steps: Sequence[IncidenceStep]
    marks: Sequence[Mark]


def learn(facts: LessonFacts) -> FatesLesson:
    """The lesson of all deals ever begun."""
    return lesson(facts.ended(), facts.lead_days())


def lesson(ended: Mapping[Outcome, Ended], lead_days: Mapping[str, Lengths]) -> FatesLesson:
    """Fates as slices, rates and curves."""
    deals = sum(one.n for one in ended.values())
    won, lost, fizzled = (ended[fate].n for fate in ENDS)
    ends: dict[str, Lengths] = {fate: ended[fate].days for fate in ENDS}
    steps = aalen_johansen(ends, ended["open"].days)
    return FatesLesson(
        deals=deals,
        slices=[Slice(f, Rate(ended[f].n, deals), ended[f].amount, ended[f].without_amount) for f in FATES],
        win_rate=Rate(won, won + lost),
        honest=Rate(won, won + lost + fizzled),
        lead={fate: Lead(sum(days.values()), median(days), mean(days)) for fate, days in lead_days.items()},
        steps=steps,
        marks=[_mark(ends, ended["open"].days, steps, day) for day in MARKS],
    )


def behind(facts: LessonFacts, narrowed: Narrowed) -> Sequence[Behind]:
    """The deals of a fate, or all; those with most money first."""
    return facts.of_fate(narrowed.fate)


def followed_days(head: DealSummary, fate: Outcome, quiet: int, rest: ClosedDays, as_of: date) -> int | None:
    """How long a deal was followed: from its first contact to its end, or to the day; None where nobody knows since when.

    Args:
        quiet: after so many days without a contact it fizzled.
    """
    if not head.begin_known:
        return None
    silent = passes_on(head.heard_on or head.began_on, quiet, rest, head.holds) if fate == "fizzled" else as_of
    return max(0, ((head.closed_on or silent) - (head.first_contact_on or head.began_on)).days)


def _mark(ends: Mapping[str, Lengths], censored: Lengths, steps: Sequence[IncidenceStep], day: int) -> Mark:
    at_risk = at_risk_on(ends, censored, day)
    if at_risk < LEAST_RATE:
        return Mark(day, at_risk, None)
    reached = reached_by(steps, day)
    return Mark(day, at_risk, {end: reached.get(end, 0.0) for end in ends})
