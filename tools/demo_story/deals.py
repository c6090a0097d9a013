"""A deal as it happens: its beginning, its entries, a hand-over, a hold, its sales, what was learned of it later."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from demo_story.bilingual import Text, english
from demo_story.deal_cast import DealCast
from demo_story.diary import DiaryEntry, write
from demo_story.events import AssignEvent, DealEvent, EntryEvent, Event, HoldEvent, ReviewEvent, SaleEvent
from demo_story.scenarios import PlannedStay, Scenario, scenarios
from demo_story.schedule import entry_schedule
from demo_story.weekdays import weekday_after, weekday_before
from demo_story.words import Bag, Cast, afterwards
from nippo_cli.base.frozen import NamedTuple

# From so many yen on an order is paid in two parts, in tenths at first.
_ACCEPTED = Text("検収", "accepted")
_LARGE, _DOWN_TENTHS = 20_000_000, 3


class WrittenDeal(NamedTuple):
    """A deal with its entries, not yet signed. `parent` names the deal that it grew from."""

    scenario: Scenario
    case: DealCast
    written: list[DiaryEntry]
    parent: str | None


def write_deals(today: date, seed: int, bag: Bag) -> list[WrittenDeal]:
    """Every deal with its entries; the showcase's win grows into an up-sell of its own."""
    deals = []
    for scenario in scenarios(today, seed):
        deals.append(_write(scenario, None, seed, bag, today))
        asked = [w.scheduled.on for w in deals[-1].written if w.scheduled.stage == "upsell"]
        if asked:
            deals.append(_write(_upsell(scenario, asked[0], today), scenario.name, seed, bag, today))
    return deals


def _write(scenario: Scenario, parent: str | None, seed: int, bag: Bag, today: date) -> WrittenDeal:
    dice = random.Random(f"{seed}/deal/{scenario.name}")
    case = DealCast(scenario, dice)
    return WrittenDeal(scenario, case, write(scenario, case, entry_schedule(scenario, dice, today), bag, today), parent)


def _upsell(scenario: Scenario, asked_on: date, today: date) -> Scenario:
    """The deal that grew from another after the day on which the customer asked for more: a hearing, then a quote."""
    first = asked_on + timedelta(days=4)
    stays = [
        PlannedStay("hearing", first),
        PlannedStay("quote", max(first + timedelta(days=16), today - timedelta(days=9))),
    ]
    stays = [s for s in stays if s.on < today - timedelta(days=1)] or [
        PlannedStay("hearing", today - timedelta(days=2))
    ]
    until = max(stays[-1].on, min(today - timedelta(days=3), stays[-1].on + timedelta(days=15)))
    return scenario._replace(
        name=Text(scenario.name, english(scenario.name)) + Text(" 2号機", " unit 2"),
        ending="open",
        stays=tuple(stays),
        until=until,
        pushes=0,
        star=False,
    )


def author_of(people: Cast, rep: str, heir: str, on: date, left_on: date) -> str:
    """Who writes for a rep on a day: from the day one left, the heir."""
    return heir if rep == people.leaver and on >= left_on else rep


def events_of(
    deal: WrittenDeal, people: Cast, left_on: date, bag: Bag, keys: Iterator[int], today: date, seed: int
) -> Iterator[Event]:
    """A deal's own events."""
    scenario, case, name = deal.scenario, deal.case, deal.scenario.name
    heir = people.reps[sum(map(ord, name)) % (len(people.reps) - 1)]
    first_on, last_on = deal.written[0].scheduled.on, deal.written[-1].scheduled.on
    ends_on = last_on if scenario.ending == "lost" else today
    handed = scenario.owner == people.leaver and first_on < left_on <= ends_on
    greeted = not handed or scenario.ending == "fizzled"
    for place, (scheduled, values) in enumerate(deal.written):
        on = scheduled.on
        author = author_of(people, scenario.owner, heir, on, left_on)
        if place == 0:
            yield DealEvent(known_on=on, author=author, deal=name, parent=deal.parent)
        elif not greeted and on >= left_on:
            greeted = True
            said = _greeting(case, bag)
            yield EntryEvent(known_on=left_on, author=heir, key=next(keys), on=left_on, deal=name, values=said)
        known_on = on if scheduled.moves else _written_on(on, case.dice, today)
        yield EntryEvent(known_on=known_on, author=author, key=next(keys), on=on, deal=name, values=values)
    if handed:
        yield AssignEvent(known_on=left_on, author=people.head, deal=name, owner=heir)
    author = author_of(people, scenario.owner, heir, last_on, left_on)
    if scenario.ending == "held":
        why = bag.draw("holds", "why").format_map(case.slots())
        last = weekday_after(today + timedelta(days=case.dice.randint(25, 70)))
        yield HoldEvent(known_on=last_on, author=author, deal=name, last=last, why=why)
    yield from _sales(deal, people, today)
    if scenario.ending == "lost":
        yield from _reviews(name, deal.written[-1].values["lost_reason"], last_on, author, seed=seed, today=today)


def _reviews(deal: str, reason: str, lost_on: date, author: str, *, seed: int, today: date) -> Iterator[ReviewEvent]:
    """Of two lost deals in three somebody asks again; now and then what was first a guess is put right later."""
    # Dice of its own: what is learned of a deal changes nothing of the rest of the story.
    dice = random.Random(f"{seed}/afterwards/{deal}")
    if dice.random() > 2 / 3:
        return
    known_by, cause, text = dice.choice(afterwards(reason)["learned"])
    on = weekday_after(lost_on + timedelta(days=dice.randint(18, 60)))
    if dice.random() < 1 / 4:
        first = weekday_after(lost_on + timedelta(days=dice.randint(3, 12)))
        guess = afterwards(reason)["own_view"]
        if first <= today:
            yield ReviewEvent(known_on=first, author=author, deal=deal, cause="unknown", text=guess, known_by="guess")
    if on <= today:
        yield ReviewEvent(known_on=on, author=author, deal=deal, cause=cause, text=text, known_by=known_by)


def _greeting(case: DealCast, bag: Bag) -> dict[str, Any]:
    activity, template = bag.draw("other", "hand_over")
    name, title = case.scenario.customer.user
    people = [{"name": name, "title": title}]
    return {"activity": activity, "facts": template.format_map(case.slots()), "people": people}


def _written_on(on: date, dice: random.Random, today: date) -> date:
    """Most evenings the diary is written the same day; now and then a day or three later."""
    if dice.random() > 0.07:
        return on
    return min(weekday_after(on + timedelta(days=dice.randint(1, 3))), today)


def _sales(deal: WrittenDeal, people: Cast, today: date) -> Iterator[SaleEvent]:
    """What the ledger shows of a won deal: at its acceptance, at times with an advance before, once not at all."""
    scenario, case = deal.scenario, deal.case
    if scenario.ending != "won":
        return
    done = [w.scheduled.on for w in deal.written if w.scheduled.stage == "delivery"]
    on = done[-1] if done else weekday_before(min(scenario.until + timedelta(days=20), today))
    due = done or scenario.goods.kind != "new"
    if not due or scenario.goods.name == "協働ロボット":
        return
    amount, customer, name = case.latest_amount, scenario.customer.name, scenario.name
    number = f"S-{sum(map(ord, name)) % 8000 + 1000}"
    parts = [(on, amount, number, _ACCEPTED, "")]
    if amount > _LARGE:
        down = amount * _DOWN_TENTHS // 10
        paid_on = weekday_before(scenario.until + timedelta(days=12))
        parts = [
            (paid_on, down, f"{number}A", Text("着手金", "down payment"), "advance"),
            (on, amount, f"{number}B", _ACCEPTED, ""),
        ]
    for day, part, reference, note, kind in parts:
        yield SaleEvent(
            known_on=day, author=people.head, customer=customer, amount=part, deal=name, reference=reference, note=note,
            kind=kind,
        )  # fmt: skip
