"""What the morning page reminds of besides what is due: what ends, whom to call again, what was learned."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nippo_cli.base.dates import When
    from nippo_cli.results.deal_status import DealStatus


class DueDeadline(NamedTuple):
    """A deal's deadline that comes: the field that says so, by its key, its day, and the days until its last one."""

    status: DealStatus
    field: str
    on: When
    days: int


class Reminders(NamedTuple):
    """`deadlines` that come, the soonest first. `more` is how many there are of each besides, by its name."""

    deadlines: Sequence[DueDeadline] = ()
    more: Mapping[str, int] = MappingProxyType({})
