"""On which days a deal is written about, and what each entry is there for."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.services.care.demo.scenarios import Scenario, norm_days
from nippo_cli.services.care.demo.workdays import back_to_work, on_to_work


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


def entry_schedule(plot: Scenario, dice: random.Random, today: date) -> list[ScheduledEntry]:
    """A deal's entries from its lead to its end or to today, in order, on workdays only."""
    found = [*_in_stages(plot, dice)]
    if plot.ending in ("won", "lost"):
        won = "facts.won_parts" if plot.goods.kind == "parts" else "facts.won"
        end = won if plot.ending == "won" else f"lost.{_lost_reason(plot, dice)}"
        found.append(ScheduledEntry(plot.until, plot.ending, end, moves=True))
    elif plot.ending == "held":
        found.append(ScheduledEntry(plot.until, plot.stays[-1].stage, "other.hold"))
    if plot.ending == "won":
        found += _aftercare(plot, dice, today)
    before = [beat for beat in found[2:] if beat.stage not in ("won", "lost", "delivery", "follow", "upsell")]
    if before and dice.random() < 0.5:
        at = dice.choice(before)
        found.append(ScheduledEntry(at.on + timedelta(days=1), at.stage, "other.deal_internal"))
    worked = (beat._replace(on=back_to_work(beat.on)) for beat in found if beat.on <= today)
    ordered = sorted(worked, key=lambda beat: beat.on)
    moved = {beat.on for beat in ordered if beat.moves}
    return _promised(plot, [beat for beat in ordered if beat.moves or beat.on not in moved])


def _in_stages(plot: Scenario, dice: random.Random) -> Iterator[ScheduledEntry]:
    stays = [s for s in plot.stays if s.stage not in ("won", "lost")]
    ends = [s.on for s in stays[1:]] + [plot.until]
    quiet = plot.ending == "fizzled"
    for place, (stay, until) in enumerate(zip(stays, ends, strict=True)):
        last = place == len(stays) - 1
        again = any(s.stage == stay.stage for s in stays[:place])
        pool = _AGAIN[stay.stage] if again else _first_pool(plot, stay.stage, place, dice)
        yield ScheduledEntry(stay.on, stay.stage, pool, moves=True)
        stuck = plot.ending == "stalled" and last
        on, written = stay.on, 0
        brisk = not last and dice.random() < (_BRISK if plot.ending != "won" else 0 if plot.star else 0.6)
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
    if stays and plot.ending in ("open", "stalled", "fizzled") and plot.until > stays[-1].on + timedelta(days=2):
        stage = stays[-1].stage
        yield ScheduledEntry(
            plot.until, stage, _pool_of(stage, past=False, stuck=plot.ending == "stalled", quiet=quiet)
        )


def _pool_of(stage: str, *, past: bool, stuck: bool, quiet: bool) -> str:
    if quiet:
        return "other.fizzled"
    if stuck and past:
        return "facts.stuck"
    return f"facts.{_LATER[stage]}"


def _first_pool(plot: Scenario, stage: str, place: int, dice: random.Random) -> str:
    if plot.goods.kind == "renewal" and stage in ("hearing", "proposal"):
        return "facts.renewal_talk"
    if plot.goods.kind == "parts":
        return "facts.parts_talk" if stage == "inquiry" else "facts.quote_parts"
    if place == 0 and stage == "inquiry":
        sources = ("web", "exhibition", "referral", "customer", "agency")
        return f"inquiry_by_source.{dice.choices(sources, (4, 4, 2, 3, 1))[0]}"
    return f"facts.{stage}"


def _lost_reason(plot: Scenario, dice: random.Random) -> str:
    reasons = {"price": 7, "competitor": 5, "function": 3, "delivery": 2, "budget": 4, "frozen": 3, "inhouse": 2}
    if plot.star:
        return "competitor"
    if plot.goods.kind != "new":
        reasons = {"price": 3, "inhouse": 1}
    elif plot.stays[-2].stage == "quote":
        reasons["declined"] = 2
    return dice.choices(list(reasons), list(reasons.values()))[0]


def _aftercare(plot: Scenario, dice: random.Random, today: date) -> Iterator[ScheduledEntry]:
    """What follows a win. Now and then nothing does: that is a gap for the diary to find."""
    if not plot.star and dice.random() < 0.15:
        return
    if plot.goods.kind == "new":
        on = plot.until + timedelta(days=dice.randint(70, 100))
        yield ScheduledEntry(plot.until + timedelta(days=dice.randint(8, 20)), "won", "facts.won_internal")
        yield ScheduledEntry(on, "delivery", "facts.delivery_start", moves=True)
        yield ScheduledEntry(on + timedelta(days=2), "delivery", "facts.delivery_next")
        on += timedelta(days=dice.randint(9, 16))
        yield ScheduledEntry(on, "delivery", "facts.delivery_accept")
    else:
        on = plot.until + timedelta(days=dice.randint(10, 25))
        if plot.goods.name != "保守契約更新":
            yield ScheduledEntry(on, "delivery", "facts.delivery_small", moves=True)
    for nth in range(2 if plot.star else dice.randint(2, 4)):
        on += timedelta(days=dice.randint(28, 45))
        if on > today:
            return
        yield ScheduledEntry(on_to_work(on), "follow", "facts.follow", moves=nth == 0)
    if plot.star:
        yield ScheduledEntry(on + timedelta(days=9), "upsell", "facts.upsell", moves=True)


def _promised(plot: Scenario, found: list[ScheduledEntry]) -> list[ScheduledEntry]:
    """Spread the deal's promised closes over its entries: the first when needs are heard, the rest later."""
    if plot.goods.kind == "parts":
        return found
    open_stages = ("hearing", "demo", "proposal", "quote", "approval", "verbal")
    places = [
        place for place, beat in enumerate(found)
        if beat.stage in open_stages and beat.pool.split(".")[0] == "facts" and not beat.pool.endswith("won")
    ]  # fmt: skip
    if not places:
        return found
    first, rest = places[0], places[1:]
    later = rest[len(rest) // 3 :] if len(rest) > plot.pushes else rest
    step = max(1, len(later) // max(1, plot.pushes))
    chosen = later[::-1][:: step or 1][: plot.pushes][::-1]
    for nth, place in enumerate([first, *chosen]):
        found[place] = found[place]._replace(promise=nth)
    return found
