"""The journal as it was known at the end of a day.

Most deals are settled: nothing of them happened or was learned later, so their rows are what the log said. Every
other deal is built again from the records known then, in the versions of then, dated up to that day, under the
schema then in force.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.asof.known import KnownRecords
from nippo_cli.journal.derive import head_from_row, stored_line
from nippo_cli.journal.log import HEADS, POINT_COLUMNS, POINT_CUSTOMERS, EntryState, SchemaMigrator, root
from nippo_cli.line.facts import AsOf, DealEvent, DealHistory, DealRecord, DealRef, DealSummary, ref

if TYPE_CHECKING:
    from nippo_cli.journal.derive import Earlier
    from nippo_cli.schema.schema import Schema

# Rows of `POINT_COLUMNS`, then what decides whether and where they were known.
POINTS_OF: Final = f"""
select {POINT_COLUMNS}, e.recorded_at, e.known_on, coalesce(e.own_deal, e.deal)
from entry e where e.deal = ? order by e.on_date, e.recorded_at, e.id
"""
HEADS_OF: Final = f"{HEADS} where id in (select value from json_each(?))"
# Of some deals, those that records tell of apart from their entries, that others were merged into, or without a line.
TOLD_OF: Final = """
select j.value from json_each(?) j
where exists (select 1 from record r indexed by record_target where r.target = j.value)
  or exists (select 1 from gone g where g.deal = j.value or g.into_deal = j.value)
"""
# The entries of some deals as they are, cut at a day; the day that the deal's begin was known and is of, its name, its
# parent and itself come last.
PLAIN_POINTS: Final = f"""
select {POINT_COLUMNS}, max(b.known_on, coalesce(b.on_date, '')), d.name, d.parent, d.id
from json_each(:deals) j cross join deal d on d.id = j.value cross join record b on b.id = d.id
cross join entry e on e.deal = d.id
where d.began_on <= :on and b.known_on <= :known and e.on_date <= :on and e.known_on <= :known
order by d.id, e.on_date, e.recorded_at, e.id
"""


class Placed(NamedTuple):
    """An entry's row of `POINT_COLUMNS`, with what orders it."""

    row: tuple[Any, ...]
    recorded_at: str

    @property
    def place(self) -> tuple[str, str, int]:
        """Where it stands in its deal's line."""
        return (self.row[1], self.recorded_at, self.row[0])


class AsOfView(KnownRecords):
    """What was so on a day: the records known then, and the lines that they make."""

    def __init__(self, cx: sqlite3.Connection, as_of: AsOf) -> None:
        super().__init__(cx, as_of)
        self._lines: dict[int, tuple[DealRecord, DealHistory] | None] = {}
        self._all_built = False

    def line(self, deal: int) -> tuple[DealRecord, DealHistory] | None:
        """A deal and its line; None where it had none. A merged deal's line is the other's."""
        if not self.is_stale(deal):
            stored = stored_line(self.cx, deal)
            record = self.deal_record(deal)
            return (record, stored) if stored is not None and record is not None else None
        return self.line_again(deal)

    def line_again(self, deal: int) -> tuple[DealRecord, DealHistory] | None:
        """A deal that is built again, and its line."""
        if deal not in self._lines:
            record = self.deal_record(deal)
            events = self.points(deal) if record is not None else []
            self._lines[deal] = (record, _built(record, events, self.schema)) if record is not None and events else None
        return self._lines[deal]

    def rebuilt(self) -> Iterator[DealHistory]:
        """The lines of all deals that are built again."""
        self.build_stale()
        for deal in sorted(self.stale):
            line = self.line_again(deal)
            if line is not None:
                yield line[1]

    def build_stale(self) -> None:
        """Build all deals that are to be built again, the plain ones among them in one go."""
        if not self._all_built:
            self._all_built = True
            self.build_some(self.stale)

    def build_some(self, deals: Collection[int]) -> None:
        """Build some of the deals that are to be built again, the plain ones among them in one go."""
        if not deals or self.replays:
            return

        plain = set(deals) - not_plain(self, deals) - self._lines.keys()
        self._lines.update(dict.fromkeys(plain))
        self._lines.update((record.id, (record, line)) for record, line in build_plain(self, plain))

    def head(self, deal: int) -> DealSummary | None:
        """A deal's head; None where it had no line."""
        if self.is_stale(deal):
            line = self.line(deal)
            return line[1].head if line else None
        row = self.cx.execute(HEADS + " where id = ?", (deal,)).fetchone()
        return head_from_row(row) if row else None

    def heads_of(self, deals: Collection[int]) -> dict[int, DealSummary]:
        """The heads of several deals; a deal that had no line is left out."""
        again = self.stale_among(deals)
        self.build_some(again)
        rows = self.cx.execute(HEADS_OF, (json.dumps(sorted(set(deals) - again)),))
        heads = {head.id: head for head in map(head_from_row, rows)}
        lines = ((deal, self.line_again(deal)) for deal in again)
        return heads | {deal: line[1].head for deal, line in lines if line is not None}

    def ref(self, deal: int) -> DealRef | None:
        """A deal's name tag, through merges; by its name alone where it has no line."""
        root = self.root(deal)
        if root is None:
            return None
        head = self.head(root)
        if head is not None:
            return ref(head)
        record = self.deal_record(root)
        return DealRef(root, record.name, "", "") if record else None

    def points(self, deal: int) -> list[DealEvent]:
        """The points of a deal that is built again, dated up to the day."""
        from nippo_cli.journal.derive import points_of

        placed = [p for p in self.placed(deal) if p.row[1] <= self.day]
        return points_of(self.customers.rows((p.row for p in placed), POINT_CUSTOMERS), self.earlier)

    def points_again(self, deals: Collection[int]) -> dict[int, list[DealEvent]]:
        """The same of several deals, those of the plain ones among them read in one go; a deal without any may be left out."""
        plain = set[int]() if self.replays else set(deals) - not_plain(self, deals)
        events = {deal: self.points(deal) for deal in set(deals) - plain}
        return events | {record.id: points for record, points in plain_points(self, plain)}

    def earlier(self, entry: int) -> "Earlier":
        """What an entry promised before corrections made on later days, as known."""
        from nippo_cli.journal.derive import replaced

        return replaced(self.versions(entry), self.migrator)

    def placed(self, deal: int) -> list[Placed]:
        """The entries known of a deal that is built again, in the order of its line, whenever they are dated."""
        family = self._family(deal)
        entries: list[Placed] = []
        corrected: set[int] = {e for d in family for e in self.late.by_deal.get(d, ())}
        plain = family == [deal] and not self.late.merged
        for where in {root(self.cx, d) for d in family}:
            for *row, recorded_at, known_on, own in self.cx.execute(POINTS_OF, (where,)):
                if self.moved_later(row[0]):
                    corrected.add(row[0])
                elif known_on <= self.known and (plain or self.root(own) == deal):
                    entries.append(Placed(tuple(row), recorded_at))
        entries += self._corrected(corrected, deal)
        return sorted(entries, key=lambda p: p.place)

    def _corrected(self, entries: Iterable[int], deal: int) -> Iterator[Placed]:
        for entry in entries:
            versions = self.versions(entry)
            state = versions[-1] if versions else None
            if state is not None and state.deal is not None and self.root(state.deal) == deal:
                yield Placed(_point_row(state, self.migrator), state.recorded_at)

    def _family(self, deal: int) -> list[int]:
        """A deal and all that were merged into it, at any hand."""
        family = [deal]
        for one in family:
            family += [d for d in self._merged_into(one) if d not in family]
        return family


def _built(record: DealRecord, events: list[DealEvent], schema: "Schema") -> DealHistory:
    # What is stored needs none of it.
    from nippo_cli.line.history import build_history

    return build_history(record, events, schema)


def _point_row(state: EntryState, migrator: SchemaMigrator) -> tuple[Any, ...]:
    """A version as a row of `POINT_COLUMNS`."""
    from nippo_cli.journal.derive import entry_row

    row: Sequence[Any] = entry_row(state, migrator.columns(state.schema, state.values), state.deal)
    return (row[0], row[3], *row[6:17], row[1], row[17], *row[21:28], row[19])


def not_plain(there: "AsOfView", deals: Collection[int]) -> set[int]:
    """Those of the deals that must be looked up one by one: told of apart from their entries (renamed, held, handed over,
    merged, taken back), merged into, corrected since, or without a line today."""
    late = there.late
    deals_apart = {deal for deal in deals if deal in late.deals or deal in late.by_deal or deal in late.merged}
    deals_apart.update(deal for (deal,) in there.cx.execute(TOLD_OF, (json.dumps(sorted(deals)),)))
    return deals_apart


def build_plain(there: "AsOfView", deals: Collection[int]) -> Iterator[tuple[DealRecord, DealHistory]]:
    """The lines of plain deals on the day; a deal that had none is left out."""
    schema = there.schema
    for record, events in plain_points(there, deals):
        yield record, _built(record, events, schema)


def plain_points(there: "AsOfView", deals: Collection[int]) -> Iterator[tuple[DealRecord, list[DealEvent]]]:
    """The points of plain deals on the day, by the deals' ids; a deal that had none is left out."""
    from nippo_cli.journal.derive import points_of

    bound = {"deals": json.dumps(sorted(deals)), "on": there.day, "known": there.known}
    for deal, rows in groupby(there.cx.execute(PLAIN_POINTS, bound), key=itemgetter(-1)):
        own = list(rows)
        told_on, name, parent = own[0][-4:-1]
        record = DealRecord(deal, name, parent=parent, told_on=date.fromisoformat(told_on))
        yield record, points_of(there.customers.rows(own, POINT_CUSTOMERS), there.earlier)
