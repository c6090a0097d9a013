"""What a search finds in the entries, newest first or likeliest first.

Streams of entries are merged, and no more is taken of them than is shown and counted. Entries that the day knows
otherwise than today are read and held against the query one by one.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.read import HELD_AT_MOST, place_of
from nippo_cli.journal.search.index import entries_in
from nippo_cli.journal.search.newest_days import NewestDays
from nippo_cli.journal.search.query import Query, holds
from nippo_cli.journal.search.streams import EVERYWHERE, FEW, ROWS, LogPlace, SearchScope, bits_of
from nippo_cli.line.facts import AsOf
from nippo_cli.results.entries import EntryList, EntryView

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader, ReadLater

BEST: Final = """
select rowid from search where search match :match and rowid between max(:first, :from) and :last
order by bm25(search), rowid desc limit :best
"""
INCOMPLETE: Final = """
select count(*) from json_each(?) j cross join entry e on e.id = j.value where e.incomplete
"""
# The first row that is not ranked any more.
RANKED_FROM: Final = ROWS + " limit 1 offset :ranked"
COUNT: Final = """
select count(*) from (select 1 from search where search match :match and rowid between :first and :last limit :most + 1)
"""
OF_SCOPE: Final = """
select e.id from json_each(:deals) j cross join entry e on e.deal = j.value
union select e.id from json_each(:spelled) j cross join entry e on e.customer = j.value limit :most
"""
ANY_DEAL: Final = "select 1 from deal indexed by deal_search_text where {bits} limit 1"
OF_OTHER_DEALS: Final = """
select count(*) from json_each(?) j cross join entry e on e.id = j.value left join deal d on d.id = e.deal
where not coalesce({bits}, 0)
"""

# Where so few may be hits, all of them are read.
READ_AT_MOST = 500
# So many entries are counted one by one, and so many by the index; beyond, the total is said to be this or more.
COUNTED_AT_MOST, INDEX_COUNTS_AT_MOST = 1_000, 50_000
# What the index counts takes the longer, the more characters it looks for, up to four, up to twelve, more; and the more terms,
# for it passes over all that hold but some of them.
_FEW_CHARACTERS, _SOME_CHARACTERS, _SOME, _MANY_TERMS = 4, 12, 10_000, 3
# So many that hold the terms are looked at for those whose deals hold what must not be there.
_LOOKED_AT = 4_000
# Of a word that more entries hold, so many of the newest are ranked.
RANKED_AT_MOST = 100_000
_SPARE = 20
_AT_ONCE = 2_000


class Hits(NamedTuple):
    """Entries, many of them read later; how many match, or where that is not exact, at least so many do."""

    entries: list[EntryView] | EntryList
    total: int
    is_exact: bool = True
    incomplete_of_many: int = 0

    @property
    def incomplete(self) -> int:
        """How many of these entries are incomplete."""
        many = isinstance(self.entries, EntryList)
        return self.incomplete_of_many if many else sum(view.incomplete for view in self.entries)


def search(
    reader: "JournalReader",
    query: Query,
    as_of: AsOf,
    limit: int = 0,
    *,
    within: SearchScope = EVERYWHERE,
    likeliest: bool = False,
    later: "ReadLater | None" = None,
) -> Hits:
    """The entries known on the day that hold all terms of a query, newest first.

    Searched are an entry's texts, customer, people and author, and the name and customer of its deal.

    Args:
        limit: how many are given back; 0: all.
        likeliest: those come first whose texts are about the terms most (Okapi BM25, as FTS5 has it); what only a deal's
            name holds comes behind them.
        later: reads the entries of many hits when they are gone through; without it they are held.
    """
    if not query.terms:
        return Hits([], 0)
    search = _Search(reader, query, as_of, within)
    if not likeliest and (hits := search.of_scope(limit)) is not None:
        return hits
    if later is not None and not 0 < limit <= HELD_AT_MOST:
        return search.many(limit, later, likeliest=likeliest)
    if likeliest:
        return search.likeliest(limit)
    return search.newest(limit)


class _Search(NewestDays):
    """One search on one day."""

    def of_scope(self, limit: int) -> Hits | None:
        """Those of deals and a customer with so few entries that they are all read; None where they have more."""
        within = self._within
        if within.deals is None:
            return None
        spelled = list(self._there.spellings(within.customer)) if within.customer is not None else []
        asked = {"deals": json.dumps([*within.deals]), "spelled": json.dumps(spelled), "most": READ_AT_MOST + 1}
        ids = [entry for (entry,) in self._cx.execute(OF_SCOPE, asked)]
        if len(ids) > READ_AT_MOST:
            return None
        entries = sorted(self._views({*ids, *self._read}), key=place_of, reverse=True)
        return Hits(entries[: limit or None], len(entries))

    def newest(self, limit: int) -> Hits:
        """The newest of them."""
        read = [self._views(self._read)] if self._read else []
        if limit and (hits := self._of_newest_days(limit, read[0] if read else [])) is not None:
            return hits
        ids = self._each_once(self._merged())
        if limit and not read and self._counts_itself() and not self._is_loose:
            entries = list(self._verified(islice(ids, limit)))
            return Hits(entries, *self._index_count)
        if not limit:
            entries = sorted((*self._verified(ids), *(read[0] if read else ())), key=place_of, reverse=True)
            return Hits(entries, len(entries))
        return self._counted(ids, read[0] if read else [], limit)

    def _of_newest_days(self, limit: int, read: Sequence[EntryView]) -> Hits | None:
        """The newest of so many that they are not counted, where the newest days have enough of them."""
        many = self._many() if self._stands_by_days() else None
        page = self._newest_page(limit) if many is not None else None
        if many is None or page is None:
            return None
        entries = sorted((*self._verified(page), *read), key=place_of, reverse=True)
        return Hits(entries[:limit], many, is_exact=False)

    def likeliest(self, limit: int) -> Hits:
        """Those first that are about the terms most."""
        newest = self.newest(limit)
        matching = self._verified(place.entry for place in self._stand_lazily(self._ranked(limit)))
        entries = list(islice(matching, limit or None))
        there = {view.id for view in entries}
        entries += [view for view in newest.entries if view.id not in there]
        return newest._replace(entries=entries[: limit or None])

    def many(self, limit: int, later: "ReadLater", *, likeliest: bool) -> Hits:
        """All of them, or more than are held: read later, where they are as many.

        What the index says of them is taken as it is, unless it doesn't say it all: then each is read for it, and forgotten.
        """
        from array import array

        read = self._views(self._read)
        newest = (place[:3] for place in self._merged())
        merged = merge(newest, sorted(map(place_of, read), reverse=True), reverse=True)
        # An entry that comes in several streams comes from each at once.
        ids = array("q", self._sure(entry for (*_, entry), _ in groupby(merged)))
        if len(ids) <= HELD_AT_MOST:
            return self.likeliest(limit) if likeliest else self._all_held(ids, limit)
        if likeliest:
            ranked = dict.fromkeys(self._sure(place.entry for place in self._stand_lazily(self._ranked(0))))
            ids = array("q", chain(ranked, (entry for entry in ids if entry not in ranked)))
        shown = ids[: limit or None]
        return Hits(EntryList(shown, later), len(ids), incomplete_of_many=self._incomplete(shown, read))

    # --- putting them together

    def _merged(self) -> Iterator[LogPlace]:
        streams = [self._places(), *self._by_deals()]
        return merge(*streams, reverse=True) if len(streams) > 1 else streams[0]

    def _all_held(self, ids: Iterable[int], limit: int) -> Hits:
        entries = list(self._verified(ids))
        return Hits(entries[: limit or None], len(entries))

    def _sure(self, entries: Iterable[int]) -> Iterator[int]:
        """Those that are hits, where the index alone doesn't say so."""
        if self._query.by_field or self._is_loose:
            return (view.id for view in self._verified(entries))
        return iter(entries)

    def _incomplete(self, entries: Sequence[int], read: Sequence[EntryView]) -> int:
        """How many of these entries are incomplete."""
        of_read = {view.id: view.incomplete for view in read}
        total = sum(of_read[entry] for entry in entries if entry in of_read)
        stored = (entry for entry in entries if entry not in of_read)
        while some := list(islice(stored, _AT_ONCE)):
            total += self._cx.execute(INCOMPLETE, (json.dumps(some),)).fetchone()[0]
        return total

    @staticmethod
    def _each_once(places: Iterable[LogPlace]) -> Iterator[int]:
        met = set[int]()
        for place in places:
            if place.entry not in met:
                met.add(place.entry)
                yield place.entry

    def _verified(self, entries: Iterable[int]) -> Iterator[EntryView]:
        """The entries themselves. What the index says of a damaged one, or of a field, is held against what it says."""
        return (view for view in self._reader.views(self._as_of, entries) if holds(view, self._query))

    def _counted(self, ids: Iterator[int], read: list[EntryView], limit: int) -> Hits:
        """The newest, and how many there are, counted as far as it is cheap: what must be read for it is not."""
        if self._query.by_field or self._is_loose:
            most = 20 * limit if self._query.by_field else COUNTED_AT_MOST
            matching = self._verified(ids)
            page = list(islice(matching, limit))
            rest: Iterator[object] = matching
        else:
            most, rest = COUNTED_AT_MOST, ids
            page = list(self._verified(islice(ids, limit)))
        entries = sorted((*page, *read), key=place_of, reverse=True)[:limit]
        # What only a deal's name holds comes on top of what the index counts.
        shows_all = not (read or self._is_loose) and self._shows_all_indexed()
        at_least, is_all = self._index_count if shows_all else (0, True)
        if at_least > most or not is_all:
            return Hits(entries, _rounded(at_least), is_exact=False)
        total = len(page) + sum(1 for _ in islice(rest, most - len(page) + 1))
        return Hits(entries, total + len(read)) if total <= most - len(read) else Hits(entries, most, is_exact=False)

    def _shows_all_indexed(self) -> bool:
        """Whether all entries that the index has for the terms are hits, be there others besides."""
        return (
            not (self._query.by_field or self._unwanted or self._as_of.known)
            and self._within._replace(since=None, until=None) == EVERYWHERE
        )

    def _many(self) -> int | None:
        """A number of hits that there are more of, known without a look at which deals hold the terms; None where it takes one."""
        if self._few() is not None or self._index_count[1]:
            return None
        without = [term for term in self._query.without if term.field is None]
        bits, texts = bits_of(without) if without else ("0", [])
        if not without or self._cx.execute(ANY_DEAL.format(bits=bits), texts).fetchone() is None:
            # What is read may be in the index as it was.
            n = _rounded(self._index_count[0] - len(self._read))
            return n if n >= COUNTED_AT_MOST else None
        entries = [entry for entry in islice(self._entries(), _LOOKED_AT) if entry not in self._read]
        (n,) = self._cx.execute(OF_OTHER_DEALS.format(bits=bits), (json.dumps(entries), *texts)).fetchone()
        return COUNTED_AT_MOST if n > COUNTED_AT_MOST else None

    @cached_property
    def _index_count(self) -> tuple[int, bool]:
        """How many entries hold the terms in their own texts, and whether that is exact."""
        few = self._few()
        if few is not None:
            return len(few), True
        n, most = self._query.characters, INDEX_COUNTS_AT_MOST
        if n > _FEW_CHARACTERS:
            most = min(most, _SOME if n <= _SOME_CHARACTERS else COUNTED_AT_MOST)
        if len(self._query.terms) >= _MANY_TERMS:
            most = COUNTED_AT_MOST
        if most <= FEW:
            # They are more, for they are not few.
            return most, False
        (n,) = self._cx.execute(COUNT, self._bounds | {"match": self._match(), "most": most}).fetchone()
        return min(n, most), n <= most

    def _ranked(self, limit: int) -> Iterator[int]:
        """The entries whose own texts hold the terms, likeliest first; of more than are ranked the newest, where it is not
        said in which to look."""
        bound: dict[str, Any] = self._bounds | {"match": self._match(), "from": 0, "best": -1}
        if self._shows_all_indexed() and self._few() is None:
            # A few more than are shown, for one that is damaged or not as it was indexed is left out.
            bound["best"] = limit + len(self._read) + _SPARE if limit else -1
            beyond = self._cx.execute(RANKED_FROM, bound | {"ranked": RANKED_AT_MOST}).fetchone()
            bound["from"] = beyond[0] + 1 if beyond else 0
        return entries_in(self._cx, (rowid for (rowid,) in self._cx.execute(BEST, bound)))


def _rounded(number: int) -> int:
    """A number with its first two digits alone: 304,640 is 300,000."""
    unit: int = 10 ** max(0, len(str(number)) - 2)
    return number // unit * unit
