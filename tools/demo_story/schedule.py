"""On which days a deal is written about, and what each entry is there for."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from demo_story.scenarios import Scenario, norm_days
from demo_story.weekdays import weekday_after, weekday_before
from nippo_cli.base.frozen import NamedTuple


class ScheduledEntry(NamedTuple):
    """A day on which something is written. `pool` names the sentences in `facts.toml`, `area.name`; `moves` that the
    deal enters the stage here; `promise` which of the deal's promised closes is named (from 0)."""

    on: date
    stage: str
    pool: str
    moves: bool = False
    promise: int | None = None


_LATER = {
    "inquiry": "inquiry_later", "first_visit": "first_visit_later", "hearing": "hearing_later", "demo": "demo_later",
    "proposal": "proposal_later", "quote": "quote_later", "approval": "approval_later", "verbal": "quote_later",
}  # fmt: skip
_AGAIN = {"proposal": "facts.back_to_proposal", "quote": "facts.requote"}
# How often a contact takes its time, and a stage passes without another one.
_SLOW, _BRISK = 0.2, 0.3


def entry_schedule(scenario: Scenario, dice: random.Random, today: date) -> list[ScheduledEntry]:
    """A deal's entries from its lead to its end or to today, in order, from Monday to Friday."""
    entries = [*_in_stages(scenario, dice)]
    if scenario.ending in ("won", "lost"):
        won = "facts.won_parts" if scenario.goods.kind == "parts" else "facts.won"
        end = won if scenario.ending == "won" else f"lost.{_lost_reason(scenario, dice)}"
        entries.append(ScheduledEntry(scenario.until, scenario.ending, end, moves=True))
    elif scenario.ending == "held":
        entries.append(ScheduledEntry(scenario.until, scenario.stays[-1].stage, "other.hold"))
    if scenario.ending == "won":
        entries += _aftercare(scenario, dice, today)
    before = [entry for entry in entries[2:] if entry.stage not in ("won", "lost", "delivery", "follow", "upsell")]
    if before and dice.random() < 0.5:
        at = dice.choice(before)
        entries.append(ScheduledEntry(at.on + timedelta(days=1), at.stage, "other.deal_internal"))
    worked = (entry._replace(on=weekday_before(entry.on)) for entry in entries if entry.on <= today)
    ordered = sorted(worked, key=lambda entry: entry.on)
    moved = {entry.on for entry in ordered if entry.moves}
    return _promised(scenario, [entry for entry in ordered if entry.moves or entry.on not in moved])


def _in_stages(scenario: Scenario, dice: random.Random) -> Iterator[ScheduledEntry]:
    """The entries of each stage of a deal, from the one that enters it on, some days apart."""
    stays = [s for s in scenario.stays if s.stage not in ("won", "lost")]
    ends = [s.on for s in stays[1:]] + [scenario.until]
    quiet = scenario.ending == "fizzled"
    for place, (stay, until) in enumerate(zip(stays, ends, strict=True)):
        last = place == len(stays) - 1
        again = any(s.stage == stay.stage for s in stays[:place])
        pool = _AGAIN[stay.stage] if again else _first_pool(scenario, stay.stage, place, dice)
        yield ScheduledEntry(stay.on, stay.stage, pool, moves=True)
        stuck = scenario.ending == "stalled" and last
        on, written = stay.on, 0
        brisk = not last and dice.random() < (_BRISK if scenario.ending != "won" else 0 if scenario.star else 0.6)
        most = 8 if stuck else 0 if brisk else 3
        while True:
            past = (on - stay.on).days > norm_days(stay.stage)
            slow = past or dice.random() < _SLOW
            on += timedelta(days=dice.randint(14, 30) if slow else dice.randint(5, 12))
            if on > until - timedelta(days=2) or written >= most:
                break
            written += 1
            yield ScheduledEntry(on, stay.stage, _pool_of(stay.stage, past=past, stuck=stuck, quiet=quiet and last))
        if (
            stay.stage == "quote"
            and not last
            and not again
            and stays[place + 1].stage == "approval"
            and dice.random() < 0.55
        ):
            yield ScheduledEntry(max(stay.on, until - timedelta(days=3)), stay.stage, "facts.requote")
    if (
        stays
        and scenario.ending in ("open", "stalled", "fizzled")
        and scenario.until > stays[-1].on + timedelta(days=2)
    ):
        stage = stays[-1].stage
        yield ScheduledEntry(
            scenario.until, stage, _pool_of(stage, past=False, stuck=scenario.ending == "stalled", quiet=quiet)
        )


def _pool_of(stage: str, *, past: bool, stuck: bool, quiet: bool) -> str:
    if quiet:
        return "other.fizzled"
    if stuck and past:
        return "facts.stuck"
    return f"facts.{_LATER[stage]}"


def _first_pool(scenario: Scenario, stage: str, place: int, dice: random.Random) -> str:
    if scenario.goods.kind == "renewal" and stage in ("hearing", "proposal"):
        return "facts.renewal_talk"
    if scenario.goods.kind == "parts":
        return "facts.parts_talk" if stage == "inquiry" else "facts.quote_parts"
    if place == 0 and stage == "inquiry":
        sources = ("web", "exhibition", "referral", "customer", "agency")
        return f"inquiry_by_source.{dice.choices(sources, (4, 4, 2, 3, 1))[0]}"
    return f"facts.{stage}"


def _lost_reason(scenario: Scenario, dice: random.Random) -> str:
    reasons = {"price": 7, "competitor": 5, "function": 3, "delivery": 2, "budget": 4, "frozen": 3, "inhouse": 2}
    if scenario.star:
        return "competitor"
    if scenario.goods.kind != "new":
        reasons = {"price": 3, "inhouse": 1}
    elif scenario.stays[-2].stage == "quote":
        reasons["declined"] = 2
    return dice.choices(list(reasons), list(reasons.values()))[0]


def _aftercare(scenario: Scenario, dice: random.Random, today: date) -> Iterator[ScheduledEntry]:
    """What follows a win. Now and then nothing does: that is a gap for the diary to find."""
    if not scenario.star and dice.random() < 0.15:
        return
    if scenario.goods.kind == "new":
        on = scenario.until + timedelta(days=dice.randint(70, 100))
        yield ScheduledEntry(scenario.until + timedelta(days=dice.randint(8, 20)), "won", "facts.won_internal")
        yield ScheduledEntry(on, "delivery", "facts.delivery_start", moves=True)
        yield ScheduledEntry(on + timedelta(days=2), "delivery", "facts.delivery_next")
        on += timedelta(days=dice.randint(9, 16))
        yield ScheduledEntry(on, "delivery", "facts.delivery_accept")
    else:
        on = scenario.until + timedelta(days=dice.randint(10, 25))
        if scenario.goods.name != "保守契約更新":
            yield ScheduledEntry(on, "delivery", "facts.delivery_small", moves=True)
    for nth in range(2 if scenario.star else dice.randint(2, 4)):
        on += timedelta(days=dice.randint(28, 45))
        if on > today:
            return
        yield ScheduledEntry(weekday_after(on), "follow", "facts.follow", moves=nth == 0)
    if scenario.star:
        yield ScheduledEntry(on + timedelta(days=9), "upsell", "facts.upsell", moves=True)


def _promised(scenario: Scenario, entries: list[ScheduledEntry]) -> list[ScheduledEntry]:
    """Spread the deal's promised closes over its entries: the first when needs are heard, the rest later."""
    if scenario.goods.kind == "parts":
        return entries
    open_stages = ("hearing", "demo", "proposal", "quote", "approval", "verbal")
    places = [
        place for place, entry in enumerate(entries)
        if entry.stage in open_stages and entry.pool.split(".")[0] == "facts" and not entry.pool.endswith("won")
    ]  # fmt: skip
    if not places:
        return entries
    first, rest = places[0], places[1:]
    later = rest[len(rest) // 3 :] if len(rest) > scenario.pushes else rest
    step = max(1, len(later) // max(1, scenario.pushes))
    chosen = later[::-1][:: step or 1][: scenario.pushes][::-1]
    for nth, place in enumerate([first, *chosen]):
        entries[place] = entries[place]._replace(promise=nth)
    return entries
