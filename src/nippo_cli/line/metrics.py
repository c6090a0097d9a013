"""What is counted of a line, so that questions about all history need not read it: stays, silences, dates that ran on.

A line's part in the counts depends on the line alone; adding up all parts gives the tally that the journal keeps.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias

from nippo_cli.base.dates import month_number, read_when
from nippo_cli.base.frozen import NamedTuple, maker
from nippo_cli.line.facts import DealHistory, DealSummary, Promise, Stay

MetricKind: TypeAlias = Literal[
    "stay", "gap", "won_gap", "lead", "run", "back", "silent", "enter", "cohort", "order", "ordered", "did", "rank"
]


class Metric(NamedTuple):
    """One thing counted; `days` is what is counted over, the tally how often.

    | what | stage | kind | won | days |
    |---|---|---|---|---|
    | `stay` | of the stay | of the deal | whether the deal was won | length of an ended stay |
    | `gap` | | | yes | between two contact days of a won deal |
    | `won_gap` | | month of the order, `2026-03` | yes | the same |
    | `lead` | | of the deal | whether won | lead time of a closed deal |
    | `run` | where the deal stood when the close was promised | | yes | from the promised day to the order |
    | `back` | | | | the deal's longest silence that a contact ended |
    | `silent` | | | whether won | the longest silence of a closed deal, that before its end included |
    | `enter` | entered | | | number of the month |
    | `cohort` | reached (empty: begun) | month of first contact, `2026-03` | | months from then to there |
    | `order` | | of the deal | yes | number of the month of the order |
    | `ordered` | | of the deal | yes | the same; the tally is the amount |
    | `rank` | its confidence some while before its end | its owner | whether won | number of the month of its end |
    | `did` | the activity, of any entry | | | number of the month; entries that share a meeting count once |

    A month's number: `base.dates.month_number`.
    """

    what: MetricKind
    stage: str
    kind: str
    won: bool
    days: int


_metric = maker(Metric)


class MetricSource(NamedTuple):
    """As much of a head as is counted: fewer columns to read where many lines are."""

    kind: str
    fate: str
    began_on: date
    closed_on: date | None
    begin_known: bool
    first_contact_on: date | None
    longest_back: int
    longest_silence: int
    amount: int | None


# How long before a deal's end its confidence is taken for a forecast.
FORESIGHT_DAYS = 30
# What is counted of a head alone, and of a head and its stays; the others stand for themselves.
OF_HEAD: frozenset[MetricKind] = frozenset(("back", "silent", "lead", "order", "ordered"))
OF_STAYS: frozenset[MetricKind] = frozenset(("stay", "enter", "cohort"))


def sightings(line: DealHistory) -> list[Metric]:
    """A line's part in the tally one by one, all but what is counted in money."""
    head = line.head
    metrics = of_stays(head, line.stays)
    if line.gaps:
        metrics += of_gaps(line.gaps)
        if head.closed_on is not None:
            metrics += of_won_gaps(line.gaps, head.closed_on)
    metrics += of_head(head)
    if head.fate == "won" and head.closed_on is not None:
        metrics += runs(line.stays, line.promises, head.closed_on)
    if head.closed_on is not None:
        metrics += of_ranks(head.owner, head.closed_on, line.promises, won=head.fate == "won")
    return metrics


def metrics_of(line: DealHistory) -> Counter[Metric]:
    """A line's whole part in the tally."""
    counted = Counter(sightings(line))
    counted.update(dict(money(line.head)))
    return counted


def of_head(head: DealSummary | MetricSource) -> list[Metric]:
    """What is counted of a head alone, but for money."""
    metrics = []
    if head.longest_back:
        metrics.append(Metric("back", "", "", False, head.longest_back))
    if head.closed_on is not None:
        won = head.fate == "won"
        metrics.append(Metric("silent", "", "", won, head.longest_silence))
        if head.begin_known:
            metrics.append(Metric("lead", "", head.kind, won, (head.closed_on - head.began_on).days))
        if won:
            metrics.append(Metric("order", "", head.kind, True, _month(head.closed_on)))
    return metrics


def money(head: DealSummary | MetricSource) -> Iterator[tuple[Metric, int]]:
    """What is counted in money: an order's amount, in the currency's smallest unit."""
    amount = head.amount or 0
    if head.fate == "won" and head.closed_on is not None and amount > 0:
        yield Metric("ordered", "", head.kind, True, _month(head.closed_on)), amount


def of_gaps(gaps: Iterable[int]) -> list[Metric]:
    """The gaps of a won deal."""
    return [_metric(("gap", "", "", True, days)) for days in gaps]


def of_won_gaps(gaps: Iterable[int], closed_on: date) -> list[Metric]:
    """The same, under the month of the order: what was known of gaps before a month is read without the deals."""
    month = cohort_of(closed_on)
    return [_metric(("won_gap", "", month, True, days)) for days in gaps]


def of_stays(head: DealSummary | MetricSource, stays: Sequence[Stay]) -> list[Metric]:
    """Ended stays, stages entered, and how long after the first contact each stage was reached.

    Of won and lost only what stands is reached: one that was left and did not close the deal was taken back. A stage of which a
    list is all that is known was entered in no month; how soon its deal reached any is not known either.
    """
    kind, won = head.kind, head.fate == "won"
    if not head.begin_known or any(stay.arrival == "unknown" for stay in stays):
        known = [stay for stay in stays if stay.arrival != "unknown"]
        return [
            *(_metric(("enter", stay.stage, "", False, _month(stay.entered_on))) for stay in known),
            *(_metric(("stay", stay.stage, kind, won, stay.days)) for stay in known if stay.days is not None),
        ]
    first = head.first_contact_on or head.began_on
    month, since = cohort_of(first), _month(first)
    metrics = [_metric(("cohort", "", month, False, 0))]
    met: set[str] = set()
    for stay in stays:
        entered = _month(stay.entered_on)
        metrics.append(_metric(("enter", stay.stage, "", False, entered)))
        if stay.days is not None:
            metrics.append(_metric(("stay", stay.stage, kind, won, stay.days)))
        stands = stay.days is not None or stay.left_on is None or stay.entered_on == head.closed_on
        if stands and stay.stage not in met:
            met.add(stay.stage)
            # What was written of before the first contact is no month of its own.
            metrics.append(_metric(("cohort", stay.stage, month, False, max(0, entered - since))))
    return metrics


def runs(stays: Sequence[Stay], promises: Iterable[Promise], closed_on: date) -> list[Metric]:
    """How far each promised close of a won deal ran on, under the stage that the deal was in when it was promised."""
    before = [s for s in stays if s.days is not None and s.left_on is not None and s.left_on <= closed_on]
    metrics = []
    for promise in promises:
        if promise.what == "closes":
            stage = next((s.stage for s in reversed(before) if _in(s, promise)), "")
            if stage:
                run = (closed_on - read_when(str(promise.value)).last).days
                metrics.append(Metric("run", stage, "", True, run))
    return metrics


def of_ranks(owner: str, closed_on: date, promises: Iterable[Promise], *, won: bool) -> list[Metric]:
    """The confidence that a closed deal had some while before its end; nothing where none was ever stated."""
    rank = rank_before(promises, closed_on)
    return [Metric("rank", rank, owner, won, _month(closed_on))] if rank else []


def rank_before(promises: Iterable[Promise], end: date) -> str:
    """The last confidence stated at least `FORESIGHT_DAYS` before an end, else the first; empty where there is none.

    On the last days everyone knows: what a rank is worth shows in what it said while the deal was still undecided.
    """
    rank, first = "", ""
    for promise in promises:
        if promise.what == "confidence":
            first = first or str(promise.value)
            if (end - promise.made_on).days >= FORESIGHT_DAYS:
                rank = str(promise.value)
    return rank or first


def _in(stay: Stay, promise: Promise) -> bool:
    """Whether the deal stood there when it was promised: on the day of a move it is where the promise's entry put it."""
    made_on = promise.made_on
    return promise.entry == stay.entry or stay.entered_on <= made_on < (stay.left_on or made_on)


# The same days come again and again: by the million, looking one up beats working it out.
_month = lru_cache(maxsize=8192)(month_number)


@lru_cache(maxsize=8192)
def cohort_of(on: date) -> str:
    """The month of a day as a cohort is called: `2026-03`."""
    return on.isoformat()[:7]
