"""From a deal's beats to its diary entries: what was said, how it felt, what was promised, what is next."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from nippo_cli.base.dates import When
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema.schema import Role
from nippo_cli.services.care.demo.afterwards import beside_the_reason
from nippo_cli.services.care.demo.cases import DealCast, half_of, month_of, said_when
from nippo_cli.services.care.demo.entry_schedule import ScheduledEntry
from nippo_cli.services.care.demo.scenarios import Scenario
from nippo_cli.services.care.demo.words import Bag
from nippo_cli.services.care.demo.workdays import back_to_work, is_workday, on_to_work

_MEETINGS = ("visit", "web", "demo", "visitor", "sample", "quote", "delivery")
_MUST_MEET = ("visit", "web", "demo", "visitor")
_IN_HOUSE = ("internal", "survey")
_NAMED_AGAIN = ("first_visit", "hearing", "demo", "proposal", "quote", "approval")
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

    beat: ScheduledEntry
    values: dict[Role, Any]


def write(plot: Scenario, case: DealCast, told: Sequence[ScheduledEntry], bag: Bag, today: date) -> list[DiaryEntry]:
    """A deal's entries, in order."""
    closes = _closes(plot, told, case.dice, today)
    found: list[DiaryEntry] = []
    for place, beat in enumerate(told):
        if beat.pool == "facts.requote":
            case.discounted = True
        after = told[place + 1] if place + 1 < len(told) else None
        values = _told(plot, case, beat, bag, closes)
        if place == 0:
            source = beat.pool.partition(".")[2] if beat.stage == "inquiry" and plot.goods.kind == "new" else "customer"
            values |= {"customer": plot.customer.name, "kind": plot.goods.kind, "source": source}
        values |= _money(plot, case, beat)
        if values["activity"] not in _IN_HOUSE:
            values |= _next(plot, case, beat, after, bag, today)
        if not beat.moves and "next_on" in values and beat.stage in _NAMED_AGAIN:
            # Who names the stage again says all that the stage asks for.
            values |= {"stage": beat.stage} if case.dice.random() < 0.6 else {}
        found.append(DiaryEntry(beat, values))
    return found


def _told(plot: Scenario, case: DealCast, beat: ScheduledEntry, bag: Bag, closes: Sequence[When]) -> dict[Role, Any]:
    """What was said and felt, whom it was said by, and the promise that came with it."""
    slots = case.slots(beat.on)
    area, _, name = beat.pool.partition(".")
    activity, template = bag.draw(area, name, lambda told: _fits(plot, case, told))
    case.spoke(template)
    facts = template.format_map(slots)
    values: dict[Role, Any] = {"activity": activity}
    if beat.moves:
        values["stage"] = beat.stage
    if beat.promise is not None and beat.promise < len(closes):
        values["closes"] = str(closes[beat.promise])
        if beat.promise and closes[beat.promise].last < closes[beat.promise - 1].first:
            facts += bag.draw("added", "pull").format(when=said_when(closes[beat.promise], beat.on))
        elif beat.promise:
            values["push_reason"], said = bag.draw("added", "push")
            facts += said.format(when=said_when(closes[beat.promise], beat.on))
    values["facts"] = facts
    values |= _met(plot, case, activity, template, slots)
    mood = _mood(plot, beat, template, activity, case.dice)
    if mood and activity not in _IN_HOUSE:
        values["impression"] = bag.draw("impressions", mood, lambda said: _felt(said, mood, template)).format_map(slots)
    if beat.stage == "lost":
        values["lost_reason"] = name
        values |= beside_the_reason(name)
    return values


def _fits(plot: Scenario, case: DealCast, told: Sequence[str]) -> bool:
    """Whether a sentence suits the deal: not one it had already, nor a second test before a first went wrong, nor a
    test that goes wrong where all goes well."""
    text = told[1]
    if text in case.used or ("{bad}" in text and plot.ending in ("won", "open")):
        return False
    return "再テスト。前回" not in text or any("{bad}" in used for used in case.used)


def _felt(said: str, mood: str, template: str) -> bool:
    """Whether an impression suits its entry: a good one is of somebody who was there."""
    return mood != "good" or all(slot in template for slot in ("{k}", "{d}", "{b}") if slot in said)


def _closes(plot: Scenario, told: Sequence[ScheduledEntry], dice: random.Random, today: date) -> list[When]:
    """The expected closes that a deal names in turn: coarse at first, a month's end later, each push later still."""
    marked = [beat for beat in told if beat.promise is not None]
    if not marked:
        return []
    final = plot.until if plot.ending in ("won", "lost") else today + timedelta(days=dice.randint(15, 80))
    if plot.ending in ("fizzled", "held"):
        final = marked[-1].on + timedelta(days=dice.randint(40, 120))
    if plot.ending == "stalled":
        final = marked[-1].on + timedelta(days=dice.randint(38, 70))
    days = [final]
    for _ in marked[1:]:
        days.append(days[-1] - timedelta(days=dice.randint(29, 64)))
    days.reverse()
    found: list[When] = []
    for nth, (beat, on) in enumerate(zip(marked, days, strict=True)):
        ahead = max(on, beat.on + timedelta(days=21))
        if found and ahead <= found[-1].last:
            ahead = found[-1].last + timedelta(days=dice.randint(20, 40))
        if found and plot.ending == "won" and found[-1].first > beat.on + timedelta(days=50):
            ahead = found[-1].first - timedelta(days=30)
        found.append(_coarse(ahead, dice) if nth == 0 else When.day(_month_end(ahead)))
    if plot.star and plot.ending == "stalled":
        found[-1] = half_of(found[-1].last + timedelta(days=dice.randint(60, 120)))
    return found


def _coarse(on: date, dice: random.Random) -> When:
    how = dice.random()
    if how < 0.2:
        return half_of(on)
    return month_of(on) if how < 0.6 else When.day(_month_end(on))


def _month_end(on: date) -> date:
    return back_to_work(month_of(on).last)


def _money(plot: Scenario, case: DealCast, beat: ScheduledEntry) -> dict[Role, Any]:
    found: dict[Role, Any] = {}
    if beat.moves and beat.stage == "proposal":
        found["amount"] = case.rough_amount
    elif (beat.moves and beat.stage in ("quote", "won")) or beat.pool == "facts.requote":
        found["amount"] = case.standing_amount
    if beat.moves and beat.stage == "quote" and plot.goods.kind == "parts":
        found["closes"] = _month_end(beat.on + timedelta(days=14)).isoformat()
    rank = _RANKS[plot.ending].get(beat.stage)
    if beat.moves and rank:
        found["confidence"] = rank
    if beat.moves and beat.stage in ("verbal", "won") and plot.goods.kind == "new":
        found["accepts"] = str(month_of(plot.until + timedelta(days=90)))
    return found


def _met(plot: Scenario, case: DealCast, activity: str, template: str, slots: dict[str, Any]) -> dict[Role, Any]:
    """Whom the entry names: people met, our own engineer beside them, the competitor."""
    found: dict[Role, Any] = {}
    customer = plot.customer
    if activity not in _IN_HOUSE and "不在" not in template:
        people = (("{k}", customer.user, False), ("{d}", customer.decider, True), ("{b}", customer.buyer, False))
        named = [person for person in people if person[0] in template]
        if activity not in _MEETINGS:
            # On the telephone one speaks with the first who is named.
            named = [person for person in named if template.find("{") == template.find(person[0])]
        elif activity in _MUST_MEET:
            named = named or [people[0]]
        if named:
            found["people"] = [_person(who, decides=decides) for _, who, decides in named]
    if activity in _MEETINGS and "{eng}" in template:
        found["companions"] = slots["eng"]
    if "{rival}" in template:
        found["competitor"] = case.rival
    return found


def _person(who: tuple[str, str], *, decides: bool) -> dict[str, Any]:
    return {"name": who[0], "title": who[1], **({"decides": True} if decides else {})}


def _next(
    plot: Scenario, case: DealCast, beat: ScheduledEntry, after: ScheduledEntry | None, bag: Bag, today: date
) -> dict[Role, Any]:
    """The next step. Most entries name one, near the day on which it then happened."""
    dice = case.dice
    if beat.stage == "lost" or (not beat.moves and after is not None and dice.random() < 0.15):
        return {}
    if after is None and not beat.moves and plot.ending == "fizzled":
        return {"next_step": "先方からの連絡待ち"} if dice.random() < 0.5 else {}
    if after is None and plot.ending == "held":
        return {"next_step": "再開の時期を確認"}
    if after is None and plot.ending == "won" and (today - beat.on).days > 40:
        return {}
    step = bag.draw("next_steps", beat.stage).format_map(case.slots(beat.on))
    if after is not None:
        on = after.on + timedelta(days=dice.choice((-2, 0, 0, 0, 1, 3)))
        if (on - beat.on).days > 21:
            on = beat.on + timedelta(days=dice.randint(7, 16))
    elif plot.ending in ("stalled", "fizzled"):
        on = beat.on + timedelta(days=dice.randint(2, 6))
    else:
        on = today + timedelta(days=dice.choice((0, 0, 1, 2, 3, 5, 7, 9, 12)))
    on = max(on, beat.on + timedelta(days=1))
    return {"next_step": step, "next_on": (on if is_workday(on) else on_to_work(on)).isoformat()}


def _mood(plot: Scenario, beat: ScheduledEntry, template: str, activity: str, dice: random.Random) -> str | None:
    """How it went, or None where the writer kept it to the facts."""
    if beat.stage in ("won", "delivery", "follow", "upsell") or dice.random() < (0.4 if activity in _MEETINGS else 0.7):
        return None
    if beat.stage in ("inquiry", "first_visit") or "{bad}" in template:
        return "flat"
    if beat.stage == "lost" or beat.pool in ("facts.stuck", "other.fizzled"):
        return "bad"
    weights = {"won": (6, 3, 0), "open": (4, 5, 1), "lost": (1, 5, 3)}.get(plot.ending, (2, 5, 1))
    return dice.choices(("good", "flat", "bad"), weights)[0]
