"""What lost deals have in common: the reason that was stated, where they died, and what they had cost by then.

A reason is what the customer said; the cause is what was learned later (`nippo deal review`).

Rule: docs/lessons.md#lost
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.lazy_list import LazyList
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
    """All groups, those with most deals first; quarters in order. Those that the page of all lessons leaves out are made when
    somebody looks. `differ` is how many of the reviewed deals whose stated reason is a cause of the schema too turned out to
    have another one; None where no reason is one."""

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
    start, won = schema.fiscal_year_start, list(won)
    return LostLesson(
        whole=_group((), lost),
        reasons=_grouped(lost, lambda one: [(reason,) for reason in _reasons(one)]),
        reasons_by_stage=LazyList(
            lambda: _grouped(lost, lambda one: [(reason, one.stage) for reason in _reasons(one)])
        ),
        stages=LazyList(lambda: _by_stage(lost, schema.ladder)),
        crossed=_crossed(lost),
        differ=differing(lost, schema),
        competitors=LazyList(lambda: _by_competitor(lost)),
        owners=LazyList(lambda: _by_owner(lost, won)),
        customers=LazyList(lambda: _grouped(lost, lambda one: [(one.customer,)])),
        quarters=LazyList(lambda: _by_quarter(lost, won, start)),
    )  # fmt: skip


def _by_stage(lost: Sequence[LostDeal], ladder: Mapping[str, int]) -> list[Group]:
    """Groups by the stage before the loss, in the schema's order."""
    groups = _grouped(lost, lambda one: [(one.stage,)])
    return sorted(groups, key=lambda group: (ladder.get(group.key[0], len(ladder)), group.key))


def _by_competitor(lost: Sequence[LostDeal]) -> list[Group]:
    spelled = _spellings(lost)
    return _grouped(lost, lambda one: [(spelled[one.competitor],)])


def _by_owner(lost: Sequence[LostDeal], won: Sequence[WonCount]) -> list[Group]:
    """Groups by owner, one a person, with how often each lost."""
    owners, counted = one_spelling((*(one.owner for one in lost), *(one.owner for one in won))), Counter[str]()
    for owner, _, n in won:
        counted[owners[owner]] += n
    return _grouped(lost, lambda one: [(owners[one.owner],)], counted)


def _by_quarter(lost: Sequence[LostDeal], won: Sequence[WonCount], start: int) -> list[Group]:
    """Groups by fiscal quarter, in order, with how often deals were lost in each."""
    counted = Counter[str]()
    for _, month, n in won:
        counted[quarter(month, start)] += n
    groups = _grouped(lost, lambda one: [(quarter(one.closed_on, start),)], counted)
    return sorted(groups, key=lambda group: group.key)


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
    amounts = [one.amount for one in lost if one.amount is not None]
    return Group(
        key=key,
        n=len(lost),
        amount=sum(amounts),
        without_amount=len(lost) - len(amounts),
        days=_median([one.lead_days for one in lost if one.lead_days is not None]),
        contacts=_median([one.contacts for one in lost if one.contacts is not None]),
        reviewed=len([one for one in lost if one.review is not None]),
        lost=Rate(len(lost), len(lost) + won.get(key[0], 0)) if won is not None else None,
    )


def _median(values: Sequence[int]) -> float | None:
    """The median; None of too few."""
    return None if len(values) < LEAST_MEDIAN else median(Counter(values))


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
    """Of each competitor's name the one that stands for all that are folded alike: as it is most often written."""
    written: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, n in Counter(one.competitor for one in lost).items():
        written[normal_form(name)].append((-n, name))
    return {name: min(names)[1] for names in written.values() for _, name in names}
