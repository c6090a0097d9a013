"""Which rows of an import the journal, or the file itself, holds already."""

import re
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final

from nippo_cli.base.customers import deal_label
from nippo_cli.base.ids import read_id
from nippo_cli.base.text import normal_form
from nippo_cli.journal.bulk.rows import KeyedEntry, body_of
from nippo_cli.journal.log import (
    ANY_SOURCE,
    NAME_TAG,
    NAMES,
    REC,
    Batches,
    Rec,
    one_record,
    root,
    select_records,
)

if TYPE_CHECKING:
    from nippo_cli.journal.bulk.changed import ChangedEntry, Comparison

# What a person corrected or took back, of whatever kind.
TOUCHED: Final = "select target from record where target is not null and kind in ('amend', 'retract')"
SOURCE_KNOWN: Final = f"select {REC} from record r where r.source_key = ? order by r.recorded_at, r.id"


HASH_OF: Final = "select substr(hex(hash), 1, 12) from record where id = ?"
# What the key of an entry that nippo exported ends with: its id and the beginning of its record's hash.
_EXPORTED: Final = re.compile(r":([^:\x1f]+)\x1f([0-9A-F]{12})/[^/]*\Z")


DEAL_KEYED: Final = "select coalesce(target, id), batch from record where source_key = ? and kind = 'deal' order by id"
HAS_NAME: Final = "select 1 from deal_name where deal = ? limit 1"
# What follows `:` and `/` in the order of keys ends what begins with them.
ANY_OF_SOURCE: Final = "select 1 from record where source_key >= ? and source_key < ? limit 1"
DEALS_OF_ROW: Final = """
select n.folded, coalesce(d.customer, '') from record r cross join entry e on e.id = r.id
cross join deal_name n on n.deal = e.deal left join deal d on d.id = e.deal where r.source_key >= ? and r.source_key < ?
"""
KEYS_OF_DEAL: Final = """
select source_key, batch from record where (id = ?1 or target = ?1) and kind = 'deal' and source_key is not null
"""


def deal_with_key(cx: sqlite3.Connection, batches: Batches, key: str) -> int | None:
    """The deal that a source knows by a key, through every merge; None where an import that said so was taken back."""
    for deal, batch in cx.execute(DEAL_KEYED, (key,)):
        home = root(cx, deal)
        if batch not in batches and cx.execute(HAS_NAME, (home,)).fetchone():
            return home
    return None


def has_key_beside(cx: sqlite3.Connection, batches: Batches, deal: int, key: str) -> bool:
    """Whether the source of a key knows a deal by another one."""
    of_source = key[: key.rindex("\x1fdeal\x1f")] + "\x1fdeal\x1f" if "\x1fdeal\x1f" in key else key
    return any(
        said != key and said.startswith(of_source) and batch not in batches
        for said, batch in cx.execute(KEYS_OF_DEAL, (deal,))
    )


def has_rows(cx: sqlite3.Connection, source: str) -> bool:
    """Whether an import brought in rows of a source."""
    return cx.execute(ANY_OF_SOURCE, (f"{source}:", f"{source};")).fetchone() is not None


def deals_of_row(cx: sqlite3.Connection, row: str) -> Iterator[tuple[str, str]]:
    """The deals that the entries of a row are of, by what its entries' source keys begin with: each under every name, in its normal
    form, with the customer, "" for nobody."""
    return cx.execute(DEALS_OF_ROW, (row, f"{row[:-1]}0"))


class KeyStatus(Enum):
    """A row by its source key: new; or known, saying the same as before."""

    NEW = "new"
    KNOWN = "known"


class KnownKeys:
    """The source keys met so far: the journal's are looked up by its index, the file's own found again by hash.

    Args:
        comparison: makes what tells in what a row differs from the entry that its key stands for; asked for once.
        unique: no key of the file comes twice, so that none need be remembered: a hundred bytes each.
        exported: nippo exported the file, so that a key may be that of an entry which was never imported.
    """

    def __init__(
        self,
        cx: sqlite3.Connection,
        batches: Batches,
        *,
        comparison: "Callable[[KnownKeys], Comparison]",
        unique: bool = False,
        exported: bool = False,
    ) -> None:
        self.add: Callable[[str], None] = _forget if unique else self._add
        self._cx = cx
        self._batches = batches
        self._make_comparison = comparison
        self._comparison: Comparison | None = None
        self.exported = exported
        self.any_before = cx.execute(ANY_SOURCE).fetchone() is not None
        # Whether any row need be asked about.
        self.ask = self.any_before or not unique or exported
        # A key of 60 letters takes three times what its hash does; a hit is checked against the log.
        self._here: set[int] = set()
        # The entries of known rows that were corrected here since, and say something else by now; and those that were taken back.
        self.corrected: dict[int, None] = {}
        self.taken_back: dict[int, None] = {}
        self._touched: frozenset[int] | None = None
        # Whether a deal answers to a name.
        self._answer: dict[tuple[int, str], bool] = {}

    def _add(self, key: str) -> None:
        """A row of this file was taken under its key."""
        self._here.add(hash(key))

    def of(self, entry: KeyedEntry, indexed: Callable[[], None]) -> "KeyStatus | ChangedEntry":
        """Whether an entry is new by its key, or known; else what it says otherwise than the one that its key stands for.

        Args:
            indexed: puts the rows that still wait into the journal, and the index over keys back, before a look-up.
        """
        own = self.own(entry.source_key)
        here = own is None and hash(entry.source_key) in self._here
        if own is None and not here and not self.any_before:
            return KeyStatus.NEW
        if here:
            indexed()
        records = list(select_records(self._cx, SOURCE_KNOWN, (entry.source_key,)))
        # What was taken back with its whole import may come again.
        of_key = [r for r in records if r.batch not in self._batches and r.kind != "amend"]
        if own is not None:
            # An edited row of an export may stand beside the entry that it was; what corrects is about that one.
            of_key.append(own)
        if not of_key:
            return KeyStatus.NEW
        if any(rec.body is None or rec.damaged for rec in of_key):
            # Erased, it must not come back by the next import; damaged, it is there, and nobody can say that it differs.
            return KeyStatus.KNOWN
        keyed = None if own is not None else frozenset(rec.id for rec in records)
        if not ((own is not None or len(records) == 1) and self._says(of_key[-1], entry)):
            changed = self._compares().of(entry, [rec.id for rec in of_key], keyed)
            if changed is not None:
                return changed
        self._note_since(entry, of_key, keyed)
        return KeyStatus.KNOWN

    def _compares(self) -> "Comparison":
        if self._comparison is None:
            self._comparison = self._make_comparison(self)
        return self._comparison

    def _note_since(self, entry: KeyedEntry, of_key: Sequence[Rec], keyed: Collection[int] | None) -> None:
        """Note what became of a known row's entry since its source said it. Few are touched of very many.

        Args:
            keyed: as for `Comparison.of`.
        """
        if self._touched is None:
            self._touched = frozenset(target for (target,) in self._cx.execute(TOUCHED))
        for rec in of_key if self._touched else ():
            # Beside an entry there may be later ones of its key; the row says what one of them does.
            if rec.id in self._touched and self._compares().of(entry, [rec.id], keyed) is None:
                became = self._compares().became(entry, rec.id)
                if became:
                    (self.taken_back if became == "taken_back" else self.corrected)[rec.id] = None

    def knows(self, key: str) -> bool:
        """Whether the entry of a source key is here, whatever it says, and was not taken back with its import."""
        if self.own(key) is not None:
            return True
        return self.any_before and any(
            rec.batch not in self._batches for rec in select_records(self._cx, SOURCE_KNOWN, (key,))
        )

    def own(self, key: str) -> Rec | None:
        """The journal's own entry that a key of an export names by its id and its hash, unless its import was taken back."""
        named = _EXPORTED.search(key) if self.exported else None
        record = read_id(named[1]) if named else None
        if named is None or record is None or self._cx.execute(HASH_OF, (record,)).fetchone() != (named[2],):
            return None
        rec = one_record(self._cx, record)
        return rec if rec is not None and rec.kind == "entry" and rec.batch not in self._batches else None

    def _says(self, record: Rec, entry: KeyedEntry) -> bool:
        """Whether a record says to the letter what an entry does."""
        # A row that names no author is the same whoever imports it.
        if (entry.on_date, entry.author or record.author) != (record.on_date, record.author):
            return False
        # Which deal a name means hangs on what there is by now: the record's own, as long as that answers to the name.
        deal = _deal_of(record.body or "")
        body = body_of(entry.values, deal, incomplete=entry.incomplete, snapshot=entry.snapshot).decode()
        return body == record.body and self.answers(deal, entry.deal_name, entry.deal_key)

    def answers(self, deal: int | None, name: str | None, key: str | None = None) -> bool:
        """Whether a deal answers to a name by now, or is none where none is named. An export calls a deal by its name and its
        customer where others share the name. A deal that the row's source knows by a key answers to that alone."""
        if deal is None or name is None:
            return deal is None and name is None
        keyed = deal_with_key(self._cx, self._batches, key) if key is not None else None
        if keyed is not None:
            return keyed == root(self._cx, deal)
        asked = (deal, name)
        if asked not in self._answer:
            home = root(self._cx, deal)
            names = {folded for folded, *_ in self._cx.execute(NAMES, (home,))}
            tag = self._cx.execute(NAME_TAG, (home,)).fetchone()
            if tag is not None:
                names.update(map(normal_form, (deal_label(tag[0], tag[1]), deal_label(tag[0], tag[1], home))))
            self._answer[asked] = normal_form(name) in names
        return self._answer[asked]


def _deal_of(body: str) -> int | None:
    """The deal that an entry's canonical body names: its first key, if it is there."""
    return int(body[len(_DEAL) : body.index(",")]) if body.startswith(_DEAL) else None


_DEAL = '{"deal":'


def _forget(_key: str) -> None:
    """A key that will not come again."""
