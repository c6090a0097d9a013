"""What is said about entries and days: comments, and a day's own remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from nippo_cli.schema.schema import Schema


class Comment(NamedTuple):
    """A reply to an entry, to a day, or (`parent`) to another comment, whose `entry` or `day` it then shares.

    `of` is who wrote what is commented on, empty where nobody is named. `asks`: it waits for an answer, which
    `answered` names once there is one; `done` that nobody need answer any more.
    """

    id: int
    entry: int | None
    day: date | None
    of: str
    parent: int | None
    author: str
    on: date
    text: str
    due: date | None
    done: bool
    asks: bool
    answered: int | None

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.asks and not self.done and self.answered is None


class DayNote(NamedTuple):
    """What one person wrote about a day. `off` is None on a day of work, else why it was none (empty: unsaid).
    `values` are canonical, by the keys of the `day_fields` of `schema`."""

    id: int
    on: date
    author: str
    values: Mapping[str, Any]
    off: str | None
    schema: Schema
