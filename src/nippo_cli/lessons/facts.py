"""The facts that a lesson may ask for: what the journal knew on a day, of the deals that are asked about.

Nothing is read until it is asked for. The desk makes one of a journal; a test makes one by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.lessons.finished import Lived
from nippo_cli.line.facts import DealEvent, Outcome, Review
from nippo_cli.line.metrics import Metric, MetricKind
from nippo_cli.line.quantile import Lengths
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Schema


class LostDeal(NamedTuple):
    """A lost deal as a lesson needs it. `stage` is where it stood before it was lost (empty: it began as lost);
    `lead_days` from its first entry to its loss (None where its beginning is not known); `reasons` the stated ones, by key; amounts
    in the smallest unit. `contacts` is None of one that a list tells of: how often anybody was met is in no diary."""

    deal: int
    customer: str
    owner: str
    amount: int | None
    closed_on: date
    lead_days: int | None
    contacts: int | None
    stage: str
    reasons: tuple[str, ...] = ()
    competitor: str = ""
    review: Review | None = None


class WonCount(NamedTuple):
    """Orders of an owner in a month, the month told by its first day."""

    owner: str
    month: date
    n: int


class Ended(NamedTuple):
    """Deals of one fate: how many, what they are worth together, how many of them name no amount, and how long they
    took from the first contact to their end (open ones: until now), in days; those of which nobody knows when they began have none."""

    n: int
    amount: int
    without_amount: int
    days: Lengths


class RankCount(NamedTuple):
    """Live deals that stand at a rank (empty: none was ever stated)."""

    rank: str
    owner: str
    fate: Outcome
    n: int


class Case(NamedTuple):
    """A finished deal of which something was learned: the `review` that counts. `stage` is where it stood before it was
    lost, or stands; `ended_on` closed it, or is the day on which its silence passed the limit."""

    deal: int
    name: str
    customer: str
    owner: str
    fate: Outcome
    amount: int | None
    ended_on: date
    stage: str
    review: Review
    reasons: tuple[str, ...] = ()
    competitor: str = ""


class EntryWords(NamedTuple):
    """An entry as far as its words go: its facts, folded and without blanks; the hopeful words in it; whether it leaves a
    next step; how many days after the event it was written, None where it was imported."""

    entry: int
    deal: int | None
    text: str
    hopeful: tuple[str, ...]
    next: bool
    days_after: int | None


class OwnEntries(NamedTuple):
    """What one author wrote in the window, oldest first; all points of the deals that it is about, in the order of their
    lines; how each stands on `as_of`, and the day of its end."""

    author: str
    as_of: date
    wrote: Sequence[EntryWords]
    points: Mapping[int, Sequence[DealEvent]]
    fates: Mapping[int, Outcome]
    ended: Mapping[int, date]


class Narrowed(NamedTuple):
    """Which of a lesson's deals are asked for, by key; empty is all."""

    fate: str = ""
    reason: str = ""
    cause: str = ""
    competitor: str = ""
    rank: str = ""
    sign: str = ""


class Behind(NamedTuple):
    """A deal behind a figure, and what the lesson knows of it beside its head."""

    deal: int
    amount: int | None
    detail: Any = None


class LessonFacts(Protocol):
    """A day, the window before it, and the finished deals that the journal knew then.

    `since` and `as_of` are the window's ends, both in it; `filtered` says whether only some deals are asked about.
    """

    @property
    def as_of(self) -> date:
        """The day that is asked about."""

    @property
    def since(self) -> date | None:
        """The window's first day; None for a lesson of all that ever was."""

    @property
    def filtered(self) -> bool:
        """Whether some deals are left aside."""

    @property
    def age(self) -> int:
        """The age at which deals are looked at, in days since the first contact; 0 where none is asked for."""

    @property
    def text(self) -> str:
        """What is searched for; empty for nothing."""

    @property
    def schema(self) -> Schema:
        """The schema in force."""

    @property
    def rest(self) -> ClosedDays:
        """The schema's closed days."""

    def lost(self) -> Sequence[LostDeal]:
        """The deals lost in the window."""

    def won(self) -> Iterable[WonCount]:
        """The orders of the window."""

    def ended(self) -> Mapping[Outcome, Ended]:
        """All deals ever begun, by fate."""

    def lead_days(self) -> Mapping[str, Lengths]:
        """Lead times of the deals won and lost (`won`, `lost`), in days."""

    def ranks(self) -> Iterable[RankCount]:
        """The ranks at which live deals stand."""

    def counters(self, what: MetricKind) -> Mapping[Metric, int]:
        """What all lines add up to of one kind; of the deals asked about alone where `filtered`."""

    def of_fate(self, fate: str) -> Sequence[Behind]:
        """The deals of a fate (all: empty), those with most money first; `detail` is the fate."""

    def of_rank(self, rank: str) -> Sequence[Behind]:
        """The closed deals that count under a rank (all: empty), those with most money first; `detail` is the rank."""

    def lived(self) -> Sequence[Lived]:
        """The deals that ended last (`LATEST` of them) of those that lived longer than the age, as far as that."""

    def cases(self) -> tuple[Sequence[Case], int]:
        """The finished deals of the window of which something was learned; and how many were lost of which nothing was."""

    def mine(self) -> OwnEntries:
        """What whoever asks wrote in the window. Nobody else's can be asked for."""
