"""Which rows of an import the journal, or the file itself, holds already."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.journal.bulk.rows import body_of
from nippo_cli.journal.log import (
    ANY_SOURCE,
    NAMES,
    REC,
    Batches,
    Rec,
    root,
    select_records,
)

SOURCE_KNOWN: Final = f"select {REC} from record r where r.source_key = ? order by r.recorded_at, r.id"


class KeyStatus(Enum):
    """A row by its source key: new; known, saying the same; or another row's key with something else to say."""

    NEW = "new"
    KNOWN = "known"
    OTHER = "other"


class KeyedEntry(NamedTuple):
    """An entry to be written, as far as it is held against the one that its source key stands for: `author` "" for whoever
    imports, `values` canonical, `deal_name` None for an entry of no deal."""

    source_key: str
    on_date: str
    author: str
    values: bytes
    incomplete: bool
    deal_name: str | None


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
        # Whether a deal answers to a name.
        self._answer: dict[tuple[int, str], bool] = {}

    def _add(self, key: str) -> None:
        """A row of this file was taken under its key."""
        self._here.add(hash(key))

    def of(self, entry: KeyedEntry, indexed: Callable[[], None]) -> KeyStatus:
        """Whether an entry is new by its key.

        Args:
            indexed: puts the rows that still wait into the journal, and the index over keys back, before a look-up.
        """
        here = hash(entry.source_key) in self._here
        if not here and not self.any_before:
            return KeyStatus.NEW
        if here:
            indexed()
        for record in list(select_records(self._cx, SOURCE_KNOWN, (entry.source_key,))):
            # What was taken back with its whole import may come again.
            if record.batch not in self._batches:
                return self._compare(entry, record)
        return KeyStatus.NEW

    def _compare(self, entry: KeyedEntry, record: Rec) -> KeyStatus:
        if record.body is None or record.damaged:
            # Erased, it must not come back by the next import; damaged, it is there, and nobody can say that it differs.
            return KeyStatus.KNOWN
        # A row that names no author is the same whoever imports it.
        if (entry.on_date, entry.author or record.author) != (record.on_date, record.author):
            return KeyStatus.OTHER
        # Which deal a name means hangs on what there is by now: the record's own, as long as that answers to the name.
        deal = _deal_of(record.body)
        body = body_of(entry.values, deal, incomplete=entry.incomplete).decode()
        same = body == record.body or self._today(body) == self._today(record.body)
        return KeyStatus.KNOWN if same and self._answers(deal, entry.deal_name) else KeyStatus.OTHER

    def _answers(self, deal: int | None, name: str | None) -> bool:
        if deal is None or name is None:
            return deal is None and name is None
        asked = (deal, name)
        if asked not in self._answer:
            names = {folded for folded, *_ in self._cx.execute(NAMES, (root(self._cx, deal),))}
            self._answer[asked] = normal_form(name) in names
        return self._answer[asked]

    def _today(self, body: str) -> Any:
        """A body as it would stand today: whether it needed a default hangs on what the deal had then, and the deal may
        have been merged since."""
        said = json.loads(body)
        if "deal" in said:
            said["deal"] = root(self._cx, said["deal"])
        return said | {"values": {**self._defaults, **said["values"]}}


def _deal_of(body: str) -> int | None:
    """The deal that an entry's canonical body names: its first key, if it is there."""
    return int(body[len(_DEAL) : body.index(",")]) if body.startswith(_DEAL) else None


_DEAL = '{"deal":'


def _forget(_key: str) -> None:
    """A key that will not come again."""
