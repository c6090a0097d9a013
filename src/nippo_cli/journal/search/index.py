"""The search index: overlapping pairs of characters in a contentless FTS5 table.

Every record that changes what an entry says (the entry, its corrections, what takes one back) has a row of its
own, with the whole text as it stood after that record. So the newest version is always under its newest record,
nothing is indexed twice, and what a row holds depends on the log alone. Rows of older versions fall when hits are
verified. Rows are written behind a watermark, a number for each device; only an erasure ever removes one.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from nippo_cli.base.ids import SLOTS, number_of, record_id, slot_of
from nippo_cli.base.text import normal_form
from nippo_cli.journal.log import (
    REC,
    SET_META,
    Rec,
    SchemaMigrator,
    entry_versions,
    one_record,
    select_records,
    tree,
)
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import type_of

INDEXED: Final = "select value from meta where key = 'indexed'"
# A slot that no short name stands for is damaged.
DEVICES: Final = f"select slot, last_number from device where slot >= 0 and slot < {SLOTS} order by slot"
UNINDEXED: Final = f"select {REC} from record r where r.id > ? and r.id <= ? order by r.id limit ?"
PUT_GRAMS: Final = "insert into search(rowid, grams) values (?, ?)"
DROP_GRAMS: Final = "insert into search(search, rowid, grams) values ('delete', ?, ?)"
EMPTY_SEARCH: Final = "insert into search(search) values ('delete-all')"
COMPACT_SEARCH: Final = "insert into search(search) values ('optimize')"


AT_A_WRITE = 20
_CHANGES = ("amend", "retract")


def catch_up(cx: sqlite3.Connection, most: int = AT_A_WRITE, migrator: SchemaMigrator | None = None) -> int:
    """Index at most so many records behind the watermark, in the caller's transaction; returns how many it passed."""
    return _fill(cx, migrator or SchemaMigrator(cx), most, {slot: last for slot, _, last in marks(cx)})


def rebuild_index(cx: sqlite3.Connection, upto: Mapping[int, int] | None = None) -> None:
    """Empty the index and fill it anew: whole, or of each device (by slot) up to a number."""
    cx.execute(EMPTY_SEARCH)
    cx.execute(SET_META, ("indexed", "{}"))
    migrator, ends = SchemaMigrator(cx), upto if upto is not None else {slot: last for slot, _, last in marks(cx)}
    while _fill(cx, migrator, _AT_ONCE, ends):
        pass


def marks(cx: sqlite3.Connection) -> list[tuple[int, int, int]]:
    """Of each device: its slot, the last number indexed, the last number written."""
    row = cx.execute(INDEXED).fetchone()
    try:
        indexed = json.loads(row[0]) if row else {}
    except ValueError:
        indexed = {}
    done = indexed if isinstance(indexed, dict) else {}
    return [(slot, _number(done.get(str(slot))), last) for slot, last in cx.execute(DEVICES)]


def _number(number: object) -> int:
    return number if isinstance(number, int) else 0


def _fill(cx: sqlite3.Connection, migrator: SchemaMigrator, most: int, ends: Mapping[int, int]) -> int:
    """Index up to `most` records behind each device's mark, none beyond its end; returns how many."""
    done, numbers = 0, dict[int, int]()
    for slot, mark, _ in marks(cx):
        numbers[slot] = mark
        end = ends.get(slot, 0)
        if mark >= end or done >= most:
            continue
        records = list(select_records(cx, UNINDEXED, (record_id(slot, mark), record_id(slot, end), most - done)))
        cx.executemany(PUT_GRAMS, _rows(cx, records, migrator))
        numbers[slot] = number_of(records[-1].id) if records else end
        done += len(records)
    if done:
        cx.execute(SET_META, ("indexed", json.dumps({str(slot): n for slot, n in numbers.items()})))
    return done


def forget(cx: sqlite3.Connection, record: int) -> list[int]:
    """Take the rows of the entry that a record is about out of the index, before any of it is erased; `learn` puts
    back what is left.

    The index is then compacted: a row that is only marked as gone could still be read in the file.
    """
    entry = entry_of(cx, record)
    if entry is None:
        return []
    indexed = {slot: mark for slot, mark, _ in marks(cx)}
    records = [r for r in tree(cx, entry) if number_of(r.id) <= indexed.get(slot_of(r.id), 0)]
    cx.executemany(DROP_GRAMS, list(_rows(cx, records, SchemaMigrator(cx))))
    cx.execute(COMPACT_SEARCH)
    return [r.id for r in records]


def learn(cx: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Put the rows of these records into the index, from what they say today."""
    records = [rec for number in numbers if (rec := one_record(cx, number)) is not None]
    cx.executemany(PUT_GRAMS, list(_rows(cx, records, SchemaMigrator(cx))))


def entry_of(cx: sqlite3.Connection, record: int) -> int | None:
    """The entry that a record is, corrects or takes back in the end."""
    while (rec := one_record(cx, record)) is not None:
        if rec.kind == "entry":
            return rec.id
        if rec.kind not in (*_CHANGES, "redact") or rec.target is None:
            return None
        record = rec.target
    return None


def texts_of(values: Mapping[str, Any], schema: Schema, author: str) -> Iterator[str]:
    """The folded texts of an entry: text, customer and people fields, and its author."""
    yield normal_form(author)
    fields = schema.by_key
    for key, value in values.items():
        field = fields.get(key)
        if field is None:
            continue
        yield from map(normal_form, type_of(field).search_texts(value))


def grams(folded: Iterable[str]) -> str:
    """The tokens of an entry's folded texts: each word's overlapping pairs, and its last character."""
    tokens: dict[str, None] = {}
    for text in folded:
        for word in text.replace("\0", " ").split():
            tokens.update(dict.fromkeys(map("".join, pairwise(word))))
            tokens[word[-1]] = None
    return " ".join(tokens)


_AT_ONCE = 20_000


def _rows(cx: sqlite3.Connection, of: Iterable[Rec], migrator: SchemaMigrator) -> Iterator[tuple[int, str]]:
    """Each record's row: its entry's text as it stood after it. Records of anything else have none."""
    for rec in of:
        if rec.damaged:
            continue
        if rec.kind == "entry" and rec.body is not None:
            tokens = grams(texts_of(rec.said.get("values", {}), migrator.of(rec.schema), rec.author))
        elif rec.kind in ("entry", *_CHANGES):
            tokens = _after(cx, rec, migrator)
        else:
            continue
        if tokens:
            yield rec.id, tokens


def _after(cx: sqlite3.Connection, rec: Rec, migrator: SchemaMigrator) -> str:
    """The tokens of an entry as it stood after a record of its own; "" where it is taken back."""
    entry = entry_of(cx, rec.id)
    if entry is None:
        return ""
    there = tree(cx, entry)
    last = next(place for place, one in enumerate(there) if one.id == rec.id)
    # An erasure counts at once, whenever it was: what it took must not be found again.
    records = [one for place, one in enumerate(there) if place <= last or one.kind == "redact"]
    versions = entry_versions(records, migrator)
    if not versions:
        return ""
    now = versions[-1]
    return grams(texts_of(now.values, migrator.of(now.schema), now.author))
