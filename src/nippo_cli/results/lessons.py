"""The pages of lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.lessons.facts import Narrowed
from nippo_cli.results.entries import NOTHING_LEFT_OUT, LeftOutBehind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.line.facts import DealSummary
    from nippo_cli.line.norm import Quiet
    from nippo_cli.schema.schema import Schema


class LessonDeal(NamedTuple):
    """A deal behind a figure: its head, and what the lesson knows of it (`lessons.facts.Behind.detail`)."""

    head: DealSummary
    detail: Any


class LessonPage(NamedTuple):
    """`nippo lessons KIND`. `lesson` is the kind's own; `since` the window's first day, None for a lesson of all that
    ever was.

    `deals` are the first of `total` deals behind the figures, None where they were not asked for; `narrowed` says to
    which of them. Where it `opens`, they stand behind the figures, not in their place, with other deals that figures count, `beside`
    them.
    """

    kind: str
    as_of: date
    since: date | None
    schema: Schema
    quiet: Quiet
    lesson: Any
    left_out: Mapping[str, int]
    filtered: bool
    deals: Sequence[LessonDeal] | None = None
    total: int = 0
    narrowed: Narrowed = Narrowed()
    opens: bool = False
    beside: Sequence[LessonDeal] = ()
    left_out_behind: LeftOutBehind = NOTHING_LEFT_OUT


class LessonsPage(NamedTuple):
    """`nippo lessons`: each lesson in short."""

    as_of: date
    schema: Schema
    pages: Sequence[LessonPage]
