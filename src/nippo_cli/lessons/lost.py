"""What lost deals have in common: the reason that was stated, where they died, and what they had cost by then.

A reason is what the customer said; the cause is what was learned later (`nippo deal review`).

Rule: docs/lessons.md#lost
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import one_spelling
from nippo_cli.base.text import normal_form
from nippo_cli.lessons import LEAST_MEDIAN
from nippo_cli.lessons.facts import Behind, LessonFacts, LostDeal, Narrowed, WonCount
from nippo_cli.line.quantile import median
from nippo_cli.line.rate import Rate
from nippo_cli.schema.schema import Schema


class Group(NamedTuple):
    """Lost deals that share something: what they share (keys, empty where it was not stated), their money (smallest
    unit; `without_amount` name none), the median of the days and of the contacts spent on them (None of too few), and
    how many were reviewed."""

    key: tuple[str, ...]
    n: int
    amount: int
    without_amount: int
    days: float | None
    contacts: float | None
    reviewed: int
    lost: Rate | None = None


class Crossed(NamedTuple):
    """Reviewed deals by the reason that was stated and the cause that was learned."""

    reason: str
    cause: str
    n: int
    amount: int


class LostLesson(NamedTuple):
    """All groups, those with most deals first; quarters in order. `differ` is how many of the reviewed deals whose
    stated reason is a cause of the schema too turned out to have another one; None where no reason is one."""

    whole: Group
    reasons: Sequence[Group]
    reasons_by_stage: Sequence[Group]
    stages: Sequence[Group]
    crossed: Sequence[Crossed]
    differ: Rate | None
    competitors: Sequence[Group]
    owners: Sequence[Group]
    customers: Sequence[Group]
    quarters: Sequence[Group]


def learn(facts: LessonFacts) -> LostLesson:
    """The lesson of the window: what the deals lost in it have in common."""
    return lesson(facts.lost(), facts.won(), facts.schema)


def lesson(lost: Sequence[LostDeal], won: Iterable[WonCount], schema: Schema) -> LostLesson:
    """Lost deals put together in every way that the page shows; `won` gives loss rates their denominators."""
    start = schema.fiscal_year_start
    by_owner, by_quarter = Counter[str](), Counter[str]()
    won = list(won)
    owners = one_spelling((*(one.owner for one in lost), *(owner for owner, *_ in won)))
    for owner, month, n in won:
        by_owner[owners[owner]] += n
        by_quarter[quarter(month, start)] += n
    spelled = _spellings(lost)
    ladder = schema.ladder
    return LostLesson(
        whole=_group((), lost),
        reasons=_grouped(lost, lambda one: [(reason,) for reason in _reasons(one)]),
        reasons_by_stage=_grouped(lost, lambda one: [(reason, one.stage) for reason in _reasons(one)]),
        stages=sorted(
            _grouped(lost, lambda one: [(one.stage,)]), key=lambda g: (ladder.get(g.key[0], len(ladder)), g.key)
        ),
        crossed=_crossed(lost),
        differ=differing(lost, schema),
        competitors=_grouped(lost, lambda one: [(spelled[normal_form(one.competitor)],)]),
        owners=_grouped(lost, lambda one: [(owners[one.owner],)], by_owner),
        customers=_grouped(lost, lambda one: [(one.customer,)]),
        quarters=sorted(
            _grouped(lost, lambda one: [(quarter(one.closed_on, start),)], by_quarter), key=lambda g: g.key
        ),
    )


def behind(facts: LessonFacts, narrowed: Narrowed) -> list[Behind]:
    """The lost deals of the window, those with most money first."""
    deals = [
        one
        for one in facts.lost()
        if (not narrowed.reason or narrowed.reason in one.reasons)
        and (not narrowed.cause or (one.review is not None and one.review.cause == narrowed.cause))
        and (not narrowed.competitor or normal_form(narrowed.competitor) in normal_form(one.competitor))
    ]
    deals.sort(key=lambda one: (one.amount is None, -(one.amount or 0), one.deal))
    return [Behind(one.deal, one.amount, one) for one in deals]


def differing(lost: Iterable[LostDeal], schema: Schema) -> Rate | None:
    """How often the stated reason was not the real cause, of the reviewed deals of which that can be said: those whose
    one stated reason has the key or the label of a cause. None where no reason of the schema is a cause too."""
    field = schema.by_role.get("lost_reason")
    if field is None:
        return None
    causes = {normal_form(name): cause.key for cause in schema.causes for name in (cause.label, cause.key)}
    same = {
        reason.key: causes[normal_form(name)]
        for reason in field.choices
        for name in (reason.label, reason.key)
        if normal_form(name) in causes
    }
    if not same:
        return None
    stated = [
        same[one.reasons[0]] != one.review.cause
        for one in lost
        if one.review is not None and one.review.cause and len(one.reasons) == 1 and one.reasons[0] in same
    ]
    return Rate(sum(stated), len(stated))


def quarter(on: date, fiscal_year_start: int) -> str:
    """The quarter of a fiscal year, which is called by the calendar year in which it begins: `2026-Q3`."""
    months = on.year * 12 + on.month - fiscal_year_start
    return f"{months // 12}-Q{months % 12 // 3 + 1}"


def _reasons(one: LostDeal) -> Sequence[str]:
    """A deal with several reasons counts under each; one without any under the empty one."""
    return one.reasons or ("",)


def _grouped(
    lost: Iterable[LostDeal],
    keys: Callable[[LostDeal], Iterable[tuple[str, ...]]],
    won: Mapping[str, int] | None = None,
) -> list[Group]:
    """Groups by key, those with most deals first, then most money."""
    of: defaultdict[tuple[str, ...], list[LostDeal]] = defaultdict(list)
    for one in lost:
        for key in keys(one):
            of[key].append(one)
    groups = [_group(key, deals, won) for key, deals in of.items()]
    return sorted(groups, key=lambda g: (-g.n, -g.amount, g.key))


def _group(key: tuple[str, ...], lost: Sequence[LostDeal], won: Mapping[str, int] | None = None) -> Group:
    """Lost deals of one key (a stage, a reason, an owner) added up: money, and medians where they are enough."""
    met = [one.contacts for one in lost if one.contacts is not None]
    leads = [one.lead_days for one in lost if one.lead_days is not None]
    return Group(
        key=key,
        n=len(lost),
        amount=sum([one.amount or 0 for one in lost]),
        without_amount=sum([one.amount is None for one in lost]),
        days=None if len(leads) < LEAST_MEDIAN else median(Counter(leads)),
        contacts=None if len(met) < LEAST_MEDIAN else median(Counter(met)),
        reviewed=sum([one.review is not None for one in lost]),
        lost=Rate(len(lost), len(lost) + won.get(key[0], 0)) if won is not None else None,
    )


def _crossed(lost: Iterable[LostDeal]) -> list[Crossed]:
    n, amount = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in lost:
        if one.review is not None:
            for reason in _reasons(one):
                n[reason, one.review.cause] += 1
                amount[reason, one.review.cause] += one.amount or 0
    crossed = [Crossed(reason, cause, times, amount[reason, cause]) for (reason, cause), times in n.items()]
    return sorted(crossed, key=lambda c: (-c.n, -c.amount, c.reason, c.cause))


def _spellings(lost: Iterable[LostDeal]) -> dict[str, str]:
    """A competitor by its folded name: as it is most often written."""
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in lost:
        written[normal_form(one.competitor)][one.competitor] += 1
    return {folded: min(names, key=lambda name: (-names[name], name)) for folded, names in written.items()}
