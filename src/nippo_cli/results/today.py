"""The morning page."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.results.reminders import Reminders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.line.facts import DealSummary
    from nippo_cli.line.norm import Norm
    from nippo_cli.results.deal_status import DealStatus
    from nippo_cli.results.entries import EntryView, Remarked, Unreviewed
    from nippo_cli.results.news import TeamMorning
    from nippo_cli.schema.schema import Schema


class DueStep(NamedTuple):
    """A deal that something falls due for, and the days until then; overdue is negative. `is_first`: it comes before those that are not, as
    a member's own do."""

    status: DealStatus
    days: int
    is_first: bool = True


class FallsDue(NamedTuple):
    """What falls due of live deals, soonest first: `due`, steps due today or overdue; `soon` and `quiet`, deals that will pass
    their norm or the quiet limit within 7 days; `closing`, those expected to close within these; `holds` that end then.
    `more` is how many there are of each besides, by its name."""

    due: Sequence[DueStep] = ()
    soon: Sequence[DueStep] = ()
    quiet: Sequence[DueStep] = ()
    closing: Sequence[DueStep] = ()
    holds: Sequence[DueStep] = ()
    more: Mapping[str, int] = MappingProxyType({})


class MonthLine(NamedTuple):
    """A month by its number: what was ordered in it, and that with the live money promised for the rest of it at firm ranks."""

    month: int
    ordered: int
    firm: int


class TodayPage(NamedTuple):
    """The morning, what waits for an answer first: `comments`; what falls due (`FallsDue`); incomplete entries; `drafts`, the
    numbers of what was begun and not saved; `copies`, the names of what a synchronising folder left beside the journal;
    `last_entry_on`, the day of the last entry, and `reported_on`, in a team that of the reader's own (or the `owner`'s);
    `unwritten`, the last working day of which the writer has said nothing; `has_journal`, that there is one. `more` is how
    many fall due besides, by the section; `reminders` is what else the page reminds of; `month` is
    what this month has; `team` what others of the same diary wrote; a page shows `rows` of all that it lists (0: all), of one
    `owner` alone where that is asked for. Where the count of `live` ones is to open, `live_deals` are those with most money."""

    as_of: date
    schema: Schema
    journal: str
    due: Sequence[DueStep]
    soon: Sequence[DueStep]
    incomplete: Sequence[EntryView]
    incomplete_total: int
    live: int
    last_entry_on: date | None
    norms: Sequence[Norm]
    reported_on: date | None = None
    comments: Sequence[Remarked] = ()
    quiet: Sequence[DueStep] = ()
    closing: Sequence[DueStep] = ()
    holds: Sequence[DueStep] = ()
    drafts: Sequence[str] = ()
    copies: Sequence[str] = ()
    unwritten: date | None = None
    unreviewed: Unreviewed | None = None
    has_journal: bool = True
    more: Mapping[str, int] = MappingProxyType({})
    rows: int = 0
    reminders: Reminders = Reminders()
    owner: str | None = None
    month: MonthLine | None = None
    team: TeamMorning | None = None
    live_deals: Sequence[DealSummary] = ()
