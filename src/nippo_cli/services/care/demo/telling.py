"""A deal as it happens: its beginning, its entries, a hand-over, a hold, its sales."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema.schema import Role
from nippo_cli.services.care.demo.afterwards import reviews
from nippo_cli.services.care.demo.cases import DealCast
from nippo_cli.services.care.demo.diary import DiaryEntry, write
from nippo_cli.services.care.demo.entry_schedule import entry_schedule
from nippo_cli.services.care.demo.events import (
    AssignEvent,
    BeginDeal,
    EntryEvent,
    Event,
    HoldEvent,
    SaleEvent,
)
from nippo_cli.services.care.demo.scenarios import PlannedStay, Scenario, scenarios
from nippo_cli.services.care.demo.words import Bag, Cast
from nippo_cli.services.care.demo.workdays import back_to_work, on_to_work


class WrittenDeal(NamedTuple):
    """A deal with its entries, not yet signed. `parent` names the deal that it grew from."""

    plot: Scenario
    case: DealCast
    written: list[DiaryEntry]
    parent: str | None


def write_deal(today: date, seed: int, bag: Bag) -> list[WrittenDeal]:
    """Every deal with its entries; the showcase's win grows into an up-sell of its own."""
    found = []
    for plot in scenarios(today, seed):
        found.append(_tell(plot, None, seed, bag, today))
        asked = [w.beat.on for w in found[-1].written if w.beat.stage == "upsell"]
        if asked:
            found.append(_tell(_upsell(plot, asked[0], today), plot.name, seed, bag, today))
    return found


def _tell(plot: Scenario, parent: str | None, seed: int, bag: Bag, today: date) -> WrittenDeal:
    dice = random.Random(f"{seed}/deal/{plot.name}")
    case = DealCast(plot, dice)
    return WrittenDeal(plot, case, write(plot, case, entry_schedule(plot, dice, today), bag, today), parent)


def _upsell(plot: Scenario, asked_on: date, today: date) -> Scenario:
    first = asked_on + timedelta(days=4)
    stays = [
        PlannedStay("hearing", first),
        PlannedStay("quote", max(first + timedelta(days=16), today - timedelta(days=9))),
    ]
    stays = [s for s in stays if s.on < today - timedelta(days=1)] or [
        PlannedStay("hearing", today - timedelta(days=2))
    ]
    until = max(stays[-1].on, min(today - timedelta(days=3), stays[-1].on + timedelta(days=15)))
    return plot._replace(
        name=f"{plot.name} 2号機", ending="open", stays=tuple(stays), until=until, pushes=0, star=False
    )


def author_of(people: Cast, rep: str, heir: str, on: date, left_on: date) -> str:
    """Who writes for a rep on a day: from the day one left, the heir."""
    return heir if rep == people.leaver and on >= left_on else rep


def happen(
    told: WrittenDeal, people: Cast, left_on: date, bag: Bag, keys: Iterator[int], today: date, seed: int
) -> Iterator[Event]:
    """A deal's own events."""
    plot, case, name = told.plot, told.case, told.plot.name
    heir = people.reps[sum(map(ord, name)) % (len(people.reps) - 1)]
    begun_on, last_on = told.written[0].beat.on, told.written[-1].beat.on
    handed = plot.owner == people.leaver and begun_on < left_on <= (today if plot.ending != "lost" else last_on)
    greeted = not handed or plot.ending == "fizzled"
    for place, (beat, values) in enumerate(told.written):
        author = author_of(people, plot.owner, heir, beat.on, left_on)
        if place == 0:
            yield BeginDeal(beat.on, author, name, told.parent)
        elif not greeted and beat.on >= left_on:
            greeted = True
            yield EntryEvent(next(keys), left_on, heir, left_on, name, _greeting(case, left_on, bag))
        known_on = beat.on if beat.moves else _written_on(beat.on, case.dice, today)
        yield EntryEvent(next(keys), known_on, author, beat.on, name, values)
    if handed:
        yield AssignEvent(left_on, people.head, name, heir)
    if plot.ending == "held":
        why = bag.draw("holds", "why").format_map(case.slots(last_on))
        ends_on = on_to_work(today + timedelta(days=case.dice.randint(25, 70)))
        yield HoldEvent(last_on, author_of(people, plot.owner, heir, last_on, left_on), name, last_on, ends_on, why)
    yield from _sales(told, people, today)
    if plot.ending == "lost":
        author = author_of(people, plot.owner, heir, last_on, left_on)
        reason = told.written[-1].values["lost_reason"]
        yield from reviews(name, reason, last_on, author, seed=seed, today=today)


def _greeting(case: DealCast, on: date, bag: Bag) -> dict[Role, Any]:
    activity, template = bag.draw("other", "hand_over")
    values: dict[Role, Any] = {"activity": activity, "facts": template.format_map(case.slots(on))}
    name, title = case.plot.customer.user
    return values | {"people": [{"name": name, "title": title}]}


def _written_on(on: date, dice: random.Random, today: date) -> date:
    """Most evenings the diary is written the same day; now and then a day or three later."""
    if dice.random() > 0.07:
        return on
    return min(on_to_work(on + timedelta(days=dice.randint(1, 3))), today)


def _sales(told: WrittenDeal, people: Cast, today: date) -> Iterator[SaleEvent]:
    """What the ledger shows of a won deal: at its acceptance, at times in two parts, once not at all."""
    plot, case = told.plot, told.case
    if plot.ending != "won":
        return
    done = [w.beat.on for w in told.written if w.beat.stage == "delivery"]
    on = done[-1] if done else back_to_work(min(plot.until + timedelta(days=20), today))
    due = done or plot.goods.kind != "new"
    if not due or plot.goods.name == "協働ロボット":
        return
    amount = case.standing_amount
    reference = f"S{on:%y%m}-{sum(map(ord, plot.name)) % 800 + 100}"
    if amount > 20_000_000:
        part = amount * 3 // 10
        paid_on = back_to_work(plot.until + timedelta(days=12))
        yield SaleEvent(paid_on, people.head, paid_on, plot.customer.name, part, plot.name, f"{reference}A", "着手金")
        yield SaleEvent(on, people.head, on, plot.customer.name, amount - part, plot.name, f"{reference}B", "検収")
        return
    yield SaleEvent(on, people.head, on, plot.customer.name, amount, plot.name, reference, "検収")
