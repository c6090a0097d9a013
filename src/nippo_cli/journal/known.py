"""Which rows of an import the journal, or the file itself, holds already."""

import sqlite3
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

from nippo_cli.journal import sql
from nippo_cli.journal.versions import Batches

if TYPE_CHECKING:
    from nippo_cli.journal.bulk import BulkEntry


class Standing(Enum):
    """A row by its source key: new; known, saying the same; or another row's key with something else to say."""

    NEW = "new"
    KNOWN = "known"
    OTHER = "other"


class KnownKeys:
    """The source keys met so far. Those of the journal are looked up one by one, those of the file kept by hash."""

    def __init__(self, cx: sqlite3.Connection, batches: Batches) -> None:
        self._cx = cx
        self._batches = batches
        self.any_before = cx.execute(sql.ANY_SOURCE).fetchone() is not None
        # A key of 60 letters costs three times what its hash does; a hit is checked against the record.
        self._here: dict[int, int] = {}

    def add(self, key: str, record: int) -> None:
        """A row of this file was taken under its key."""
        self._here[hash(key)] = record

    def of(self, row: "BulkEntry", body: str, flush: Callable[[], None]) -> Standing:
        """How a row with a key stands.

        Args:
            body: its canonical body.
            flush: puts the rows that still wait into the journal.
        """
        key = row.source_key or ""
        here = self._here.get(hash(key))
        if here is not None:
            flush()
            found = self._cx.execute(sql.SOURCE_AT, (here,)).fetchone()
            if found[0] == key:
                return _compare(row, body, found[1:])
        if self.any_before:
            for batch, *said in self._cx.execute(sql.SOURCE_KNOWN, (key,)):
                # What was taken back with its whole import may come again.
                if batch not in self._batches:
                    return _compare(row, body, said)
        return Standing.NEW


def _compare(row: "BulkEntry", body: str, found: "tuple[str, str, str | None] | list[str | None]") -> Standing:
    on, author, stored = found
    if stored is None:
        # Erased: it must not come back by the next import.
        return Standing.KNOWN
    return Standing.KNOWN if (row.on.isoformat(), row.author, body) == (on, author, stored) else Standing.OTHER
