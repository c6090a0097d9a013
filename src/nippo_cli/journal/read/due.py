"""What falls due of live deals about a day: which deals, soonest first. Deals that stand as they are, and are not on hold,
come from an index each, and no more of them is read; the others as heads, to be looked at one by one."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, TypeAlias

from nippo_cli.base.dates import read_when
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.picked import LessonFilter, PickedReader
from nippo_cli.line.facts import DealPlace, DealSummary

# Below, `{where}` leaves out the deals that are built again.
_PLAIN = "from deal {index} where fate = 'live' and holds is null"
STEPS_UPTO: Final = f"""
select substr(next_on, -10), id {_PLAIN.format(index="indexed by deal_next")} and next_on is not null
and substr(next_on, -10) <= :on and {{where}} order by 1, 2
"""
CLOSES_WITHIN: Final = f"""
select substr(closes, -10), id {_PLAIN.format(index="indexed by deal_closes")} and closes is not null
and substr(closes, -10) between :on and :last and {{where}} order by 1, 2
"""
# Of a deal without a next step the day of that is empty.
SILENT_WITHIN: Final = f"""
select coalesce(last_contact_on, began_on), coalesce(substr(next_on, -10), ''), id
{_PLAIN.format(index="indexed by deal_silent")} and coalesce(last_contact_on, began_on) between :first and :last
and (stage <> '' or last_contact_on is not null) and kind in (select value from json_each(:kinds)) and {{where}}
"""
STAYS_WITHIN: Final = f"""
select entered_on, id {_PLAIN.format(index="indexed by deal_live")} and stage = :stage and kind = :kind
and entered_on between :first and :last and {{where}}
"""
LIVE_PLACES: Final = """
select stage, kind, count(*), sum(holds is null) from deal indexed by deal_live where fate = 'live' and {where} group by 1, 2
"""
# Deals lost lately, with what they were worth, those worth most first.
LOST_SINCE: Final = """
select amount, id from deal indexed by deal_closed where fate = 'lost' and closed_on >= :since and amount is not null
and {where} order by amount desc, id
"""

# Of the live deals promised for some days at some ranks: what tells whether one has gone quiet, and what it is worth.
PROMISED_AT: Final = f"""
select id, stage, began_on, last_contact_on, amount, next_on {_PLAIN.format(index="indexed by deal_closes")} and closes is not null
and substr(closes, -10) between :on and :last and confidence in (select value from json_each(:ranks)) and {{where}}
"""
WON_SINCE: Final = """
select id, amount, closed_on from deal indexed by deal_closed where fate = 'won' and closed_on between :first and :on and {where}
"""

DatedDeal: TypeAlias = tuple[str, int]


class DueReader(PickedReader):
    """Answers about live deals on one day, of all owners or of one. Made by `Reader.due`."""

    def __init__(self, view: AsOfView, owner: str | None) -> None:
        super().__init__(view)
        self._picked = LessonFilter(owner=owner)

    def apart(self) -> Iterator[DealSummary]:
        """The live deals that none of the questions below tells of: those ever on hold, and those built again."""
        yield from self._held(self._picked)
        yield from (line.head for line in self._lines(self._picked) if line.head.fate == "live")

    def places(self) -> Iterator[tuple[str, str, int, int]]:
        """Each stage and kind that live deals are of, how many of them, and how many that are not `apart`."""
        yield from self._rows(LIVE_PLACES, self._picked)

    def steps_upto(self, on: date) -> list[DatedDeal]:
        """The deals whose next step's last day is `on` or before it, by that day."""
        return list(self._rows(STEPS_UPTO, self._picked, {"on": on.isoformat()}))

    def closes_within(self, first: date, last: date) -> list[DatedDeal]:
        """The deals whose expected close, or the last day of it, lies within, by that day."""
        return list(self._rows(CLOSES_WITHIN, self._picked, {"on": first.isoformat(), "last": last.isoformat()}))

    def silent_within(self, first: date, last: date, kinds: Iterable[str]) -> Iterator[tuple[str, str, int]]:
        """The deals of these kinds whose last contact lies within: the day of it, the last day of their next step (empty:
        none), the deal."""
        bound = {"first": first.isoformat(), "last": last.isoformat(), "kinds": json.dumps(sorted(set(kinds)))}
        return self._rows(SILENT_WITHIN, self._picked, bound)

    def stays_within(self, stage: str, kind: str, first: date, last: date) -> Iterator[DatedDeal]:
        """The deals of a kind that entered a stage within, with the day."""
        bound = {"stage": stage, "kind": kind, "first": first.isoformat(), "last": last.isoformat()}
        return self._rows(STAYS_WITHIN, self._picked, bound)

    def promised_at(self, first: date, last: date, ranks: Iterable[str]) -> Iterator[DealPlace]:
        """The deals at these ranks whose expected close, or the last day of it, lies within."""
        bound = {"on": first.isoformat(), "last": last.isoformat(), "ranks": json.dumps(sorted(ranks))}
        for deal, stage, began_on, contact, amount, next_on in self._rows(PROMISED_AT, self._picked, bound):
            yield DealPlace(
                deal, stage, "live", date.fromisoformat(began_on), date.fromisoformat(contact) if contact else None, amount,
                read_when(next_on) if next_on else None, (),
            )  # fmt: skip

    def won_between(self, first: date, last: date) -> int:
        """What was ordered from one day to another, both included."""
        bound = {"first": first.isoformat(), "on": last.isoformat()}
        stored = sum(amount or 0 for _, amount, _ in self._rows(WON_SINCE, self._picked, bound))
        heads = (line.head for line in self._lines(self._picked) if line.head.fate == "won")
        return stored + sum(h.amount or 0 for h in heads if h.closed_on is not None and first <= h.closed_on <= last)

    def lost_since(self, since: date) -> list[tuple[int, int]]:
        """What each deal lost on `since` or later was worth, and the deal: those worth most first, those without an amount
        left out."""
        lost = list(self._rows(LOST_SINCE, self._picked, {"since": since.isoformat()}))
        for line in self._lines(self._picked):
            head = line.head
            if head.fate == "lost" and head.amount is not None and head.closed_on and head.closed_on >= since:
                lost.append((head.amount, head.id))
        return sorted(lost, key=lambda one: (-one[0], one[1]))
