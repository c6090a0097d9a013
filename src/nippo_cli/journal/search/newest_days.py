"""The first page of a search out of the newest days alone: of a word that many entries hold, nobody need know which of all the
deals hold it, too."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Final

from nippo_cli.journal.search.index import bounds, day_of, entries_in
from nippo_cli.journal.search.streams import EVERYWHERE, ROWS, EntryStreams, LogPlace, bits_of

# The row that so many newer ones hold the terms beside.
NTH_NEWEST: Final = ROWS + " limit 1 offset :nth"
# How many entries these days have, and no further.
N_SINCE: Final = """
select count(*) from (select 1 from entry indexed by entry_day where on_date between ? and ? limit ?)
"""
# Entries, with a bit for each term that their deals' names or customers hold.
HELD_SINCE: Final = """
select coalesce({bits}, 0), e.on_date, e.recorded_at, e.id, e.deal, e.author, e.known_on, e.customer
from entry e indexed by entry_day left join deal d on d.id = e.deal where e.on_date between ? and ?
order by e.on_date desc, e.recorded_at desc, e.id desc
"""
# On days of more entries than these, a look at all deals takes no longer.
_MOST_ENTRIES = 4_000


class NewestDays(EntryStreams):
    """The hits of one search on its newest days."""

    def _stands_by_days(self) -> bool:
        """Whether the newest days tell the newest hits: what is asked for is neither a field's, nor a past day's, nor somebody's."""
        is_everywhere = self._within._replace(since=None, until=None) == EVERYWHERE
        return is_everywhere and not (self._query.by_field or self._as_of.known)

    def _newest_page(self, limit: int) -> list[int] | None:
        """The newest so many entries that hold the terms; None where these days have fewer, or too many others."""
        # Some of those that hold the terms by themselves may be left out for what their deals hold.
        nth = next(self._rows(NTH_NEWEST, self._match(), nth=2 * limit if self._query.without else limit), None)
        if nth is None:
            return None
        day = day_of(nth)
        days = (day.isoformat(), self._days["until"])
        if self._cx.execute(N_SINCE, (*days, _MOST_ENTRIES + 1)).fetchone()[0] > _MOST_ENTRIES:
            return None
        bits, texts = bits_of(self._terms_of_deals)
        rows = self._cx.execute(HELD_SINCE.format(bits=bits), (*texts, *days))
        places = [(held, LogPlace(*place)) for held, *place in rows]
        is_hit = self._held_since(day)
        hits = [place.entry for held, place in places if self._is_looked_at(place) and is_hit(place.entry, held)]
        return hits[:limit] if len(hits) >= limit else None

    def _held_since(self, day: date) -> Callable[[int, int], bool]:
        """Whether an entry from this day on is a hit, told by its own texts and what its deal holds."""
        terms, first = self._terms_of_deals, max(self._bounds["first"], bounds(day, None)[0])

        def own(match: str) -> frozenset[int]:
            return frozenset(entries_in(self._cx, self._rows(ROWS, match, first=first)))

        @cache
        def hits_of(held: int) -> Callable[[int], bool]:
            """Whether an entry is a hit if its deal holds so much."""
            there = {term for at, term in enumerate(terms) if held >> at & 1}
            if not there.isdisjoint(self._query.without):
                return lambda _entry: False
            rest = [term for term in self._query.terms if term not in there]
            if rest:
                return own(self._match(rest)).__contains__
            without = own(self._query.unwanted) if self._query.unwanted else frozenset[int]()
            return lambda entry: entry not in without

        return lambda entry, held: hits_of(held)(entry)
