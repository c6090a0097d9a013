"""What the morning page reminds of besides what is due: what ends, whom to call again, what was learned."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nippo_cli.base.dates import When
    from nippo_cli.gaps.revisit import CallWhy
    from nippo_cli.lessons.repeated_loss import RepeatedLoss
    from nippo_cli.results.deal_status import DealStatus


class DueDeadline(NamedTuple):
    """A deal's deadline that comes: the field that says so, by its key, its day, and the days until its last one."""

    status: DealStatus
    field: str
    on: When
    days: int


class DueCall(NamedTuple):
    """Somebody to be called again (`gaps.revisit.Call`): of a deal (None of a customer alone), why, as it was written, and the
    days until then: 0 or negative."""

    status: DealStatus | None
    customer: str
    why: CallWhy
    text: str
    days: int


class DueLesson(NamedTuple):
    """A live deal that came to resemble a reviewed loss, today or on the last working day."""

    status: DealStatus
    lesson: RepeatedLoss


class Reminders(NamedTuple):
    """`deadlines` that come, the soonest first; `revisits` due this week, the latest first;
    `lessons` of losses that live deals may repeat. `more` is how many there are of
    each besides, by its name."""

    deadlines: Sequence[DueDeadline] = ()
    revisits: Sequence[DueCall] = ()
    lessons: Sequence[DueLesson] = ()
    more: Mapping[str, int] = MappingProxyType({})
