"""The indexes that a large import drops on its way and builds again at its end."""

import sqlite3
from collections.abc import Iterable, Iterator

from nippo_cli.journal.log import tables


class BulkIndexes:
    """Which indexes an import has dropped: the statements that build them again."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self._cx = cx
        self._dropped: list[str] = []

    def drop(self, *, deals: bool, keys: bool) -> None:
        """Drop those of entries, unless they are dropped already; with them, where said, those of deals and of source keys."""
        if self._dropped:
            return
        dropped = tables.ENTRY_INDEXES | (tables.DEAL_INDEXES if deals else {})
        self._dropped = list(dropped.values())
        for name in dropped:
            self._cx.execute(f"drop index {name}")
        if keys:
            self._cx.execute("drop index record_source")
            self._dropped.append(tables.SOURCE_INDEX)

    def build(self, statements: Iterable[str] | None = None) -> None:
        """Build those of some indexes, or of all, that were dropped."""
        for _ in self._built(tuple(self._dropped) if statements is None else statements):
            pass

    def built_one_by_one(self) -> Iterator[str]:
        """Build those of entries and source keys that were dropped, one each time that it is asked."""
        return self._built((*tables.ENTRY_INDEXES.values(), tables.SOURCE_INDEX))

    def _built(self, statements: Iterable[str]) -> Iterator[str]:
        for statement in [s for s in statements if s in self._dropped]:
            self._cx.execute(statement)
            self._dropped.remove(statement)
            yield statement
