"""What was promised for each of several months on the day before it began, as it was known then."""

import json
import sqlite3
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import month_start
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read import known_later, stays_of, trails
from nippo_cli.line.facts import AsOf
from nippo_cli.line.promised import Promised
from nippo_cli.line.span import on_hold
from nippo_cli.line.trail import deal_at, stage_at, upto

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress

# Deals on hold on a day, of the holds as they stand now that were known on it.
HELD: Final = """
select h.deal from hold h join record r on r.id = h.id
where h.first <= :on and h.last >= :on and r.known_on <= :known
"""
# Of deals that tell of a month's eve by themselves (`deal.steady_since`) and had not closed for good by then: those whose expected close,
# as it stood at the eve's end, lay in the month (`2026-03`) by its last day, with what else stood then. Last, whether a stage of :ends had
# begun: then their stays say whether they lived.
_STOOD = (
    "(select {of}.value from promise {of} where {of}.deal = p.deal and {of}.what = '{what}' and {of}.made_on <= :eve"
)
PROMISED: Final = f"""
select p.deal, d.customer, d.owner,
{_STOOD.format(of="a", what="amount")} order by a.seq desc limit 1),
{_STOOD.format(of="c", what="confidence")} order by c.seq desc limit 1),
exists (select 1 from stay s where s.deal = p.deal and s.entered_on <= :eve
  and s.stage in (select value from json_each(:ends)))
from promise p cross join deal d on d.id = p.deal
where substr(p.value, -10, 7) = :month and p.what = 'closes' and p.made_on <= :eve
and d.began_on <= :eve and d.steady_since <= :eve and (d.closed_on is null or d.closed_on > :eve)
and not exists (select 1 from promise q where q.deal = p.deal and q.seq > p.seq and q.what = 'closes' and q.made_on <= :eve)
"""


class PromisedBy(NamedTuple):
    """A promise, and what else it may be asked by: the stage that the deal stood in then (empty where no stage is asked about),
    and whose it is."""

    promise: Promised
    stage: str
    customer: str


def promised_for(
    cx: sqlite3.Connection,
    months: Sequence[int],
    asked: Callable[[PromisedBy], bool],
    *,
    by_stage: bool = False,
    progress: "Progress | None" = None,
) -> dict[int, list[Promised]]:
    """The deals live on the day before each month whose expected close lay in it; of a span, its last day.

    Args:
        months: by their numbers, ascending.
        asked: whether a deal, as it stood then, is asked about.
        by_stage: whether that looks at the stage.
        progress: is told of each month that is read.
    """
    if not months:
        return {}
    there = [AsOfView(cx, AsOf(month_start(month) - timedelta(days=1), known=True)) for month in months]
    names = [month_start(month).isoformat()[:7] for month in months]
    stood_in: dict[int, list[Promised]] = {month: [] for month in months}
    later = [known_later(past) for past in there]
    for place, past in enumerate(there):
        by_themselves = _of_steady(past, names[place], later[place], by_stage=by_stage)
        stood_in[months[place]] += [one.promise for one in by_themselves if asked(one)]
        if progress is not None:
            progress("landing.progress_promised", place + 1, len(there))
    for place, one in _of_others(there, names, later):
        if asked(one):
            stood_in[months[place]].append(one.promise)
    return {month: _held(past, stood_in[month]) for month, past in zip(months, there, strict=True)}


def _of_steady(past: AsOfView, month: str, later: Container[int], *, by_stage: bool) -> Iterator[PromisedBy]:
    """The promises of deals that tell of a month's eve by themselves."""
    if past.replays:
        return
    ends = [stage.key for stage in past.schema.stages if stage.ends]
    bound = {"month": month, "eve": past.day, "ends": json.dumps(ends)}
    rows = [row for row in past.cx.execute(PROMISED, bound) if row[0] not in later]
    asked = [deal for deal, *_, ended in rows if by_stage or ended]
    stays = stays_of(past.cx, json.dumps(asked)) if asked else {}
    for deal, customer, owner, amount, confidence, ended in rows:
        stage: str | None = ""
        if by_stage or ended:
            stage = stage_at(stays.get(deal, ()), past.schema, past.as_of.on)
        if stage is not None:
            yield PromisedBy(Promised(deal, amount, confidence or "", owner), stage, customer)


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
    """In the order of the deals; those that were on hold are marked."""
    if not stood:
        return []
    late = set(past.unsettled) if past.replays else past.late.deals
    held = {d for (d,) in past.cx.execute(HELD, {"on": past.day, "known": past.known}) if d not in late}
    for one in stood:
        if one.deal in late and (record := past.deal_record(one.deal)) and on_hold(record.holds, past.as_of.on):
            held.add(one.deal)
    return [
        one._replace(on_hold=True) if one.deal in held else one for one in sorted(stood, key=lambda each: each.deal)
    ]
