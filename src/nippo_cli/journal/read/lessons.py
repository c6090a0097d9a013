"""What lessons ask of finished deals, as it was known on a day: rows that stand as they are, counted by SQL, and the
deals that are folded again, one by one."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from nippo_cli.journal.read import sql_lessons as sql
from nippo_cli.journal.read.base import Days
from nippo_cli.journal.read.lines import promises_by_deal
from nippo_cli.journal.read.picked import LessonFilter, PickedReader, Quietness
from nippo_cli.journal.read.reviews import reviews
from nippo_cli.journal.read.said import Sayings
from nippo_cli.lessons.facts import Ended, LostDeal, RankCount, WonCount
from nippo_cli.lessons.finished import FATES, Fate
from nippo_cli.line.facts import Line
from nippo_cli.line.metrics import rank_before
from nippo_cli.line.span import passes_on

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
        for row in self._rows(sql.LOST, picked, bound, lenient=True):
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

    def lost_one(self, line: Line) -> LostDeal:
        """The same of one lost deal, by its line; its review is left to whoever has it."""
        said = Sayings(self._there)
        ends = [stage.key for stage in self._there.agreement.stages if stage.ends == "lost"]
        return said.completed([self._lost(line, ends, said)], [line.head.id])[0]

    def won(self, picked: LessonFilter, since: date) -> list[WonCount]:
        """The orders of `since` or later."""
        counted: Counter[tuple[str, date]] = Counter()
        bound = {"since": since.isoformat(), "on": self._there.day}
        for owner, month, n in self._rows(sql.WON, picked, bound):
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
        for fate, days, lead, *sums in self._rows(sql.CLOSED_DAYS, picked):
            total.add(fate, days, *sums)
            total.lead[fate][lead] += sums[0]
        bound = self._silence(quiet)
        for first, *sums in self._rows(sql.OPEN_SINCE, picked, bound):
            total.add("open", (on - date.fromisoformat(first)).days, *sums)
        passes = {
            since: passes_on(date.fromisoformat(since), quiet.days, quiet.rest, ()).toordinal() + _JULIAN
            for (since,) in self._rows(sql.SILENCES, picked, bound)
        }
        if passes:
            for days, *sums in self._rows(sql.FIZZLED_DAYS, picked, bound | {"passes": json.dumps(passes)}):
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
        for rank, owner, fizzled, n in self._rows(sql.LIVE_RANKS, picked, self._silence(quiet)):
            counted[rank, owner, "fizzled" if fizzled else "open"] += n
        for head in (*self._held(picked), *(line.head for line in self._lines(picked))):
            if head.fate == "live":
                counted[head.confidence, head.owner, self._fate(head, quiet)] += 1
        return [RankCount(*key, n) for key, n in counted.items()]

    def amounts(self) -> Counter[int]:
        """The amounts of all closed deals, how often each."""
        counted: Counter[int] = Counter(dict(self._rows(sql.FINISHED_AMOUNTS, LessonFilter())))
        for line in self._lines(LessonFilter()):
            if line.head.fate != "live" and line.head.amount is not None:
                counted[line.head.amount] += 1
        return counted

    def matching(self, picked: LessonFilter) -> Iterator[tuple[int, str, int | None]]:
        """The deals that match: id, `won`, `lost` or `live`, and amount."""
        yield from self._rows(sql.MATCHING, picked)
        for line in self._lines(picked):
            yield line.head.id, line.head.fate, line.head.amount

    def ranks_of_closed(self, deals: Collection[int]) -> Iterator[tuple[int, str]]:
        """Of closed deals the rank that each had some while before its end, those without one left out."""
        stale = self._there.unsettled
        asked = json.dumps(sorted(deal for deal in deals if deal not in stale))
        promises = promises_by_deal(self._cx, asked, sql.RANKS_OF_CLOSED)
        for deal, _, _, closed_on in self._cx.execute(sql.CLOSED_OF, (asked,)):
            if rank := rank_before(promises[deal], date.fromisoformat(closed_on)):
                yield deal, rank
        for deal in stale.intersection(deals):
            found = self._there.line(deal)
            closed = found[1].head.closed_on if found else None
            if found is not None and closed is not None and (rank := rank_before(found[1].promises, closed)):
                yield deal, rank

    @staticmethod
    def _lost(line: Line, ends: Collection[str], said: Sayings) -> LostDeal:
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
