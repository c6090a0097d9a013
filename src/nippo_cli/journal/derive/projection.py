"""What is derived from the log, kept in step with it: entries' rows, deals' lines, names, tallies.

A write builds the deals that it touches anew, from their own points; `rebuild` does the same for all, from nothing.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from nippo_cli.base.customer_names import CustomerName
from nippo_cli.journal.derive.heads import activities_by_row, add_to_counters, count_activities, recount
from nippo_cli.journal.derive.points import entry_row
from nippo_cli.journal.derive.statements import ANY_TWIN, DEALS_OF_ROW, PUT_ENTRY, PUT_GONE, REACH
from nippo_cli.journal.derive.touched_deals import rebuild_deals
from nippo_cli.journal.log import (
    MERGED_HERE,
    MERGED_INTO,
    NAME_COLUMNS,
    NOWHERE,
    Batches,
    DealRecordState,
    EntryState,
    Reach,
    Rec,
    SchemaMigrator,
    body_now,
    damage_in_force,
    deal_of,
    deals_ever,
    entry_versions,
    first_version,
    insert_many,
    merged_ever,
    not_retracted,
    own_state,
    reach,
    root,
    stored_names,
    tree,
)

if TYPE_CHECKING:
    from nippo_cli.base.person_names import PeopleNames

DROP_ENTRY: Final = "delete from entry where id = ?"
# From the deal that an entry's body names, whether a merge has moved it or not.
MOVE_ENTRIES: Final = (
    "update entry set own_deal = case when coalesce(own_deal, deal) = :root then null else coalesce(own_deal, deal)"
    " end, deal = :root where own_deal = :deal or (deal = :deal and own_deal is null)"
)
CUSTOMERS_SAID_OF: Final = f"select {NAME_COLUMNS} from customer_name where said_of = ?"
DROP_CUSTOMERS: Final = "delete from customer_name where said_of = ?"
PUT_CUSTOMER: Final = f"insert into customer_name ({NAME_COLUMNS}) values (?, ?, ?, ?, ?, ?)"
PUT_HOLD: Final = "insert or replace into hold values (?,?,?,?,?,?)"
DROP_HOLD: Final = "delete from hold where id = ?"


class Projection:
    """The derived tables during one transaction. What a record touches is noted, and built once by `flush`."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self.cx = cx
        self.migrator = SchemaMigrator(cx)
        self.batches = Batches(cx)
        self.customer_names = stored_names(cx)
        self.touched: dict[int, Reach] = {}
        # Of deals whose customer is another than when the transaction began: that one, and today's.
        self.customers: dict[int, tuple[str, str]] = {}
        # Those that had none then, and have one today.
        self.gained: set[int] = set()
        # Where a deal's entries are today, and every deal that it was ever merged into; read once, unless a deal's own
        # records change.
        self._roots: dict[int, int] = {}
        self._families: dict[int, set[int]] = {}
        # Deals whose customer is called otherwise, and is the same.
        self._called_otherwise: set[int] = set()
        # Deals that began in it, apart from their entries: no other record is about them.
        self._fresh_states: dict[int, DealRecordState] = {}

    def new_entry(self, state: EntryState) -> None:
        """The row of an entry just written."""
        deal = self._root(state.deal) if state.deal is not None else None
        columns = self.migrator.columns(state.schema, state.values)
        self.cx.execute(PUT_ENTRY, entry_row(state, columns, deal))
        recount(self.cx, Counter(), state.id)
        if state.deal is not None:
            self.touch(state.deal, Reach(state.known_on, state.on))

    def fresh_deals(self, records: Iterable[Rec]) -> None:
        """`record` of deals that began just now, where no record is about any of them and no row was imported twice."""
        for rec in records:
            state = self._fresh_states[rec.id] = deal_of([rec], self.batches)
            self._roots[rec.id], self._families[rec.id] = rec.id, {rec.id}
            self.touch(rec.id, state.reach)

    def fresh_entries(self, records: Sequence[Rec]) -> None:
        """`record` of entries that came just now, where no record is about any of them and no row was imported twice."""
        did: Counter[tuple[str | None, str]] = Counter()
        # Of each deal, and the day on which they were known, the latest day that they tell of.
        latest: dict[tuple[int, str], str] = {}
        rows: list[tuple[object, ...]] = []
        for rec in sorted(records):
            state = first_version(rec)
            columns = self.migrator.columns(state.schema, state.values)
            deal = state.deal
            if deal is not None:
                key = deal, state.known_on
                latest[key] = max(latest.get(key, ""), state.on)
                deal = self._root(deal)
            if state.meeting is None:
                did[columns.activity, state.on[: len("2026-11")]] += 1
            rows.append(entry_row(state, columns, deal))
        insert_many(self.cx, PUT_ENTRY, rows)
        for (one, known_on), on in latest.items():
            self.touch(one, Reach(known_on, on))
        add_to_counters(
            self.cx,
            Counter({count_activities(one, date.fromisoformat(f"{month}-01")): n for (one, month), n in did.items()}),
        )

    def record(self, rec: Rec) -> None:
        """Derive again what a record, or one that targets it, changed. What a damaged record said can't be derived
        again: its row stays as it is."""
        if rec.damaged:
            from nippo_cli.journal.log import as_derived

            rec = as_derived(self.cx, rec)
        if rec.kind == "deal":
            self.deal(rec.target if rec.target is not None else rec.id)
            return
        if rec.kind == "customer":
            self._customer(rec.target if rec.target is not None else rec.id)
            return
        if rec.kind == "person":
            self._person(rec.target if rec.target is not None else rec.id)
            return
        about = rec.target if rec.kind == "match" and rec.target is not None else rec.id
        self._derive(rec, about)
        if self.any_twins:
            from nippo_cli.journal.log import twins_of

            for other in twins_of(self.cx, about):
                self._derive(rec._replace(id=other), other)

    @cached_property
    def any_twins(self) -> bool:
        """Whether several devices imported one row."""
        return self.cx.execute(ANY_TWIN).fetchone() is not None

    def _derive(self, rec: Rec, about: int) -> None:
        records = tree(self.cx, about)
        stays = bool(damage_in_force(records)) and records[0].batch not in self.batches
        if rec.kind == "entry":
            self._entry(records, stays=stays)
        elif rec.kind == "hold":
            self._hold(records, rec.target, stays=stays)
        elif not stays and rec.kind in ("sale", "match", "target", "declaration"):
            self._ledger(rec, records)
        elif not stays:
            self._remark(rec, records)

    # What most writes do not touch is loaded by those that do.

    def _ledger(self, rec: Rec, records: list[Rec]) -> None:
        from nippo_cli.journal.derive.ledger_rows import put_declaration, put_sale, put_target

        if rec.kind == "target":
            put_target(self.cx, records, self.batches)
        elif rec.kind == "declaration":
            put_declaration(self.cx, records)
        else:
            put_sale(self.cx, records, self.batches)

    def _remark(self, rec: Rec, records: list[Rec]) -> None:
        from nippo_cli.journal.derive.remarks import put_comment, put_day, put_follow, put_review

        if rec.kind == "comment":
            put_comment(self.cx, records)
        elif rec.kind == "day":
            put_day(self.cx, records)
        elif rec.kind == "review":
            put_review(self.cx, records)
        elif rec.kind == "follow":
            put_follow(self.cx, records)

    def _customer(self, begin: int) -> None:
        """Something was said of a customer: each deal of one that is called otherwise now is to be built again."""
        from nippo_cli.journal.derive.revisit_rows import put_revisits_of_customer
        from nippo_cli.journal.log import called_otherwise, deals_called, near_begins

        put_revisits_of_customer(self.cx, tree(self.cx, begin))
        trees = near_begins(self.cx, begin)
        before = taken_customers(self.cx, trees)
        after = put_customers(self.cx, trees.values())
        self.customer_names = stored_names(self.cx)
        spelled = called_otherwise(self.cx, before, after)
        for deal in deals_called(self.cx, spelled):
            self._called_otherwise.add(deal)
            self.touch(deal, NOWHERE)

    def _person(self, begin: int) -> None:
        """Something was said of a person: no deal is built of it."""
        from nippo_cli.journal.log import put_person

        put_person(self.cx, begin, tree(self.cx, begin))

    @property
    def people(self) -> "PeopleNames":
        """What people are called, and where they are."""
        from nippo_cli.base.person_names import PeopleNames
        from nippo_cli.journal.log import recorded_people, stored_persons

        return PeopleNames(recorded_people(stored_persons(self.cx), self.customer_names, date.max), self.customer_names)

    @staticmethod
    def reach_of(rec: Rec) -> Reach:
        """How far one record reaches."""
        return reach([rec])

    def _root(self, deal: int) -> int:
        """The deal that a deal's entries are in today."""
        if deal not in self._roots:
            self._roots[deal] = root(self.cx, deal)
        return self._roots[deal]

    def touch(self, deal: int, reached: Reach) -> None:
        """A deal is to be built, and with it every deal that it was ever merged into."""
        if deal not in self._families:
            self._families[deal] = merged_ever(self.cx, deal)
        for one in self._families[deal]:
            self.touched[one] = self.touched.get(one, Reach()) | reached

    def deal(self, deal: int) -> None:
        """A deal's own records changed: its name, owner, holds, or what it is merged into. So may be changed what those
        are merged into that it was ever merged into: the one merge may close, or no longer close, the other's circle."""
        moved: list[int] = []
        self._roots.clear()
        self._families.clear()
        for one in merged_ever(self.cx, deal):
            self._fresh_states.pop(one, None)
            state = own_state(self.cx, one, self.batches)
            if state is None:
                continue
            before = self.cx.execute(MERGED_INTO, (one,)).fetchone()
            stored = self.cx.execute(REACH, {"deal": one}).fetchone()
            reached = (Reach(*stored) if stored else Reach()) | state.reach
            if state.into != (before[0] if before else None):
                self.cx.execute(PUT_GONE, (one, state.into, *reached))
                moved.append(one)
            self.touch(one, reached)
        for one in moved:
            self._move(one)

    def flush(self) -> None:
        """Build every deal that was touched anew."""
        for deal, before, after in rebuild_deals(
            self.cx, self.touched, self.migrator, self.batches, self.customer_names, self._fresh_states
        ):
            if before != after and deal not in self._called_otherwise:
                self._customer_changed(deal, before, after)
        self.touched.clear()
        self._families.clear()
        self._fresh_states.clear()
        self._called_otherwise.clear()

    def _customer_changed(self, deal: int, before: str, after: str) -> None:
        """A deal that had no customer gets one, and is not changed."""
        if deal not in self.customers and (not before or deal in self.gained):
            (self.gained.add if after else self.gained.discard)(deal)
            return
        first, _ = self.customers.pop(deal, (before, ""))
        if first and not self.customer_names.same(first, after):
            self.customers[deal] = first, after

    def _move(self, deal: int) -> None:
        """A deal's entries go where it is merged today, and so do those of the deals merged into it."""
        where = root(self.cx, deal)
        ahead = [deal]
        while ahead:
            one = ahead.pop()
            self.cx.execute(MOVE_ENTRIES, {"deal": one, "root": where})
            ahead.extend(row[0] for row in self.cx.execute(MERGED_HERE, (one,)))

    def _entry(self, records: list[Rec], *, stays: bool) -> None:
        first = records[0]
        deals = deals_ever(records)
        if first.damaged:
            deals.update(d for row in self.cx.execute(DEALS_OF_ROW, (first.id,)) for d in row if d is not None)
        if not stays:
            self._put_entry(records)
        reached = reach(records) | self.batches.reach(first.batch if not first.damaged else None)
        for deal in deals:
            self.touch(deal, reached)

    def _put_entry(self, records: list[Rec]) -> None:
        """The `entry` row of an entry's records, or none where it is taken back; and the difference in the activity counts."""
        first = records[0]
        versions = entry_versions(records, self.migrator, self.batches)
        before = activities_by_row(self.cx, first.id)
        if versions:
            state = versions[-1]
            deal = root(self.cx, state.deal) if state.deal is not None else None
            self.cx.execute(PUT_ENTRY, entry_row(state, self.migrator.columns(state.schema, state.values), deal))
        else:
            self.cx.execute(DROP_ENTRY, (first.id,))
        recount(self.cx, before, first.id)

    def _hold(self, records: list[Rec], deal: int | None, *, stays: bool) -> None:
        if not stays:
            put_hold(self.cx, records)
        if deal is not None:
            self.deal(deal)


def put_customers(cx: sqlite3.Connection, trees: Iterable[Sequence[Rec]]) -> list[CustomerName]:
    """The names of the customers of these begins, each given by its records (`names_of_customers`); none of theirs is stored
    yet, and no other begin is about one of these customers."""
    from nippo_cli.journal.log import names_of_customers

    rows = names_of_customers(trees)
    cx.executemany(PUT_CUSTOMER, rows)
    return rows


def taken_customers(cx: sqlite3.Connection, begins: Iterable[int]) -> list[CustomerName]:
    """The stored names that were said of these begins, taken out."""
    rows = list[CustomerName]()
    for begin in begins:
        rows += (CustomerName(*row) for row in cx.execute(CUSTOMERS_SAID_OF, (begin,)))
        cx.execute(DROP_CUSTOMERS, (begin,))
    return rows


def put_hold(cx: sqlite3.Connection, records: list[Rec]) -> None:
    """A hold's row from its records; none where it is retracted or erased."""
    active_records = not_retracted(records)
    said = body_now(active_records) if active_records else {}
    if said:
        first = records[0]
        cx.execute(PUT_HOLD, (first.id, first.target, said["first"], said["last"], said.get("why", ""), first.author))
    else:
        cx.execute(DROP_HOLD, (records[0].id,))
