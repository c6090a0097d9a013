"""Lines cut off at past days, each as it was known then, without building every one of them again for every day.

A deal all of whose records were known in time tells a past day from its stays and promises as they are stored: those that
had begun and been made by then (`deal.steady_since`). Only what came to be known after a day, an entry written down
late, a correction, a merge, is built again for it (`asof.AsOfView`).
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.lines import Days, stays_of
from nippo_cli.line.trail import Trail, trail_of

# Deals live today, or of which something happened after :told_since, begun by :last.
SUMMARIES: Final = """
select id, began_on, last_event_on, last_known_on, steady_since, customer, kind, owner, source, amount, closes, confidence
from deal where (fate = 'live' or last_event_on > :told_since) and began_on <= :last {which} order by id
"""
# Of these, those that don't tell all of their days by themselves.
UNSTEADY: Final = """
id in (select id from deal where steady_since > began_on union all select id from deal where steady_since is null)
"""
# Entries of a day or before it that were not known yet. The index holds only what was written down later than it happened.
TOLD_LATE: Final = """
select distinct deal from entry indexed by entry_late
where known_on > on_date and known_on > :known and on_date <= :on
"""
# Deals that have no line today and may have had one.
WITHOUT_LINE: Final = "select deal from gone where last_event_on > :on or last_known_on > :known"
MERGED: Final = "select deal, into_deal from gone where into_deal is not null"
_PROMISES = """
select p.deal, p.what, p.made_on, p.value
from promise p where p.deal in (select value from json_each(?)) and p.what {what} order by p.deal, p.seq
"""
AMOUNTS: Final = _PROMISES.format(what="= 'amount'")
PROMISES: Final = _PROMISES.format(what="<> 'next'")


def trails(
    there: Sequence[AsOfView],
    since: date,
    *,
    amounts_only: bool = False,
    unsteady: Sequence[set[int]] | None = None,
    only: tuple[str, Mapping[str, Any]] = ("", MappingProxyType({})),
) -> Iterator[Trail]:
    """What deals tell of days, each as it was known then: of every deal that was live on one of them, or of which anything
    happened after `since`. A deal may come more than once, for other days each time; others than these may come too.

    Args:
        there: the days, oldest first; `Trail.days` are places in it.
        amounts_only: leave the expected closes and the confidences unread.
        unsteady: tell only of what stays and promises don't by themselves: of the days of deals before they were steady, and of
            those that are known otherwise since, for each day (`known_later`).
        only: a condition on rows of `deal` that those which tell of days by themselves must meet (empty: none), and what is
            bound in it.
    """
    stored, again = _parted(there, since, unsteady, only)
    yield from _stored(there[0], stored, amounts_only=amounts_only)
    for place, deals in enumerate(again):
        there[place].build_some(deals)
        for deal in sorted(deals):
            line = there[place].line(deal)
            if line is not None:
                yield trail_of(line[1], (place,))


class _SteadyDeal(NamedTuple):
    """A deal that tells of days by itself: `steady`, from its stays and promises; otherwise from its head alone."""

    deal: int
    said: tuple[Any, ...]
    days: Sequence[int]
    steady: bool


def _parted(
    there: Sequence[AsOfView],
    since: date,
    unsteady: Sequence[set[int]] | None,
    only: tuple[str, Mapping[str, Any]],
) -> tuple[list[_SteadyDeal], list[set[int]]]:
    """The deals that tell of days by themselves (`unsteady`: from their heads alone), and for each day those that are built again."""
    again = [set(deals) for deals in unsteady] if unsteady is not None else [known_later(past) for past in there]
    late = frozenset().union(*again)
    whole = range(len(there))
    first = there[0].day
    stored: list[_SteadyDeal] = []
    condition, params = only
    bound = {**params, "told_since": since.isoformat(), "last": there[-1].day}
    which = (f"and {UNSTEADY}" if unsteady is not None else "") + (f"and {condition}" if condition else "")
    rows = there[0].cx.execute(SUMMARIES.format(which=which), bound)
    for deal, began_on, event, known, steady, *said in rows:
        if unsteady is None and steady is not None and steady <= first and deal not in late and not there[0].replays:
            stored.append(_SteadyDeal(deal, tuple(said), whole, steady=event > first))
            continue
        days = []
        for place, past in enumerate(there):
            if past.replays or deal in again[place]:
                continue
            if steady is not None and steady <= past.day:
                if unsteady is None:
                    days.append(place)
            elif steady is None and event <= past.day and known <= past.known:
                days.append(place)
            elif began_on <= past.day:
                again[place].add(deal)
        if days:
            stored.append(_SteadyDeal(deal, tuple(said), days, steady=steady is not None))
    return stored, again


def known_later(past: AsOfView) -> set[int]:
    """Deals of which a day's stays and promises are not what was known on it."""
    if past.replays:
        return set(past.stale)
    bounds = {"on": past.day, "known": past.known}
    deals = {deal for (deal,) in past.cx.execute(WITHOUT_LINE, bounds)}
    if past.as_of.known:
        late = past.late
        deals.update(late.by_deal, late.deals, late.merged)
        # An entry corrected since may have been in the line of a deal that its own was merged into.
        into = dict(past.cx.execute(MERGED))
        for deal in late.by_deal:
            at = deal
            while at in into:
                at = into[at]
                deals.add(at)
        deals.update(deal for (deal,) in past.cx.execute(TOLD_LATE, bounds) if deal is not None)
    return deals


def _stored(
    past: AsOfView,
    deals: Sequence[_SteadyDeal],
    *,
    amounts_only: bool,
) -> Iterator[Trail]:
    """The trails of deals that tell of days by themselves, from their stored stays and promises."""
    day = Days()
    said: defaultdict[tuple[int, str], list[tuple[date, Any]]] = defaultdict(list)
    asked = json.dumps([one.deal for one in deals if one.steady])
    for deal, what, made_on, value in past.cx.execute(AMOUNTS if amounts_only else PROMISES, (asked,)):
        said[deal, what].append((day[made_on], value))
    trails: list[Trail] = []
    for deal, (customer, kind, owner, source, *now), places, steady in deals:
        if steady:
            amounts, closes, ranks = (said.get((deal, what), []) for what in ("amount", "closes", "confidence"))
        else:
            amounts, closes, ranks = ([] if value in (None, "") else [(date.min, value)] for value in now)
        trails.append(Trail(deal, customer, kind, owner, source, (), amounts, closes, ranks, places))
    stays = stays_of(past.cx, json.dumps([trail.deal for trail in trails]))
    for trail in trails:
        yield trail._replace(stays=stays.get(trail.deal, ()))
