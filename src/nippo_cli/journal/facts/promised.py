"""What was promised for each of several months on the day before it began, as it was known then."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Final

from nippo_cli.base.dates import month_start
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read import trails
from nippo_cli.line.facts import AsOf
from nippo_cli.line.promised import Promised
from nippo_cli.line.span import on_hold
from nippo_cli.line.trail import Dated, StandingAt, deal_at, upto

# Deals on hold on a day, of the holds as they stand now that were known on it.
HELD: Final = """
select h.deal from hold h join record r on r.id = h.id
where h.first <= :on and h.last >= :on and r.known_on <= :known
"""


def promised_for(
    cx: sqlite3.Connection, months: Sequence[int], asked: Callable[[StandingAt], bool]
) -> dict[int, list[Promised]]:
    """The deals live on the day before each month whose expected close lay in it; of a span, its last day.

    Args:
        months: by their numbers, ascending.
        asked: whether a deal, as it stood then, is asked about.
    """
    stood_in: dict[int, list[StandingAt]] = {month: [] for month in months}
    if not months:
        return {}
    there = [AsOfView(cx, AsOf(month_start(month) - timedelta(days=1), known=True)) for month in months]
    names = [month_start(month).isoformat()[:7] for month in months]
    days = [past.as_of.on for past in there]

    place_of = {name: place for place, name in enumerate(names)}

    def hoped(closes: Dated[str], places: Collection[int]) -> list[int]:
        """On which of these days it was promised for the month that follows: by the last day of a date or a span, as it is
        stored."""
        months = {said[-10:-3] for _, said in closes}
        asked = [place for month in months if (place := place_of.get(month)) is not None and place in places]
        stood = ((place, upto(closes, days[place])) for place in asked)
        return [place for place, said in stood if said is not None and said[-10:-3] == names[place]]

    for trail in trails(there, days[0], closing=names, wanted=lambda closes, places: bool(hoped(closes, places))):
        for place in hoped(trail.closes, trail.days):
            stood = deal_at(trail, there[place].schema, days[place])
            if stood is not None and asked(stood):
                stood_in[months[place]].append(stood)
    return {month: _held(past, stood_in[month]) for month, past in zip(months, there, strict=True)}


def _held(past: AsOfView, stood: list[StandingAt]) -> list[Promised]:
    """In the order of the deals; those that were on hold are marked."""
    if not stood:
        return []
    late = set(past.unsettled) if past.replays else past.late.deals
    held = {d for (d,) in past.cx.execute(HELD, {"on": past.day, "known": past.known}) if d not in late}
    for one in stood:
        if one.deal in late and (record := past.deal_record(one.deal)) and on_hold(record.holds, past.as_of.on):
            held.add(one.deal)
    return [
        Promised(one.deal, one.stage, one.amount, one.confidence, one.owner, one.deal in held)
        for one in sorted(stood, key=lambda s: s.deal)
    ]
