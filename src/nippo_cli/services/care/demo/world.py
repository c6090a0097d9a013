"""Eighteen months of an invented sales team, up to a given day: the same for the same day and seed."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count

from nippo_cli.services.care.demo import around, books, corrections as twists, remarked
from nippo_cli.services.care.demo.events import (
    AmendEvent,
    BeginDeal,
    EntryEvent,
    Event,
    SaleEvent,
    World,
)
from nippo_cli.services.care.demo.telling import author_of, happen, write_deal
from nippo_cli.services.care.demo.words import Bag, cast
from nippo_cli.services.care.demo.workdays import back_to_work

SEED = 20
_LEFT_AGO = 170


def world(today: date, seed: int = SEED) -> World:
    """The history as it stands at the end of `today`; nothing in it happened or became known later than that."""
    people, keys = cast(), count(1)
    bag = Bag(random.Random(f"{seed}/words"))
    dice = random.Random(f"{seed}/around")
    left_on = back_to_work(today - timedelta(days=_LEFT_AGO))
    told = write_deal(today, seed, bag)
    events = [event for each in told for event in happen(each, people, left_on, bag, keys, today, seed)]
    for on, rep, values in (*around.in_house(people, bag, dice, today), *around.calls(people, bag, dice, today)):
        author = author_of(people, rep, people.reps[0], on, left_on)
        events.append(EntryEvent(next(keys), on, author, on, None, values))
    entries = {e.key: e for e in events if isinstance(e, EntryEvent)}
    for changed in (*twists.shared_visits(told, _by_day(entries.values()), bag, keys),):
        entries[changed.key] = changed
    stars = [each.plot.name for each in told if each.plot.star]
    for changed in (*twists.unfinished(_by_day(entries.values()), stars, dice, today),):
        entries[changed.key] = changed
    for changed in (*twists.passed_over(told, _by_day(entries.values())),):
        entries[changed.key] = changed
    others = [e for e in events if not isinstance(e, EntryEvent)]
    sales = [e for e in others if isinstance(e, SaleEvent)]
    others = [e for e in others if not isinstance(e, SaleEvent)]
    others += books.booked([*sales, *around.spot_sales(people, dice, today)], told, people, today)
    others += books.targets(people, min(e.known_on for e in entries.values()), left_on, today)
    others += twists.corrections(_by_day(e for e in entries.values() if not e.incomplete), dice, today)
    said = remarked.remarks(people, _by_day(entries.values()), stars[1], today)
    amends = [event for event in others if isinstance(event, AmendEvent)]
    on_paper = twists.moved_on_paper(told, [*entries.values(), *amends], bag, keys, today)
    recorded = (*_recorded([*entries.values(), *on_paper, *others]), *said)
    return World(today, people.reps, recorded, (stars[1], stars[0], stars[2]))


def _by_day(entries: Iterable[EntryEvent]) -> list[EntryEvent]:
    return sorted(entries, key=lambda e: (e.on, e.key))


def _recorded(events: Iterable[Event]) -> tuple[Event, ...]:
    """In the order in which they were written down: a deal begins right before its first entry, and what else a day
    brings follows its entries."""
    begun = {e.deal: e for e in events if isinstance(e, BeginDeal)}
    found: list[Event] = []
    for event in sorted((e for e in events if not isinstance(e, BeginDeal)), key=_place):
        if isinstance(event, EntryEvent) and event.deal in begun:
            found.append(begun.pop(event.deal))
        found.append(event)
    return tuple(found)


def _place(event: Event) -> tuple[date, int, date, int]:
    if isinstance(event, EntryEvent):
        return event.known_on, 1, event.on, event.key
    return event.known_on, 2, event.known_on, 0
