"""What finished deals add up to, as it was known on a day: rows that stand as they are, counted by SQL, and the deals that
are built again, one by one."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.read import CLOSED_OF, RANKS_OF_CLOSED, LessonFilter, PickedReader, Quietness, promises_by_deal
from nippo_cli.lessons.facts import Ended, RankCount, WonCount
from nippo_cli.lessons.finished import FATES
from nippo_cli.line.facts import AsOf, Outcome, lead_days
from nippo_cli.line.metrics import rank_before
from nippo_cli.line.norm import Quiet
from nippo_cli.line.quantile import Lengths
from nippo_cli.line.span import ClosedDays, passes_on
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader

# Orders by owner and month.
WON: Final = """
select owner, substr(closed_on, 1, 7), count(*) from deal
where fate = 'won' and closed_on >= :since and closed_on <= :on and {where} group by 1, 2
"""
# None where a list is the first to tell of a deal, and says no day on which it began.
_FIRST = "case when begin_known then coalesce(first_contact_on, began_on) end"
_SILENT = "coalesce(last_contact_on, began_on)"
# Live deals without a hold that are silent since :silent_since or longer, no next step ahead. Of one of which nobody knows where it
# stands, nor when it was heard of, it is not known (`line.quiet`).
_PLACED = "(stage <> '' or last_contact_on is not null)"
_FIZZLED = f"{_PLACED} and {_SILENT} <= :silent_since and (next_on is null or substr(next_on, -10) < :on)"
_SUMS = "count(*), coalesce(sum(amount), 0), sum(amount is null)"
CLOSED_SUMS: Final = f"""
select fate, {_SUMS} from deal where fate <> 'live' and closed_on is not null and {{where}} group by 1
"""
# Closed deals by fate and lead time; and of all deals together, as they stand, from the tally.
LEADS: Final = """
select fate, cast(julianday(closed_on) - julianday(began_on) as integer), count(*) from deal
where fate <> 'live' and closed_on is not null and begin_known and {where} group by 1, 2
"""
LEADS_OF_ALL: Final = (
    "select case won when 1 then 'won' else 'lost' end, days, sum(n) from tally where what = 'lead' group by 1, 2"
)
# Of those whose first contact was not their first entry the days from it to the end, beside the lead time.
OTHERWISE_MET: Final = """
select fate, cast(julianday(closed_on) - julianday(first_contact_on) as integer),
  cast(julianday(closed_on) - julianday(began_on) as integer), count(*) from deal
where fate <> 'live' and closed_on is not null and begin_known and first_contact_on <> began_on and {where} group by 1, 2, 3
"""
OPEN_SINCE: Final = f"""
select {_FIRST}, {_SUMS} from deal
where fate = 'live' and holds is null and not ({_FIZZLED}) and {{where}} group by 1
"""
FIZZLED: Final = f"""
select {_SILENT}, {_FIRST}, amount from deal where fate = 'live' and holds is null and {_FIZZLED} and {{where}}
"""
LIVE_RANKS: Final = f"""
select confidence, owner, {_FIZZLED}, count(*) from deal
where fate = 'live' and holds is null and {{where}} group by 1, 2, 3
"""
MATCHING: Final = "select id, fate, amount from deal where {where}"


class LessonScope(NamedTuple):
    """What a lesson is asked: the window's first day; which deals (of a lesson of losses `reached` is where they were lost);
    an age in days (0: none); a text to search for; who asks. `filtered`: some deals are left aside."""

    since: date
    deals: LessonFilter = LessonFilter()
    age: int = 0
    text: str = ""
    author: str = ""
    filtered: bool = False


class EndedDeals(PickedReader):
    """The finished deals of one journal that are asked about, as they were known on one day."""

    def __init__(self, reader: "JournalReader", day: AsOf, scope: LessonScope) -> None:
        super().__init__(reader.past(day))
        self.reader = reader
        self.day = day
        self.as_of = day.on
        self.since, self._picked, self.age, self.text, self._author, self.filtered = scope

    @cached_property
    def schema(self) -> Schema:
        """The schema in force."""
        return self.reader.schema(self.day)

    @cached_property
    def quiet(self) -> Quiet:
        """The quiet limit of the day."""
        return self.reader.norms(self.day).quiet()

    @cached_property
    def rest(self) -> ClosedDays:
        """The closed days."""
        return ClosedDays(self.schema.closures)

    @cached_property
    def quietness(self) -> Quietness:
        """How long a silence may last."""
        return Quietness(self.quiet.days, self.rest)

    def won(self) -> list[WonCount]:
        """The orders of the window."""
        counted: Counter[tuple[str, date]] = Counter()
        bound = {"since": self.since.isoformat(), "on": self._view.day}
        for owner, month, n in self._rows(WON, self._picked, bound):
            counted[owner, date.fromisoformat(f"{month}-01")] += n
        for line in self._lines(self._picked):
            head = line.head
            if head.fate == "won" and head.closed_on is not None and head.closed_on >= self.since:
                counted[head.owner, head.closed_on.replace(day=1)] += 1
        return [WonCount(*key, n) for key, n in counted.items()]

    def ended(self) -> dict[Outcome, Ended]:
        """All deals ever begun by fate, with the days from their first contact to their end."""
        return self._totals.ended()

    def lead_days(self) -> Mapping[str, Lengths]:
        """Lead times of the deals won and lost."""
        return self._totals.lead

    @cached_property
    def _totals(self) -> "_Totals":
        """All deals by fate: those closed, those still open, those that fizzled."""
        total = _Totals()
        on = self._view.as_of.on
        self._count_closed(total)
        bound = self._silence(self.quietness)
        for first, *sums in self._rows(OPEN_SINCE, self._picked, bound):
            total.add("open", (on - date.fromisoformat(first)).days if first else None, *sums)
        passed: dict[str, date] = {}
        for silent, first, amount in self._rows(FIZZLED, self._picked, bound):
            if silent not in passed:
                passed[silent] = passes_on(date.fromisoformat(silent), self.quietness.days, self.quietness.rest, ())
            days = (passed[silent] - date.fromisoformat(first)).days if first else None
            total.add("fizzled", days, 1, amount or 0, amount is None)
        for head in (*self._held(self._picked), *(line.head for line in self._lines(self._picked))):
            fate = self._fate(head, self.quietness)
            end = head.closed_on or (self.quietness.passes_on(head) if fate == "fizzled" else on)
            first_on = (head.first_contact_on or head.began_on) if head.begin_known else None
            days = (end - first_on).days if first_on is not None else None
            total.add(fate, days, 1, head.amount or 0, head.amount is None)
            if (lead := lead_days(head)) is not None:
                total.lead[head.fate][lead] += 1
        return total

    def _count_closed(self, total: "_Totals") -> None:
        """The closed deals that stand as they are. How long all of them took is in the tally, where it is not sorted for anew."""
        for fate, *sums in self._rows(CLOSED_SUMS, self._picked):
            total.add(fate, None, *sums)
        as_stored = self._picked == LessonFilter() and not self._view.stale
        for fate, lead, n in self._cx.execute(LEADS_OF_ALL) if as_stored else self._rows(LEADS, self._picked):
            total.lead[fate][lead] += n
            total.days[fate][lead] += n
        for fate, days, lead, n in self._rows(OTHERWISE_MET, self._picked):
            total.days[fate][lead] -= n
            # A deal may be closed by an entry before its first contact.
            total.days[fate][max(0, days)] += n

    def ranks(self) -> list[RankCount]:
        """Live deals by the rank at which they stand."""
        counted: Counter[tuple[str, str, Outcome]] = Counter()
        for rank, owner, fizzled, n in self._rows(LIVE_RANKS, self._picked, self._silence(self.quietness)):
            counted[rank, owner, "fizzled" if fizzled else "open"] += n
        for head in (*self._held(self._picked), *(line.head for line in self._lines(self._picked))):
            if head.fate == "live":
                counted[head.confidence, head.owner, self._fate(head, self.quietness)] += 1
        return [RankCount(*key, n) for key, n in counted.items()]

    def matching(self) -> Iterator[tuple[int, str, int | None]]:
        """The deals that match: id, `won`, `lost` or `live`, and amount."""
        yield from self._rows(MATCHING, self._picked)
        for line in self._lines(self._picked):
            yield line.head.id, line.head.fate, line.head.amount

    def ranks_of_closed(self, deals: Collection[int]) -> Iterator[tuple[int, str]]:
        """Of closed deals the rank that each had some while before its end, those without one left out."""
        stale = self._view.stale
        asked = json.dumps(sorted(deal for deal in deals if deal not in stale))
        promises = promises_by_deal(self._cx, asked, RANKS_OF_CLOSED)
        for deal, _, _, closed_on in self._cx.execute(CLOSED_OF, (asked,)):
            if rank := rank_before(promises[deal], date.fromisoformat(closed_on)):
                yield deal, rank
        for deal in stale.intersection(deals):
            line = self._view.line(deal)
            closed = line[1].head.closed_on if line else None
            if line is not None and closed is not None and (rank := rank_before(line[1].promises, closed)):
                yield deal, rank


class _Totals:
    """Deals by fate as they are added up."""

    def __init__(self) -> None:
        self.days: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.n: Counter[str] = Counter()
        self.amount: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.lead: dict[str, Counter[int]] = {"won": Counter(), "lost": Counter()}

    def add(self, fate: str, days: int | None, n: int, amount: int, unknown: int) -> None:
        if days is not None:
            # A deal may be closed by an entry before its first contact.
            self.days[fate][max(0, days)] += n
        self.n[fate] += n
        self.amount[fate] += amount
        self.unknown[fate] += unknown

    def ended(self) -> dict[Outcome, Ended]:
        return {fate: Ended(self.n[fate], self.amount[fate], self.unknown[fate], self.days[fate]) for fate in FATES}
