"""A landing's facts on an earlier day than another's: of most deals that something happened to since, from their stored stays and
promises, without building them again."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

from nippo_cli.base.dates import read_when
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.derive import read_holds
from nippo_cli.journal.facts.landing_facts import JournalLandingFacts
from nippo_cli.journal.read import known_later
from nippo_cli.line.facts import AsOf, DealAt, DealHistory, DealSummary
from nippo_cli.line.norm import learned_quiet

# Deals begun by the end of a day: what they are today; whether they tell of the day by themselves (`deal.steady_since`), and what stood
# then. Last, the stages that they were ever in.
_STOOD = "case when d.{of} <> '' then (select value from promise where deal = d.id and what = '{of}' and made_on <= :on"
THEN: Final = f"""
select d.id, d.fate, d.closed_on, coalesce(d.steady_since <= :on, 0), d.began_on, d.holds,
{_STOOD.format(of="amount")} order by seq desc limit 1) end,
{_STOOD.format(of="closes")} order by seq desc limit 1) end,
{_STOOD.format(of="confidence")} order by seq desc limit 1) end,
case when d.accepts is not null then (select accepts from entry e where e.deal = d.id and e.on_date <= :on
  and e.accepts is not null order by e.on_date desc, e.recorded_at desc, e.id desc limit 1) end,
(select e.on_date from entry e where e.deal = d.id and e.on_date <= :on and e.contact order by e.on_date desc limit 1),
d.visited
from json_each(:deals) j cross join deal d on d.id = j.value where d.began_on <= :on
"""
# Of some deals, those that had ended by a day, though they were live again later.
ENDED: Final = """
select distinct deal from stay
where deal in (select value from json_each(:deals)) and entered_on <= :on and stage in (select value from json_each(:ends))
"""
# The days between the contacts of won deals: of all; and of those won after a day, and of some of the others.
GAPS: Final = "select days, sum(n) from tally where what = 'gap' group by days"
GAPS_OF: Final = """
select gaps from deal where fate = 'won' and closed_on > :on
union all select d.gaps from json_each(:deals) j cross join deal d on d.id = j.value where d.fate = 'won' and d.closed_on <= :on
"""
_day = date.fromisoformat


class _Moved(NamedTuple):
    """Of the deals that something happened to since: those that were live and tell so by themselves; those that had been won by then,
    each with the day; the lines, as they were, of those that don't tell."""

    live: Sequence[DealAt]
    won: Mapping[int, date]
    again: Mapping[int, DealHistory]


class EarlierLandingFacts(JournalLandingFacts):
    """The facts of an earlier day, as known then."""

    def __init__(self, later: JournalLandingFacts, day: AsOf) -> None:
        super().__init__(later.reader, day, later.scope._replace(since=day.on))
        self._later = later

    def placed_live(self) -> Sequence[DealAt | DealSummary]:
        """Every live deal, and as much of it as says where its money stands."""
        if not self._tells:
            return super().placed_live()
        on = self.as_of
        silent = {one.id for one in self._moved.live if (on - (one.heard_on or one.began_on)).days > self.quiet_days}
        near = [one for one in self._moved.live if one.id not in silent]
        # Nothing happened to the others: they are what they are on the later day.
        still = [head for head in self._later.placed_live() if head.id not in self.view.stale]
        again = [line.head for line in (*self._moved.again.values(), *self._built(silent).values())]
        return sorted([*still, *near, *(head for head in again if head.fate == "live")], key=lambda head: head.id)

    def placed_won(self, since: date) -> Sequence[DealAt | DealSummary]:
        """The deals won on `since` or later, and as much of them as says where their money stands."""
        if not self._tells:
            return self.closed("won", since)
        still = [head for head in self._later.closed("won", since) if head.id not in self.view.stale]
        # What it was won for by then, its line says alone.
        asked = [deal for deal, closed_on in self._moved.won.items() if closed_on >= since]
        again = [line.head for line in (*self._moved.again.values(), *self._built(asked).values())]
        closed = [(head, head.closed_on) for head in again if head.fate == "won"]
        won = [*still, *(head for head, closed_on in closed if closed_on is not None and closed_on >= since)]
        return sorted(won, key=lambda head: head.id)

    @property
    def quiet_days(self) -> int:
        """The quiet limit of the day."""
        return self._quiet_days

    @cached_property
    def _quiet_days(self) -> int:
        """The quiet limit as it was on that day: today's gaps between contacts, less what came of deals won since."""
        if not self._tells or self.schema.quiet is not None:
            return self.norms.quiet().days
        # A steady deal that was won by then had the gaps that it has today: they end with the order.
        gaps = Counter[int](dict(self.view.cx.execute(GAPS).fetchall()))
        again = self._moved.again
        otherwise = self.view.stale.intersection((*again, *self._apart))
        bound = {"on": self.view.day, "deals": json.dumps(sorted(otherwise))}
        for (own,) in self.view.cx.execute(GAPS_OF, bound):
            gaps.subtract(map(int, own.split()))
        for line in again.values():
            gaps.update(line.gaps)
        return learned_quiet(+gaps).days

    @property
    def _tells(self) -> bool:
        """Whether most deals tell of the day by themselves."""
        return not self.filtered and self.day.known and not self.view.replays and not self.view.late.customers

    @cached_property
    def _apart(self) -> frozenset[int]:
        """Deals of which more is known since."""
        return frozenset(known_later(self.view))

    @cached_property
    def _moved(self) -> _Moved:
        """Live deals as they stood on that day, those won by then, and which have to be built anew for it."""
        view, on = self.view, self.view.day
        ends = {stage.key for stage in self.schema.stages if stage.ends}
        again = set(view.stale & self._apart)
        live, ever_ended, won = list[DealAt](), list[int](), dict[int, date]()
        bound = {"deals": json.dumps(sorted(view.stale - again)), "on": on}
        for deal, fate, closed_on, steady, *stood, visited in view.cx.execute(THEN, bound):
            if not steady:
                again.add(deal)
            elif closed_on is not None and closed_on <= on:
                # A lost one is of no month.
                if fate == "won":
                    won[deal] = _day(closed_on)
            else:
                live.append(_deal_at(deal, stood))
                if not ends.isdisjoint(visited.split()):
                    ever_ended.append(deal)
        bound = {"deals": json.dumps(ever_ended), "on": on, "ends": json.dumps(sorted(ends))}
        ended = {deal for (deal,) in view.cx.execute(ENDED, bound)}
        return _Moved([one for one in live if one.id not in ended], won, self._built(again | ended))

    def _built(self, deals: Collection[int]) -> dict[int, DealHistory]:
        """The lines of deals that are built again; of those that had one."""
        self.view.build_some(deals)
        lines = ((deal, self.view.line(deal)) for deal in sorted(deals))
        return {deal: line[1] for deal, line in lines if line is not None}


def _deal_at(deal: int, stood: Sequence[Any]) -> DealAt:
    """A live deal from what stood of it in a row of `THEN`."""
    began_on, holds, amount, closes, confidence, accepts, heard_on = stood
    return DealAt(
        id=deal,
        stage="",
        fate="live",
        began_on=_day(began_on),
        closed_on=None,
        heard_on=_day(heard_on) if heard_on else None,
        amount=amount,
        closes=read_when(closes) if closes else None,
        accepts=read_when(accepts) if accepts else None,
        confidence=confidence or "",
        next_on=None,
        holds=read_holds(holds) if holds else (),
    )
