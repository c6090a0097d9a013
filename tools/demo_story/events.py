"""What happens in the story, as plain facts in the order in which they became known, and the lines that say them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from demo_story.bilingual import english

# By the keys of the default schema's fields. A text may hold `{closes}`: the entry's own expected close in words.
Values: TypeAlias = Mapping[str, Any]

# Two promises of one deal lie at least so far apart: in two months, whatever day of a month the story is moved to.
APART = 32
# From the middle of a month to its end.
_TO_MONTH_END = 15


@dataclass(frozen=True, slots=True)
class Promise:
    """An expected day, as coarse as it was said: the last working day of the month that ends nearest to `near`, that whole
    month, or the fiscal half of that day. Which month it is says the day to which the story is moved."""

    form: Literal["month-end", "month", "half"]
    near: date

    def __str__(self) -> str:
        """A day in the month that is meant, so that it can be moved by weeks: `month-end 2026-12-04`."""
        on = self.near if self.form == "half" else self.near - timedelta(days=_TO_MONTH_END)
        return f"{self.form} {on}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that `author` writes down on the day `known_on`."""

    known_on: date
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealEvent(Event):
    """A deal begins, in the same breath as its first entry. `parent` is the name of the deal that it grew from."""

    deal: str
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryEvent(Event):
    """A contact or event. `key` is what amendments call it by; entries with the same `meeting` are one contact."""

    key: int
    on: date
    deal: str | None
    values: Values
    meeting: str | None = None
    incomplete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendEvent(Event):
    """A correction of the entry `key`: the values that change, and why."""

    key: int
    values: Values
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignEvent(Event):
    """A deal handed over to an owner."""

    deal: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEvent(Event):
    """A deal put on hold from the day on which it is known to `last`, both included."""

    deal: str
    last: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleEvent(Event):
    """A row of the real ledger; `amount` in yen. `deal` is None for what nobody's diary announced; `kind` is empty for a
    sale."""

    customer: str
    amount: int
    deal: str | None
    reference: str
    note: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEvent(Event):
    """The sale with a reference said to be of a deal."""

    reference: str
    deal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetEvent(Event):
    """What an owner is to sell in a month, `2026-10`; in yen."""

    owner: str
    month: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationEvent(Event):
    """What an owner (of a team: empty) says will be sold in a month, `2026-10`; in yen."""

    owner: str
    month: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEvent(Event):
    """What was learned of a finished deal: a key of the schema's causes, and how it is known."""

    deal: str
    cause: str
    text: str
    known_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEvent(Event):
    """A reply to the entry `entry`, or to the comment that goes by `answers`. `key` is what an answer calls it by; `who` has to
    carry out what was decided; `done`: what it answers is."""

    key: str
    text: str
    entry: int | None = None
    answers: str | None = None
    due: date | None = None
    who: str | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEvent(Event):
    """What a rep says of a day."""

    on: date
    remarks: str


def line_of(event: Event, language: str = "ja") -> str:
    """An event as a line of a language's file: what it is, when it became known, who says it, then all else that it has."""
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    said = {
        name: value
        for name, value in values.items()
        if value not in (None, False, "") and not (name == "on" and value == event.known_on)
    }
    kind = type(event).__name__.removesuffix("Event").lower()
    if language == "en":
        said = english(said)
    return json.dumps({"is": kind, **said}, ensure_ascii=False, default=str)
