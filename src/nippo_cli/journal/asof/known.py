"""Which records were known at the end of a day, and what they say of deals: under which schema, merged into which, begun or
not."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from nippo_cli.base.customer_names import ApartNames, CustomerName, CustomerNames, names_from
from nippo_cli.base.customers import same_customer
from nippo_cli.journal.asof.late import Late, late_changes
from nippo_cli.journal.log import (
    CUSTOMERS,
    EVERY_CUSTOMER,
    MERGED_INTO,
    SHAPE,
    Batches,
    DealRecordState,
    EntryState,
    Rec,
    SchemaMigrator,
    begins_of_customers,
    entry_versions,
    every_name,
    joined,
    other_spellings,
    placed,
    state_from,
    stored_names,
    tree,
)
from nippo_cli.line.facts import AsOf, DealRecord
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.base.person_names import PeopleNames

ALWAYS: Final = "9999-12-31"
# Deals of which something was learned, or happened, after a day: their rows are not what the log said then.
STALE: Final = """
select id from deal where last_event_on > :on
union select id from deal where last_known_on > :known
union select deal from gone where last_event_on > :on or last_known_on > :known
"""
EVERY_DEAL: Final = "select id from deal union select deal from gone"
IS_STALE: Final = """
select 1 from deal where id = :deal and (last_event_on > :on or last_known_on > :known)
union all select 1 from gone where deal = :deal and (last_event_on > :on or last_known_on > :known)
"""
SOME_STALE: Final = """
select j.value from json_each(:deals) j cross join deal d on d.id = j.value where d.last_event_on > :on or d.last_known_on > :known
union all
select j.value from json_each(:deals) j cross join gone g on g.deal = j.value where g.last_event_on > :on or g.last_known_on > :known
"""
CUSTOMER_BY: Final = "select id from entry where customer = ? and on_date <= ? and known_on <= ?"
# Of each customer that an entry names, whether one of its entries is such: one statement, where a statement a customer takes
# three times as long.
CUSTOMERS_BY: Final = f"""
select name from ({CUSTOMERS}) where exists (
  select 1 from entry where customer = name and on_date <= ? and known_on <= ?)
"""
MERGED_DEALS: Final = "select deal from gone where into_deal = ?"


class KnownRecords:
    """What records say on a day. Without `known` of it, only what is dated later is hidden."""

    def __init__(self, cx: sqlite3.Connection, as_of: AsOf) -> None:
        self.cx = cx
        self.as_of = as_of
        self.day = as_of.on.isoformat()
        self.known = (as_of.by or as_of.on).isoformat() if as_of.known else ALWAYS
        self._states: dict[int, DealRecordState | None] = {}
        self._spelled: dict[str, list[str]] = {}

    # --- which schema

    @cached_property
    def migrator(self) -> SchemaMigrator:
        """All schemas, the one in force that day to read under."""
        if not self.as_of.known:
            return SchemaMigrator(self.cx)
        from nippo_cli.journal.log import adopted, team_line

        line = team_line(adopted(self.cx), self.known)
        return SchemaMigrator(self.cx, line[-1] if line else None)

    @property
    def schema(self) -> Schema:
        """The schema in force that day."""
        return self.migrator.schema

    @cached_property
    def replays(self) -> bool:
        """Whether rows were derived under a schema of another shape, so that none says what was so."""
        if not self.as_of.known or not self.migrator.line or self.migrator.under == self.migrator.line[-1]:
            return False
        then, now = (self.cx.execute(SHAPE, (s,)).fetchone() for s in (self.migrator.under, self.migrator.line[-1]))
        return bool(then != now)

    # --- which records

    @cached_property
    def batches(self) -> Batches:
        """The imports that were taken back, whenever: their rows were known on the days that the source gives, and are
        known on none of them any more."""
        return Batches(self.cx)

    @cached_property
    def late(self) -> Late:
        """What later corrections touched."""
        return late_changes(self.cx, self.known) if self.as_of.known else Late()

    def records(self, number: int) -> list[Rec]:
        """A record and all that targets it, as known. An erasure is never unknown, nor is damage."""
        records = tree(self.cx, number)
        if not self.as_of.known:
            return records
        return [r for r in records if r.damaged or r.known_on <= self.known or r.kind == "redact"]

    def versions(self, entry: int) -> list[EntryState]:
        """Every version of an entry, oldest first; none where it is not known or was taken back."""
        return self.versions_of(self.records(entry), entry)

    def versions_of(self, records: Sequence[Rec], entry: int) -> list[EntryState]:
        """The same of an entry whose records were read."""
        if not records or records[0].id != entry or records[0].kind != "entry":
            return []
        return entry_versions(records, self.migrator, self.batches)

    def moved_later(self, entry: int) -> bool:
        """Whether an entry's row is not what was known of it."""
        return self.replays or entry in self.late.entries

    # --- whose

    @cached_property
    def customers(self) -> CustomerNames:
        """What customers were called."""
        apart = ApartNames(self.known_customers)
        return names_from(self._names, apart) if self.late.customers else stored_names(self.cx, apart)

    def names_of_customers(self) -> list[list[str]]:
        """All names of each customer of whom records told."""
        names: defaultdict[int, list[str]] = defaultdict(list)
        for row in self._names if self.late.customers else every_name(self.cx):
            names[row.customer].append(row.name)
        return list(names.values())

    def known_customers(self) -> list[str]:
        """Every name of a customer that was known: in entries, in records of customers, in the ledger."""
        rows = self._names if self.late.customers else None
        return [*self.spelled_customers(), *other_spellings(self.cx, self.known, rows)]

    def spelled_customers(self) -> Iterator[str]:
        """Every customer's name as written in entries dated up to the day and known on it; a seek each, no scan."""
        if not self.late.entries:
            yield from (name for (name,) in self.cx.execute(CUSTOMERS_BY, (self.day, self.known)))
            return
        late = {
            said
            for entry in self.late.entries
            if (versions := self.versions(entry)) and versions[-1].on <= self.day
            if (said := self.migrator.columns(versions[-1].schema, versions[-1].values).customer)
        }
        yield from sorted(late)
        for (name,) in self.cx.execute(CUSTOMERS):
            entries = (row[0] for row in self.cx.execute(CUSTOMER_BY, (name, self.day, self.known)))
            if name not in late and any(entry not in self.late.entries for entry in entries):
                yield name

    def is_spelled(self, name: str) -> bool:
        """Whether `spelled_customers` has this very name; a look-up, where no entry is another than its row."""
        if self.late.entries:
            return name in self.spelled_customers()
        return self.cx.execute(CUSTOMER_BY, (name, self.day, self.known)).fetchone() is not None

    @cached_property
    def _names(self) -> list[CustomerName]:
        from nippo_cli.journal.log import names_of_customers

        return names_of_customers(self.records(begin) for begin in begins_of_customers(self.cx))

    @cached_property
    def people(self) -> "PeopleNames":
        """What people were called, and where they were."""
        from nippo_cli.base.person_names import PeopleNames
        from nippo_cli.journal.log import person_records, recorded_people, stored_persons

        said = stored_persons(self.cx)
        if self.late.persons:
            begins = sorted({one.begin for one in said} | self.late.persons)
            said = [one for begin in begins for one in person_records(begin, self.records(begin))]
        return PeopleNames(recorded_people(said, self.customers, self.as_of.on), self.customers)

    def spellings(self, customer: str) -> list[str]:
        """Every spelling of a customer, and what each was called: entries hold the one, deals the other."""
        if customer not in self._spelled:
            names = self.customers
            wanted, apart = names.name(customer), names.apart
            every = (name for (name,) in self.cx.execute(EVERY_CUSTOMER))
            own = [name for name in every if same_customer(names.name(name), wanted, apart)]
            self._spelled[customer] = list(dict.fromkeys((*own, *map(names.name, own), names.name(customer))))
        return self._spelled[customer]

    @cached_property
    def _called_otherwise(self) -> frozenset[int]:
        """The deals whose customer was called otherwise, or may have been another."""
        if not self.late.customers:
            return frozenset()
        from nippo_cli.journal.log import called_otherwise, deals_called

        spelled = called_otherwise(self.cx, self._names, every_name(self.cx))
        return frozenset(deals_called(self.cx, spelled))

    # --- which deals

    @cached_property
    def stale(self) -> frozenset[int]:
        """The deals that are built again; rows of these are not to be used."""
        statement = EVERY_DEAL if self.replays else STALE
        rows = self.cx.execute(statement, self._bounds() if not self.replays else ())
        return self._called_otherwise.union(d for (d,) in rows)

    def is_stale(self, deal: int) -> bool:
        """Whether a deal is built again; a look-up, where the whole set is not known yet."""
        if self.replays or "stale" in self.__dict__ or self.late.customers:
            return deal in self.stale
        return self.cx.execute(IS_STALE, self._bounds() | {"deal": deal}).fetchone() is not None

    def stale_among(self, deals: Collection[int]) -> set[int]:
        """Those of some deals that are built again: one look-up for all of them, where the whole set is not known yet."""
        if self.replays or "stale" in self.__dict__ or self.late.customers:
            return set(self.stale.intersection(deals))
        bound = self._bounds() | {"deals": json.dumps(sorted(deals))}
        return {deal for (deal,) in self.cx.execute(SOME_STALE, bound)}

    def _bounds(self) -> dict[str, object]:
        return {"on": self.day, "known": self.known}

    def state(self, deal: int) -> DealRecordState | None:
        """A deal's own records as known and dated by that day, those merged into it apart."""
        if deal not in self._states:
            state = self._alone(deal)
            self._states[deal] = placed(state, self._alone) if state is not None else None
        return self._states[deal]

    def _alone(self, deal: int) -> DealRecordState | None:
        return state_from(self.cx, deal, [r for r in self.records(deal) if self._happened(r, deal)], self.batches)

    def _happened(self, rec: Rec, deal: int) -> bool:
        dated = not rec.damaged and rec.id != deal and rec.kind in ("deal", "hold")
        return not dated or (rec.on_date or "") <= self.day

    def root(self, deal: int) -> int | None:
        """The deal that a deal's entries were in; None where the deal was not begun."""
        visited: set[int] = set()
        while deal not in visited:
            visited.add(deal)
            if self.is_stale(deal):
                state = self.state(deal)
                if state is None:
                    return None
                into = state.into
            else:
                row = self.cx.execute(MERGED_INTO, (deal,)).fetchone()
                into = row[0] if row else None
            if into is None:
                return deal
            deal = into
        return deal

    def deal_record(self, deal: int) -> DealRecord | None:
        """A deal with those merged into it; None where it was not begun, or was merged away."""
        state = self.state(deal)
        if state is None or state.into is not None:
            return None
        return joined(state, [m for d in self._merged_into(deal) if (m := self._with_merged(d)) is not None]).record

    def _with_merged(self, deal: int) -> DealRecordState | None:
        state = self.state(deal)
        if state is None:
            return None
        return joined(state, [m for d in self._merged_into(deal) if (m := self._with_merged(d)) is not None])

    def _merged_into(self, deal: int) -> list[int]:
        """The deals that were merged into one, at first hand."""
        now = {d for (d,) in self.cx.execute(MERGED_DEALS, (deal,))}
        ever = sorted(now | self.late.merged.get(deal, set()))
        return [d for d in ever if (state := self.state(d)) is not None and state.into == deal]
