"""The shelf: finished deals of which the real cause was learned, to be told again.

Rule: docs/lessons.md#cases
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.lessons.facts import Behind, Case, LessonFacts, Narrowed
from nippo_cli.schema.schema import Choice, Schema


class CasesLesson(NamedTuple):
    """The cases of the window, those that ended last first, and how many there are by cause, stage and competitor (most
    first; an empty key was not stated). `unreviewed` deals were lost of which nothing was learned yet."""

    cases: Sequence[Case]
    causes: Sequence[tuple[str, int]]
    stages: Sequence[tuple[str, int]]
    competitors: Sequence[tuple[str, int]]
    unreviewed: int
    text: str = ""


def learn(facts: LessonFacts) -> CasesLesson:
    """The cases of the window; those that a text stands in, where one is asked for."""
    cases, unreviewed = facts.cases()
    return lesson(cases, unreviewed, facts.schema, facts.text)


def lesson(cases: Iterable[Case], unreviewed: int, schema: Schema, text: str = "") -> CasesLesson:
    """The shelf in order."""
    cases_shown = sorted(
        (case for case in cases if not text or normal_form(text) in _searched_text(case, schema)),
        key=lambda case: (case.ended_on, case.deal),
        reverse=True,
    )
    return CasesLesson(
        cases=cases_shown,
        causes=_counted(cases_shown, lambda case: case.review.cause),
        stages=_counted(cases_shown, lambda case: case.stage),
        competitors=_counted(cases_shown, lambda case: case.competitor),
        unreviewed=unreviewed,
        text=text,
    )


def behind(facts: LessonFacts, narrowed: Narrowed) -> Sequence[Behind]:
    """The cases themselves, those with most money first."""
    deals = [
        case
        for case in learn(facts).cases
        if (not narrowed.cause or case.review.cause == narrowed.cause)
        and (not narrowed.competitor or normal_form(narrowed.competitor) in normal_form(case.competitor))
    ]
    deals.sort(key=lambda case: (case.amount is None, -(case.amount or 0), case.deal))
    return [Behind(case.deal, case.amount, case) for case in deals]


def of_the_week(cases: Sequence[Case], week: int) -> Case | None:
    """The one to be told this week: another each week, until all were told and it begins anew."""
    ordered = sorted(cases, key=lambda case: case.deal)
    return ordered[week % len(ordered)] if ordered else None


def _counted(cases: Iterable[Case], key: Callable[[Case], str]) -> list[tuple[str, int]]:
    counted = Counter(key(case) for case in cases)
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def _searched_text(case: Case, schema: Schema) -> str:
    """All that a search looks at: names, competitor, stage, the reasons and the cause as people read them, and what was
    learned."""
    reasons = schema.by_role.get("lost_reason")
    labels = [schema.label(reasons, one) for one in case.reasons] if reasons else list(case.reasons)
    return normal_form("\n".join([
        case.name, case.customer, case.owner, case.competitor, schema.stage_label(case.stage), *labels,
        _cause(case.review.cause, schema.causes), case.review.text,
    ]))  # fmt: skip


def _cause(key: str, causes: Iterable[Choice]) -> str:
    return next((cause.label for cause in causes if key == cause.key or key in cause.was), key)
