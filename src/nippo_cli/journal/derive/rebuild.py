"""Every projection from the log alone."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.worker import Worker
from nippo_cli.journal.derive.agreements import put_agreements
from nippo_cli.journal.derive.building import Helped, build_new
from nippo_cli.journal.derive.damage_scan import Damage, scan
from nippo_cli.journal.derive.heads import name_rows
from nippo_cli.journal.derive.ledger_rows import plain_sale, put_declaration, put_sale, put_target
from nippo_cli.journal.derive.plain_entries import PlainEntries, SearchRows, TextsOf
from nippo_cli.journal.derive.points import earlier_statements, entry_row
from nippo_cli.journal.derive.projection import put_customers, put_hold
from nippo_cli.journal.derive.remarks import comment_row, put_acknowledgement, put_day, put_follow, put_review
from nippo_cli.journal.derive.revisit_rows import put_revisits_of_customer
from nippo_cli.journal.derive.statements import ALL_ANSWERED, ENTRY_COLUMNS, PUT_COMMENT, PUT_ENTRY, PUT_GONE
from nippo_cli.journal.log import (
    _MONTH,
    ALL_POINTS,
    BODY,
    MERGED_HERE,
    NOWHERE,
    PUT_NAME,
    REC,
    SET_META,
    UNREAD,
    Batches,
    DealRecordState,
    Reach,
    Rec,
    SchemaMigrator,
    all_twins,
    begins_deal,
    bind_fast,
    deal_of,
    deals_ever,
    entry_versions,
    indexes,
    insert_many,
    joined,
    merged_ever,
    own_state,
    placed,
    put_person,
    put_twins,
    reach,
    record_of,
    root,
    rows,
    tables,
    tree,
)

SALES_OF_LOG: Final = f"select {REC} from record r where r.kind = 'sale' order by r.id"
ALL_TARGETED: Final = "select target, id from record where target is not null"
LOG_OF_KIND: Final = f"select {REC} from record r where r.kind = ? order by r.id"
# Every deal's begin: the one deal record without a target.
BEGINS: Final = f"select {REC} from record r where r.kind = 'deal' and r.target is null order by r.id"
# Deals whose begin a rescue could not bring.
LOST_BEGINS: Final = """
select distinct r.target from record r
where exists (select 1 from loss) and r.kind = 'deal' and r.target is not null
  and not exists (select 1 from record t where t.id = r.target)
"""
CUSTOMER_BEGINS: Final = "select id from record where kind = 'customer' and target is null"
PERSON_BEGINS: Final = "select id from record where kind = 'person' and target is null"
IDS_OF_KIND: Final = "select id from record where kind = ? order by id"
ENTRIES_KEPT: Final = "select id, coalesce(own_deal, deal), known_on, on_date from entry where deal is not null"
MOVE_ENTRY: Final = (
    "update entry set own_deal = case when coalesce(own_deal, deal) = :root then null else coalesce(own_deal, deal) end,"
    " deal = :root where id = :id"
)
COUNT_DID: Final = f"""
insert into tally select 'did', coalesce(activity, ''), '', 0, {_MONTH}, count(*) from entry
where meeting is null group by 2, 5
"""

_AT_ONCE: Final = 1000
_BATCH: Final = Rec._fields.index("batch")
_DEAL, _ON, _KNOWN_ON, _OWN_DEAL = map(ENTRY_COLUMNS.split(", ").index, ("deal", "on_date", "known_on", "own_deal"))


class Helpers(NamedTuple):
    """What a rebuild is helped by. `second`: a process that does `derive_in_worker`; `search`: an empty index to be filled, with
    what it holds of entries (`texts_of`); `tell`: told how many of how many entries are through."""

    second: Worker | None = None
    search: SearchRows | None = None
    texts_of: TextsOf | None = None
    tell: Callable[[int], None] | None = None


_ALONE: Final = Helpers()


def rebuild(cx: sqlite3.Connection, helpers: Helpers = _ALONE, *, is_sound: bool = False) -> None:
    """Empty every projection and derive it again from the log, in the caller's transaction.

    The search index is not among them, unless there is a helper that fills it: it is filled behind its own watermark.

    Args:
        is_sound: every record was sealed, or held against its hash, in this very transaction.
    """
    damage = Damage() if is_sound else scan(cx)
    for table in tables.PROJECTIONS:
        # Without a condition SQLite drops a table's pages unread.
        condition = _STAYS.get(table, "") if damage.stays else ""
        cx.execute(f"delete from {table} {condition}", {"stays": json.dumps(sorted(damage.stays))} if condition else {})
    for name in (*indexes.ENTRY_INDEXES, *indexes.DEAL_INDEXES):
        cx.execute(f"drop index if exists {name}")
    put_agreements(cx)
    _Rebuild(cx, damage, helpers).run()
    for statement in indexes.DEAL_INDEXES.values():
        cx.execute(statement)


# The rows of these are each one record's. Where that is damaged, they stay: they can't be made again.
_STAYS = dict.fromkeys(
    (
        "agreement", "entry", "hold", "sale", "target", "declaration", "comment", "acknowledgement", "follow", "day", "review", "revisit",
    ),
    "where id not in (select value from json_each(:stays))",
) | {"match": "where sale not in (select value from json_each(:stays))"}  # fmt: skip


class _Rebuild:
    """One rebuild: what it knows of each deal before it folds."""

    def __init__(self, cx: sqlite3.Connection, damage: Damage, helpers: Helpers) -> None:
        self.cx = cx
        self.damage = damage
        self.helpers = helpers
        self.migrator = SchemaMigrator(cx)
        self.batches = Batches(cx)
        put_twins(cx)
        # What another record is about, or may speak for.
        self.targeted = {row[0] for row in cx.execute(ALL_TARGETED)} | set(all_twins(cx))
        self.deals: dict[int, DealRecordState] = {}
        self.reached: dict[int, Reach] = dict(damage.reached)
        self.is_merged = False
        self.with_history: set[int] = set()

    def run(self) -> None:
        bind_fast()
        trees = [tree(self.cx, begin) for (begin,) in self.cx.execute(CUSTOMER_BEGINS).fetchall()]
        put_customers(self.cx, trees)
        for records in trees:
            put_revisits_of_customer(self.cx, records)
        for (begin,) in self.cx.execute(PERSON_BEGINS).fetchall():
            put_person(self.cx, begin, tree(self.cx, begin))
        self._deals()
        self._entries()
        self._holds()
        self._ledger()
        self._remarks()
        self._reviews()
        self._reach_into_merged()
        self.cx.execute(COUNT_DID)
        self._histories()
        names = (row for deal in self.deals for row in self._names_of(deal))
        while some := list(islice(names, _AT_ONCE)):
            insert_many(self.cx, PUT_NAME, some)
        self.cx.execute(SET_META, (UNREAD, str(self.damage.unread)))

    def _histories(self) -> None:
        """Build each deal's history. What the lines are read by is made before, the other indexes of entries meanwhile."""
        by_deal, *others = indexes.ENTRY_INDEXES.values()
        self.cx.execute(by_deal)
        search = self.helpers.search
        steps = chain(map(self.cx.execute, others), search.merged() if search is not None else ())
        points = self.cx.execute(ALL_POINTS)
        # Where nothing was ever written of a deal there need not be a schema.
        if (first := next(points, None)) is not None:
            second = self.helpers.second
            build_new(
                self.cx,
                chain((first,), points),
                self.migrator.schema,
                self._state_of,
                # Where there is no second process none is begun: who rebuilds says whether it pays.
                deals=len(self.deals) if second is not None else 0,
                helped=Helped(second, steps),
                said_before=lambda entry: earlier_statements(self.cx, entry, self.migrator, self.batches),
            )
        for _ in steps:
            pass

    def _names_of(self, deal: int) -> Sequence[tuple[object, ...]]:
        """What a deal answers to; one that has no line gets its row."""
        state, reached = self._known(deal)
        has_line = deal in self.with_history
        if not has_line:
            self.cx.execute(PUT_GONE, (deal, state.into, *reached))
        return name_rows(state, has_line=has_line)

    def _deals(self) -> None:
        """Read what each deal's records make of it, merges followed to their end; those merged away get their rows."""
        self.deals.update(self.damage.deals)
        for rec in list(self._records(BEGINS)):
            if not rec.damaged and rec.id not in self.deals and begins_deal(rec):
                records = tree(self.cx, rec.id) if rec.id in self.targeted else [rec]
                self.deals[rec.id] = deal_of(records, self.batches)
        for (deal,) in self.cx.execute(LOST_BEGINS).fetchall():
            lost = own_state(self.cx, deal, self.batches)
            if lost is not None:
                self.deals.setdefault(deal, lost)
        for deal, state in self.deals.items():
            into = placed(state, self.deals.get).into
            if into is not None:
                self.is_merged = True
                self.deals[deal] = state._replace(into=into)
                self.cx.execute(PUT_GONE, (deal, into, *state.reach))

    def _records(self, statement: str, *values: object) -> Iterator[Rec]:
        """Records that were held against their hashes already: a million of them take seconds."""
        return map(self._rec, rows(self.cx, statement, values))

    def _rec(self, row: Sequence[Any]) -> Rec:
        return Rec._make((*row[: BODY + 1], row[0] in self.damage.damaged))

    def _entries(self) -> None:
        """Make the `entry` row of every entry that stands, and note how far the records of each deal reach."""
        for entry, own, known_on, on in self.cx.execute(ENTRIES_KEPT).fetchall():
            self._reach((own,), Reach(known_on, on))
            self.cx.execute(MOVE_ENTRY, {"id": entry, "root": self._home(own)})
        search, tell, done = self.helpers.search, self.helpers.tell, 0
        others: list[Rec] = []
        plain = PlainEntries(self.migrator, self.helpers.second, self.helpers.texts_of if search is not None else None)
        for entries, texts in plain.of(self._plain_records(others)):
            insert_many(self.cx, PUT_ENTRY, self._in_place(entries))
            if search is not None:
                search.put(entries, texts)
            done += len(entries)
            if tell is not None:
                tell(done)
        self.cx.executemany(PUT_ENTRY, self._rows_of(others))
        if search is not None:
            search.put_others([rec.id for rec in others])

    def _plain_records(self, others: list[Rec]) -> Iterator[list[tuple[Any, ...]]]:
        """The records of entries of which no other says anything, some at a time. Those of which one does go to `others`."""
        some: list[tuple[Any, ...]] = []
        for row in rows(self.cx, LOG_OF_KIND, ("entry",)):
            if self._is_plain(row):
                some.append(row[: BODY + 1])
            else:
                others.append(self._rec(row))
            if len(some) == _AT_ONCE:
                yield some
                some = []
        yield some

    def _is_plain(self, row: Sequence[Any]) -> bool:
        record, batch = row[0], row[_BATCH]
        if row[BODY] is None or (batch and self.batches.reach(batch).known_on):
            return False
        return record not in self.targeted and record not in self.damage.damaged and record not in self.damage.stays

    def _in_place(self, entries: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Rows of plain entries where their lines are; notes how far the records of each deal reach."""
        reached = self.reached
        for row in entries:
            deal, on, known_on = row[_DEAL], row[_ON], row[_KNOWN_ON]
            if deal is not None:
                known, event = reached.get(deal, NOWHERE)
                if known_on > known or on > event:
                    reached[deal] = Reach(max(known_on, known), max(on, event))
        if not self.is_merged:
            return entries
        return [self._moved(row, self._home(row[_DEAL])) if row[_DEAL] is not None else row for row in entries]

    def _moved(self, row: tuple[Any, ...], deal: int) -> tuple[Any, ...]:
        """A row in the line of the deal that its own was merged into."""
        if deal == row[_DEAL]:
            return row
        moved = list(row)
        moved[_DEAL], moved[_OWN_DEAL] = deal, row[_DEAL]
        return tuple(moved)

    def _rows_of(self, records: Iterable[Rec]) -> Iterator[tuple[object, ...]]:
        """The `entry` rows of entries of which other records say something too, as far as they stand; notes how far the records of each
        deal reach."""
        for rec in records:
            if rec.id in self.damage.stays or rec.damaged:
                continue
            of_entry = tree(self.cx, rec.id)
            self._reach(deals_ever(of_entry), reach(of_entry) | self.batches.reach(rec.batch))
            versions = entry_versions(of_entry, self.migrator, self.batches)
            if versions:
                state = versions[-1]
                deal = self._home(state.deal) if state.deal is not None else None
                yield entry_row(state, self.migrator.columns(state.schema, state.values), deal)

    def _home(self, deal: int) -> int:
        state = self.deals.get(deal)
        return deal if state is None or state.into is None else root(self.cx, deal)

    def _reach(self, deals: Iterable[int], reached: Reach) -> None:
        for deal in deals:
            before = self.reached.get(deal)
            self.reached[deal] = reached if before is None else before | reached

    def _reach_into_merged(self) -> None:
        for deal, state in self.deals.items():
            self._reach((deal,), state.reach)
        for deal, reached in list(self.reached.items()):
            if deal in self.targeted:
                self._reach(merged_ever(self.cx, deal) - {deal}, reached)

    def _state_of(self, deal: int, _rows: object) -> tuple[DealRecordState, Reach] | None:
        # An entry may name what never was a deal only in a damaged log: it has no line then.
        if deal not in self.deals:
            return None
        self.with_history.add(deal)
        return self._known(deal)

    def _known(self, deal: int) -> tuple[DealRecordState, Reach]:
        return self._joined(deal), self.reached[deal]

    def _joined(self, deal: int) -> DealRecordState:
        if not self.is_merged:
            return self.deals[deal]
        merged = [row[0] for row in self.cx.execute(MERGED_HERE, (deal,))]
        return joined(self.deals[deal], [self._joined(one) for one in merged])

    def _trees(self, kind: str) -> Iterator[list[Rec]]:
        """The records of a kind, each with all that targets it; those whose rows stay left out."""
        for (record,) in self.cx.execute(IDS_OF_KIND, (kind,)).fetchall():
            if record not in self.damage.stays:
                yield tree(self.cx, record)

    def _holds(self) -> None:
        for records in self._trees("hold"):
            put_hold(self.cx, records)

    def _ledger(self) -> None:
        """Make the rows of sales, those that were corrected or taken back from all their records, and of targets."""
        for row in list(rows(self.cx, SALES_OF_LOG)):
            rec, source = record_of(row), row[BODY + 1]
            if rec.id in self.damage.stays:
                continue
            if rec.id in self.targeted or rec.body is None or rec.batch in self.batches:
                put_sale(self.cx, tree(self.cx, rec.id), self.batches)
            else:
                plain_sale(self.cx, rec, source)
        for records in self._trees("target"):
            put_target(self.cx, records, self.batches)
        for records in self._trees("declaration"):
            put_declaration(self.cx, records)

    def _remarks(self) -> None:
        for records in self._trees("comment"):
            put_acknowledgement(self.cx, records)
            row = comment_row(self.cx, records)
            if row is not None:
                self.cx.execute(PUT_COMMENT, row)
        self.cx.execute(ALL_ANSWERED)
        for records in self._trees("follow"):
            put_follow(self.cx, records)
        for records in self._trees("day"):
            put_day(self.cx, records)

    def _reviews(self) -> None:
        for records in self._trees("review"):
            put_review(self.cx, records)
