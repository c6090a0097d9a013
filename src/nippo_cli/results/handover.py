"""The 引継書: what somebody has to know who takes customers over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.line.facts import Deadline
    from nippo_cli.results.deal_pages import PrepPage
    from nippo_cli.schema.schema import Schema


class Habits(NamedTuple):
    """How dealing with a customer has gone so far, counted up to the day: `contacts` since `first_on`, and the median of the
    days between them (`gap_days`); `activities`, the most usual kinds of contact by key, with how often; of deals won how many
    and the median of their lead times; how often promised dates were moved later (`pushes`) in how many `deals`; and the
    reasons for which deals were lost, by key."""

    contacts: int
    first_on: date | None
    gap_days: float | None
    activities: Sequence[tuple[str, int]]
    won: int
    lead_days: float | None
    deals: int
    pushes: int
    lost: Mapping[str, int]


class HandedCustomer(NamedTuple):
    """One customer: the page before a visit, whose live deals are those that are handed over; until when something of each of
    these holds, by deal; and how dealing with it goes."""

    prep: PrepPage
    deadlines: Mapping[int, Sequence[Deadline]]
    habits: Habits


class HandoverPage(NamedTuple):
    """`nippo prep --handover`: of one customer, or all that an `owner` has live deals at, those with most money first. `to` takes
    them over, where that is said."""

    as_of: date
    schema: Schema
    owner: str
    to: str
    customers: Sequence[HandedCustomer]
