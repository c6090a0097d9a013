"""Customers: all of them, one row each."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.line.near_customers import NearCustomers
    from nippo_cli.line.near_people import NearPeople
    from nippo_cli.results.deals import Person
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Currency


class CustomerRow(NamedTuple):
    """A customer: its live deals and their money, the orders and what they were worth, what the ledger shows of it (`revenue`),
    the last contact and the days since then (None of one never met), and the owner of its latest deal. `contact_unknown`: a list hides
    when the last contact was; the days are then those since the list, at least, or None."""

    name: str
    live: int
    live_amount: int
    won: int
    won_amount: int
    revenue: int
    last_contact_on: date | None
    silence_days: int | None
    owner: str
    contact_unknown: bool = False


class CustomerList(NamedTuple):
    """Customers, those that matter silent longest first. `total` counts all that match; `silent_days` is what was asked for (None:
    nothing was)."""

    as_of: date
    currency: Currency
    rows: Sequence[CustomerRow]
    total: int
    silent_days: int | None = None


class NearList(NamedTuple):
    """Customers that may be one, the likeliest first; `total` counts all pairs."""

    as_of: date
    pairs: Sequence[NearCustomers]
    total: int


class PeoplePage(NamedTuple):
    """Whom the diary names at one customer, or at all of them (`customer` is ""): those who are there first, the latest met
    first; `total` counts all. `met` are the entries of their meetings, by id, where these are to open. `near` are pairs who may
    be one person, the likeliest first, of which there are `near_total`."""

    as_of: date
    customer: str
    people: Sequence[Person]
    total: int
    near: Sequence[NearPeople] = ()
    near_total: int = 0
    met: Mapping[int, EntryView] = MappingProxyType({})


class NearPeopleList(NamedTuple):
    """People who may be one, the likeliest first; `total` counts all pairs."""

    as_of: date
    pairs: Sequence[NearPeople]
    total: int
