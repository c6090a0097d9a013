"""What lessons ask of finished deals, as it was known on a day: rows that stand as they are, counted by SQL, and the
deals that are folded again, one by one."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from nippo_cli.journal.read.base import Days
from nippo_cli.journal.read.lines import promises_by_deal
from nippo_cli.journal.read.picked import LessonFilter, PickedReader, Quietness
from nippo_cli.journal.read.reviews import reviews
from nippo_cli.journal.read.said import Sayings
from nippo_cli.journal.read.statements import CLOSED_OF, RANKS_OF_CLOSED
from nippo_cli.lessons.facts import Ended, LostDeal, RankCount, WonCount
from nippo_cli.lessons.finished import FATES, Fate
from nippo_cli.line.facts import DealHistory
from nippo_cli.line.metrics import rank_before
from nippo_cli.line.span import passes_on

# A lost deal: what it is, its closing entry, and the stage before that.
LOST: Final = """
select d.id, d.customer, d.owner, d.amount, d.began_on, d.closed_on, d.contacts, coalesce(b.stage, ''),
  e.id, e.version, r.schema, r.body
from (select * from deal where fate = 'lost' and closed_on >= :since and closed_on <= :on and {where}) d
cross join stay c on c.deal = d.id and c.seq = (
  select max(x.seq) from stay x where x.deal = d.id and x.stage in (select value from json_each(:ends)))
left join stay b on b.deal = d.id and b.seq = c.seq - 1
cross join entry e on e.id = c.entry cross join record r on r.id = e.id
"""
# Orders by owner and month.
WON: Final = """
select owner, substr(closed_on, 1, 7), count(*) from deal
where fate = 'won' and closed_on >= :since and closed_on <= :on and {where} group by 1, 2
"""
_FIRST = "coalesce(first_contact_on, began_on)"
_SILENT = "coalesce(last_contact_on, began_on)"
# Live deals without a hold that are silent since :silent_since or longer, no next step ahead.
_FIZZLED = f"{_SILENT} <= :silent_since and (next_on is null or substr(next_on, -10) < :on)"
_SUMS = "count(*), coalesce(sum(amount), 0), sum(amount is null)"
# Closed deals by fate, days from the first contact to the end, and lead time.
CLOSED_DAYS: Final = f"""
select fate, cast(julianday(closed_on) - julianday({_FIRST}) as integer),
  cast(julianday(closed_on) - julianday(began_on) as integer), {_SUMS}
from deal where fate <> 'live' and {{where}} group by 1, 2, 3
"""
OPEN_SINCE: Final = f"""
select {_FIRST}, {_SUMS} from deal
where fate = 'live' and holds is null and not ({_FIZZLED}) and {{where}} group by 1
"""
SILENCES: Final = f"""
select distinct {_SILENT} from deal where fate = 'live' and holds is null and {_FIZZLED} and {{where}}
"""
# Fizzled deals by days from the first contact to the day on which their silence passed the limit; `passes` is that day
# (as a Julian day) for each day of a last contact.
FIZZLED_DAYS: Final = f"""
select cast(j.value - julianday({_FIRST}) as integer), {_SUMS}
from (select * from deal where fate = 'live' and holds is null and {_FIZZLED} and {{where}}) d
cross join json_each(:passes) j on j.key = {_SILENT} group by 1
"""
LIVE_RANKS: Final = f"""
select confidence, owner, {_FIZZLED}, count(*) from deal
where fate = 'live' and holds is null and {{where}} group by 1, 2, 3
"""
FINISHED_AMOUNTS: Final = """
select amount, count(*) from deal where fate <> 'live' and amount is not null and {where} group by 1
"""
MATCHING: Final = "select id, fate, amount from deal where {where}"


# What `julianday` counts from, where Python's ordinals begin.
_JULIAN = 1721424.5


class LessonReader(PickedReader):
    """Answers about the finished deals of one day. Made by `Reader.lessons`."""

    def lost(self, picked: LessonFilter, since: date) -> list[LostDeal]:
        """The deals lost on `since` or later, with what their closing entries say and what was learned since."""
        there = self._there
        learned, said = reviews(there), Sayings(there)
        ends = [stage.key for stage in there.agreement.stages if stage.ends == "lost"]
        bound = {"since": since.isoformat(), "on": there.day, "ends": json.dumps(ends)}
        found: list[LostDeal] = []
        silent: set[int] = set()
        day = Days()
        for row in self._rows(LOST, picked, bound, lenient=True):
            deal, customer, owner, amount, began, closed, contacts, stage, entry, version, schema, body = row
            reasons, competitor = said.of_row(entry, version, schema, body)
            lead = (day[closed] - day[began]).days
            known = learned.get(deal)
            found.append(
                LostDeal(deal, customer, owner, amount, day[closed], lead, contacts, stage, reasons, competitor,
                         known[-1] if known else None)
            )  # fmt: skip
            if not reasons or not competitor:
                silent.add(deal)
        for line in self._lines(picked):
            head = line.head
            if head.fate == "lost" and head.closed_on is not None and head.closed_on >= since:
                known = learned.get(head.id)
                found.append(self._lost(line, ends, said)._replace(review=known[-1] if known else None))
                silent.add(head.id)
        return said.completed(found, silent)

    def lost_one(self, line: DealHistory) -> LostDeal:
        """The same of one lost deal, by its line; its review is left to whoever has it."""
        said = Sayings(self._there)
        ends = [stage.key for stage in self._there.agreement.stages if stage.ends == "lost"]
        return said.completed([self._lost(line, ends, said)], [line.head.id])[0]

    def won(self, picked: LessonFilter, since: date) -> list[WonCount]:
        """The orders of `since` or later."""
        counted: Counter[tuple[str, date]] = Counter()
        bound = {"since": since.isoformat(), "on": self._there.day}
        for owner, month, n in self._rows(WON, picked, bound):
            counted[owner, date.fromisoformat(f"{month}-01")] += n
        for line in self._lines(picked):
            head = line.head
            if head.fate == "won" and head.closed_on is not None and head.closed_on >= since:
                counted[head.owner, head.closed_on.replace(day=1)] += 1
        return [WonCount(*key, n) for key, n in counted.items()]

    def ended(self, picked: LessonFilter, quiet: Quietness) -> tuple[dict[Fate, Ended], dict[str, Counter[int]]]:
        """All deals by fate, with the days from their first contact to their end; and lead times of won and lost."""
        total = _Totals()
        on = self._there.as_of.on
        for fate, days, lead, *sums in self._rows(CLOSED_DAYS, picked):
            total.add(fate, days, *sums)
            total.lead[fate][lead] += sums[0]
        bound = self._silence(quiet)
        for first, *sums in self._rows(OPEN_SINCE, picked, bound):
            total.add("open", (on - date.fromisoformat(first)).days, *sums)
        passes = {
            since: passes_on(date.fromisoformat(since), quiet.days, quiet.rest, ()).toordinal() + _JULIAN
            for (since,) in self._rows(SILENCES, picked, bound)
        }
        if passes:
            for days, *sums in self._rows(FIZZLED_DAYS, picked, bound | {"passes": json.dumps(passes)}):
                total.add("fizzled", days, *sums)
        for head in (*self._held(picked), *(line.head for line in self._lines(picked))):
            fate = self._fate(head, quiet)
            end = head.closed_on or (quiet.passes_on(head) if fate == "fizzled" else on)
            total.add(fate, (end - (head.first_contact_on or head.began_on)).days, 1, head.amount or 0,
                      head.amount is None)  # fmt: skip
            if head.closed_on is not None:
                total.lead[head.fate][(head.closed_on - head.began_on).days] += 1
        return total.ended(), total.lead

    def ranks(self, picked: LessonFilter, quiet: Quietness) -> list[RankCount]:
        """Live deals by the rank at which they stand."""
        counted: Counter[tuple[str, str, Fate]] = Counter()
        for rank, owner, fizzled, n in self._rows(LIVE_RANKS, picked, self._silence(quiet)):
            counted[rank, owner, "fizzled" if fizzled else "open"] += n
        for head in (*self._held(picked), *(line.head for line in self._lines(picked))):
            if head.fate == "live":
                counted[head.confidence, head.owner, self._fate(head, quiet)] += 1
        return [RankCount(*key, n) for key, n in counted.items()]

    def amounts(self) -> Counter[int]:
        """The amounts of all closed deals, how often each."""
        counted: Counter[int] = Counter(dict(self._rows(FINISHED_AMOUNTS, LessonFilter())))
        for line in self._lines(LessonFilter()):
            if line.head.fate != "live" and line.head.amount is not None:
                counted[line.head.amount] += 1
        return counted

    def matching(self, picked: LessonFilter) -> Iterator[tuple[int, str, int | None]]:
        """The deals that match: id, `won`, `lost` or `live`, and amount."""
        yield from self._rows(MATCHING, picked)
        for line in self._lines(picked):
            yield line.head.id, line.head.fate, line.head.amount

    def ranks_of_closed(self, deals: Collection[int]) -> Iterator[tuple[int, str]]:
        """Of closed deals the rank that each had some while before its end, those without one left out."""
        stale = self._there.unsettled
        asked = json.dumps(sorted(deal for deal in deals if deal not in stale))
        promises = promises_by_deal(self._cx, asked, RANKS_OF_CLOSED)
        for deal, _, _, closed_on in self._cx.execute(CLOSED_OF, (asked,)):
            if rank := rank_before(promises[deal], date.fromisoformat(closed_on)):
                yield deal, rank
        for deal in stale.intersection(deals):
            found = self._there.line(deal)
            closed = found[1].head.closed_on if found else None
            if found is not None and closed is not None and (rank := rank_before(found[1].promises, closed)):
                yield deal, rank

    @staticmethod
    def _lost(line: DealHistory, ends: Collection[str], said: Sayings) -> LostDeal:
        head = line.head
        place = max(place for place, stay in enumerate(line.stays) if stay.stage in ends)
        closed_on = line.stays[place].entered_on
        reasons, competitor = said.of_entry(line.stays[place].entry)
        return LostDeal(
            head.id, head.customer, head.owner, head.amount, closed_on, (closed_on - head.began_on).days, head.contacts,
            line.stays[place - 1].stage if place else "", reasons, competitor,
        )  # fmt: skip


class _Totals:
    """Deals by fate as they are added up."""

    def __init__(self) -> None:
        self.days: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.n: Counter[str] = Counter()
        self.amount: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.lead: dict[str, Counter[int]] = {"won": Counter(), "lost": Counter()}

    def add(self, fate: str, days: int, n: int, amount: int, unknown: int) -> None:
        # A deal may be closed by an entry before its first contact.
        self.days[fate][max(0, days)] += n
        self.n[fate] += n
        self.amount[fate] += amount
        self.unknown[fate] += unknown

    def ended(self) -> dict[Fate, Ended]:
        return {fate: Ended(self.n[fate], self.amount[fate], self.unknown[fate], self.days[fate]) for fate in FATES}
