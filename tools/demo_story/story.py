"""Eighteen months of an invented sales team, up to a Friday: the same each time it is made."""

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from demo_story import company, corrections
from demo_story.bilingual import english
from demo_story.deals import author_of, events_of, write_deals
from demo_story.events import AmendEvent, DealEvent, EntryEvent, Event, SaleEvent, line_of
from demo_story.weekdays import weekday_before
from demo_story.words import Bag, cast

LAST_DAY = date(2026, 11, 27)
SEED = 20
_LEFT_AGO = 170


@dataclass(frozen=True, slots=True)
class Story:
    """All that happens, in the order in which it was written down. `slow` is a deal that slips and stands still, `fast`
    one that was won fast and led to more, `lost` one that was lost at the very end."""

    last_day: date
    slow: str
    fast: str
    lost: str
    events: tuple[Event, ...]


def make_story(last_day: date = LAST_DAY, seed: int = SEED) -> Story:
    """The story of a seed; nothing in it happened or became known after its last day, a Friday."""
    people, keys = cast(), count(1)
    bag = Bag(random.Random(f"{seed}/words"))
    dice = random.Random(f"{seed}/around")
    left_on = weekday_before(last_day - timedelta(days=_LEFT_AGO))
    deals = write_deals(last_day, seed, bag)
    events = [event for deal in deals for event in events_of(deal, people, left_on, bag, keys, last_day, seed)]
    for on, rep, values in (
        *company.in_house(people, bag, dice, last_day),
        *company.calls(people, bag, dice, last_day),
    ):
        author = author_of(people, rep, people.reps[0], on, left_on)
        events.append(EntryEvent(known_on=on, author=author, key=next(keys), on=on, deal=None, values=values))
    fast, slow, lost = [deal.scenario.name for deal in deals if deal.scenario.star]

    entries = {e.key: e for e in events if isinstance(e, EntryEvent)}
    for entry in [*corrections.shared_visits(deals, _by_day(entries.values()), bag, keys)]:
        entries[entry.key] = entry
    for entry in [*corrections.unfinished(_by_day(entries.values()), (fast, slow, lost), dice, last_day)]:
        entries[entry.key] = entry
    for entry in [*corrections.passed_over(deals, _by_day(entries.values()))]:
        entries[entry.key] = entry

    sales = [*(e for e in events if isinstance(e, SaleEvent)), *company.spot_sales(people, dice, last_day)]
    others = [e for e in events if not isinstance(e, EntryEvent | SaleEvent)]
    others += company.booked(sales, deals, people, last_day)
    others += company.targets(people, min(e.known_on for e in entries.values()), left_on, last_day)
    others += company.declarations(people, random.Random(f"{seed}/declared"), left_on, last_day)
    others += corrections.corrections(_by_day(e for e in entries.values() if not e.incomplete), dice, last_day)
    amends = [event for event in others if isinstance(event, AmendEvent)]
    on_paper = corrections.moved_on_paper(deals, [*entries.values(), *amends], bag, keys, last_day)
    others += company.remarks(people, _by_day(entries.values()), slow, last_day)
    return Story(last_day, slow, fast, lost, _recorded([*entries.values(), *on_paper, *others]))


def lines_of(story: Story, language: str = "ja") -> Iterator[str]:
    """A language's file: first what the story is, then a line for each event."""
    head = {"last_day": story.last_day, "slow": story.slow, "fast": story.fast, "lost": story.lost}
    yield json.dumps(english(head) if language == "en" else head, ensure_ascii=False, default=str)
    yield from (line_of(event, language) for event in story.events)


def _by_day(entries: Iterable[EntryEvent]) -> list[EntryEvent]:
    return sorted(entries, key=lambda e: (e.on, e.key))


def _recorded(events: Iterable[Event]) -> tuple[Event, ...]:
    """In the order in which they were written down: a deal begins right before its first entry, and what else a day
    brings follows its entries."""
    beginnings = {e.deal: e for e in events if isinstance(e, DealEvent)}
    recorded: list[Event] = []
    for event in sorted((e for e in events if not isinstance(e, DealEvent)), key=_place):
        if isinstance(event, EntryEvent) and event.deal in beginnings:
            recorded.append(beginnings.pop(event.deal))
        recorded.append(event)
    return tuple(recorded)


def _place(event: Event) -> tuple[date, int, date, int]:
    if isinstance(event, EntryEvent):
        return event.known_on, 1, event.on, event.key
    return event.known_on, 2, event.known_on, 0
