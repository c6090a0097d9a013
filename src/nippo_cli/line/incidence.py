"""How soon each of several ends comes, where some have not come yet: cumulative incidence under competing risks."""

from collections.abc import Mapping, Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.quantile import Lengths


class IncidenceStep(NamedTuple):
    """A day on which something ended. `at_risk` had not ended before it; `reached` is the share that has come to each
    end by the close of that day; what is missing from 1 still goes on."""

    day: int
    at_risk: int
    reached: Mapping[str, float]


def aalen_johansen(ended: Mapping[str, Lengths], censored: Lengths) -> list[IncidenceStep]:
    """The cumulative incidence of each end: at each day t, the share still going on just before it times the part of
    those at risk that come to the end on t, added up.

    Args:
        ended: for each end, how many came to it after so many days.
        censored: how many still went on when they were last seen, after so many days; they were at risk on that day.

    O. O. Aalen and S. Johansen, *An Empirical Transition Matrix for Non-homogeneous Markov Chains Based on Censored
    Observations*, Scandinavian Journal of Statistics 5 (1978), 141–150. Of one end alone it is 1 less Kaplan–Meier.
    """
    at_risk = sum(sum(lengths.values()) for lengths in ended.values()) + sum(censored.values())
    going_on, reached = 1.0, dict.fromkeys(ended, 0.0)
    steps: list[IncidenceStep] = []
    for day in sorted({*censored, *(day for lengths in ended.values() for day in lengths)}):
        events = {end: lengths.get(day, 0) for end, lengths in ended.items()}
        total = sum(events.values())
        if total:
            for end, n in events.items():
                reached[end] += going_on * n / at_risk
            going_on *= 1 - total / at_risk
            steps.append(IncidenceStep(day, at_risk, dict(reached)))
        at_risk -= total + censored.get(day, 0)
    return steps


def reached_by(steps: Sequence[IncidenceStep], day: int) -> Mapping[str, float]:
    """The share that has come to each end by a day; empty before the first step."""
    shares: Mapping[str, float] = {}
    for step in steps:
        if step.day > day:
            break
        shares = step.reached
    return shares


def at_risk_on(ended: Mapping[str, Lengths], censored: Lengths, day: int) -> int:
    """How many had not ended, and were still seen, on a day."""
    return sum(n for lengths in (*ended.values(), censored) for days, n in lengths.items() if days >= day)
