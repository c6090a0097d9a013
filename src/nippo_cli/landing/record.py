"""How often the landing was right: at every past month's end, with what was known then, each line against what came."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_start
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.landing.eves import YEAR, past_months
from nippo_cli.landing.facts import LandingFacts, sold_money
from nippo_cli.landing.shares import RankRecord, firm_ranks
from nippo_cli.line.promised import Basis, Promised

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress

# The lines that are held against what came, in the order of the page.
OF_PROMISES = ("firm", "by_record", "promised")
LINES = (*OF_PROMISES, "mean", "last_year")
# How many months' ends are looked at, and of how many fewer nothing is said.
MOST, LEAST_MONTHS = 24, 12


class EveLines(NamedTuple):
    """A month: what each line said of it on its eve (None where there was nothing to say it by), and what came.

    `firm` is the money promised at the firm ranks; `by_record` each rank's money by the share that it had meant in the deals
    closed before, both without the deals that had gone quiet, as in the table; `promised` all that was promised; `mean` the
    mean of the twelve months before; `last_year` the same month of the year before.
    """

    month: int
    said: Mapping[str, int | None]
    came: int


class LineScore(NamedTuple):
    """How far a line was off over n months: the mean absolute error, and the bias (what it said less what came, in the
    mean)."""

    line: str
    n: int
    error: int
    bias: int


class LandingRecord(NamedTuple):
    """The months, the score of each line over the months of which all could be said, the line with the least error (empty
    of fewer than twelve months), the least and most that came in one of the last twelve, and the month in which there are twelve."""

    months: Sequence[EveLines]
    scores: Sequence[LineScore]
    best: str
    low: int | None
    high: int | None
    enough_in: int


def landing_record(
    facts: LandingFacts,
    promised: Mapping[int, Sequence[Promised]],
    record: RankRecord,
    first: int,
    basis: Basis,
    progress: "Progress | None" = None,
) -> LandingRecord:
    """The record of the months before the day's.

    Args:
        promised: what was promised for each of these months on its eve (`recorded_months`).
        first: the diary's first month: before it nothing is known to have come.
        basis: what came: orders, or what the ledger shows. The lines that rest on promises are of orders: of sales they say
            nothing, and neither do they where no month was ever promised anything.
        progress: is told of each month that is read.
    """
    months = sorted(promised)
    came = _came(facts, months, basis)
    firm = firm_ranks(facts.schema)
    silent = dict.fromkeys(OF_PROMISES) if basis == "sale" or not any(promised.values()) else {}
    fizzled = {} if silent else facts.fizzled_then(promised, progress)
    lines = [
        EveLines(
            month,
            {**_Eve(month, promised[month], fizzled.get(month, ())).figures(record, firm, came, first), **silent},
            came[month],
        )
        for month in months
    ]
    # A line is told by what it said of the same months as the others.
    whole = [one for one in lines if all(one.said[line] is not None for line in LINES if line not in silent)]
    compared = whole if len(whole) >= LEAST_MONTHS else lines
    scores = [score for line in LINES if (score := _score(line, compared)) is not None]
    fair = [score for score in scores if score.n == len(compared)]
    best = min(fair, key=lambda score: score.error).line if len(compared) >= LEAST_MONTHS and fair else ""
    last = [one.came for one in lines[-YEAR:]]
    enough_in = first + LEAST_MONTHS + 1
    return LandingRecord(lines, scores, best, min(last, default=None), max(last, default=None), enough_in)


def recorded_months(as_of_month: int, first: int) -> Sequence[int]:
    """The full months behind the first of a diary and before a month, the last `MOST` of them."""
    return [month for month in past_months(as_of_month, MOST) if month > first]


def _came(facts: LandingFacts, months: Sequence[int], basis: Basis) -> Counter[int]:
    """What was ordered in each month, or what the ledger shows of it, from a year before the first on."""
    came: Counter[int] = Counter()
    if months:
        since = month_start(months[0] - YEAR)
        if basis == "order":
            return Counter(facts.ordered(since))
        for row in sold_money(facts.revenue(since)):
            came[row.month] += row.amount or 0
    return came


class _Eve(NamedTuple):
    """A month, what was promised for it on the day before, and which of these deals had gone quiet by then."""

    month: int
    promised: Sequence[Promised]
    fizzled: Collection[int]

    def figures(
        self, record: RankRecord, firm: frozenset[str], came: Counter[int], first: int
    ) -> dict[str, int | None]:
        """What each line said of the month."""
        month = self.month
        asked = [one for one in self.promised if not one.on_hold]
        money = [(record.key(one.confidence), one.amount or 0) for one in asked if one.deal not in self.fizzled]
        shares = {rank: record.share(rank, before=month).value for rank in {rank for rank, _ in money}}
        return {
            "firm": sum(amount for rank, amount in money if rank in firm),
            "by_record": round(sum(amount * (shares[rank] or 0) for rank, amount in money)),
            "promised": sum(one.amount or 0 for one in asked),
            "mean": round(sum(came[m] for m in range(month - YEAR, month)) / YEAR) if month - YEAR >= first else None,
            "last_year": came[month - YEAR] if month - YEAR >= first else None,
        }


def _score(line: str, months: Sequence[EveLines]) -> LineScore | None:
    misses = [said - one.came for one in months if (said := one.said[line]) is not None]
    if not misses:
        return None
    n = len(misses)
    return LineScore(line, n, round(sum(map(abs, misses)) / n), round(sum(misses) / n))
