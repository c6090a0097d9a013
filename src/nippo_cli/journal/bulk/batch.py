"""A million entries in one transaction: the same records and projections as single writes make, in bounded memory.

Rows go in by chunks; each new deal is folded once, at the end, from one ordered scan.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import record_id
from nippo_cli.base.text import normal_form
from nippo_cli.journal.bulk.known import KeyStatus, KnownKeys
from nippo_cli.journal.derive import Helped, add_to_counters, build_new, count_activities
from nippo_cli.journal.log import (
    _LATE,
    ALL_POINTS,
    ANY_DEAL,
    NAMED,
    POINT_COLUMNS,
    PUT_NAME,
    DealRecordState,
    Reach,
    Sealer,
    bind_fast,
    canonical,
    insert_many,
    tables,
)
from nippo_cli.journal.write import Row, body
from nippo_cli.line.checked_entry import checker
from nippo_cli.line.facts import DealRecord

if TYPE_CHECKING:
    from nippo_cli.base.worker import Worker
    from nippo_cli.journal.write import Writer
    from nippo_cli.line.metrics import Metric

ENTRY_COUNT: Final = "select count(*) from entry"
# The touched deals drive the plan: `cross join` keeps SQLite from turning it round.
TOUCHED_POINTS: Final = (
    f"select {POINT_COLUMNS}, {_LATE}, t.deal from temp.touched t cross join entry e on e.deal = t.deal"
    " order by t.deal, e.on_date, e.recorded_at, e.id"
)
TOUCHED_TABLE: Final = "create temp table if not exists touched (deal integer primary key)"
PUT_TOUCHED: Final = "insert or ignore into temp.touched values (?)"
CLEAR_TOUCHED: Final = "delete from temp.touched"


def again(insert: str) -> str:
    """An insert that puts its row in the place of one of the same id. No delete trigger fires for that."""
    return insert.replace("insert into", "replace into", 1)


def bulk_inserts(recorded_at: str, schema: int, batch: int) -> tuple[str, str]:
    """An import's inserts into `record` and `entry`. What all its rows share, nippo's own instant and ids, is written
    out: each value bound costs 5 % of the row.

    A record binds id, kind, author, known_on, on_date, source_key, salt, body, hash; an entry id, version, deal,
    on_date, known_on, those of `lens.Columns` with the author after the second, and incomplete. A body is bound as the
    UTF-8 that it was hashed as.
    """
    record = f"insert into record values (?,?,?,'{recorded_at}',?,?,{schema:d},null,{batch:d},?,?,cast(? as text),?)"
    columns = (
        "id, version, deal, on_date, known_on, stage, contact, author, activity, customer, kind, amount, closes,"
        " confidence, next_step, next_on, accepts, source, evidence, incomplete, recorded_at"
    )
    entry = f"insert into entry ({columns}) values ({'?,' * 20}'{recorded_at}')"
    return record, entry


_ROWS_A_CHUNK = 1000
_CACHE_KIB = 48 * 1024
# From here on, or a quarter of what is there, an index is built again faster than it is kept in order.
_MANY = 1000


class Bulked(NamedTuple):
    """What became of the rows: `taken` were written, `known` are in the journal already, `rejected` have the key of
    another row and say something else. `new_deals` of the `deals` were begun."""

    taken: int
    known: int
    rejected: int
    deals: int
    new_deals: int


def bulk(
    writer: "Writer",
    rows: Iterable[Row],
    *,
    batch: int,
    on_known: Callable[[Row], None] | None = None,
    on_reject: Callable[[Row], None] | None = None,
    unique_keys: bool = False,
    second: "Worker | None" = None,
) -> Bulked:
    """Write entries, each after the deal that it begins.

    Args:
        rows: read one by one; what they raise stops the import and takes it all back.
        batch: the batch that they belong to (`Writer.begin_batch`).
        on_known: told of each row that the journal has already, before the next row is read.
        on_reject: told likewise of each row rejected.
        unique_keys: no source key comes twice among the rows.
        second: a process that does `building.build_in_worker` once the rows are read.
    """
    # Millions of live tuples and no cycle among them: the collector would only go round, a tenth of the time.
    collecting = gc.isenabled()
    gc.disable()
    bind_fast()
    try:
        return _Bulk(writer, batch, second, unique_keys=unique_keys).run(
            rows, on_known or _nobody, on_reject or _nobody
        )
    finally:
        if collecting:
            gc.enable()


def _nobody(_row: Row) -> None:
    """Whom nobody has to tell."""


class _Bulk:
    """One import under way."""

    def __init__(self, writer: "Writer", batch: int, second: "Worker | None", *, unique_keys: bool) -> None:
        self._writer = writer
        self._second = second
        self._cx = writer.cx
        self._base = record_id(writer.slot, 0)
        self._sealer = Sealer(writer.device_id, writer.recorded_at, writer.schema_id, batch)
        self._insert_record, self._insert_entry = bulk_inserts(writer.recorded_at, writer.schema_id, batch)
        self._records: list[tuple[Any, ...]] = []
        self._entries: list[tuple[Any, ...]] = []
        self._names: list[tuple[object, ...]] = []
        self._by_name: dict[str, int] = {}
        self._by_folded: dict[str, int] = {}
        # New deals: their names, and the day on which they were known when they were begun.
        self._new: dict[int, tuple[str, str]] = {}
        # Of those, the ones of which anything was known on an earlier day: on which.
        self._earlier: dict[int, str] = {}
        # By deal that was there: the last day on which anything of it was known, and on which anything happened.
        self._reached: dict[int, tuple[str, str]] = {}
        self._first_deals = not self._cx.execute(ANY_DEAL).fetchone()
        defaults = checker(writer.projection.migrator.agreement, writer.today).defaults()
        self._keys = KnownKeys(self._cx, writer.projection.batches, defaults=defaults, unique=unique_keys)
        self._dropped: list[str] = []
        # Entries by activity and month.
        self._did: Counter[tuple[str | None, str]] = Counter()

    def run(
        self,
        rows: Iterable[Row],
        on_known: Callable[[Row], None],
        on_reject: Callable[[Row], None],
    ) -> Bulked:
        self._cx.execute(f"pragma cache_size = -{_CACHE_KIB}")
        self._writer.projection.flush()
        before = self._cx.execute(ENTRY_COUNT).fetchone()[0]
        taken = known = rejected = 0
        for row in rows:
            name, key, values = row[:3]
            deal = self._deal(name, row[4]) if name is not None else None
            text = body(values, deal, incomplete=row[19])
            if key is not None and self._keys.ask:
                standing = self._keys.of(key, row, text, self._index_keys)
                if standing is not KeyStatus.NEW:
                    known += standing is KeyStatus.KNOWN
                    rejected += standing is KeyStatus.OTHER
                    (on_known if standing is KeyStatus.KNOWN else on_reject)(row)
                    continue
            self._take(key, deal, text, row)
            taken += 1
            if len(self._entries) >= _ROWS_A_CHUNK:
                self._flush()
                if not self._dropped and taken >= max(_MANY, before // 4):
                    self._drop_indexes()
        self._flush()
        self._count_done()
        # What the lines are read by; the others are built while they are folded.
        self._build_indexes([tables.ENTRY_INDEXES["entry_deal"]])
        self._fold()
        self._begin_earlier()
        self._build_indexes(tuple(self._dropped))
        return Bulked(taken, known, rejected, len(self._new) + len(self._reached), len(self._new))

    def _take(self, key: str | None, deal: int | None, text: bytearray, row: Row) -> None:
        on, known_on, author = row[3], row[4], row[7] or self._writer.author
        number = self._writer.next_number()
        record = self._base + number
        salt, seal = self._sealer.seal(number, "entry", author, known_on, on, key, text)
        self._records.append((record, "entry", author, known_on, on, key, salt, text, seal))
        said = row[3:] if row[7] else (*row[3:7], author, *row[8:])
        # Adding tuples takes half of what unpacking them into one does.
        self._entries.append((record, record, deal) + said)  # noqa: RUF005
        if key is not None and self._keys.ask:
            self._keys.add(key)
        if deal is not None and deal not in self._new:
            known, event = self._reached.get(deal, ("", ""))
            self._reached[deal] = (max(known, known_on), max(event, on))

    def _deal(self, name: str, known_on: str) -> int:
        deal = self._by_name.get(name)
        if deal is None:
            folded = normal_form(name)
            deal = self._by_folded.get(folded)
            if deal is None:
                found = None if self._first_deals else self._cx.execute(NAMED, (folded,)).fetchone()
                deal = found[0] if found else self._begin(name, folded, known_on)
            self._by_name[name] = deal
        return deal

    def _begin(self, name: str, folded: str, on: str) -> int:
        number = self._writer.next_number()
        deal = self._base + number
        self._records.append(self._begin_record(deal, name, on))
        self._names.append((folded, deal, 0, name))
        self._by_folded[folded] = deal
        self._new[deal] = name, on
        return deal

    def _begin_record(self, deal: int, name: str, on: str) -> tuple[object, ...]:
        author, body = self._writer.author, bytearray(canonical({"do": "begin", "name": name}).encode())
        salt, seal = self._sealer.seal(deal - self._base, "deal", author, on, on, None, body)
        return (deal, "deal", author, on, on, None, salt, body, seal)

    def _begin_earlier(self) -> None:
        """A deal is known from the first day on which any of its entries is, wherever in the file that stands.

        Its begin stands before its entries all the same. Written anew in its place, within the transaction that wrote
        it: nobody has seen the other.
        """
        written = (self._begin_record(deal, self._new[deal][0], on) for deal, on in sorted(self._earlier.items()))
        self._cx.executemany(again(self._insert_record), written)

    def _count_done(self) -> None:
        counted: Counter[Metric] = Counter()
        for (activity, month), times in self._did.items():
            counted[count_activities(activity, date.fromisoformat(f"{month}-01"))] += times
        add_to_counters(self._cx, counted)

    def _flush(self) -> None:
        self._did.update([(entry[8], entry[3][:7]) for entry in self._entries])
        insert_many(self._cx, self._insert_record, self._records)
        insert_many(self._cx, self._insert_entry, self._entries)
        self._cx.executemany(PUT_NAME, self._names)
        for pending in (self._records, self._entries, self._names):
            pending.clear()

    def _drop_indexes(self) -> None:
        dropped = tables.ENTRY_INDEXES | (tables.DEAL_INDEXES if self._first_deals else {})
        self._dropped = list(dropped.values())
        for name in dropped:
            self._cx.execute(f"drop index {name}")
        # Kept where it has to answer which rows are known already.
        if not self._keys.any_before:
            self._cx.execute("drop index record_source")
            self._dropped.append(tables.SOURCE_INDEX)

    def _index_keys(self) -> None:
        self._flush()
        self._build_indexes([tables.SOURCE_INDEX])

    def _build_indexes(self, statements: Iterable[str]) -> None:
        for _ in self._built_one_by_one(statements):
            pass

    def _built_one_by_one(self, statements: Iterable[str]) -> Iterator[str]:
        """Build those of the indexes that were dropped, one each time that it is asked."""
        for statement in [s for s in statements if s in self._dropped]:
            self._cx.execute(statement)
            self._dropped.remove(statement)
            yield statement

    def _fold(self) -> None:
        projection = self._writer.projection
        if self._first_deals:
            rows = self._cx.execute(ALL_POINTS)
        else:
            self._cx.execute(TOUCHED_TABLE)
            self._cx.execute(CLEAR_TOUCHED)
            self._cx.executemany(PUT_TOUCHED, ((deal,) for deal in self._new))
            rows = self._cx.execute(TOUCHED_POINTS)
        helped = Helped(self._second, self._built_one_by_one((*tables.ENTRY_INDEXES.values(), tables.SOURCE_INDEX)))
        build_new(self._cx, rows, projection.migrator.agreement, self._state_of, deals=len(self._new), helped=helped)
        for deal, reached in self._reached.items():
            projection.touch(deal, Reach(*reached))
        projection.flush()

    def _state_of(self, deal: int, rows: Sequence[Sequence[Any]]) -> tuple[DealRecordState, Reach] | None:
        """A new deal, and how far its records reach: the one that begins it, and its entries'."""
        if deal not in self._new:
            return None
        name, begun = self._new[deal]
        known = [late or on for _, on, *_, late, _ in rows]
        first = min(begun, *known)
        if first < begun:
            self._earlier[deal] = first
        reached = Reach(max(known), max(first, rows[-1][1]))
        return DealRecordState(
            DealRecord(deal, name, told_on=date.fromisoformat(first)), alive=True, merges=(), into=None, reach=reached
        ), reached
