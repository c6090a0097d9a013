"""How soon each of several ends comes, where some have not come yet: cumulative incidence under competing risks."""

from collections.abc import Mapping, Sequence
from math import exp, isclose, log, sqrt
from types import MappingProxyType

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.quantile import Lengths
from nippo_cli.line.rate import Interval

# Of a normal distribution 95 % lie within so many standard deviations.
_Z = 1.959963984540054


class IncidenceStep(NamedTuple):
    """A day on which something ended. `at_risk` had not ended before it; `reached` is the share that has come to each
    end by the close of that day; what is missing from 1 still goes on. `bounds` are the 95 % intervals of the shares that lie
    between 0 and 1."""

    day: int
    at_risk: int
    reached: Mapping[str, float]
    bounds: Mapping[str, Interval] = MappingProxyType({})


class _Variance:
    """The variance of one end's cumulative incidence, as it grows step by step."""

    def __init__(self) -> None:
        self._squares = self._products = self._weights = 0.0
        self._own = 0.0
        self._slopes = self._slope_products = 0.0

    def add(self, share: float, going_on: float, at_risk: int, ended: int, here: int) -> float:
        """The variance by the close of a day.

        Args:
            share: what has come to this end by then.
            going_on: the share that still went on before the day.
            ended: how many of those at risk came to any end on it, `here` to this one.
        """
        # Where all end there is nothing after it that could vary.
        weight = ended / (at_risk * (at_risk - ended)) if at_risk > ended else 0.0
        self._weights += weight
        self._products += weight * share
        self._squares += weight * share**2
        self._own += going_on**2 * here * (at_risk - here) / at_risk**3
        slope = going_on * here / at_risk**2
        self._slopes += slope
        self._slope_products += slope * share
        before = self._weights * share**2 - 2 * self._products * share + self._squares
        return max(before + self._own - 2 * (self._slopes * share - self._slope_products), 0.0)


def aalen_johansen(ended: Mapping[str, Lengths], censored: Lengths) -> list[IncidenceStep]:
    """The cumulative incidence of each end: at each day t, the share still going on just before it times the part of
    those at risk that come to the end on t, added up.

    Args:
        ended: for each end, how many came to it after so many days.
        censored: how many still went on when they were last seen, after so many days; they were at risk on that day.

    O. O. Aalen and S. Johansen, *An Empirical Transition Matrix for Non-homogeneous Markov Chains Based on Censored
    Observations*, Scandinavian Journal of Statistics 5 (1978), 141–150. Of one end alone it is 1 less Kaplan–Meier.
    The intervals are those of D. Collett, *Modelling Survival Data in Medical Research* (3rd edition, 2015), 411: a variance after
    Greenwood, on the scale of log(−log), so that they never leave 0 to 1.
    """
    at_risk = sum(sum(lengths.values()) for lengths in ended.values()) + sum(censored.values())
    going_on, reached = 1.0, dict.fromkeys(ended, 0.0)
    steps: list[IncidenceStep] = []
    variances = {end: _Variance() for end in ended}
    for day in sorted({*censored, *(day for lengths in ended.values() for day in lengths)}):
        events = {end: lengths.get(day, 0) for end, lengths in ended.items()}
        total = sum(events.values())
        if total:
            for end, n in events.items():
                reached[end] += going_on * n / at_risk
            spread = {end: variances[end].add(reached[end], going_on, at_risk, total, n) for end, n in events.items()}
            # Shares that add up to 1 may lack a hair's breadth of it.
            between = [end for end, share in reached.items() if share > 0 and not isclose(share, 1)]
            bounds = {end: _bounds(reached[end], spread[end]) for end in between}
            going_on *= 1 - total / at_risk
            steps.append(IncidenceStep(day, at_risk, dict(reached), bounds))
        at_risk -= total + censored.get(day, 0)
    return steps


def _bounds(share: float, variance: float) -> Interval:
    """The 95 % interval of a share between 0 and 1, neither included."""
    away = _Z * sqrt(variance) / (share * abs(log(share)))
    return Interval(share ** exp(away), share ** exp(-away))


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
