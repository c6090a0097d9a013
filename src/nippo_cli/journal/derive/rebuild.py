"""Every projection from the log alone."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final

from nippo_cli.journal.derive.building import build_many
from nippo_cli.journal.derive.damage_scan import Damage, scan
from nippo_cli.journal.derive.heads import name_rows
from nippo_cli.journal.derive.ledger_rows import plain_sale, put_declaration, put_sale, put_target
from nippo_cli.journal.derive.points import entry_row
from nippo_cli.journal.derive.projection import put_customers, put_hold
from nippo_cli.journal.derive.remarks import comment_row, put_acknowledgement, put_day, put_follow, put_review
from nippo_cli.journal.derive.revisit_rows import put_revisits_of_customer
from nippo_cli.journal.derive.statements import ALL_ANSWERED, PUT_COMMENT, PUT_ENTRY, PUT_GONE
from nippo_cli.journal.log import (
    _MONTH,
    AGREEMENTS,
    ALL_POINTS,
    BODY,
    MERGED_HERE,
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
    first_version,
    history_shape,
    indexes,
    joined,
    merged_ever,
    own_state,
    placed,
    put_person,
    put_places,
    put_twins,
    reach,
    record_of,
    root,
    rows,
    select_records,
    tables,
    tree,
)
from nippo_cli.schema.schema import Schema

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
INSERT_AGREEMENT: Final = "insert into agreement values (?, ?, ?, ?, ?, ?, ?, null)"
ENTRIES_KEPT: Final = "select id, coalesce(own_deal, deal), known_on, on_date from entry where deal is not null"
MOVE_ENTRY: Final = (
    "update entry set own_deal = case when coalesce(own_deal, deal) = :root then null else coalesce(own_deal, deal) end,"
    " deal = :root where id = :id"
)
COUNT_DID: Final = f"""
insert into tally select 'did', coalesce(activity, ''), '', 0, {_MONTH}, count(*) from entry
where meeting is null group by 2, 5
"""


def rebuild(cx: sqlite3.Connection, *, is_sound: bool = False) -> None:
    """Empty every projection and derive it again from the log, in the caller's transaction.

    The search index is not among them: it is filled behind its own watermark.

    Args:
        is_sound: the whole log was sealed in this very transaction, so that no record can be damaged.
    """
    damage = Damage() if is_sound else scan(cx)
    for table in tables.PROJECTIONS:
        # Without a condition SQLite drops a table's pages unread.
        condition = _STAYS.get(table, "") if damage.stays else ""
        cx.execute(f"delete from {table} {condition}", {"stays": json.dumps(sorted(damage.stays))} if condition else {})
    for name in (*indexes.ENTRY_INDEXES, *indexes.DEAL_INDEXES):
        cx.execute(f"drop index if exists {name}")
    _agreements(cx)
    _Rebuild(cx, damage).run()
    for statement in (*indexes.ENTRY_INDEXES.values(), *indexes.DEAL_INDEXES.values()):
        cx.execute(statement)


# The rows of these are each one record's. Where that is damaged, they stay: they can't be made again.
_STAYS = dict.fromkeys(
    (
        "agreement",
        "entry",
        "hold",
        "sale",
        "target",
        "declaration",
        "comment",
        "acknowledgement",
        "follow",
        "day",
        "review",
        "revisit",
    ),
    "where id not in (select value from json_each(:stays))",
) | {"match": "where sale not in (select value from json_each(:stays))"}


def _agreements(cx: sqlite3.Connection) -> None:
    present = {schema for schema, _ in cx.execute(AGREEMENTS)}
    for rec in list(select_records(cx, LOG_OF_KIND, ("schema",))):
        if rec.id not in present:
            _put_agreement(cx, rec)
    put_places(cx)


def put_schema(cx: sqlite3.Connection, rec: Rec) -> None:
    """The `agreement` row of a schema record, none where it is damaged; and which schemas are in force with it."""
    _put_agreement(cx, rec)
    put_places(cx)


def _put_agreement(cx: sqlite3.Connection, rec: Rec) -> None:
    said = rec.parsed_body
    if said:
        shape = history_shape(Schema.from_json(said["agreement"]))
        before, founds = said.get("before"), int(bool(said.get("founds")))
        cx.execute(INSERT_AGREEMENT, (rec.id, rec.known_on, rec.recorded_at, said["sha256"], shape, before, founds))


class _Rebuild:
    """One rebuild: what it knows of each deal before it folds."""

    def __init__(self, cx: sqlite3.Connection, damage: Damage) -> None:
        self.cx = cx
        self.damage = damage
        self.migrator = SchemaMigrator(cx)
        self.batches = Batches(cx)
        put_twins(cx)
        # What another record is about, or may speak for.
        self.targeted = {row[0] for row in cx.execute(ALL_TARGETED)} | set(all_twins(cx))
        self.deals: dict[int, DealRecordState] = {}
        self.reached: dict[int, Reach] = dict(damage.reached)

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
        # Sorted by SQLite as it is read: the index it would use does not exist yet.
        with_history = set(
            build_many(
                self.cx,
                self.cx.execute(ALL_POINTS),
                self.migrator,
                self.batches,
                self._state_of,
            )
        )
        for deal in self.deals:
            state, reached = self._known(deal)
            if deal not in with_history:
                self.cx.execute(PUT_GONE, (deal, state.into, *reached))
            self.cx.executemany(PUT_NAME, name_rows(state, has_line=deal in with_history))
        self.cx.execute(SET_META, (UNREAD, str(self.damage.unread)))

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
                self.deals[deal] = state._replace(into=into)
                self.cx.execute(PUT_GONE, (deal, into, *state.reach))

    def _records(self, statement: str, *values: object) -> Iterator[Rec]:
        """Records that were held against their hashes already: a million of them take seconds."""
        for row in rows(self.cx, statement, values):
            yield Rec._make((*row[: BODY + 1], row[0] in self.damage.damaged))

    def _entries(self) -> None:
        for entry, own, known_on, on in self.cx.execute(ENTRIES_KEPT).fetchall():
            self._reach((own,), Reach(known_on, on))
            self.cx.execute(MOVE_ENTRY, {"id": entry, "root": self._home(own)})
        self.cx.executemany(PUT_ENTRY, self._entry_rows())

    def _entry_rows(self) -> Iterator[tuple[object, ...]]:
        """The `entry` row of every entry that stands, as `PUT_ENTRY` binds it; notes how far the records of each deal reach."""
        columns = self.migrator.columns
        for rec in self._records(LOG_OF_KIND, "entry"):
            if rec.id in self.damage.stays or rec.damaged:
                continue
            if rec.id in self.targeted or rec.body is None or (rec.batch and self.batches.reach(rec.batch).known_on):
                records = tree(self.cx, rec.id)
                self._reach(deals_ever(records), reach(records) | self.batches.reach(rec.batch))
                versions = entry_versions(records, self.migrator, self.batches)
            else:
                versions = [first_version(rec)]
                if versions[0].deal is not None:
                    self._reach((versions[0].deal,), Reach(rec.known_on, versions[0].on))
            if versions:
                state = versions[-1]
                deal = self._home(state.deal) if state.deal is not None else None
                yield entry_row(state, columns(state.schema, state.values), deal)

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
        return self._known(deal) if deal in self.deals else None

    def _known(self, deal: int) -> tuple[DealRecordState, Reach]:
        return self._joined(deal), self.reached[deal]

    def _joined(self, deal: int) -> DealRecordState:
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
