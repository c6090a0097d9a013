"""What is said about entries and days: comments, and a day's own remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from nippo_cli.schema.schema import Schema


class Comment(NamedTuple):
    """A reply to an entry, a deal or a day, or (`parent`) to another comment, whose `entry`, `deal` or `day` it then shares.

    `deal` is where it was written, merges apart; of a comment on an entry it is None. `of` is who wrote what is commented on,
    of a deal its owner then; empty where nobody is named. `asks`: it waits for an answer, which `answered` names once there is
    one; `done_on` is when it was known that nobody need answer any more. A `decision` is carried out by `who`, and waits until
    it is done, whatever is answered; `came_of` is what was said of it as it was done.
    """

    id: int
    entry: int | None
    deal: int | None
    day: date | None
    of: str
    parent: int | None
    author: str
    on: date
    text: str
    due: date | None
    done_on: date | None
    asks: bool
    answered: int | None
    decision: bool = False
    who: str = ""
    came_of: str = ""

    @property
    def open(self) -> bool:
        """Whether it still waits: for an answer, or to be carried out."""
        return self.asks and self.done_on is None and (self.decision or self.answered is None)


class DayNote(NamedTuple):
    """What one person wrote about a day. `off` is None on a day of work, else why it was none (empty: unsaid).
    `values` are canonical, by the keys of the `day_fields` of `schema`."""

    id: int
    on: date
    author: str
    values: Mapping[str, Any]
    off: str | None
    schema: Schema


class Acknowledgement(NamedTuple):
    """Who says that they have read something, and since when that is known."""

    author: str
    on: date


class Follow(NamedTuple):
    """A deal or a customer that a member follows: the `records` that say so, the deal through merges or None, the customer as
    it is called or empty."""

    records: list[int]
    deal: int | None
    customer: str
    on: date
