"""活動と売上: how far deals came by the month they were first met, and whether what is done goes with what is sold."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal, TypeAlias

from nippo_cli.base.dates import month_name, month_number, month_of_iso
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.facts import GapFacts
from nippo_cli.gaps.finding import Findings, no_details
from nippo_cli.line.metrics import Metric
from nippo_cli.line.ranks import Moves, Orders, Result as Held, holm, moves_with
from nippo_cli.line.rate import AgainstRest, Share, unlike
from nippo_cli.schema.schema import Schema

# The stage that is asked for is the one to look at closely, and leaves no deal out.
COHORTS = 24
# Earlier cohorts that a cell is held against, and the fewest that say anything.
BEFORE, LEAST_COHORTS = 24, 3
AGES = 12
MONTHS, LEAST_PAIRS, MOST_LAG = 36, 12, 6
SEED = 20260401
ALARM = 0.05

ActivityKind: TypeAlias = Literal["did", "enter"]
ResultKind: TypeAlias = Literal["orders", "ordered", "sales"]
RelationState: TypeAlias = Literal["moves", "none", "short", "flat"]
Months: TypeAlias = Mapping[int, int]


class TriangleCell(NamedTuple):
    """How many of a cohort's deals had come so far, and how many of those of earlier cohorts at the same age; `mark`
    where it lies outside the 95 % interval that those predict."""

    share: Share
    before: Share
    mark: AgainstRest


class Cohort(NamedTuple):
    """The deals first met in one month. `reached` holds, by stage, those that got there by the end of the last full
    month; `by_age` the same of one stage by the end of each month from the first, elapsed ones only; `sold` what the
    ledger shows of these deals so far, in the currency's smallest unit: None where there is no ledger."""

    month: int
    size: int
    reached: Mapping[str, TriangleCell]
    by_age: Sequence[TriangleCell]
    sold: int | None


class Triangle(NamedTuple):
    """Cohorts, oldest first, up to the last full month `upto`; `stage` is the one that `by_age` is about."""

    upto: int
    stage: str
    cohorts: Sequence[Cohort]

    @property
    def marked(self) -> int:
        """Cells that are marked, those of `by_age` apart."""
        return sum(bool(cell.mark) for cohort in self.cohorts for cell in cohort.reached.values())


class Pair(NamedTuple):
    """Whether more of an activity (`did`), or of deals entering a stage (`enter`), goes with more of a result.

    `months` is how many full months there are, `moves.n` the pairs at any one lag; `p` is Holm's over all tests.
    `state`: `moves` where p ≤ 0.05, `none` where not, `short` where there are too few months, `flat` where the activity
    or the result is the same in each.
    """

    what: ActivityKind
    key: str
    result: ResultKind
    state: RelationState
    months: int
    moves: Moves | None = None
    p: float | None = None


class ActivityCount(NamedTuple):
    """What the page shows, up to the last full month: none of it is about one deal."""

    triangle: Triangle
    tests: Sequence[Pair]
    upto: int

    @property
    def signs(self) -> Sequence[Pair]:
        """What goes with what, the surest first."""
        return sorted((pair for pair in self.tests if pair.state == "moves"), key=_surety)


look = no_details


def find(facts: GapFacts) -> Findings:
    """The triangle and the tests; no findings, for neither is about one deal. Rule: docs/gaps.md#activity"""
    upto, schema = last_full_month(facts.as_of), facts.schema
    ledger = facts.ledger.by_month()
    shown = triangle(
        facts.counters("cohort"),
        facts.ledger.by_cohort() if ledger else None,
        [stage.key for stage in schema.stages],
        upto=upto,
        stage=facts.stage or won_stage(schema),
    )
    did, entered = facts.counters("did"), facts.counters("enter")
    series = dict(_series(schema, did, entered))
    written = {metric.days for counters in (did, entered) for metric in counters if metric.days <= upto}
    results: dict[ResultKind, Months] = {"orders": by_month(facts.counters("order"))}
    if ledger:
        results["sales"] = ledger
    else:
        results["ordered"] = by_month(facts.counters("ordered"))
    count = ActivityCount(shown, held_against(series, results, written=written, upto=upto), upto)
    return Findings((), count, figures=count if count.signs or shown.marked else None)


def triangle(
    counters: Mapping[Metric, int],
    sold: Mapping[tuple[str, int], int] | None,
    stages: Iterable[str],
    *,
    upto: int,
    stage: str,
) -> Triangle:
    """The last 24 cohorts up to a month, each cell held against up to 24 cohorts before it at the same age.

    An age is counted in full months: cells that have not elapsed by the end of `upto` are not there. Marks need three
    earlier cohorts and 20 deals in them.

    Args:
        counters: of `cohort`.
        sold: what the ledger shows, by cohort and months elapsed; None where there is none.
        stages: those to count, in order.
        upto: the number of the last full month.
        stage: the one to count by age.
    """
    counts = _Counts(counters, upto)
    cohorts = []
    for month in range(max(upto - COHORTS + 1, counts.first), upto + 1):
        age = upto - month
        cohorts.append(
            Cohort(
                month,
                counts.sizes.get(month, 0),
                {key: counts.cell(key, month, age) for key in stages},
                [counts.cell(stage, month, n) for n in range(min(age, AGES) + 1)],
                None if sold is None else _sold(sold, month_name(month), age),
            )
        )
    return Triangle(upto, stage, cohorts)


def held_against(
    series: Mapping[tuple[ActivityKind, str], Months],
    results: Mapping[ResultKind, Months],
    *,
    written: Collection[int],
    upto: int,
) -> list[Pair]:
    """Each series against each result at 0–6 months later, p adjusted over all that could be tested.

    Full months up to `upto` only. The diary's first month is left out, and so is its last where it ended before: neither
    is likely to be a full one. Of the result at most the last 36 months, at least 12; where they are too few for all
    lags, only the shorter ones are tried. The ledger's months are those from its first to its last.

    Args:
        written: the months up to `upto` in which anything was done or any stage was entered, the last ones included.
    """
    if not written:
        return []
    low, high = min(written) + 1, upto if max(written) == upto else max(written) - 1
    pairs: list[Pair] = []
    orders: dict[int, Orders] = {}
    for result, sold in results.items():
        since, until = (min(sold), min(max(sold), high)) if result == "sales" and sold else (low, high)
        start, lags = _reach(low, since, until)
        n = until - start + 1
        held = Held([sold.get(month, 0) for month in range(start, until + 1)], orders.setdefault(n, Orders(n, SEED)))
        months = max(0, until - max(low, since) + 1)
        if lags is None:
            pairs += [Pair(what, key, result, "short", months) for what, key in series]
            continue
        causes = [[done.get(month, 0) for month in range(start - lags, until + 1)] for done in series.values()]
        for (what, key), moves in zip(series, moves_with(causes, held), strict=True):
            pairs.append(Pair(what, key, result, "none" if moves else "flat", months, moves))
    tested = [test.moves.p for test in pairs if test.moves]
    adjusted = iter(holm(tested))
    return [_judged(test, next(adjusted)) if test.moves else test for test in pairs]


def last_full_month(as_of: date) -> int:
    """The number of the last month that is over at the end of a day."""
    return month_number(as_of + timedelta(days=1)) - 1


def won_stage(schema: Schema) -> str:
    """The stage that a deal is won in."""
    return next((s.key for s in schema.stages if s.ends == "won"), schema.stages[-1].key)


def by_month(counters: Mapping[Metric, int]) -> dict[int, int]:
    """A tally added up by the number of its month."""
    months: defaultdict[int, int] = defaultdict(int)
    for metric, n in counters.items():
        months[metric.days] += n
    return dict(months)


def _surety(pair: Pair) -> tuple[float, float]:
    return (pair.p or 0.0, -abs(pair.moves.rho) if pair.moves else 0.0)


def _judged(test: Pair, p: float) -> Pair:
    return test._replace(p=p, state="moves" if p <= ALARM else "none")


def _reach(low: int, since: int, until: int) -> tuple[int, int | None]:
    """The result's first month, and the longest lag that leaves pairs enough; None where none does.

    The result is known from `since` to `until`, what was done from `low`.
    """
    for lags in range(MOST_LAG, -1, -1):
        start = max(since, low + lags, until - MONTHS + 1)
        if until - start + 1 >= LEAST_PAIRS:
            return start, lags
    return until + 1, None


def _series(
    schema: Schema, did: Mapping[Metric, int], entered: Mapping[Metric, int]
) -> Iterator[tuple[tuple[ActivityKind, str], dict[int, int]]]:
    """What was done, month by month: each activity, then each stage before the end."""
    stages = [stage.key for stage in schema.stages if not stage.ends and not stage.after]
    whats: tuple[tuple[ActivityKind, Mapping[Metric, int], list[str]], ...] = (
        ("did", did, [activity.key for activity in schema.activities]),
        ("enter", entered, stages),
    )
    for what, counters, keys in whats:
        months: dict[str, defaultdict[int, int]] = {key: defaultdict(int) for key in keys}
        for metric, n in counters.items():
            if metric.stage in months:
                months[metric.stage][metric.days] += n
        yield from (((what, key), dict(by_month)) for key, by_month in months.items() if by_month)


class _Counts:
    """The tally of cohorts, ready to be asked how many had come where at what age."""

    def __init__(self, counters: Mapping[Metric, int], upto: int) -> None:
        oldest = upto - COHORTS - BEFORE + 1
        self.sizes: dict[int, int] = {}
        self._reached: dict[str, dict[int, list[int]]] = {}
        for metric, n in counters.items():
            month = month_of_iso(metric.kind)
            if not oldest <= month <= upto:
                continue
            if not metric.stage:
                self.sizes[month] = n
            elif metric.days <= upto - month:
                cohorts = self._reached.setdefault(metric.stage, {})
                if month not in cohorts:
                    cohorts[month] = [0] * (upto - month + 1)
                cohorts[month][metric.days] += n
        self._reached = {
            stage: {month: list(accumulate(counts)) for month, counts in cohorts.items()}
            for stage, cohorts in self._reached.items()
        }
        self.first = min(self.sizes, default=upto + 1)

    def cell(self, stage: str, month: int, age: int) -> TriangleCell:
        """A cohort at an age, against those before it."""
        reached, sizes = self._reached.get(stage, {}), self.sizes
        share = Share(reached[month][age] if month in reached else 0, sizes.get(month, 0))
        earlier = [m for m in range(max(self.first, month - BEFORE), month) if m in sizes]
        before = Share(sum(reached[m][age] for m in earlier if m in reached), sum(sizes[m] for m in earlier))
        return TriangleCell(share, before, unlike(share, before) if len(earlier) >= LEAST_COHORTS else "")


def _sold(sold: Mapping[tuple[str, int], int], cohort: str, age: int) -> int:
    return sum(sold.get((cohort, months), 0) for months in range(age + 1))
