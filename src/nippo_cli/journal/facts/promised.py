"""What was promised for each of several months on the day before it began, as it was known then."""

import sqlite3
from bisect import insort
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import month_start
from nippo_cli.base.frozen import NamedTuple, maker
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read import Days, known_later, trails
from nippo_cli.line.facts import AsOf
from nippo_cli.line.promised import Promised
from nippo_cli.line.span import on_hold
from nippo_cli.line.trail import deal_at, upto

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress

# Deals on hold on a day, of the holds as they stand now that were known on it.
HELD: Final = """
select h.deal from hold h join record r on r.id = h.id
where h.first <= :on and h.last >= :on and r.known_on <= :known
"""
PROMISED: Final = "select deal, amount, confidence, owner, heard_on from eve where month = ? order by deal"
PROMISED_BY: Final = (
    "select deal, amount, confidence, owner, heard_on, stage, customer from eve where month = ? order by deal"
)


class PromisedBy(NamedTuple):
    """A promise, and what else it may be asked by: the stage that the deal stood in then, and whose it is."""

    promise: Promised
    stage: str
    customer: str


_promised, _by, _deal = maker(Promised), maker(PromisedBy), attrgetter("deal")


def promised_for(
    cx: sqlite3.Connection,
    months: Sequence[int],
    asked: Callable[[PromisedBy], bool] | None,
    progress: "Progress | None" = None,
) -> dict[int, list[Promised]]:
    """The deals live on the day before each month whose expected close lay in it (of a span, its last day), by their ids.

    Args:
        months: by their numbers, ascending.
        asked: whether a deal, as it stood then, is asked about; None where all are.
        progress: is told of each month that is read.
    """
    if not months:
        return {}
    there = [AsOfView(cx, AsOf(month_start(month) - timedelta(days=1), known=True)) for month in months]
    names = [month_start(month).isoformat()[:7] for month in months]
    stood_in: dict[int, list[Promised]] = {month: [] for month in months}
    later = [known_later(past) for past in there]
    for place, past in enumerate(there):
        stood_in[months[place]] += _of_steady(past, names[place], later[place], asked)
        if progress is not None:
            progress("landing.progress_promised", place + 1, len(there))
    for place, one in _of_others(there, names, later):
        if asked is None or asked(one):
            insort(stood_in[months[place]], one.promise, key=_deal)
    return {month: _held(past, stood_in[month]) for month, past in zip(months, there, strict=True)}


def _of_steady(
    past: AsOfView, month: str, later: Container[int], asked: Callable[[PromisedBy], bool] | None
) -> list[Promised]:
    """The promises of deals that tell of a month's eve by themselves."""
    if past.replays:
        return []
    day = Days()
    if asked is None:
        # By the ten thousand: no more is made of each than is kept.
        return [
            _promised((deal, amount, confidence, owner, False, day[heard_on]))
            for deal, amount, confidence, owner, heard_on in past.cx.execute(PROMISED, (month,))
            if deal not in later
        ]
    said = (
        _by((_promised((deal, amount, confidence, owner, False, day[heard_on])), stage, customer))
        for deal, amount, confidence, owner, heard_on, stage, customer in past.cx.execute(PROMISED_BY, (month,))
        if deal not in later
    )
    return [one.promise for one in said if asked(one)]


def _of_others(
    there: Sequence[AsOfView], names: Sequence[str], later: Sequence[set[int]]
) -> Iterator[tuple[int, PromisedBy]]:
    """Those of the deals that are built again for an eve, or tell of it from their head alone."""
    days = [past.as_of.on for past in there]
    for trail in trails(there, days[0], unsteady=later):
        for place in trail.days:
            closes = upto(trail.closes, days[place])
            stood = None
            if closes is not None and closes[-10:-3] == names[place]:
                stood = deal_at(trail, there[place].schema, days[place])
            if stood is not None:
                promise = Promised(stood.deal, stood.amount, stood.confidence, stood.owner)
                yield place, PromisedBy(promise, stood.stage, stood.customer)


def _held(past: AsOfView, stood: list[Promised]) -> list[Promised]:
    """The same, those marked that were on hold."""
    if not stood:
        return []
    late = set(past.stale) if past.replays else past.late.deals
    held = {d for (d,) in past.cx.execute(HELD, {"on": past.day, "known": past.known}) if d not in late}
    for one in stood:
        if one.deal in late and (record := past.deal_record(one.deal)) and on_hold(record.holds, past.as_of.on):
            held.add(one.deal)
    return [one._replace(on_hold=True) if one.deal in held else one for one in stood]
