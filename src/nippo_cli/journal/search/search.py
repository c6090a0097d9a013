"""What a search finds in the entries, newest first or likeliest first.

A term is held by an entry's own texts, which the index knows, or by the name or the customer of its deal, which stand
with the deal, for they change without the entry. Terms are split accordingly: what a deal holds already is not asked of
its entries any more. Each way of splitting is a stream of entries, newest first; the streams are merged, and no more
is taken of them than is shown and counted. Entries that the day knows otherwise than today are read and held against the
query one by one.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import record_id
from nippo_cli.journal.log import rows
from nippo_cli.journal.read import place_of
from nippo_cli.journal.search.index import bounds, entries_in, entry_of, form_of, marks, texts_of
from nippo_cli.journal.search.query import Query, Term
from nippo_cli.line.facts import AsOf
from nippo_cli.results.entries import EntryView

if TYPE_CHECKING:
    import sqlite3

    from nippo_cli.journal.asof import AsOfView
    from nippo_cli.journal.read import JournalReader

ROWS: Final = (
    "select rowid from search where search match :match and rowid between :first and :last order by rowid desc"
)
BEST: Final = (
    "select rowid from search where search match :match and rowid between :first and :last"
    " order by bm25(search), rowid desc limit :limit"
)
COUNT: Final = "select count(*) from search where search match :match and rowid between :first and :last"
PLACES: Final = """
select e.on_date, e.recorded_at, e.id, e.deal, e.author, e.known_on
from json_each(?) j cross join entry e on e.id = j.value
"""
# A deal's name and customer in their search form, a line each.
DEALS: Final = "select id, {bits} as held from deal indexed by deal_search_text where held"
OF_DEALS: Final = """
select e.on_date, e.recorded_at, e.id, e.deal, e.author, e.known_on from json_each(:deals) j
cross join entry e on e.deal = j.value where e.on_date between :since and :until
order by 1 desc, 2 desc, 3 desc
"""
NEWEST: Final = """
select on_date, recorded_at, id, deal, author, known_on from entry indexed by entry_day
where on_date between :since and :until order by on_date desc, recorded_at desc, id desc
"""
TAIL: Final = "select id from record where id > ? and id <= ?"

# Beyond so many entries the total is said to be this or more.
COUNTED_AT_MOST = 3_000
# Of more deals than these the log is read by the day, for one of them will come soon.
_FEW_DEALS = 3_000
_AT_ONCE_FIRST, _AT_ONCE = 100, 2_000


class SearchScope(NamedTuple):
    """Where is looked: entries of these days, by this author, of these deals; None is everywhere."""

    since: date | None = None
    until: date | None = None
    author: str | None = None
    deals: frozenset[int] | None = None


EVERYWHERE: Final = SearchScope()


class Hits(NamedTuple):
    """Entries, and how many match; where that is not exact, at least so many do."""

    entries: list[EntryView]
    total: int
    is_exact: bool = True


class _LogPlace(NamedTuple):
    """Where an entry stands in the log, and what it may be left out for."""

    on: str
    recorded_at: str
    entry: int
    deal: int | None
    author: str
    known_on: str


def search(
    reader: "JournalReader",
    query: Query,
    as_of: AsOf,
    limit: int = 0,
    *,
    within: SearchScope = EVERYWHERE,
    likeliest: bool = False,
) -> Hits:
    """The entries known on the day that hold all terms of a query, newest first.

    Searched are an entry's texts, customer, people and author, and the name and customer of its deal.

    Args:
        limit: how many are given back; 0: all.
        likeliest: those come first whose texts are about the terms most (Okapi BM25, as FTS5 has it); what only a deal's
            name holds comes behind them.
    """
    if not query.terms:
        return Hits([], 0)
    found = _Search(reader, query, as_of, within)
    if likeliest:
        return found.likeliest(limit)
    return found.newest(limit)


def holds(view: EntryView, query: Query) -> bool:
    """Whether an entry holds every term of a query, and none of those that must not be there."""
    texts = [form_of(texts_of(view.values, view.schema, view.author))]
    if view.deal is not None:
        texts.append(form_of((view.deal.name, view.deal.customer)))

    def held(term: Term) -> bool:
        if term.field is None:
            return term.is_in(texts)
        value = {k: v for k, v in view.values.items() if k == term.field}
        return term.is_in([form_of(texts_of(value, view.schema, ""))])

    return all(map(held, query.terms)) and not any(map(held, query.without))


class _Search:
    """One search on one day."""

    def __init__(self, reader: "JournalReader", query: Query, as_of: AsOf, within: SearchScope) -> None:
        self._cx: sqlite3.Connection = reader.cx
        self._reader, self._query, self._as_of, self._within = reader, query, as_of, within
        self._there: AsOfView = reader.past(as_of)
        first, last = bounds(within.since, within.until)
        self._bounds = {"first": first, "last": last}
        self._days = {
            "since": within.since.isoformat() if within.since else "",
            "until": within.until.isoformat() if within.until else "9999-12-31",
        }
        self._masks = self._deals()
        self._read = frozenset(self._to_be_read())

    def newest(self, limit: int) -> Hits:
        """The newest of them."""
        streams = [self._places(), *self._by_deals()]
        read = [self._views(self._read)] if self._read else []
        merged = merge(*streams, reverse=True) if len(streams) > 1 else streams[0]
        ids = self._each_once(merged)
        if limit and not read and self._counts_itself():
            entries = list(self._verified(islice(ids, limit)))
            return Hits(entries, self._cx.execute(COUNT, self._bounds | {"match": self._match()}).fetchone()[0])
        if not limit:
            entries = sorted((*self._verified(ids), *(read[0] if read else ())), key=place_of, reverse=True)
            return Hits(entries, len(entries))
        return self._counted(ids, read[0] if read else [], limit)

    def likeliest(self, limit: int) -> Hits:
        """Those first that are about the terms most."""
        newest = self.newest(limit)
        bound = self._bounds | {"match": self._match(), "limit": (limit or -1)}
        best = list(entries_in(self._cx, map(itemgetter(0), self._cx.execute(BEST, bound))))
        allowed = {place.entry for place in self._stand(best)}
        entries = list(self._verified(entry for entry in best if entry in allowed))
        there = {view.id for view in entries}
        entries += [view for view in newest.entries if view.id not in there]
        return newest._replace(entries=entries[: limit or None])

    # --- what is told of deals, and what must be read

    def _deals(self) -> dict[int, frozenset[Term]]:
        """Deals whose name or customer holds any of the terms, and which; of today's deals alone."""
        terms = [t for t in (*self._query.terms, *self._query.without) if t.field is None]
        if not terms:
            return {}
        either = [" or ".join(["instr(search_text, ?) > 0"] * len(term.spellings)) for term in terms]
        bits = " | ".join(f"(({any_of}) << {at})" for at, any_of in enumerate(either))
        held = cache(lambda bits: frozenset(term for at, term in enumerate(terms) if bits >> at & 1))
        spellings = [spelling for term in terms for spelling in term.spellings]
        return {deal: held(bits) for deal, bits in self._cx.execute(DEALS.format(bits=bits), spellings)}

    def _to_be_read(self) -> Iterator[int]:
        """The entries of which today's index and deals do not say what the day knew: corrected later, of deals that are
        told otherwise, or not indexed yet."""
        yield from self._there.late.entries
        # Of today's deals those are told by all that is recorded that have entries dated ahead.
        for deal in self._there.unsettled if self._as_of.known else ():
            yield from (place.row[0] for place in self._there.placed(deal))
        for slot, mark, last in marks(self._cx):
            for (record,) in rows(self._cx, TAIL, (record_id(slot, mark), record_id(slot, last))):
                entry = entry_of(self._cx, record)
                if entry is not None:
                    yield entry

    def _views(self, entries: Iterable[int]) -> list[EntryView]:
        return [v for v in self._reader.views(self._as_of, sorted(entries)) if self._fits(v) and holds(v, self._query)]

    def _fits(self, view: EntryView) -> bool:
        within = self._within
        return (
            (within.since is None or view.on >= within.since)
            and (within.until is None or view.on <= within.until)
            and (within.author is None or view.author == within.author)
            and (within.deals is None or (view.deal is not None and view.deal.id in within.deals))
        )

    # --- streams of entries, newest first

    def _match(self, terms: Sequence[Term] | None = None) -> str:
        """The index's query; whoever wrote an entry is among its texts, which leaves few to be looked at."""
        wanted = list(self._query.terms if terms is None else terms)
        if self._within.author is not None:
            author = form_of((self._within.author,))
            wanted += [Term(author)] if author else []
        return self._query.phrase(wanted)

    def _counts_itself(self) -> bool:
        """Whether the index's own count is that of the entries."""
        return (
            not self._masks
            and not self._query.by_field
            and not self._there.as_of.known
            and self._within._replace(since=None, until=None) == EVERYWHERE
        )

    def _places(self, terms: Sequence[Term] | None = None, deals: frozenset[int] | None = None) -> Iterator[_LogPlace]:
        """Entries whose own texts hold the terms."""
        places = self._stand_lazily(self._entries(self._match(terms)))
        return _by_day(place for place in places if deals is None or place.deal in deals)

    def _stand_lazily(self, entries: Iterator[int]) -> Iterator[_LogPlace]:
        """Where entries stand, a few looked up at first, for a page needs few."""
        at_once = _AT_ONCE_FIRST
        while chunk := list(islice(entries, at_once)):
            yield from self._stand(chunk)
            at_once = min(at_once * 2, _AT_ONCE)

    def _stand(self, entries: Sequence[int]) -> list[_LogPlace]:
        """Where entries stand that may be shown, in their order."""
        found = map(_LogPlace._make, self._cx.execute(PLACES, (json.dumps(entries),)))
        return [place for place in found if self._may_be(place)]

    def _may_be(self, place: _LogPlace) -> bool:
        within = self._within
        return (
            place.entry not in self._read
            and (not self._there.as_of.known or place.known_on <= self._there.known)
            and (within.author is None or place.author == within.author)
            and (within.deals is None or place.deal in within.deals)
            and not self._unwanted(place.deal)
        )

    def _unwanted(self, deal: int | None) -> bool:
        return deal is not None and not self._masks.get(deal, frozenset()).isdisjoint(self._query.without)

    def _by_deals(self) -> Iterator[Iterator[_LogPlace]]:
        """A stream for each set of terms that deals hold, of the entries that hold the rest."""
        groups: defaultdict[frozenset[Term], set[int]] = defaultdict(set)
        for deal, terms in self._masks.items():
            held = terms.intersection(self._query.terms)
            if held and not self._unwanted(deal):
                groups[held].add(deal)
        for held, deals in groups.items():
            rest = [term for term in self._query.terms if term not in held]
            if len(deals) <= _FEW_DEALS:
                yield self._holding(self._in_deals(deals), rest)
            elif rest:
                yield self._places(rest, frozenset(deals))
            else:
                yield self._holding(self._in_log(frozenset(deals)), rest)

    def _in_deals(self, deals: set[int]) -> Iterator[_LogPlace]:
        bound = self._days | {"deals": json.dumps(sorted(deals))}
        return filter(self._may_be, map(_LogPlace._make, self._cx.execute(OF_DEALS, bound)))

    def _in_log(self, deals: frozenset[int]) -> Iterator[_LogPlace]:
        places = map(_LogPlace._make, self._cx.execute(NEWEST, self._days))
        return (place for place in places if place.deal in deals and self._may_be(place))

    def _holding(self, places: Iterator[_LogPlace], rest: Sequence[Term]) -> Iterator[_LogPlace]:
        """Of some entries, those whose own texts hold the rest of the terms, and none of those that must not be there."""
        if rest:
            by_entry = {place.entry: place for place in places}
            return _by_day(by_entry[entry] for entry in self._entries(self._match(rest)) if entry in by_entry)
        unwanted = " OR ".join(term.phrase for term in self._query.without if not term.field)
        if not unwanted:
            return places
        without = frozenset(self._entries(unwanted))
        return (place for place in places if place.entry not in without)

    def _entries(self, match: str) -> Iterator[int]:
        """The entries of the index's rows that answer a query, newest first."""
        return entries_in(self._cx, map(itemgetter(0), self._cx.execute(ROWS, self._bounds | {"match": match})))

    # --- putting them together

    @staticmethod
    def _each_once(places: Iterable[_LogPlace]) -> Iterator[int]:
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
        reads_each = self._query.by_field
        most = COUNTED_AT_MOST if not reads_each else 20 * limit
        page = list(self._verified(islice(ids, limit))) if not reads_each else []
        if reads_each:
            matching = self._verified(ids)
            page = list(islice(matching, limit))
            counted = len(page) + sum(1 for _ in islice(matching, most - len(page) + 1))
        else:
            counted = len(page) + sum(1 for _ in islice(ids, most - limit + 1))
        entries = sorted((*page, *read), key=place_of, reverse=True)[:limit]
        total = counted + len(read)
        if total <= most:
            return Hits(entries, total)
        if not reads_each and not self._as_of.known and self._within._replace(since=None, until=None) == EVERYWHERE:
            # What only a deal's name holds comes on top of these.
            at_least = self._cx.execute(COUNT, self._bounds | {"match": self._match()}).fetchone()[0]
            return Hits(entries, max(most, _rounded(at_least) if not self._unwanting_deals() else 0), is_exact=False)
        return Hits(entries, most, is_exact=False)

    def _unwanting_deals(self) -> bool:
        return any(map(self._unwanted, self._masks))


def _rounded(number: int) -> int:
    """A number with its first two digits alone: 304,640 is 300,000."""
    unit: int = 10 ** max(0, len(str(number)) - 2)
    return number // unit * unit


def _by_day(places: Iterator[_LogPlace]) -> Iterator[_LogPlace]:
    """Entries that come day by day, each day's in the order of the log."""
    for _, of_day in groupby(places, key=itemgetter(0)):
        yield from sorted(of_day, reverse=True)
