"""The entries that may answer a search, as streams: newest first, and read no further than they are asked for.

A term is held by an entry's own texts, which the index knows, or by the name or the customer of its deal, which stand
with the deal, for they change without the entry. Terms are split accordingly: what a deal holds already is not asked of
its entries any more. Each way of splitting is a stream.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import record_id
from nippo_cli.base.persons import same_person
from nippo_cli.journal.log import rows
from nippo_cli.journal.read import customer_of, spelled_authors
from nippo_cli.journal.search.form import form_of
from nippo_cli.journal.search.index import bounds, entries_in, entry_of, marks
from nippo_cli.journal.search.query import Query, Term, holds
from nippo_cli.line.facts import AsOf
from nippo_cli.results.entries import EntryView

if TYPE_CHECKING:
    import sqlite3

    from nippo_cli.journal.asof import AsOfView
    from nippo_cli.journal.read import JournalReader

ROWS: Final = (
    "select rowid from search where search match :match and rowid between :first and :last order by rowid desc"
)
# The index is read oldest first in two thirds of the time.
OLDEST: Final = """
select rowid from search where search match :match and rowid between :first and :last order by rowid limit :few + 1
"""
# By its place it tells how rare a character is: the later the row, the fewer hold it.
HUNDREDTH: Final = "select rowid from search where search match :match order by rowid limit 1 offset 99"
PLACES: Final = """
select e.on_date, e.recorded_at, e.id, e.deal, e.author, e.known_on, e.customer
from json_each(?) j cross join entry e on e.id = j.value
"""
# A deal's name and customer in their search form, a line each: all the deals that hold any of the terms, and which they hold.
DEALS: Final = """
select json_group_array(id), json_group_array(held)
from (select id, {bits} as held from deal indexed by deal_search_text where held)
"""
# The same of a single term.
DEALS_OF_ONE: Final = """
select json_group_array(id), json_group_array(1) from deal indexed by deal_search_text where {bits}
"""
OF_DEALS: Final = """
select e.on_date, e.recorded_at, e.id, e.deal, e.author, e.known_on, e.customer from json_each(:deals) j
cross join entry e on e.deal = j.value where e.on_date between :since and :until
order by 1 desc, 2 desc, 3 desc
"""
NEWEST: Final = """
select on_date, recorded_at, id, deal, author, known_on, customer from entry indexed by entry_day
where on_date between :since and :until order by on_date desc, recorded_at desc, id desc
"""
TAIL: Final = "select id from record where id > ? and id <= ?"

# Of more deals than these the log is read by the day, for one of them will come soon.
_FEW_DEALS = 3_000
_AT_ONCE_FIRST, _AT_ONCE = 100, 2_000
# Behind every row.
_NEVER = 1 << 63
# So many rows of the index are read whole before it is asked for the newest: a word that few hold, or nobody, is then
# answered at once. So many are held against their texts.
FEW, _FEW_TEXTS = 1_000, 100


class SearchScope(NamedTuple):
    """Where is looked: entries of these days, by this author in any spelling, of these deals or naming this customer; None is
    everywhere."""

    since: date | None = None
    until: date | None = None
    author: str | None = None
    deals: frozenset[int] | None = None
    customer: str | None = None


EVERYWHERE: Final = SearchScope()


class LogPlace(NamedTuple):
    """Where an entry stands in the log, and what it may be left out for."""

    on: str
    recorded_at: str
    entry: int
    deal: int | None
    author: str
    known_on: str
    customer: str | None


class EntryStreams:
    """The streams of one search on one day."""

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
        self._authors = spelled_authors(self._cx, within.author) if within.author is not None else []
        # What `_few` found, by the terms; and whether some of it may not be what is looked for.
        self._known_few: dict[tuple[Term, ...], list[int] | None] = {}
        self._is_loose = False
        self._read = frozenset(self._to_be_read())

    @property
    def _terms_of_deals(self) -> list[Term]:
        """The terms that may stand in what a deal or its customer is called, those that must not be there among them."""
        return [term for term in (*self._query.terms, *self._query.without) if term.field is None]

    @cached_property
    def _held(self) -> dict[frozenset[Term], frozenset[int]]:
        """The deals whose name or customer holds any of the terms, by those that they hold; of today's deals alone."""
        terms = self._terms_of_deals
        if not terms:
            return {}
        bits, texts = bits_of(terms)
        statement = (DEALS if len(terms) > 1 else DEALS_OF_ONE).format(bits=bits)
        deals_and_held = map(json.loads, self._cx.execute(statement, texts).fetchone())
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for deal, held in zip(*deals_and_held, strict=True):
            groups[held].append(deal)
        return {
            frozenset(term for at, term in enumerate(terms) if held >> at & 1): frozenset(deals)
            for held, deals in groups.items()
        }

    @cached_property
    def _unwanted(self) -> frozenset[int]:
        """Those that hold what must not be there."""
        groups = [deals for held, deals in self._held.items() if not held.isdisjoint(self._query.without)]
        return frozenset[int]().union(*groups)

    def _to_be_read(self) -> Iterator[int]:
        """The entries of which today's index and deals do not say what the day knew: corrected later, of deals that are
        told otherwise, or not indexed yet."""
        yield from self._there.late.entries
        # Of today's deals those are told by all that is recorded that have entries dated ahead.
        for deal in self._there.stale if self._as_of.known else ():
            yield from (place.row[0] for place in self._there.placed(deal))
        for slot, mark, _ in marks(self._cx):
            # Those too that a sync brings before others of lower numbers.
            for (record,) in rows(self._cx, TAIL, (record_id(slot, mark), record_id(slot + 1, 0))):
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
            and (within.author is None or same_person(view.author, within.author))
            and self._is_within(view.deal.id if view.deal is not None else None, customer_of(view))
        )

    # --- streams of entries, newest first

    def _match(self, terms: Sequence[Term] | None = None) -> str:
        """The index's query; whoever wrote an entry is among its texts, which leaves few to be looked at."""
        wanted = list(self._query.terms if terms is None else terms)
        if self._within.author is not None and len(self._authors) == 1:
            author = form_of((self._authors[0],))
            wanted += [Term(author)] if author else []
        return self._query.phrase(wanted)

    def _counts_itself(self) -> bool:
        """Whether the index's own count is that of the entries."""
        return (
            not self._held
            and not self._query.by_field
            and not self._there.as_of.known
            and self._within._replace(since=None, until=None) == EVERYWHERE
        )

    def _places(self, terms: Sequence[Term] | None = None, deals: frozenset[int] | None = None) -> Iterator[LogPlace]:
        """Entries whose own texts hold the terms."""
        places = self._stand_lazily(self._entries(terms))
        return _by_day(place for place in places if deals is None or place.deal in deals)

    def _stand_lazily(self, entries: Iterator[int]) -> Iterator[LogPlace]:
        """Where entries stand, a few looked up at first, for a page needs few."""
        at_once = _AT_ONCE_FIRST
        while chunk := list(islice(entries, at_once)):
            yield from self._stand(chunk)
            at_once = min(at_once * 2, _AT_ONCE)

    def _stand(self, entries: Sequence[int]) -> list[LogPlace]:
        """Where entries stand that may be shown, in their order."""
        places = map(LogPlace._make, self._cx.execute(PLACES, (json.dumps(entries),)))
        return [place for place in places if self._may_be(place)]

    def _may_be(self, place: LogPlace) -> bool:
        return self._is_looked_at(place) and place.deal not in self._unwanted

    def _is_looked_at(self, place: LogPlace) -> bool:
        """Whether an entry is known on the day, and in the scope, and none of those that are read."""
        within = self._within
        return (
            place.entry not in self._read
            and (not self._there.as_of.known or place.known_on <= self._there.known)
            and (within.author is None or same_person(place.author, within.author))
            and self._is_within(place.deal, place.customer)
        )

    def _is_within(self, deal: int | None, customer: str | None) -> bool:
        """Whether an entry is looked at for its deal, or for the customer that it names."""
        within = self._within
        if within.deals is None or deal in within.deals:
            return True
        return bool(within.customer and customer) and self._there.customers.same(customer or "", within.customer or "")

    def _by_deals(self) -> Iterator[Iterator[LogPlace]]:
        """A stream for each set of terms that deals hold, of the entries that hold the rest."""
        groups: defaultdict[frozenset[Term], set[int]] = defaultdict(set)
        for terms, deals_holding in self._held.items():
            wanted = terms.intersection(self._query.terms)
            if wanted and terms.isdisjoint(self._query.without):
                groups[wanted] |= deals_holding
        for held, deals in groups.items():
            rest = [term for term in self._query.terms if term not in held]
            if len(deals) <= _FEW_DEALS:
                yield self._holding(self._in_deals(deals), rest)
            elif rest:
                yield self._places(rest, frozenset(deals))
            else:
                yield self._holding(self._in_log(frozenset(deals)), rest)

    def _in_deals(self, deals: set[int]) -> Iterator[LogPlace]:
        bound = self._days | {"deals": json.dumps(sorted(deals))}
        return filter(self._may_be, map(LogPlace._make, self._cx.execute(OF_DEALS, bound)))

    def _in_log(self, deals: frozenset[int]) -> Iterator[LogPlace]:
        places = map(LogPlace._make, self._cx.execute(NEWEST, self._days))
        return (place for place in places if place.deal in deals and self._may_be(place))

    def _holding(self, places: Iterator[LogPlace], rest: Sequence[Term]) -> Iterator[LogPlace]:
        """Of some entries, those whose own texts hold the rest of the terms, and none of those that must not be there."""
        if rest:
            by_entry = {place.entry: place for place in places}
            return _by_day(by_entry[entry] for entry in self._entries(rest) if entry in by_entry)
        return self._without(places) if self._query.unwanted else places

    def _without(self, places: Iterator[LogPlace]) -> Iterator[LogPlace]:
        """Of entries, newest first, those whose own texts hold nothing that must not be there: asked of the days of a few at a time."""
        at_once = _AT_ONCE_FIRST
        while chunk := list(islice(places, at_once)):
            (first, _), (_, last) = (bounds(day, day) for day in (date.fromisoformat(chunk[at].on) for at in (-1, 0)))
            without = frozenset(entries_in(self._cx, self._rows(ROWS, self._query.unwanted, first=first, last=last)))
            yield from (place for place in chunk if place.entry not in without)
            at_once = min(at_once * 2, _AT_ONCE)

    def _entries(self, terms: Sequence[Term] | None = None) -> Iterator[int]:
        """The entries whose own texts hold the terms, newest first."""
        few = self._few(terms)
        return entries_in(self._cx, self._rows(ROWS, self._match(terms)) if few is None else few)

    def _rows(self, statement: str, match: str, **bound: int) -> Iterator[int]:
        """The index's rows that answer a query, as a statement has them."""
        return map(itemgetter(0), self._cx.execute(statement, self._bounds | {"match": match} | bound))

    def _few(self, terms: Sequence[Term] | None = None) -> list[int] | None:
        """All of the index's rows that hold the terms, newest first, where they are few; else None.

        Of a long phrase they may be more: those that hold a part of it that few hold (`_is_loose`).
        """
        key = self._query.terms if terms is None else tuple(terms)
        if key not in self._known_few:
            rows = self._few_by_part(key)
            if rows is None:
                rows = list(self._rows(OLDEST, self._match(key), few=FEW))
                rows = rows if len(rows) <= FEW else None
            self._known_few[key] = rows[::-1] if rows is not None else None
        return self._known_few[key]

    def _few_by_part(self, terms: Sequence[Term]) -> list[int] | None:
        """The rows that hold a part of a long phrase, where few do: a phrase takes the longer, the more characters it has."""
        for part in self._rarest_first([part for term in terms for part in term.parts]):
            rows = list(self._rows(OLDEST, part.phrase, few=_FEW_TEXTS))
            if len(rows) <= _FEW_TEXTS:
                self._is_loose = self._is_loose or bool(rows)
                return rows
        return None

    def _rarest_first(self, parts: Sequence[Term]) -> list[Term]:
        """Parts of phrases in the order in which the index can tell of them: it reads on in the rows of the rarest character, where a
        part that nobody wrote of the commonest takes ten times as long."""
        hundredth = {
            char: next(self._rows(HUNDREDTH, Term(char).phrase), _NEVER)
            for char in dict.fromkeys("".join(part.text for part in parts))
        }
        return sorted(parts, key=lambda part: max(map(hundredth.__getitem__, part.text)), reverse=True)


def bits_of(terms: Sequence[Term]) -> tuple[str, list[str]]:
    """An expression of SQL with a bit for each term that a deal's name or customer holds, and the texts that it is asked with."""
    asked = [_asked_of_deal(term) for term in terms]
    bits = " | ".join(f"(({condition}) << {at})" for at, (condition, _) in enumerate(asked))
    return f"({bits})", [text for _, own in asked for text in own]


def _asked_of_deal(term: Term) -> tuple[str, Sequence[str]]:
    """A condition of SQL whether a deal's name or customer holds a term, and the texts that it is asked with."""
    condition = " or ".join(["instr(search_text, ?) > 0"] * len(term.spellings))
    if not term.core:
        return condition, term.spellings
    # Most deals don't hold what all spellings share, and are asked no more. An `and` would ask all the same.
    return f"case when instr(search_text, ?) > 0 then {condition} else 0 end", (term.core, *term.spellings)


def _by_day(places: Iterator[LogPlace]) -> Iterator[LogPlace]:
    """Entries that come day by day, each day's in the order of the log."""
    for _, of_day in groupby(places, key=itemgetter(0)):
        yield from sorted(of_day, reverse=True)
