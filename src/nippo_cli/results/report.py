"""A report written from the diary: of a day, a week or a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.entries import EntryView
    from nippo_cli.results.remarks import Comment, DayNote
    from nippo_cli.schema.schema import Schema

Period: TypeAlias = Literal["day", "week", "month"]


class StageMove(NamedTuple):
    """A deal that entered a stage by an entry of the period. `stay_days` is how long it had been in `before`, None where
    that has no length; `step` is below 0 for a step back."""

    on: date
    entry: int
    head: DealSummary
    before: str
    stage: str
    step: int
    stay_days: int | None


class Closed(NamedTuple):
    """A deal won or lost in the period, and the entry that closed it."""

    on: date
    head: DealSummary
    entry: EntryView | None


class ReportPage(NamedTuple):
    """Everything of a period, oldest first, both ends included; of one `author`, or of all.

    `contacts` counts the entries that are contacts, those of one meeting once. `planned` are the deals whose dated next
    step falls in `plan_since` to `plan_until`: the next working day, the next week, the next month.
    """

    period: Period
    as_of: date
    since: date
    until: date
    schema: Schema
    author: str
    authors: Sequence[str]
    entries: Sequence[EntryView]
    contacts: int
    notes: Sequence[DayNote]
    comments: Sequence[Comment]
    moves: Sequence[StageMove]
    new_deals: Sequence[DealSummary]
    won: Sequence[Closed]
    lost: Sequence[Closed]
    planned: Sequence[DealStatus]
    plan_since: date
    plan_until: date
