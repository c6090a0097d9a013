"""What ranks of confidence meant in the end, and how far expected close dates ran.

Rule: docs/lessons.md#confidence
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import one_spelling
from nippo_cli.lessons import LEAST_MEDIAN, LEAST_RATE
from nippo_cli.lessons.facts import Behind, LessonFacts, Narrowed, RankCount
from nippo_cli.line.metrics import Metric
from nippo_cli.line.quantile import median, nearest_rank
from nippo_cli.line.rate import Rate
from nippo_cli.schema.schema import Schema

_P80 = 80


class RankMeant(NamedTuple):
    """What a rank meant: won of won and lost, and of these with the fizzled; `open` deals stand at it now. `chance` is
    what the schema states; `known` whether it is a rank of the schema at all."""

    rank: str
    chance: float | None
    known: bool
    won: Rate
    honest: Rate
    open: int

    @property
    def off(self) -> str:
        """Whether the stated chance lies outside the interval: `below` where fewer were won than it says, `above` where
        more, else empty; never of too few."""
        interval = self.won.interval
        if self.chance is None or interval is None or self.won.n < LEAST_RATE or self.chance in interval:
            return ""
        return "below" if self.chance > interval.high else "above"


class Scored(NamedTuple):
    """How good forecasts were: n closed deals whose rank states a chance, the mean of it, what came, and the Brier score
    (0 is perfect, 0.25 a coin's). `plain` is the score of having said the share that came every time."""

    key: str
    won: Rate
    stated: float
    brier: float
    plain: float


class RunOn(NamedTuple):
    """How many days after the promised one orders came, of dates promised in a stage; negative is early. None of too
    few."""

    stage: str
    n: int
    median: float | None
    p80: int | None


class ConfidenceLesson(NamedTuple):
    """Ranks in the schema's order, then those that it no longer knows. Halves are fiscal, by their first month's number;
    owners those with most forecasts first. `without_rank` deals were closed that never stated one; of live ones
    `live_without_rank` says how many there are, by fate."""

    ranks: Sequence[RankMeant]
    whole: Scored | None
    halves: Sequence[Scored]
    owners: Sequence[Scored]
    runs: Sequence[RunOn]
    without_rank: int
    live_without_rank: Mapping[str, int] = MappingProxyType({})


def learn(facts: LessonFacts) -> ConfidenceLesson:
    """The lesson of all closed deals."""
    closed, live = facts.counters("rank"), list(facts.ranks())
    return lesson(closed, live, facts.counters("run"), facts.schema, _ended(facts))


def lesson(
    closed: Mapping[Metric, int],
    live: Sequence[RankCount],
    runs: Mapping[Metric, int],
    schema: Schema,
    ended: int,
) -> ConfidenceLesson:
    """Ranks against what came.

    Args:
        closed: `rank` sightings: closed deals by the rank that counts, owner and month.
        live: live deals by their standing rank.
        runs: `run` sightings.
        ended: how many deals were closed, with a rank or without.
    """
    chances = {rank.key: rank.chance for rank in schema.ranks}
    start = schema.fiscal_year_start
    owner = one_spelling(metric.kind for metric in closed)
    return ConfidenceLesson(
        ranks=_ranks(closed, live, chances),
        whole=next(iter(_scored(closed, chances, lambda _: "")), None),
        halves=sorted(_scored(closed, chances, lambda s: half(s.days, start)), key=lambda s: s.key),
        owners=sorted(_scored(closed, chances, lambda s: owner[s.kind]), key=lambda s: (-s.won.n, s.key)),
        runs=_runs(runs, schema),
        without_rank=ended - sum(closed.values()),
        live_without_rank={
            fate: sum(o.n for o in live if not o.rank and o.fate == fate) for fate in ("fizzled", "open")
        },
    )


def behind(facts: LessonFacts, narrowed: Narrowed) -> Sequence[Behind]:
    """The closed deals that count under a rank, or all that had one; those with most money first."""
    return facts.of_rank(narrowed.rank)


def half(month: int, fiscal_year_start: int) -> str:
    """The half of a fiscal year that a numbered month lies in: `2026-H1`."""
    months = month - (fiscal_year_start - 1)
    return f"{months // 12}-H{months % 12 // 6 + 1}"


def _ended(facts: LessonFacts) -> int:
    return sum(facts.counters("lead").values())


def _ranks(
    closed: Mapping[Metric, int], live: Iterable[RankCount], chances: Mapping[str, float | None]
) -> list[RankMeant]:
    """What became of the deals of each rank: those of the schema first, then those that it no longer has."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for metric, n in closed.items():
        counted[metric.stage]["won" if metric.won else "lost"] += n
    for one in live:
        if one.rank:
            counted[one.rank][one.fate] += one.n
    order = [*chances, *sorted(counted.keys() - chances.keys())]
    return [_meant(rank, counted[rank], chances) for rank in order]


def _meant(rank: str, counted: Counter[str], chances: Mapping[str, float | None]) -> RankMeant:
    won, ended = counted["won"], counted["won"] + counted["lost"]
    return RankMeant(
        rank=rank,
        chance=chances.get(rank),
        known=rank in chances,
        won=Rate(won, ended),
        honest=Rate(won, ended + counted["fizzled"]),
        open=counted["open"],
    )


def _scored(
    closed: Mapping[Metric, int], chances: Mapping[str, float | None], key: Callable[[Metric], str]
) -> list[Scored]:
    """Brier scores of forecasts, group by group.

    G. W. Brier, *Verification of Forecasts Expressed in Terms of Probability*, Monthly Weather Review 78 (1950), 1–3:
    the mean of (stated chance − 1 or 0)², here of the one event that the deal is won.
    """
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0, 0.0])
    for metric, n in closed.items():
        chance = chances.get(metric.stage)
        if chance is not None:
            total = sums[key(metric)]
            total[0] += n
            total[1] += n * metric.won
            total[2] += n * chance
            total[3] += n * (chance - metric.won) ** 2
    return [
        Scored(group, Rate(int(won), int(n)), stated / n, score / n, won / n * (1 - won / n))
        for group, (n, won, stated, score) in sums.items()
    ]


def _runs(runs: Mapping[Metric, int], schema: Schema) -> list[RunOn]:
    """By stage, in the order of the schema: how many days past the promised close orders came; no median of too few."""
    by_stage: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for metric, n in runs.items():
        by_stage[metric.stage][metric.days] += n
    ladder = schema.ladder
    rows = []
    for stage in sorted(by_stage, key=lambda s: (ladder.get(s, len(ladder)), s)):
        days = by_stage[stage]
        few = days.total() < LEAST_MEDIAN
        rows.append(
            RunOn(stage, days.total(), None if few else median(days), None if few else nearest_rank(days, _P80))
        )
    return rows
