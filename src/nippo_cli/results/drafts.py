"""Drafts as they are listed, and a report before it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.schema.schema import Field, Schema


class DraftView(NamedTuple):
    """A draft in a row: its number, when it was saved (ISO 8601, UTC), the day, deal and customer that it names as far
    as it does, its facts, and how many reports it holds. `in_editor`: it is the text of a report in an editor."""

    number: int
    saved_at: str
    on: date | None
    deal: str
    customer: str
    facts: str
    reports: int
    in_editor: bool
    path: str


class DraftList(NamedTuple):
    """Every draft of the journal, the last saved first. `time_zone` is the journal's."""

    as_of: date
    drafts: Sequence[DraftView]
    time_zone: str


class Preview(NamedTuple):
    """A report before it is recorded, in its own shape. `deal` is its name, empty for none; `said` its values in the
    schema's order; `waiting` the fields that are left for later, `unsaid` those that it may want still."""

    schema: Schema
    on: date
    today: date
    deal: str
    new_deal: bool
    said: Sequence[tuple[Field, Any]]
    waiting: Sequence[Field]
    unsaid: Sequence[Field]
