"""When each customer was last met, in a deal or outside any."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from nippo_cli.base.customers import by_contact_keys
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read import LineReader

# Deals in which something happened lately, by the index of that: who was met in them, and when.
MET_IN_DEALS: Final = """
select id, customer, last_contact_on from deal indexed by deal_event
where last_event_on between :since and :on and last_contact_on >= :since and last_contact is not null
"""
# Who was met outside any deal: by the index of deals, in which what belongs to none lies together by its days.
MET_OUTSIDE: Final = """
select id, customer, on_date from entry indexed by entry_deal
where on_date between :since and :on and deal is null and contact and not snapshot and customer is not null and known_on <= :known
"""
OUTSIDE: Final = "select id from entry indexed by entry_deal where on_date between :since and :on and deal is null"

_day = lru_cache(maxsize=8192)(date.fromisoformat)


def last_contacts(lines: LineReader, since: date) -> Mapping[str, date]:
    """The last contact of each customer who was met on `since` or later, by `customers.by_contact_keys`: in a deal (the contact
    is its customer's) or outside any."""
    return by_contact_keys(_by_name(lines, since))


def _by_name(lines: LineReader, since: date) -> dict[str, date]:
    """The same by what customers are called."""
    view, last = lines.view, dict[str, date]()
    called = view.customers.name
    bound = {"since": since.isoformat(), "on": view.day}
    for deal, customer, on in view.cx.execute(MET_IN_DEALS, bound):
        if deal not in view.stale:
            _note(last, called(customer), _day(on))
    for line in view.rebuilt():
        if line.head.last_contact_on is not None and line.head.last_contact_on >= since:
            _note(last, line.head.customer, line.head.last_contact_on)
    moved = set(view.late.entries)
    if view.replays:
        moved.update(entry for (entry,) in view.cx.execute(OUTSIDE, bound))
    else:
        for entry, customer, on in view.cx.execute(MET_OUTSIDE, bound | {"known": view.known}):
            if entry not in moved:
                _note(last, called(customer), _day(on))
    for entry in moved:
        _note_moved(view, entry, since, last)
    return last


def _note_moved(view: AsOfView, entry: int, since: date, last: dict[str, date]) -> None:
    """Put an entry outside any deal that says today something else than it said then to the last contacts."""
    versions = view.versions(entry)
    if not versions or versions[-1].deal is not None:
        return
    state = versions[-1]
    columns = view.migrator.columns(state.schema, state.values)
    if columns.contact and not state.snapshot and columns.customer and since.isoformat() <= state.on <= view.day:
        _note(last, view.customers.name(columns.customer), date.fromisoformat(state.on))


def _note(last: dict[str, date], customer: str, on: date) -> None:
    if customer and last.get(customer, date.min) < on:
        last[customer] = on
