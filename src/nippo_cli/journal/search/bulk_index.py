"""The search index filled by an import or a rebuild, as it goes."""

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from nippo_cli.base.ids import number_of, record_id, slot_of
from nippo_cli.journal.search.form import form_of, tokens
from nippo_cli.journal.search.index import (
    AT_ONCE,
    EMPTY_SEARCH,
    ORDINALS,
    SET_SEARCH,
    catch_up,
    indexed,
    marks,
    note_indexed,
    rowid_of,
    rows_as_indexed,
    set_merging,
)

# What is in UTF-8 already is not made a text and encoded again.
PUT_BYTES: Final = "insert into search(rowid, characters) values (?, cast(? as text))"
_PAGES_A_STEP: Final = 1000
COUNT_ROWS: Final = "select count(*) from search_docsize"


class _IndexFilling:
    """The index while much is put in: by the thousand, sorted, and merged once at its end."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self._cx = cx
        (self._rows_before,) = cx.execute(COUNT_ROWS).fetchone()
        self._put_in = 0
        self._rows: list[tuple[int, str | bytearray]] = []
        set_merging(cx, filling=True)

    def merged(self) -> Iterator[None]:
        """Put the rest in, and make what is mostly new one segment, in which words are found soonest: some pages each time that
        it is asked."""
        self._put()
        if self._put_in < self._rows_before:
            return
        # What FTS5 holds in memory it writes at a savepoint, and merges only what is written.
        self._cx.execute("savepoint filled")
        self._cx.execute("release filled")
        # A negative number takes all segments together.
        pages, changes = -_PAGES_A_STEP, -2
        while self._cx.total_changes - changes > 1:
            yield
            changes = self._cx.total_changes
            self._cx.execute(SET_SEARCH, ("merge", pages))
            pages = _PAGES_A_STEP

    def _take(self, rows: Iterable[tuple[int, str | bytearray]]) -> None:
        self._rows += rows
        if len(self._rows) >= AT_ONCE:
            self._put()

    def _put(self) -> None:
        self._rows.sort()
        self._put_in += len(self._rows)
        self._cx.executemany(PUT_BYTES, self._rows)
        self._rows.clear()


class BulkIndex(_IndexFilling):
    """The index filled by one import, whose entries are many and have no corrections yet."""

    def __init__(self, cx: sqlite3.Connection, slot: int) -> None:
        """Index what was written before, so that the watermark may pass over it."""
        catch_up(cx, sys.maxsize)
        super().__init__(cx)
        self._slot = slot
        ordinal = dict(cx.execute(ORDINALS))[slot]
        self._by_author = cache(lambda author: tokens(form_of((author,))).encode())
        # What an entry of a day has in front of its number, less what its id has there.
        self._before = cache(lambda day: rowid_of(date.fromisoformat(day), ordinal, 0) - record_id(slot, 0))

    def add(
        self, entries: Sequence[int], days: Sequence[str], authors: Sequence[str], characters: Sequence[bytes]
    ) -> None:
        """Put entries in: their days as ISO text, and of their texts but the author what `characters_of` makes."""
        before, by, joined = self._before, self._by_author, bytearray().join
        self._take(
            (before(day) + entry, joined((by(author), said)))
            for entry, day, author, said in zip(entries, days, authors, characters, strict=True)
        )

    def end(self, last_number: int) -> None:
        """All records of the device up to this number are indexed, once `merged` is through. Where no entry came in the number may
        be given back, and the next record have it: that is left to `catch_up`."""
        set_merging(self._cx, filling=False)
        if self._put_in:
            note_indexed(self._cx, indexed(self._cx) | {self._slot: last_number})


class IndexAnew(_IndexFilling):
    """The index emptied, and filled with all entries while their rows are made anew."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        cx.execute(EMPTY_SEARCH)
        super().__init__(cx)
        note_indexed(cx, {})
        self._ends = {slot: last for slot, _, last in marks(cx)}
        ordinals = dict(cx.execute(ORDINALS))
        # What an entry of a device and a day has in front of its number.
        self._before = cache(lambda slot, day: rowid_of(date.fromisoformat(day), ordinals[slot], 0))

    def put(self, entries: Sequence[Sequence[Any]], texts: Sequence[str]) -> None:
        """Take the rows of entries of which no other record says anything, and what `texts_of_states` says of each. What a sync brought
        before others of lower numbers is left to `catch_up`."""
        before, ends = self._before, self._ends
        self._take(
            (before(slot, on) + number, text)
            for (entry, _, _, on, *_), text in zip(entries, texts, strict=True)
            if (number := number_of(entry)) <= ends.get(slot := slot_of(entry), 0)
        )

    def put_others(self, entries: Sequence[int]) -> None:
        """Put in entries of which other records say something as well."""
        if entries:
            self._take(rows_as_indexed(self._cx, entries, self._ends))

    def end(self) -> None:
        """All records are indexed, once `merged` is through."""
        set_merging(self._cx, filling=False)
        note_indexed(self._cx, self._ends)
