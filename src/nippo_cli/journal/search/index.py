"""The search index: every character of an entry's texts, with its place, in a contentless FTS5 table.

An entry that stands has one row: what it says in the version that the indexed records make. Its rowid begins with the
entry's day, so that hits come newest first without being sorted. A record that changes what an entry says takes the
row out and puts the new one in; `contentless` means that the old text must be told to take it out, and it is: by the
records that were indexed before. How far that is stands in `meta` as a watermark, a number for each device.
"""

import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Final

from nippo_cli.base.ids import NUMBER_BITS, SLOTS, number_of, record_id, slot_of
from nippo_cli.journal.log import (
    REC,
    SET_META,
    EntryState,
    Rec,
    SchemaMigrator,
    entry_versions,
    first_version,
    one_record,
    retracted,
    select_records,
    tree,
)
from nippo_cli.journal.search.form import BETWEEN, form_of, texts_of, tokens, tokens_of_all
from nippo_cli.schema.schema import Schema

INDEXED: Final = "select value from meta where key = 'indexed'"
# A slot that no short name stands for is damaged; so is a last number that is none.
DEVICES: Final = f"""
select slot, cast(last_number as integer) from device where slot >= 0 and slot < {SLOTS} order by slot
"""
UNINDEXED: Final = f"select {REC} from record r where r.id > ? and r.id <= ? order by r.id limit ?"
ENTRIES_OF_BATCH: Final = "select id from record where id > ? and batch = ? and kind = 'entry'"
# Which of a range of records another is about.
TARGETED: Final = "select distinct target from record indexed by record_target where target > ? and target <= ?"
# Which of them came of one row of a file with records of other devices.
TWINS_BETWEEN: Final = "select record from twin where record > ? and record <= ?"
ANY_TWIN: Final = "select 1 from twin limit 1"
PUT_ROW: Final = "insert into search(rowid, characters) values (?, ?)"
DROP_ROW: Final = "insert into search(search, rowid, characters) values ('delete', ?, ?)"
EMPTY_SEARCH: Final = "insert into search(search) values ('delete-all')"
COMPACT_SEARCH: Final = "insert into search(search) values ('optimize')"
SET_SEARCH: Final = "insert into search(search, rank) values (?, ?)"
# While much is put in no segments are merged: that is done once, at its end. One write after another then makes small ones,
# and has so many merged at a time; with FTS5's own sixteen, a few writes after an import merged all of it anew.
_MERGED_AT_ONCE, _NEVER = 64, 100_000

AT_A_WRITE = 20
# FTS5 writes what it holds in memory whenever a rowid is below the last one, so rows are put in by the thousand, sorted.
AT_ONCE = 20_000
# The texts of so many are made alike together.
_ALIKE_AT_ONCE = 500
_CHANGES = ("amend", "retract")
# The slots of the records: of each device one look into the index of ids.
SLOTS_WRITTEN: Final = f"""
with recursive written(slot) as (
  select min(id) >> {NUMBER_BITS} from record
  union all
  select (select min(id) >> {NUMBER_BITS} from record where id >= (slot + 1) << {NUMBER_BITS}) from written
  where slot is not null)
select slot from written where slot is not null
"""
# A rowid: the day's ordinal, the device's ordinal, the record's number.
NUMBER, DEVICE = 30, 11
# No more of it than has room in a rowid: what a damaged one has above that makes no rowid.
ORDINALS: Final = f"select slot, ordinal & {(1 << DEVICE) - 1} from device"


def rowid_of(day: date, ordinal: int, entry: int) -> int:
    """The row of an entry that is dated so, written by the device of this ordinal."""
    return day.toordinal() << DEVICE + NUMBER | ordinal << NUMBER | number_of(entry)


def day_of(rowid: int) -> date:
    """The day of the entry whose row this is."""
    return date.fromordinal(rowid >> DEVICE + NUMBER)


def entries_in(cx: sqlite3.Connection, rowids: Iterable[int]) -> Iterator[int]:
    """The entries whose rows these are; of a device that nobody knows any more, none."""
    slots = _slots(cx)
    for rowid in rowids:
        slot = slots.get(rowid >> NUMBER & (1 << DEVICE) - 1, slots.get(None))
        if slot is not None:
            yield record_id(slot, rowid & (1 << NUMBER) - 1)


def _slots(cx: sqlite3.Connection) -> dict[int | None, int]:
    """The slot of each device by its ordinal. Where a note of one device is damaged, the one that is left over among the
    records is its slot; under None the slot of the only device."""
    noted = dict(cx.execute(ORDINALS))
    written = [slot for (slot,) in cx.execute(SLOTS_WRITTEN)]
    slots: dict[int | None, int] = {noted[slot]: slot for slot in written if slot in noted}
    strays, left = [s for s in written if s not in noted], [o for s, o in noted.items() if s not in written]
    if len(strays) == len(left) == 1:
        slots[left[0]] = strays[0]
    if len(written) == 1:
        slots[None] = written[0]
    return slots


def bounds(since: date | None, until: date | None) -> tuple[int, int]:
    """The first and the last rowid that entries of these days may have."""
    last = (until.toordinal() + 1 << DEVICE + NUMBER) - 1 if until else (1 << 63) - 1
    return (since.toordinal() << DEVICE + NUMBER if since else 0), last


def set_merging(cx: sqlite3.Connection, *, filling: bool) -> None:
    """When the index's segments are merged: hardly ever while it is filled."""
    cx.execute(SET_SEARCH, ("automerge", 0 if filling else 4))
    cx.execute(SET_SEARCH, ("crisismerge", _NEVER if filling else _MERGED_AT_ONCE))


def catch_up(cx: sqlite3.Connection, most: int = AT_A_WRITE, migrator: SchemaMigrator | None = None) -> None:
    """Index at most so many records behind the watermark, in the caller's transaction."""
    noted = marks(cx)
    _fill(cx, migrator or SchemaMigrator(cx), {slot: number for slot, number, _ in noted}, _ends(noted), most)


def is_behind(cx: sqlite3.Connection) -> bool:
    """Whether there are records that are not indexed yet; a search reads those one by one."""
    return any(number < last for _, number, last in marks(cx))


def rebuild_index(cx: sqlite3.Connection, upto: Mapping[int, int] | None = None) -> None:
    """Empty the index and fill it anew: whole, or of each device (by slot) up to a number."""
    cx.execute(EMPTY_SEARCH)
    ends = _ends(marks(cx))
    note_indexed(cx, {})
    set_merging(cx, filling=True)
    _fill(cx, SchemaMigrator(cx), dict.fromkeys(ends, 0), ends if upto is None else upto, sys.maxsize)
    cx.execute(COMPACT_SEARCH)
    set_merging(cx, filling=False)


def marks(cx: sqlite3.Connection) -> list[tuple[int, int, int]]:
    """Of each device: its slot, the last number indexed, the last number written."""
    row = cx.execute(INDEXED).fetchone()
    try:
        stored = json.loads(row[0]) if row else {}
    except ValueError:
        stored = {}
    done = stored if isinstance(stored, dict) else {}
    return [(slot, _number(done.get(str(slot))), last) for slot, last in cx.execute(DEVICES)]


def _number(stored: object) -> int:
    return stored if isinstance(stored, int) else 0


def forget(cx: sqlite3.Connection, record: int) -> int | None:
    """Take the row of the entry that a record is about out of the index, before any of it is erased; the entry, for
    `learn`, if it had one. `compact` is to follow."""
    entry = entry_of(cx, record)
    row = _Rows(cx, SchemaMigrator(cx)).of(entry, indexed(cx)) if entry is not None else None
    if row is None:
        return None
    cx.execute(DROP_ROW, row)
    return entry


def compact(cx: sqlite3.Connection) -> None:
    """Write the index anew as one segment: a row that is only marked as gone could still be read in the file."""
    cx.execute(COMPACT_SEARCH)


def learn(cx: sqlite3.Connection, entry: int) -> None:
    """Put the row of an entry back, as what is left of it says."""
    row = _Rows(cx, SchemaMigrator(cx)).of(entry, indexed(cx))
    if row is not None:
        cx.execute(PUT_ROW, row)


def entry_of(cx: sqlite3.Connection, record: int) -> int | None:
    """The entry that a record is, corrects or takes back in the end."""
    about = _about(cx, record)
    return about.id if about is not None and about.kind == "entry" else None


def _about(cx: sqlite3.Connection, record: int) -> Rec | None:
    """What a record is, or corrects or takes back in the end."""
    while (rec := one_record(cx, record)) is not None:
        if rec.kind not in (*_CHANGES, "redact") or rec.target is None:
            return rec
        record = rec.target
    return None


def indexed(cx: sqlite3.Connection) -> dict[int, int]:
    """Of each device, by slot, the last number indexed."""
    return {slot: number for slot, number, _ in marks(cx)}


def _ends(noted: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    return {slot: last for slot, _, last in noted}


def _fill(
    cx: sqlite3.Connection, migrator: SchemaMigrator, before: Mapping[int, int], ends: Mapping[int, int], most: int
) -> None:
    """Index at most so many records behind a mark of each device, and none beyond its end."""
    while most > 0:
        after, n = _fill_once(cx, migrator, before, ends, min(most, AT_ONCE))
        if after == before:
            return
        before, most = after, most - n


def _fill_once(
    cx: sqlite3.Connection, migrator: SchemaMigrator, before: Mapping[int, int], ends: Mapping[int, int], most: int
) -> tuple[dict[int, int], int]:
    """Index so many at once: the marks after it, and how many records it passed."""
    passed, after, targeted = list[Rec](), dict(before), set[int]()
    for slot, mark in before.items():
        end, room = ends.get(slot, 0), most - len(passed)
        if mark >= end or room <= 0:
            continue
        records = list(select_records(cx, UNINDEXED, (record_id(slot, mark), record_id(slot, end), room)))
        after[slot] = number_of(records[-1].id) if len(records) == room else end
        passed += records
        passed_ids = record_id(slot, mark), record_id(slot, after[slot])
        targeted.update(id_ for (id_,) in cx.execute(TARGETED, passed_ids))
        targeted.update(id_ for (id_,) in cx.execute(TWINS_BETWEEN, passed_ids))
    if after != before:
        rows = _Rows(cx, migrator)
        changed = _changed(cx, passed) | {rec.id for rec in passed if rec.kind == "entry" and rec.id in targeted}
        dropped = {row for entry in changed if (row := rows.of(entry, before)) is not None}
        put = {row for entry in changed if (row := rows.of(entry, after)) is not None}
        plain = (rec for rec in passed if rec.kind == "entry" and rec.id not in changed)
        put.update(rows.new(plain))
        cx.executemany(DROP_ROW, sorted(dropped - put))
        cx.executemany(PUT_ROW, sorted(put - dropped))
        note_indexed(cx, after)
    return after, len(passed)


def note_indexed(cx: sqlite3.Connection, numbers: Mapping[int, int]) -> None:
    """Note of each device, by slot, the last number indexed."""
    cx.execute(SET_META, ("indexed", json.dumps({str(slot): number for slot, number in numbers.items()})))


def _changed(cx: sqlite3.Connection, passed: Iterable[Rec]) -> set[int]:
    """The entries of which some records say something else than before, those of imports taken back among them."""
    changed = set[int]()
    for rec in passed:
        if rec.kind in (*_CHANGES, "redact") and (about := _about(cx, rec.id)) is not None:
            entries = [about.id] if about.kind == "entry" else []
            if about.kind == "batch":
                entries = [entry for (entry,) in cx.execute(ENTRIES_OF_BATCH, (about.id, about.id))]
            changed.update(entries)
    if cx.execute(ANY_TWIN).fetchone() is not None:
        from nippo_cli.journal.log import twins_of

        of = changed | {rec.id for rec in passed if rec.kind == "entry"}
        changed |= {twin for entry in of for twin in twins_of(cx, entry)}
    return changed


def rows_as_indexed(
    cx: sqlite3.Connection, entries: Iterable[int], ends: Mapping[int, int]
) -> Iterator[tuple[int, str]]:
    """The rows of those of some entries that stand, as the records make them up to a number of each device."""
    rows = _Rows(cx, SchemaMigrator(cx))
    return (row for entry in entries if (row := rows.of(entry, ends)) is not None)


def texts_of_states(states: Sequence[EntryState], schemas: Mapping[int, Schema]) -> list[str]:
    """What the index holds of entries as they are, each under its schema."""
    texts = [
        BETWEEN.join(filter(None, texts_of(state.values, schemas[state.schema], state.author))) for state in states
    ]
    return [
        text for at in range(0, len(texts), _ALIKE_AT_ONCE) for text in tokens_of_all(texts[at : at + _ALIKE_AT_ONCE])
    ]


class _Rows:
    """The rows of entries, by what was indexed: a number for each device. An erasure counts at once, wherever it is."""

    def __init__(self, cx: sqlite3.Connection, migrator: SchemaMigrator) -> None:
        self._cx = cx
        self._migrator = migrator
        self._ordinals: dict[int, int] = dict(cx.execute(ORDINALS))
        self._retracted: dict[tuple[int, int], bool] = {}

    def of(self, entry: int, marks: Mapping[int, int]) -> tuple[int, str] | None:
        """An entry's row as the indexed records make it; None where it has none."""
        records = self._held(tree(self._cx, entry), marks)
        if not records or records[0].id != entry:
            return None
        if records[0].batch is not None and self._taken_back(records[0].batch, marks):
            return None
        versions = entry_versions(records, self._migrator)
        return self._row(versions[-1]) if versions else None

    def new(self, records: Iterator[Rec]) -> Iterator[tuple[int, str]]:
        """The rows of entries of which no other record says anything; none of damaged ones."""
        sound = (rec for rec in records if not rec.damaged)
        while some := list(islice(sound, _ALIKE_AT_ONCE)):
            states = [
                first_version(rec) if rec.body is not None else entry_versions([rec], self._migrator)[0] for rec in some
            ]
            schemas = {state.schema: self._migrator.of(state.schema) for state in states}
            yield from zip(map(self._rowid, states), texts_of_states(states, schemas), strict=True)

    def _row(self, state: EntryState) -> tuple[int, str]:
        return self._rowid(state), tokens(form_of(self._texts(state)))

    def _rowid(self, state: EntryState) -> int:
        return rowid_of(date.fromisoformat(state.on), self._ordinals[slot_of(state.id)], state.id)

    def _texts(self, state: EntryState) -> Iterator[str]:
        return texts_of(state.values, self._migrator.of(state.schema), state.author)

    def _taken_back(self, batch: int, marks: Mapping[int, int]) -> bool:
        key = (batch, id(marks))
        if key not in self._retracted:
            self._retracted[key] = batch in retracted(self._held(tree(self._cx, batch), marks))
        return self._retracted[key]

    def _held(self, records: Sequence[Rec], marks: Mapping[int, int]) -> list[Rec]:
        return [r for r in records if r.kind == "redact" or number_of(r.id) <= marks.get(slot_of(r.id), 0)]
