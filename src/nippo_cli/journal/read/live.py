"""What gaps ask of live and of won deals: promised dates, what entries told, won deals in brief, who was met lately."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from nippo_cli.base.frozen import maker
from nippo_cli.base.text import normal_form
from nippo_cli.gaps.facts import EntryText, WonDeal, won_deal_of
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import read_holds
from nippo_cli.journal.read.base import Days
from nippo_cli.journal.read.deal_filter import DealFilter
from nippo_cli.journal.read.views import Views
from nippo_cli.line.facts import Promise

# The promised closes of many deals, each deal's in the order in which they were said.
CLOSES_OF: Final = """
select p.deal, p.value, p.made_on, p.entry, p.move from json_each(?) j cross join promise p on p.deal = j.value
where p.what = 'closes' order by p.deal, p.seq
"""
SOLD: Final = """
select id, stage, kind, customer, max(entered_on, coalesce(last_contact_on, '')), amount, holds from deal where {where}
"""
# Deals in which something happened lately, by the index of that: who was met in them, and when.
HEARD_IN_DEALS: Final = """
select id, customer, last_contact_on from deal indexed by deal_event
where last_event_on between :since and :on and last_contact_on >= :since
"""
# Who was met outside any deal, by the index of days.
HEARD_OUTSIDE: Final = """
select id, customer, on_date from entry indexed by entry_day
where on_date between :since and :on and deal is null and contact and customer is not null and known_on <= :known
"""
OUTSIDE: Final = "select id from entry indexed by entry_day where on_date between :since and :on and deal is null"


_sold = maker(WonDeal)
_day = lru_cache(maxsize=8192)(date.fromisoformat)
_folded = lru_cache(maxsize=65536)(normal_form)


def closes(there: AsOfView, deals: Collection[int]) -> dict[int, list[Promise]]:
    """The expected closes that were promised of deals, by id, oldest first; a deal that has none is left out."""
    settled = [d for d in deals if not there.is_unsettled(d)]
    found: defaultdict[int, list[Promise]] = defaultdict(list)
    for deal, value, made_on, entry, move in there.cx.execute(CLOSES_OF, (json.dumps(sorted(settled)),)):
        found[deal].append(Promise("closes", value, _day(made_on), entry, move))
    for deal in set(deals) - set(settled):
        line = there.line(deal)
        promises = [p for p in line[1].promises if p.what == "closes"] if line is not None else []
        if promises:
            found[deal] = promises
    return dict(found)


def entry_texts(there: AsOfView, entries: Collection[int]) -> dict[int, EntryText]:
    """What entries told in the version of the day; choices in the words of the agreement in force."""
    found = {}
    for view in Views(there).of(sorted(set(entries))):
        written = view.agreement
        reason = view.values.get(written.key("push_reason") or "")
        facts = view.values.get(written.key("facts") or "")
        found[view.id] = EntryText(view.id, view.on, str(facts or ""), _today(there, str(reason)) if reason else None)
    return found


def won_deals(there: AsOfView, picked: DealFilter, spelled: Callable[[str], Iterable[str]]) -> Iterator[WonDeal]:
    """Every won deal that is picked: those read as they are, then those folded again."""
    stale, day = there.unsettled, Days()
    where, params = picked.where(spelled)
    for deal, stage, kind, customer, heard_on, amount, holds in there.cx.execute(SOLD.format(where=where), params):
        if deal not in stale:
            yield _sold((deal, stage, kind, customer, day[heard_on], amount, read_holds(holds) if holds else ()))
    for line in there.folded():
        if line.head.fate == "won" and picked.matches(line.head):
            yield won_deal_of(line.head)


def last_contacts(there: AsOfView, since: date) -> dict[str, date]:
    """The last contact of each customer who was met on `since` or later, by the folded name: in a deal (the contact is
    its customer's) or outside any."""
    last: dict[str, date] = {}
    stale = there.unsettled
    bound = {"since": since.isoformat(), "on": there.day}
    for deal, customer, on in there.cx.execute(HEARD_IN_DEALS, bound):
        if deal not in stale:
            _note(last, customer, _day(on))
    for line in there.folded():
        if line.head.last_contact_on is not None and line.head.last_contact_on >= since:
            _note(last, line.head.customer, line.head.last_contact_on)
    moved = set(there.late.entries)
    if there.replays:
        moved.update(entry for (entry,) in there.cx.execute(OUTSIDE, bound))
    else:
        for entry, customer, on in there.cx.execute(HEARD_OUTSIDE, bound | {"known": there.known}):
            if entry not in moved:
                _note(last, customer, _day(on))
    for entry in moved:
        _note_moved(there, entry, since, last)
    return last


def _note_moved(there: AsOfView, entry: int, since: date, last: dict[str, date]) -> None:
    """An entry that says today something else than it said then."""
    versions = there.versions(entry)
    if not versions or versions[-1].deal is not None:
        return
    state = versions[-1]
    said = there.lens.columns(state.schema, state.values)
    if said.contact and said.customer and since.isoformat() <= state.on <= there.day:
        _note(last, said.customer, date.fromisoformat(state.on))


def _note(last: dict[str, date], customer: str, on: date) -> None:
    name = _folded(customer)
    if name and last.get(name, date.min) < on:
        last[name] = on


def _today(there: AsOfView, reason: str) -> str:
    """The choice in force of one that may have been renamed since it was written."""
    field = there.agreement.by_role.get("push_reason")
    for choice in field.choices if field is not None else ():
        if reason in choice.was:
            return choice.key
    return reason
