"""What became of deals like one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.lessons.finished import Fate
from nippo_cli.lessons.precedents import Like
from nippo_cli.line.facts import Head

if TYPE_CHECKING:
    from nippo_cli.results.deals import DealPage
    from nippo_cli.schema.schema import Agreement


class Precedents(NamedTuple):
    """Past deals of the same kind that stood in the same `stage` when they were as old (`age_days` since the first
    contact), with a similar amount and silence: by fate, all of them in `alike`, the nearest first, and the nearest by
    name. They are looked for among the `looked_at` deals that ended last, at most `most`."""

    age_days: int
    stage: str
    amount: int | None
    silence_days: int
    fates: Mapping[Fate, int]
    alike: Sequence[Like]
    nearest: Sequence[tuple[Like, Head]]
    looked_at: int
    most: int

    @property
    def n(self) -> int:
        """How many there are."""
        return sum(self.fates.values())


class PrecedentsPage(NamedTuple):
    """A deal and the nearest of its precedents, each a whole line."""

    as_of: date
    agreement: "Agreement"
    deal: Head
    precedents: Precedents | None
    lines: "Sequence[DealPage]"
