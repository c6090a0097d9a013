"""Finding text: what holds every word of a query, kanji, kana, width and case alike.

The index offers entries that may hold them; each is then verified against its text as known on the day. Deal names
and the customers of deals are not in the index, for they change without the entry: those are looked up by name.
Comments, days and reviews are few and short: they are read, not indexed.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.ids import record_id
from nippo_cli.base.text import normal_form
from nippo_cli.journal.log import rows
from nippo_cli.journal.read import (
    place_of,
)
from nippo_cli.journal.search.index import catch_up, entry_of, grams, marks, texts_of
from nippo_cli.line.facts import AsOf
from nippo_cli.results.entries import Beside, EntryView, Remarked, Reviewed
from nippo_cli.results.remarks import DayNote

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader

DEAL_CUSTOMERS: Final = "select distinct customer from deal"
PLACES_OF: Final = "select id, on_date, recorded_at from entry where id in (select value from json_each(?))"
TAIL: Final = "select id, kind, author, body from record where id > ? and id <= ?"
MATCHES: Final = """
select s.rowid, e.id is not null from search s left join entry e on e.id = s.rowid where s.search match ?
"""
EVERY_ENTRY: Final = "select id from entry"
DEALS_NAMED: Final = "select distinct deal from deal_name where {words}"
DEALS_OF_CUSTOMERS: Final = "select id from deal where customer in (select value from json_each(?))"
ENTRIES_OF_DEALS: Final = """
select e.id from json_each(?) j cross join entry e on e.deal = j.value
"""


__all__ = ["catch_up", "grams", "query_of", "search", "words_of"]


def search(reader: "JournalReader", text: str, as_of: AsOf, limit: int = 0) -> tuple[list[EntryView], int]:
    """The entries known on the day that hold all words of the text, newest first, and how many there are.

    Searched are an entry's texts, customer, people and author, and the name and customer of its deal.

    Args:
        limit: how many are given back; 0: all.
    """
    words = words_of(text)
    if not words:
        return [], 0
    cx, there = reader.cx, reader.past(as_of)
    ids = set(_candidates(cx, words)) | there.late.entries
    deals = {d for d in there.unsettled if (ref := there.ref(d)) and _any(words, ref.name, ref.customer)}
    ids.update(p.row[0] for d in deals for p in there.placed(d))
    hits, total = list[EntryView](), 0
    # Entries corrected since stand by the day they had then, so all are held before the newest are taken.
    keep = limit if limit and not there.late.entries else len(ids)
    for view in reader.views(as_of, _newest_first(cx, ids)):
        if holds(view, words):
            total += 1
            if total <= keep:
                hits.append(view)
    hits.sort(key=place_of, reverse=True)
    return hits[: limit or None], total


def words_of(text: str) -> list[str]:
    """What is looked for: the folded words of a query, all of which an entry must hold."""
    return list(dict.fromkeys(normal_form(text).replace("\0", " ").split()))


def query_of(words: Iterable[str]) -> str | None:
    """The index's query that every entry holding all the words answers; None where only a scan can tell.

    The tokenizer drops ASCII punctuation, so a word of nothing else has no token.
    """
    parts: dict[str, None] = {}
    for word in words:
        if len(word) == 1 and _is_token(word):
            parts[f'"{word}"*'] = None
            continue
        pairs = ("".join(pair) for pair in pairwise(word))
        parts.update(dict.fromkeys(f'"{pair}"' for pair in pairs if all(map(_is_token, pair))))
    return " AND ".join(parts) or None


def holds(view: EntryView, words: Iterable[str]) -> bool:
    """Whether an entry holds every word."""
    texts = list(texts_of(view.values, view.agreement, view.author))
    if view.deal is not None:
        texts += [normal_form(view.deal.name), normal_form(view.deal.customer)]
    return all(any(word in text for text in texts) for word in words)


def _is_token(char: str) -> bool:
    return not char.isascii() or char.isalnum()


def _candidates(cx: sqlite3.Connection, words: list[str]) -> Iterator[int]:
    """Entries that may hold all the words: none that does is missing."""
    query = query_of(words)
    if query is None:
        yield from (entry for (entry,) in cx.execute(EVERY_ENTRY))
        return
    for record, is_entry in cx.execute(MATCHES, (query,)):
        entry = record if is_entry else entry_of(cx, record)
        if entry is not None:
            yield entry
    yield from _unindexed(cx, words)
    deals = _deals_named(cx, words)
    if deals:
        yield from (entry for (entry,) in cx.execute(ENTRIES_OF_DEALS, (json.dumps(deals),)))


def _unindexed(cx: sqlite3.Connection, words: list[str]) -> Iterator[int]:
    """The tail that the index does not hold yet. An entry is passed over unread if its body and author lack a word,
    unless the body escapes characters; words that its deal alone has are looked for by name."""
    for slot, mark, last in marks(cx):
        for record, kind, author, body in rows(cx, TAIL, (record_id(slot, mark), record_id(slot, last))):
            if kind == "entry":
                if body is None or "\\" in body or _all(words, body, author):
                    yield record
            elif (entry := entry_of(cx, record)) is not None:
                yield entry


def _all(words: Iterable[str], *texts: str) -> bool:
    folded = [normal_form(text) for text in texts]
    return all(any(word in text for text in folded) for word in words)


def _any(words: Iterable[str], *texts: str) -> bool:
    folded = [normal_form(text) for text in texts]
    return any(word in text for word in words for text in folded)


def _deals_named(cx: sqlite3.Connection, words: list[str]) -> list[int]:
    """Deals whose name or customer holds any of the words."""
    any_word = " or ".join(["instr(folded, ?) > 0"] * len(words))
    named = {deal for (deal,) in cx.execute(DEALS_NAMED.format(words=any_word), words)}
    customers = [name for (name,) in cx.execute(DEAL_CUSTOMERS) if _any(words, name)]
    if customers:
        spelled = json.dumps(customers, ensure_ascii=False)
        named.update(deal for (deal,) in cx.execute(DEALS_OF_CUSTOMERS, (spelled,)))
    return sorted(named)


def _newest_first(cx: sqlite3.Connection, entries: Iterable[int]) -> list[int]:
    """By their day today; those without a row of today come last."""
    ids = set(entries)
    places = {entry: place for entry, *place in cx.execute(PLACES_OF, (json.dumps(sorted(ids)),))}
    return sorted(ids, key=lambda e: (*places.get(e, ("", "")), e), reverse=True)


def beside(reader: "JournalReader", text: str, as_of: AsOf) -> Beside:
    """The comments, days and reviews known on the day that hold every word of the text, newest first.

    Searched are their texts and who wrote them; of a review the name and the customer of its deal, too.
    """
    words = words_of(text)
    if not words:
        return Beside([], [], [])
    remarks, there = reader.remarks(as_of), reader.past(as_of)
    comments = [c for c in remarks.every_comment() if _all(words, c.text, c.author)]
    entries = {v.id: v for v in reader.views(as_of, [c.entry for c in comments if c.entry is not None])}
    reviewed = [
        Reviewed(review, ref)
        for deal, reviews in reader.reviews(as_of).items()
        if (ref := there.ref(deal)) is not None
        for review in reviews
        if _all(words, review.text, review.who, ref.name, ref.customer)
    ]
    return Beside(
        # What is said of an entry that was taken back went with it.
        [Remarked(c, entries.get(c.entry or 0)) for c in reversed(comments) if c.entry is None or c.entry in entries],
        [note for note in reversed(remarks.days(date.min, as_of.on)) if _all(words, *_said(note))],
        sorted(reviewed, key=lambda r: (r.review.on, r.review.recorded_at, r.review.id), reverse=True),
    )


def _said(note: DayNote) -> list[str]:
    return [note.author, note.off or "", *_texts(note.values.values())]


def _texts(values: Collection[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value.values())
        elif isinstance(value, list):
            yield from _texts(value)
