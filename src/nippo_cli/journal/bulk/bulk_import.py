"""A million entries in one transaction: the same records and projections as single writes make, in bounded memory.

Entries go in by chunks; each new deal's history is built once, at the end, from one ordered scan.
"""

import gc
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import record_id
from nippo_cli.journal.bulk.deals import ImportedDeals
from nippo_cli.journal.bulk.known import KeyStatus, KnownKeys
from nippo_cli.journal.bulk.rows import ENTRY_COLUMNS, EntryRows, bodies_of
from nippo_cli.journal.derive import add_to_counters, count_activities, end_worker, helping
from nippo_cli.journal.log import PUT_NAME, Sealer, bind_fast, indexes, insert_many
from nippo_cli.journal.search import BulkIndex
from nippo_cli.line.checked_entry import checker
from nippo_cli.line.namesakes import SeveralDeals

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from nippo_cli.base.worker import Worker
    from nippo_cli.journal.bulk.changed import ChangedEntry, Comparison
    from nippo_cli.journal.write import Writer
    from nippo_cli.line.metrics import Metric

ENTRY_COUNT: Final = "select count(*) from entry"

# What stands in a column of `entry` that is left out, where that is not null.
_OTHERWISE: Final = {"incomplete": False, "snapshot": False}
_ROWS_A_CHUNK = 1000
_CACHE_KIB = 16 * 1024
# From here on, or a quarter of what is there, an index is built again faster than it is kept in order.
_MANY = 1000


def record_insert(recorded_at: str, schema: int, batch: int) -> str:
    """An import's insert into `record`. What all its rows share, nippo's own instant and ids, is written out: each value bound
    costs 5 % of the row.

    Bound are id, kind, author, known_on, on_date, source_key, salt, body, hash; the body as the UTF-8 that it was hashed as.
    """
    return f"insert into record values (?,?,?,'{recorded_at}',?,?,{schema:d},null,{batch:d},?,?,cast(? as text),?)"


def entry_insert(recorded_at: str, schema: int, said: Sequence[str]) -> str:
    """An import's insert into `entry`, likewise. Bound are id, version, deal and those of `ENTRY_COLUMNS` that are `said`: of a
    history most say nothing, and to bind all takes twice as long."""
    columns = ("id", "version", "deal", *said)
    return f"insert into entry ({', '.join(columns)}, schema, recorded_at) values ({'?,' * len(columns)}{schema:d}, '{recorded_at}')"


def columns_stated(rows: EntryRows) -> tuple[str, ...]:
    """Those of `ENTRY_COLUMNS` of which some row says something else than the table puts in by itself."""
    columns = ((name, getattr(rows, name)) for name in ENTRY_COLUMNS)
    return tuple(name for name, column in columns if column.count(_OTHERWISE.get(name)) < len(column))


class BulkWritten(NamedTuple):
    """What became of the entries: `taken` were written, `known` are in the journal already, `rejected` have the key of
    another and say something else. `new_deals` of the `deals` were begun."""

    taken: int
    known: int
    rejected: int
    deals: int
    new_deals: int


class NotNew(NamedTuple):
    """Of some entries that were to be written, the places of those that were not: `known` are in the journal already,
    `rejected` have the key of another and say something else. `changed` is what they say otherwise, by their places, also of
    those that were written all the same."""

    known: Sequence[int]
    rejected: Sequence[int]
    changed: "Mapping[int, ChangedEntry]"


@contextmanager
def importing(
    writer: "Writer",
    batch: int,
    *,
    unique_keys: bool = False,
    second: "Worker | None" = None,
    changes_customer: bool = False,
    adds_changed: bool = False,
    exported: bool = False,
    dated_by_file: frozenset[str] = frozenset(),
    says_owners: bool = False,
    apart: frozenset[str] | None = None,
    has_row_a_deal: bool = False,
) -> "Iterator[BulkImport]":
    """An import, to be given entries and then ended. What is raised within the block takes all of it back.

    Args:
        batch: the batch that they belong to (`Writer.begin_batch`).
        unique_keys: no source key comes twice among the entries.
        changes_customer: an entry may give the only deal of its name another customer.
        adds_changed: an entry that says something else than the one that has its key is written beside that.
        exported: nippo exported the entries; those of this very journal are known.
        dated_by_file: the parts of rows whose day is the file's, and no change by itself.
        says_owners: an entry may say whose its deal is, or how its source knows it by a key.
        apart: the names of which two legal forms are known (`same_customer`), with those that the entries bring in; None: those
            that the journal has.
        has_row_a_deal: no two rows are of one deal.
        second: a process that does `building.build_in_worker` once the entries are read.
    """
    # Millions of live tuples and no cycle among them: the collector would only go round, a tenth of the time.
    collecting = gc.isenabled()
    gc.disable()
    bind_fast()
    try:
        yield BulkImport(
            writer, batch, second,
            unique_keys=unique_keys, changes_customer=changes_customer, adds_changed=adds_changed, exported=exported,
            dated_by_file=dated_by_file,
            says_owners=says_owners, apart=apart, has_row_a_deal=has_row_a_deal,
        )  # fmt: skip
    finally:
        if collecting:
            gc.enable()


class BulkImport:
    """One import under way."""

    def __init__(
        self, writer: "Writer", batch: int, second: "Worker | None", *,
        unique_keys: bool, changes_customer: bool, adds_changed: bool, exported: bool, says_owners: bool,
        dated_by_file: frozenset[str], apart: frozenset[str] | None, has_row_a_deal: bool,
    ) -> None:  # fmt: skip
        self._writer = writer
        self._adds_changed = adds_changed
        self._ends = frozenset(stage.key for stage in writer.projection.migrator.schema.stages if stage.ends)
        self._says_owners = says_owners
        self._dated_by_file = dated_by_file
        self._second = second
        self._cx = writer.cx
        self._cx.execute(f"pragma cache_size = -{_CACHE_KIB}")
        writer.projection.flush()
        self._before = self._cx.execute(ENTRY_COUNT).fetchone()[0]
        self._base = record_id(writer.slot, 0)
        self._sealer = Sealer(writer.device_id, writer.recorded_at, writer.schema_id, batch)
        self._insert_record = record_insert(writer.recorded_at, writer.schema_id, batch)
        # What waits to be written, as it is bound; and the columns that the entries have.
        self._records: list[tuple[Any, ...]] = []
        self._entries: list[tuple[Any, ...]] = []
        self._said: tuple[str, ...] = ()
        self._deals = ImportedDeals(
            writer,
            self._sealer,
            batch=batch,
            changes_customer=changes_customer,
            apart=apart,
            has_row_a_deal=has_row_a_deal,
        )
        self._keys = KnownKeys(
            self._cx, writer.projection.batches, comparison=self._comparison, unique=unique_keys, exported=exported
        )
        self._indexes = _BulkIndexes(self._cx)
        self._search = BulkIndex(self._cx, writer.slot)
        self._activities: Counter[tuple[str | None, str]] = Counter()
        self._taken = self._known = self._rejected = 0

    def write(self, rows: EntryRows) -> NotNew:
        """Write entries, each after the deal that it begins."""
        self._deals.let_go()
        known, rejected, changed = list[int](), list[int](), dict[int, "ChangedEntry"]()
        numbers, deals = list[int](), list[int | None]()
        # Looked up once: every step here is taken a million times.
        keys, asks, called = self._keys, self._keys.ask, self._deals.note_known
        by_pair, by_key, deal_of = self._deals.by_pair, self._deals.by_key, self._deals.id_of
        is_new, reach, next_number = self._deals.new, self._deals.reach, self._writer.next_number
        for place, (name, customer, key, key_of_deal, on, known_on) in enumerate(
            zip(rows.deal_name, rows.customer, rows.source_key, rows.deal_key, rows.on_date, rows.known_on, strict=True)
        ):
            if asks and key is not None:
                status = keys.of(rows.keyed(place, key), self._index_keys)
                if status is not KeyStatus.NEW:
                    if isinstance(status, KeyStatus) or self._is_by_new_owner(rows, place, status):
                        known.append(place)
                        called(key_of_deal, name)
                        continue
                    changed[place] = status
                    if not self._adds_changed:
                        rejected.append(place)
                        continue
                keys.add(key)
            try:
                deal = by_pair.get((name, customer)) if key_of_deal is None else by_key.get(key_of_deal)
                if deal is None and name is not None:
                    deal = deal_of(name, customer, known_on, key_of_deal)
            except SeveralDeals:
                # Only a row that was taken back with its import comes here: it was known when it was judged.
                rejected.append(place)
                continue
            numbers.append(next_number())
            deals.append(deal)
            if deal is not None and deal not in is_new:
                reach(deal, known_on, on)
        if known or rejected:
            old = {*known, *rejected}
            rows = rows.at([place for place in range(len(rows.body)) if place not in old])
        self._take(rows._replace(author=[author or self._writer.author for author in rows.author]), numbers, deals)
        self._known += len(known)
        self._rejected += len(rejected)
        return NotNew(known, rejected, changed)

    def look(self, rows: EntryRows) -> NotNew:
        """What `write` would say of entries; none is written."""
        known, changed = list[int](), dict[int, "ChangedEntry"]()
        for place, key in enumerate(rows.source_key if self._keys.ask else ()):
            if key is None:
                continue
            status = self._keys.of(rows.keyed(place, key), self._index_keys)
            if status is KeyStatus.NEW:
                continue
            if isinstance(status, KeyStatus) or self._is_by_new_owner(rows, place, status):
                known.append(place)
            else:
                changed[place] = status
        return NotNew(known, () if self._adds_changed else tuple(changed), changed)

    def _is_by_new_owner(self, rows: EntryRows, place: int, status: "ChangedEntry") -> bool:
        """Whether a row of a later list says nothing new of a day before but whose the deal is by now: that is no news of that day,
        and the row's last entry says it; nor is it of the day on which a deal ended, which was another's then."""
        if not self._adds_changed or not rows.snapshot[place] or [one.what for one in status.changes] != ["author"]:
            return False
        if rows.stage[place] in self._ends:
            return True
        of_row = [(key or "").rpartition("/")[0] for key in rows.source_key[place : place + 2]]
        return len(of_row) == 2 and of_row[0] == of_row[1]

    def _take(self, rows: EntryRows, numbers: Sequence[int], deals: Sequence[int | None]) -> None:
        """Have entries written: their records, under these numbers, and their rows."""
        ids = [self._base + number for number in numbers]
        bodies = bodies_of(rows, deals)
        keys = rows.source_key
        salts, digests = self._sealer.seal_all(numbers, "entry", rows.author, rows.known_on, rows.on_date, keys, bodies)
        self._records += zip(
            ids, repeat("entry"), rows.author, rows.known_on, rows.on_date, keys, salts, bodies, digests, strict=False
        )
        self._taken += len(ids)
        # Of the file, not of the rows at hand: who wrote a deal's first entry is told by all of them.
        if self._says_owners:
            self._deals.note(rows, ids, deals)
        self._activities.update(zip(rows.activity, [on[: len("2026-10")] for on in rows.on_date], strict=True))
        self._search.add(ids, rows.on_date, rows.author, rows.characters)
        self._entries += zip(ids, ids, deals, *(getattr(rows, name) for name in self._columns_of(rows)), strict=True)
        if len(self._entries) >= _ROWS_A_CHUNK:
            self._flush()
            if self._taken >= max(_MANY, self._before // 4):
                # The index over keys stays where it has to answer which rows are known already.
                self._indexes.drop(deals=self._deals.first, keys=not (self._keys.any_before or self._keys.exported))

    def knows(self, key: str) -> bool:
        """Whether the entry of a source key is in the journal, whatever it says."""
        return self._keys.knows(key)

    def _comparison(self, keys: KnownKeys) -> "Comparison":
        from nippo_cli.journal.bulk.changed import Comparison

        projection = self._writer.projection
        defaults = checker(projection.migrator.schema, self._writer.today).defaults()
        return Comparison(
            self._cx, projection.batches, projection.migrator, keys.answers,
            defaults=defaults, dated_by_file=self._dated_by_file,
        )  # fmt: skip

    def deal_of(self, name: str, customer: str | None, key: str | None = None) -> int | None:
        """The deal that an entry of this name and customer was put to, or of this key."""
        return self._deals.by_pair.get((name, customer)) if key is None else self._deals.by_key.get(key)

    @property
    def corrected(self) -> list[int]:
        """The entries of known rows that were corrected here since, and so say something else than the file."""
        return sorted(self._keys.corrected)

    @property
    def taken_back(self) -> list[int]:
        """The entries of known rows that a person took back."""
        return sorted(self._keys.taken_back)

    @property
    def left_deals(self) -> list[int]:
        """The deals that were another customer's, beside which new ones of their names were begun."""
        return sorted(self._deals.left)

    def end(self) -> BulkWritten:
        """Write what waits, and derive the rest of the journal from it."""
        with self._helper() as helper:
            self._flush()
            self._deals.let_go()
            self._count_activities()
            # What the deals' lines are read by; the other indexes are built meanwhile.
            self._indexes.build([indexes.ENTRY_INDEXES["entry_deal"]])
            self._deals.end_lines()
            steps = chain(self._indexes.built_one_by_one(), self._search.merged())
            self._deals.build_histories(helper, steps)
        self._cx.executemany(again(self._insert_record), self._deals.earlier_begins())
        for _ in steps:
            pass
        self._indexes.build()
        self._search.end(self._writer.last_number)
        return BulkWritten(self._taken, self._known, self._rejected, self._deals.count, self._deals.new_count)

    def _helper(self) -> "AbstractContextManager[Worker | None]":
        """The process that helps to build histories. Another than the one that read the file starts at once, while the index is
        built that histories are read by: some 0.6 s that nobody waits for."""
        if self._second is not None and not self._deals.may_be_helped_by_reader():
            # Before anything else takes memory.
            end_worker(self._second)
            self._second = None
        return helping(self._second, self._writer.projection.migrator.schema, deals=self._deals.new_count)

    def _count_activities(self) -> None:
        counted: Counter[Metric] = Counter()
        for (activity, month), times in self._activities.items():
            counted[count_activities(activity, date.fromisoformat(f"{month}-01"))] += times
        add_to_counters(self._cx, counted)

    def _flush(self) -> None:
        # A record that begins a deal stands in front of that of the row that was read first of it.
        self._records += self._deals.begin_records()
        self._records.sort(key=itemgetter(0))
        insert_many(self._cx, self._insert_record, self._records)
        self._cx.executemany(PUT_NAME, self._deals.names)
        for pending in (self._records, self._deals.names):
            pending.clear()
        self._flush_entries()

    def _columns_of(self, rows: EntryRows) -> tuple[str, ...]:
        """The columns of the entries that wait; where more are said of some rows, those wait no longer."""
        said = columns_stated(rows)
        if not set(said).issubset(self._said):
            said_of_any = {*said, *self._said}
            self._flush_entries()
            self._said = tuple(name for name in ENTRY_COLUMNS if name in said_of_any)
        return self._said

    def _flush_entries(self) -> None:
        insert = entry_insert(self._writer.recorded_at, self._writer.schema_id, self._said)
        insert_many(self._cx, insert, self._entries)
        self._entries.clear()
        self._said = ()

    def _index_keys(self) -> None:
        self._flush()
        self._indexes.build([indexes.SOURCE_INDEX])


class _BulkIndexes:
    """The indexes that a large import drops on its way and builds again at its end: the statements that do."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self._cx = cx
        self._dropped: list[str] = []

    def drop(self, *, deals: bool, keys: bool) -> None:
        """Drop those of entries, unless they are dropped already; with them, where said, those of deals and of source keys."""
        if self._dropped:
            return
        dropped = indexes.ENTRY_INDEXES | (indexes.DEAL_INDEXES if deals else {})
        self._dropped = list(dropped.values())
        for name in dropped:
            self._cx.execute(f"drop index {name}")
        if keys:
            self._cx.execute("drop index record_source")
            self._dropped.append(indexes.SOURCE_INDEX)

    def build(self, statements: Iterable[str] | None = None) -> None:
        """Build those of some indexes, or of all, that were dropped."""
        for _ in self._built(tuple(self._dropped) if statements is None else statements):
            pass

    def built_one_by_one(self) -> Iterator[str]:
        """Build those of entries and source keys that were dropped, one each time that it is asked."""
        return self._built((*indexes.ENTRY_INDEXES.values(), indexes.SOURCE_INDEX))

    def _built(self, statements: Iterable[str]) -> Iterator[str]:
        for statement in [s for s in statements if s in self._dropped]:
            self._cx.execute(statement)
            self._dropped.remove(statement)
            yield statement


def again(insert: str) -> str:
    """An insert that puts its row in the place of one of the same id. No delete trigger fires for that."""
    return insert.replace("insert into", "replace into", 1)
