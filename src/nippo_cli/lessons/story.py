"""The first signs of a finished deal: what could have been seen before its end, and when.

Rule: docs/lessons.md#story
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.facts import DealHistory
from nippo_cli.line.quiet import grace_ends
from nippo_cli.line.span import ClosedDays, passes_on
from nippo_cli.line.step_outcomes import StepOutcome, StepPoint
from nippo_cli.schema.schema import Schema

SignKind: TypeAlias = Literal["pushed", "overdue", "back", "stalled", "silent"]
_DAY = timedelta(days=1)


class FirstSign(NamedTuple):
    """The first time that a deal showed a sign: its day, and how many days before the end that was."""

    kind: SignKind
    on: date
    days_before: int


class Limits(NamedTuple):
    """What stays and silences are held against: the norm of a stage in days (None: it has none), the quiet limit."""

    norm_of: Callable[[str], int | None]
    quiet_days: int
    rest: ClosedDays


def first_signs(
    line: DealHistory,
    met_on: Sequence[date],
    became: Sequence[tuple[StepPoint, StepOutcome]],
    schema: Schema,
    limits: Limits,
    ended_on: date,
    listed_on: Sequence[date] = (),
) -> list[FirstSign]:
    """Each kind of sign on the first day that it stood before the end, the earliest first.

    Args:
        met_on: the contact days, oldest first.
        became: what became of each dated next step.
        ended_on: the day that closed the deal, or on which its silence passed the quiet limit.
        listed_on: the days of lists that told of the deal: who was spoken to before each is not known.
    """
    first: dict[SignKind, date] = {}
    every = (
        *_pushed(line), *_overdue(became, schema, limits), *_back(line, schema), *_stalled(line, schema, limits, ended_on),
        *_silent(line, met_on, limits, ended_on, listed_on),
    )  # fmt: skip
    for kind, on in every:
        if on < ended_on:
            first[kind] = min(on, first.get(kind, on))
    signs = [FirstSign(kind, on, (ended_on - on).days) for kind, on in first.items()]
    return sorted(signs, key=lambda sign: sign.on)


def _pushed(line: DealHistory) -> Iterator[tuple[SignKind, date]]:
    for promise in line.promises:
        if promise.what == "closes" and (promise.move or 0) > 0:
            yield "pushed", promise.made_on


def _overdue(
    became: Sequence[tuple[StepPoint, StepOutcome]], schema: Schema, limits: Limits
) -> Iterator[tuple[SignKind, date]]:
    for point, outcome in became:
        if point.due is not None and outcome.became in ("late", "never"):
            passed = grace_ends(point.due.last, schema.grace, limits.rest) + _DAY
            yield "overdue", max(passed, point.on)


def _back(line: DealHistory, schema: Schema) -> Iterator[tuple[SignKind, date]]:
    for before, stay in pairwise(line.stays):
        left = schema.stage_by_key.get(before.stage)
        # Out of `lost` a deal is reopened, which is no step back.
        if stay.step < 0 and not (left is not None and left.ends == "lost"):
            yield "back", stay.entered_on


def _stalled(line: DealHistory, schema: Schema, limits: Limits, ended_on: date) -> Iterator[tuple[SignKind, date]]:
    for stay in line.stays:
        stage, norm = schema.stage_by_key.get(stay.stage), limits.norm_of(stay.stage)
        if norm is None or (stage is not None and (stage.ends or stage.after)):
            continue
        if stay.left_on is not None and stay.days is None and stay.arrival == "known":
            # It ended by the day of a list, nobody knows when.
            continue
        on = passes_on(stay.entered_on, norm, limits.rest, line.head.holds)
        if on <= (stay.left_on or ended_on):
            yield "stalled", on


def _silent(
    line: DealHistory, met_on: Sequence[date], limits: Limits, ended_on: date, listed_on: Sequence[date]
) -> Iterator[tuple[SignKind, date]]:
    days = [on for on in met_on if on < ended_on]
    # The silence in which a deal fizzled is its end, not a sign of it.
    after = [*days[1:], *([ended_on] if line.head.fate != "live" else [])]
    for since, until in zip(days, after, strict=False):
        on = passes_on(since, limits.quiet_days, limits.rest, line.head.holds)
        if on <= until and not any(since < listed <= until for listed in listed_on):
            yield "silent", on
