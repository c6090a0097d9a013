"""From a deal's schedule to its diary entries: what was said, how it felt, what was promised, what is next."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal

from demo_story.bilingual import Text
from demo_story.deal_cast import DealCast
from demo_story.events import APART, Promise
from demo_story.scenarios import Scenario
from demo_story.schedule import ScheduledEntry
from demo_story.weekdays import weekday_after
from demo_story.words import Bag, afterwards, pool
from nippo_cli.base.frozen import NamedTuple

_MEETINGS = ("visit", "web", "demo", "visitor", "sample", "quote", "delivery")
_MUST_MEET = ("visit", "web", "demo", "visitor")
_IN_HOUSE = ("internal", "survey")
_NAMED_AGAIN = ("first_visit", "hearing", "demo", "proposal", "quote", "approval")
# Days from an entry to a close that it names: where a month's end lies before the day meant, it is still ahead.
_AHEAD = 30
# Whatever half a day lies in that is so far after a promise: the half begins after it.
_BEYOND_A_HALF = 205
_RANKS = {
    "won": {"hearing": "C", "proposal": "B", "quote": "B", "approval": "A", "verbal": "S"},
    "lost": {"proposal": "C", "quote": "B", "approval": "B"},
    "fizzled": {"proposal": "C", "quote": "C"},
    "stalled": {"proposal": "C", "quote": "B", "approval": "A"},
    "held": {"proposal": "C"},
    "open": {"demo": "C", "proposal": "C", "quote": "B", "approval": "A", "verbal": "S"},
}


class DiaryEntry(NamedTuple):
    """An entry of a deal, before it has an author and a number."""

    scheduled: ScheduledEntry
    values: dict[str, Any]


def write(
    scenario: Scenario, case: DealCast, schedule: Sequence[ScheduledEntry], bag: Bag, today: date
) -> list[DiaryEntry]:
    """A deal's entries, in order."""
    closes = _closes(scenario, schedule, case.dice, today)
    entries: list[DiaryEntry] = []
    for place, entry in enumerate(schedule):
        if entry.pool == "facts.requote":
            case.discounted = True
        after = schedule[place + 1] if place + 1 < len(schedule) else None
        values = _said(scenario, case, entry, bag, closes)
        if place == 0:
            source = (
                entry.pool.partition(".")[2]
                if entry.stage == "inquiry" and scenario.goods.kind == "new"
                else "customer"
            )
            values |= {"customer": scenario.customer.name, "kind": scenario.goods.kind, "source": source}
        values |= _money(scenario, case, entry)
        if values["activity"] not in _IN_HOUSE:
            values |= _next(scenario, case, entry, after, bag, today)
        if not entry.moves and "next_on" in values and entry.stage in _NAMED_AGAIN:
            # Who names the stage again says all that the stage asks for.
            values |= {"stage": entry.stage} if case.dice.random() < 0.6 else {}
        entries.append(DiaryEntry(entry, values))
    return entries


def _said(
    scenario: Scenario, case: DealCast, entry: ScheduledEntry, bag: Bag, closes: Sequence[Promise]
) -> dict[str, Any]:
    """What was said and felt, whom it was said by, and the promise that came with it."""
    slots = case.slots()
    area, _, name = entry.pool.partition(".")
    activity, template = bag.draw(area, name, lambda sentence: _fits(scenario, case, sentence))
    case.spoke(template)
    facts = template.format_map(slots)
    values: dict[str, Any] = {"activity": activity}
    if entry.moves:
        values["stage"] = entry.stage
    if entry.promise is not None and entry.promise < len(closes):
        values["closes"] = str(closes[entry.promise])
        if entry.promise and closes[entry.promise].near < closes[entry.promise - 1].near:
            facts += bag.draw("added", "pull").format_map(slots)
        elif entry.promise:
            values["push_reason"], said = bag.draw("added", "push")
            facts += said.format_map(slots)
    values["facts"] = facts
    values |= _met(scenario, case, activity, template, slots)
    mood = _mood(scenario, entry, template, activity, case.dice)
    if mood and activity not in _IN_HOUSE:
        values["impression"] = bag.draw("impressions", mood, lambda said: _felt(said, mood, template)).format_map(slots)
    if entry.stage == "lost":
        values["lost_reason"] = name
        values |= {key: afterwards(name)[key] for key in ("customer_words", "own_view")}
    return values


def _fits(scenario: Scenario, case: DealCast, sentence: Sequence[str]) -> bool:
    """Whether a sentence suits the deal: not one it had already, nor a second test before a first went wrong, nor a
    test that goes wrong where all goes well."""
    text = sentence[1]
    if text in case.used or ("{bad}" in text and scenario.ending in ("won", "open")):
        return False
    return "再テスト。前回" not in text or any("{bad}" in used for used in case.used)


def _felt(said: str, mood: str, template: str) -> bool:
    """Whether an impression suits its entry: a good one is of somebody who was there."""
    return mood != "good" or all(slot in template for slot in ("{k}", "{d}", "{b}") if slot in said)


def _closes(scenario: Scenario, schedule: Sequence[ScheduledEntry], dice: random.Random, today: date) -> list[Promise]:
    """The expected closes that a deal names in turn: coarse at first, a month's end later, each push later still."""
    marked = [entry for entry in schedule if entry.promise is not None]
    if not marked:
        return []
    closes: list[Promise] = []
    for nth, (entry, on) in enumerate(zip(marked, _expected(scenario, marked, dice, today), strict=True)):
        ahead = max(on, entry.on + timedelta(days=_AHEAD))
        if closes and ahead < closes[-1].near + timedelta(days=APART):
            ahead = closes[-1].near + timedelta(days=dice.randint(APART, 45))
        if closes and scenario.ending == "won" and closes[-1].near > entry.on + timedelta(days=_AHEAD + APART):
            ahead = closes[-1].near - timedelta(days=APART)
        alone = len(marked) == 1
        closes.append(Promise(_coarse(dice, alone=alone) if nth == 0 else "month-end", ahead))
    if scenario.star and scenario.ending == "stalled":
        closes[-1] = Promise("half", closes[-2].near + timedelta(days=_BEYOND_A_HALF))
    return closes


def _expected(scenario: Scenario, marked: Sequence[ScheduledEntry], dice: random.Random, today: date) -> list[date]:
    """For each entry that names a close, the day that the deal's end makes likely."""
    final = scenario.until if scenario.ending in ("won", "lost") else today + timedelta(days=dice.randint(15, 80))
    if scenario.ending in ("fizzled", "held"):
        final = marked[-1].on + timedelta(days=dice.randint(40, 120))
    if scenario.ending == "stalled":
        final = marked[-1].on + timedelta(days=dice.randint(38, 70))
    days = [final]
    for _ in marked[1:]:
        days.append(days[-1] - timedelta(days=dice.randint(APART, 64)))
    return days[::-1]


def _coarse(dice: random.Random, *, alone: bool) -> Literal["month-end", "month", "half"]:
    """How a first close is said. Only one that is never moved is said as a half: what comes later could lie within it."""
    how = dice.random()
    if how < 0.2 and alone:
        return "half"
    return "month" if how < 0.6 else "month-end"


def _money(scenario: Scenario, case: DealCast, entry: ScheduledEntry) -> dict[str, Any]:
    """The amount, the rank and the acceptance that an entry names: `{"amount": 18400000, "confidence": "B"}`."""
    values: dict[str, Any] = {}
    if entry.moves and entry.stage == "proposal":
        values["amount"] = case.rough_amount
    elif (entry.moves and entry.stage in ("quote", "won")) or entry.pool == "facts.requote":
        values["amount"] = case.latest_amount
    if entry.moves and entry.stage == "quote" and scenario.goods.kind == "parts":
        values["closes"] = str(Promise("month-end", entry.on + timedelta(days=_AHEAD)))
    rank = _RANKS[scenario.ending].get(entry.stage)
    if entry.moves and rank:
        values["confidence"] = rank
    if entry.moves and entry.stage in ("verbal", "won") and scenario.goods.kind == "new":
        values["accepts"] = str(Promise("month", scenario.until + timedelta(days=90)))
    return values


def _met(scenario: Scenario, case: DealCast, activity: str, template: str, slots: dict[str, Any]) -> dict[str, Any]:
    """Whom the entry names: people met, our own engineer beside them, the competitor."""
    values: dict[str, Any] = {}
    customer = scenario.customer
    if activity not in _IN_HOUSE and "不在" not in template:
        people = (("{k}", customer.user, False), ("{d}", customer.decider, True), ("{b}", customer.buyer, False))
        named = [person for person in people if person[0] in template]
        if activity not in _MEETINGS:
            # On the telephone one speaks with the first who is named.
            named = [person for person in named if template.find("{") == template.find(person[0])]
        elif activity in _MUST_MEET:
            named = named or [people[0]]
        if named:
            values["people"] = [_person(who, decides=decides) for _, who, decides in named]
    if activity in _MEETINGS and "{eng}" in template:
        values["companions"] = slots["eng"]
    if "{rival}" in template:
        values["competitor"] = case.rival
    return values


def _person(who: tuple[str, str], *, decides: bool) -> dict[str, Any]:
    return {"name": who[0], "title": who[1], **({"decides": True} if decides else {})}


_HOLDERS = ("window", "decider", "engineering")


def _next(
    scenario: Scenario, case: DealCast, entry: ScheduledEntry, after: ScheduledEntry | None, bag: Bag, today: date
) -> dict[str, Any]:
    """The next step. Most entries name one, near the day on which it then happened."""
    dice = case.dice
    if entry.stage == "lost" or (not entry.moves and after is not None and dice.random() < 0.15):
        return {}
    if after is None and not entry.moves and scenario.ending == "fizzled":
        return (
            {"next_step": Text("先方からの連絡待ち", "wait for them to call"), "ball": "window"}
            if dice.random() < 0.5
            else {}
        )
    if after is None and scenario.ending == "held":
        return {"next_step": Text("再開の時期を確認", "ask when it goes on"), "ball": "window"}
    if after is None and scenario.ending == "won" and (today - entry.on).days > 40:
        return {}
    drawn = bag.draw("next_steps", entry.stage)
    step = drawn.format_map(case.slots())
    if after is not None:
        on = after.on + timedelta(days=dice.choice((-2, 0, 0, 0, 1, 3)))
        if (on - entry.on).days > 21:
            on = entry.on + timedelta(days=dice.randint(7, 16))
    elif scenario.ending in ("stalled", "fizzled"):
        on = entry.on + timedelta(days=dice.randint(2, 6))
    else:
        on = today + timedelta(days=dice.choice((0, 0, 1, 2, 3, 5, 7, 9, 12)))
    on = max(on, entry.on + timedelta(days=1))
    said = {"next_step": step, "next_on": weekday_after(on).isoformat()}
    holder = next((holder for holder in _HOLDERS if drawn in pool("ball", holder)), None)
    return said if holder is None else {**said, "ball": holder}


def _mood(scenario: Scenario, entry: ScheduledEntry, template: str, activity: str, dice: random.Random) -> str | None:
    """How it went, or None where the writer kept it to the facts."""
    if entry.stage in ("won", "delivery", "follow", "upsell") or dice.random() < (
        0.4 if activity in _MEETINGS else 0.7
    ):
        return None
    if entry.stage in ("inquiry", "first_visit") or "{bad}" in template:
        return "flat"
    if entry.stage == "lost" or entry.pool in ("facts.stuck", "other.fizzled"):
        return "bad"
    weights = {"won": (6, 3, 0), "open": (4, 5, 1), "lost": (1, 5, 3)}.get(scenario.ending, (2, 5, 1))
    return dice.choices(("good", "flat", "bad"), weights)[0]
