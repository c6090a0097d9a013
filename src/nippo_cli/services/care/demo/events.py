"""What happens in the demo world, as plain facts in the order in which they became known.

Values are keyed by the role of their field, so that the world does not depend on how a schema names things.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from nippo_cli.schema.schema import Role

Values: TypeAlias = Mapping[Role, Any]


@dataclass(frozen=True, slots=True)
class BeginDeal:
    """A deal begins, in the same breath as its first entry. `parent` is the name of the deal that it grew from."""

    known_on: date
    author: str
    deal: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class EntryEvent:
    """A contact or event. `key` is what amendments call it by; entries with the same `meeting` are one contact."""

    key: int
    known_on: date
    author: str
    on: date
    deal: str | None
    values: Values
    meeting: str | None = None
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class AmendEvent:
    """A correction of the entry `key`: the values that change, and why. A None value removes."""

    known_on: date
    author: str
    key: int
    values: Values
    why: str


@dataclass(frozen=True, slots=True)
class AssignEvent:
    """A deal handed over to an owner."""

    known_on: date
    author: str
    deal: str
    owner: str


@dataclass(frozen=True, slots=True)
class HoldEvent:
    """A deal put on hold from `first` to `last`, both included."""

    known_on: date
    author: str
    deal: str
    first: date
    last: date
    why: str


@dataclass(frozen=True, slots=True)
class SaleEvent:
    """A row of the real ledger; `amount` in yen. `deal` is None for what nobody's diary announced."""

    known_on: date
    author: str
    on: date
    customer: str
    amount: int
    deal: str | None
    reference: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class MatchEvent:
    """The sale with a reference said to be of a deal."""

    known_on: date
    author: str
    reference: str
    deal: str


@dataclass(frozen=True, slots=True)
class TargetEvent:
    """What an owner is to sell in a month, `2026-10`; in yen."""

    known_on: date
    author: str
    owner: str
    month: str
    amount: int


@dataclass(frozen=True, slots=True)
class ReviewEvent:
    """What was learned of a finished deal: a key of the schema's causes, and how it is known."""

    known_on: date
    author: str
    deal: str
    cause: str
    text: str
    known_by: str


@dataclass(frozen=True, slots=True)
class CommentEvent:
    """A reply to the entry `entry`, or to the comment that goes by `answers`. `key` is what an answer calls it by."""

    known_on: date
    author: str
    key: str
    text: str
    entry: int | None = None
    answers: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class DayEvent:
    """What a rep says of a day."""

    known_on: date
    author: str
    on: date
    remarks: str


Event: TypeAlias = (
    BeginDeal
    | EntryEvent
    | AmendEvent
    | AssignEvent
    | HoldEvent
    | SaleEvent
    | MatchEvent
    | TargetEvent
    | ReviewEvent
    | CommentEvent
    | DayEvent
)


@dataclass(frozen=True, slots=True)
class World:
    """Eighteen months of a sales team. `showcase` names three deals that make a good timeline: one that slips and
    stands still, one that was won fast and led to more, one that was lost at the very end."""

    today: date
    reps: tuple[str, ...]
    events: tuple[Event, ...]
    showcase: tuple[str, ...]
