"""Which rows of an import the journal, or the file itself, holds already."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.journal.log import (
    ANY_SOURCE,
    REC,
    Batches,
    Rec,
    root,
    select_records,
)

if TYPE_CHECKING:
    from nippo_cli.journal.write import Row

SOURCE_KNOWN: Final = f"select {REC} from record r where r.source_key = ? order by r.recorded_at, r.id"


class KeyStatus(Enum):
    """A row by its source key: new; known, saying the same; or another row's key with something else to say."""

    NEW = "new"
    KNOWN = "known"
    OTHER = "other"


class KnownKeys:
    """The source keys met so far: the journal's are looked up by its index, the file's own found again by hash.

    Args:
        defaults: what fills a field that an entry leaves out, and its deal too.
        unique: no key of the file comes twice, so that none need be remembered: a hundred bytes each.
    """

    def __init__(
        self, cx: sqlite3.Connection, batches: Batches, *, defaults: Mapping[str, Any], unique: bool = False
    ) -> None:
        self._defaults = defaults
        self.add: Callable[[str], None] = _forget if unique else self._add
        self._cx = cx
        self._batches = batches
        self.any_before = cx.execute(ANY_SOURCE).fetchone() is not None
        # Whether any row need be asked about.
        self.ask = self.any_before or not unique
        # A key of 60 letters takes three times what its hash does; a hit is checked against the log.
        self._here: set[int] = set()

    def _add(self, key: str) -> None:
        """A row of this file was taken under its key."""
        self._here.add(hash(key))

    def of(self, key: str, row: "Row", body: bytearray, indexed: Callable[[], None]) -> KeyStatus:
        """How a row with a key stands.

        Args:
            body: its canonical body.
            indexed: puts the rows that still wait into the journal, and the index over keys back, before a look-up.
        """
        here = hash(key) in self._here
        if not here and not self.any_before:
            return KeyStatus.NEW
        if here:
            indexed()
        for found in list(select_records(self._cx, SOURCE_KNOWN, (key,))):
            # What was taken back with its whole import may come again.
            if found.batch not in self._batches:
                return self._compare(row, body.decode(), found)
        return KeyStatus.NEW

    def _compare(self, row: "Row", body: str, found: Rec) -> KeyStatus:
        if found.body is None or found.damaged:
            # Erased, it must not come back by the next import; damaged, it is there, and nobody can say that it differs.
            return KeyStatus.KNOWN
        # A row that names no author is the same whoever imports it.
        if (row[3], row[7] or found.author) != (found.on_date, found.author):
            return KeyStatus.OTHER
        same = body == found.body or self._today(body) == self._today(found.body)
        return KeyStatus.KNOWN if same else KeyStatus.OTHER

    def _today(self, body: str) -> Any:
        """A body as it would stand today: whether it needed a default hangs on what the deal had then, and the deal may
        have been merged since."""
        said = json.loads(body)
        if "deal" in said:
            said["deal"] = root(self._cx, said["deal"])
        return said | {"values": {**self._defaults, **said["values"]}}


def _forget(_key: str) -> None:
    """A key that will not come again."""
