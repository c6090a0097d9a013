"""The search index filled by an import, as it goes."""

import sqlite3
import sys
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Final

from nippo_cli.base.ids import number_of
from nippo_cli.journal.search.form import form_of, tokens
from nippo_cli.journal.search.index import (
    AT_ONCE,
    COMPACT_SEARCH,
    DEVICE,
    NUMBER,
    ORDINALS,
    PUT_ROW,
    catch_up,
    indexed,
    note_indexed,
    set_merging,
)

COUNT_ROWS: Final = "select count(*) from search_docsize"


class BulkIndex:
    """The index filled by one import, whose entries are many and have no corrections yet."""

    def __init__(self, cx: sqlite3.Connection, slot: int) -> None:
        """Index what was written before, so that the watermark may pass over it."""
        catch_up(cx, sys.maxsize)
        self._cx = cx
        (self._before,) = cx.execute(COUNT_ROWS).fetchone()
        self._put_in = 0
        set_merging(cx, filling=True)
        self._slot = slot
        self._device = dict(cx.execute(ORDINALS))[slot]
        self._rows: list[tuple[int, str]] = []
        self._by_author = cache(lambda author: tokens(form_of((author,))))
        self._ordinal = cache(lambda day: date.fromisoformat(day).toordinal())

    def add(
        self, entries: Sequence[int], days: Sequence[str], authors: Sequence[str], characters: Sequence[str]
    ) -> None:
        """Put entries in: their days as ISO text, and of their texts but the author what `characters_of` makes."""
        device, ordinal, by = self._device << NUMBER, self._ordinal, self._by_author
        self._rows += [
            (ordinal(day) << DEVICE + NUMBER | device | number_of(entry), by(author) + said)
            for entry, day, author, said in zip(entries, days, authors, characters, strict=True)
        ]
        if len(self._rows) >= AT_ONCE:
            self._put()

    def end(self, last_number: int) -> None:
        """Put the rest in; all records of the device up to this number are indexed then. Where no entry came in the number may be
        given back, and the next record have it: that is left to `catch_up`."""
        self._put()
        # What is mostly new is made one segment, in which words are found soonest.
        if self._put_in >= self._before:
            self._cx.execute(COMPACT_SEARCH)
        set_merging(self._cx, filling=False)
        if self._put_in:
            note_indexed(self._cx, indexed(self._cx) | {self._slot: last_number})

    def _put(self) -> None:
        self._rows.sort()
        self._put_in += len(self._rows)
        self._cx.executemany(PUT_ROW, self._rows)
        self._rows.clear()
