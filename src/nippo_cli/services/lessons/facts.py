"""What a lesson may ask for, of a journal: `lessons.facts.Facts` as the reader answers it, each answer kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.read import LessonFilter, Quietness
from nippo_cli.lessons import AGE_DAYS, LATEST
from nippo_cli.lessons.facts import (
    Behind,
    Case,
    Ended,
    LostDeal,
    OwnEntries,
    RankCount,
    WonCount,
)
from nippo_cli.lessons.finished import Fate, Lived
from nippo_cli.line.facts import AsOf
from nippo_cli.line.norm import Quiet
from nippo_cli.line.quantile import Tally
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Schema
from nippo_cli.services.context import begins

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.metrics import Metric, What

DEFAULT_SINCE = "1y"


class LessonDeals(NamedTuple):
    """Which deals a lesson is asked about, as typed; None is all."""

    owner: str | None = None
    customer: str | None = None
    stage: str | None = None
    kind: str | None = None


class More(NamedTuple):
    """What some lessons ask besides: an age in days (0: none), a text to search for, and who asks."""

    age: int = 0
    text: str = ""
    author: str = ""


NOTHING_MORE = More()


class JournalLessonFacts:
    """The facts of one journal on one day, of the deals that were asked about. `stage` is where deals were lost for a
    lesson of losses, a stage that they ever stood in for any other."""

    def __init__(
        self, reader: "JournalReader", day: AsOf, about: LessonDeals, since: str, more: More = NOTHING_MORE
    ) -> None:
        self.reader = reader
        self.day = day
        self.as_of = day.on
        self.since = begins(since, day.on)
        self.filtered = about != LessonDeals()
        self.age, self.text, self._author = more
        self._lessons = reader.lessons(day)
        self._picked = _picked(reader, day, about)

    @cached_property
    def agreement(self) -> Schema:
        """The agreement in force."""
        return self.reader.agreement(self.day)

    @cached_property
    def quiet(self) -> Quiet:
        """The quiet limit of the day."""
        return self.reader.norms(self.day).quiet()

    @cached_property
    def rest(self) -> ClosedDays:
        """The closed days."""
        return ClosedDays(self.agreement.closures)

    def lost(self) -> Sequence[LostDeal]:
        """The deals lost in the window."""
        return self._lost

    @cached_property
    def _lost(self) -> Sequence[LostDeal]:
        found = self._lessons.lost(self._picked._replace(reached=None), self.since)
        return [one for one in found if self._picked.reached in (None, one.stage)]

    def won(self) -> Sequence[WonCount]:
        """The orders of the window."""
        return self._lessons.won(self._picked, self.since)

    def ended(self) -> Mapping[Fate, Ended]:
        """All deals ever begun, by fate."""
        return self._ended[0]

    def lead_days(self) -> Mapping[str, Tally]:
        """Lead times of the deals won and lost."""
        return self._ended[1]

    @cached_property
    def _ended(self) -> tuple[Mapping[Fate, Ended], Mapping[str, Tally]]:
        return self._lessons.ended(self._picked, self._quietness)

    @property
    def _quietness(self) -> Quietness:
        return Quietness(self.quiet.days, self.rest)

    def ranks(self) -> Sequence[RankCount]:
        """The ranks at which live deals stand."""
        return self._lessons.ranks(self._picked, self._quietness)

    def tally(self, what: "What") -> "Mapping[Metric, int]":
        """What lines add up to; where only some deals are asked about, what those do."""
        if not self.filtered:
            return self.reader.tally(self.day, what)
        return {metrics_of: n for metrics_of, n in self._scoped.items() if metrics_of.what == what}

    @cached_property
    def _scoped(self) -> "Mapping[Metric, int]":
        from nippo_cli.line.metrics import metrics_of

        counted: Counter[Metric] = Counter()
        for line in self.reader.lines(self.day, [deal for deal, _, _ in self._matching]).values():
            counted.update(metrics_of(line))
        return counted

    @cached_property
    def _matching(self) -> Sequence[tuple[int, str, int | None]]:
        """All deals that are asked about: those with most money first, unknown money last."""
        return sorted(self._lessons.matching(self._picked), key=lambda one: (one[2] is None, -(one[2] or 0), one[0]))

    def of_fate(self, fate: str) -> Sequence[Behind]:
        """The deals of a fate (all: empty), those with most money first."""
        found = self._matching
        fizzled = self._fizzled({deal for deal, kept, _ in found if kept == "live"}) if fate not in _CLOSED else set()
        told = [
            Behind(deal, amount, kept if kept != "live" else "fizzled" if deal in fizzled else "open")
            for deal, kept, amount in found
        ]
        return [one for one in told if fate in ("", one.detail)]

    def of_rank(self, rank: str) -> Sequence[Behind]:
        """The closed deals that count under a rank (all: empty), those with most money first."""
        ranks = dict(self._lessons.ranks_of_closed([deal for deal, kept, _ in self._matching if kept != "live"]))
        return [
            Behind(deal, amount, ranks[deal])
            for deal, _, amount in self._matching
            if deal in ranks and rank in ("", ranks[deal])
        ]

    def lived(self) -> Sequence[Lived]:
        """The deals that ended last of those that lived longer than the age, as far as that."""
        return self._lived

    @cached_property
    def _lived(self) -> Sequence[Lived]:
        return self.reader.finished(self.day).lived(self._picked, self._quietness, LATEST, self.age or AGE_DAYS)

    def cases(self) -> tuple[Sequence[Case], int]:
        """The finished deals of the window of which something was learned; and how many were lost of which nothing was."""
        return self._cases

    @cached_property
    def _cases(self) -> tuple[Sequence[Case], int]:
        from nippo_cli.services.lessons.cases import cases

        wanted = {deal for deal, _, _ in self._matching} if self.filtered else None
        return cases(self.reader, self.day, self.since, self._lost, self.quiet, wanted)

    def mine(self) -> OwnEntries:
        """What whoever asks wrote in the window."""
        return self._mine

    @cached_property
    def _mine(self) -> OwnEntries:
        from nippo_cli.services.lessons.words import mine

        return mine(self.reader, self.day, self.since, self._author, self.quiet)

    def _fizzled(self, live: set[int]) -> set[int]:
        return {
            head.id
            for head in self.reader.heads(self.day, live=True)
            if head.id in live and is_fizzled(head, self.quiet.days, self.rest, self.as_of)
        }


_CLOSED = ("won", "lost")


def _picked(reader: "JournalReader", day: AsOf, about: LessonDeals) -> LessonFilter:
    """The reader's filter: names as they are stored, stage and kind by key."""
    from nippo_cli.services.context import customer_named, kind_named, owner_named, stage_named

    agreement = reader.agreement(day)
    return LessonFilter(
        owner=owner_named(reader, day, about.owner) if about.owner else None,
        customer=customer_named(reader, day, about.customer) if about.customer else None,
        kind=kind_named(agreement, about.kind) if about.kind else None,
        reached=stage_named(agreement, about.stage) if about.stage else None,
    )
