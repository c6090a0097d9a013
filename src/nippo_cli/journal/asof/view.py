"""The journal as it was known at the end of a day.

Most deals are settled: nothing of them happened or was learned later, so their rows are what the log said. Every
other deal is folded again from the records known then, in the versions of then, dated up to that day, under the
agreement then in force.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.asof.late import Late, changes
from nippo_cli.journal.derive import Earlier, entry_row, head_from_row, points_of, replaced, stored_line
from nippo_cli.journal.log import (
    HEADS,
    MERGED_INTO,
    POINT_COLUMNS,
    SHAPE,
    Batches,
    DealRecordState,
    EntryState,
    Rec,
    SchemaMigrator,
    entry_versions,
    joined,
    placed,
    state_from,
    tree,
)
from nippo_cli.line.facts import (
    AsOf,
    DealEvent,
    DealHistory,
    DealRecord,
    DealRef,
    DealSummary,
    ref,
)
from nippo_cli.line.history import build_history
from nippo_cli.schema.schema import Schema

ALWAYS: Final = "9999-12-31"
# Deals of which something was learned, or happened, after a day: their rows are not what the log said then.
UNSETTLED: Final = """
select id from deal where last_event_on > :on
union select id from deal where last_known_on > :known
union select deal from gone where last_event_on > :on or last_known_on > :known
"""
EVERY_DEAL: Final = "select id from deal union select deal from gone"
IS_UNSETTLED: Final = """
select 1 from deal where id = :deal and (last_event_on > :on or last_known_on > :known)
union all select 1 from gone where deal = :deal and (last_event_on > :on or last_known_on > :known)
"""
IN_FORCE: Final = """
select id from agreement where known_on <= ? order by recorded_at desc, id desc limit 1
"""
FIRST_AGREEMENT: Final = "select id from agreement order by recorded_at, id limit 1"
MERGED_DEALS: Final = "select deal from gone where into_deal = ?"
# Rows of `POINT_COLUMNS`, then what decides whether and where they were known.
POINTS_OF: Final = f"""
select {POINT_COLUMNS}, e.recorded_at, e.known_on, coalesce(e.own_deal, e.deal)
from entry e where e.deal = ? order by e.on_date, e.recorded_at, e.id
"""
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


class AsOfView:
    """What was so on a day. Without `known`, only what is dated later is hidden."""

    def __init__(self, cx: sqlite3.Connection, as_of: AsOf) -> None:
        self.cx = cx
        self.as_of = as_of
        self.day = as_of.on.isoformat()
        self.known = (as_of.by or as_of.on).isoformat() if as_of.known else ALWAYS
        self._lines: dict[int, tuple[DealRecord, DealHistory] | None] = {}
        self._states: dict[int, DealRecordState | None] = {}
        self._all_folded = False

    # --- which agreement

    @cached_property
    def lens(self) -> SchemaMigrator:
        """All agreements, the one in force that day to read under."""
        if not self.as_of.known:
            return SchemaMigrator(self.cx)
        found = self.cx.execute(IN_FORCE, (self.known,)).fetchone() or self.cx.execute(FIRST_AGREEMENT).fetchone()
        return SchemaMigrator(self.cx, found[0] if found else None)

    @property
    def agreement(self) -> Schema:
        """The agreement in force that day."""
        return self.lens.agreement

    @cached_property
    def replays(self) -> bool:
        """Whether rows were derived under an agreement of another shape, so that none says what was so."""
        if not self.as_of.known or not self.lens.ids or self.lens.under == self.lens.ids[-1]:
            return False
        then, now = (self.cx.execute(SHAPE, (s,)).fetchone() for s in (self.lens.under, self.lens.ids[-1]))
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
        return changes(self.cx, self.known) if self.as_of.known else Late()

    def records(self, number: int) -> list[Rec]:
        """A record and all that targets it, as known. An erasure is never unknown, nor is damage."""
        found = tree(self.cx, number)
        if not self.as_of.known:
            return found
        return [r for r in found if r.damaged or r.known_on <= self.known or r.kind == "redact"]

    def versions(self, entry: int) -> list[EntryState]:
        """Every version of an entry, oldest first; none where it is not known or was taken back."""
        return self.versions_of(self.records(entry), entry)

    def versions_of(self, records: Sequence[Rec], entry: int) -> list[EntryState]:
        """The same of an entry whose records were read."""
        if not records or records[0].id != entry or records[0].kind != "entry":
            return []
        return entry_versions(records, self.lens, self.batches)

    def moved_later(self, entry: int) -> bool:
        """Whether an entry's row is not what was known of it."""
        return self.replays or entry in self.late.entries

    # --- which deals

    @cached_property
    def unsettled(self) -> frozenset[int]:
        """The deals that are folded again; rows of these are not to be used."""
        statement = EVERY_DEAL if self.replays else UNSETTLED
        return frozenset(d for (d,) in self.cx.execute(statement, self._bounds() if not self.replays else ()))

    def is_unsettled(self, deal: int) -> bool:
        """Whether a deal is folded again; a look-up, where the whole set is not known yet."""
        if self.replays or "unsettled" in self.__dict__:
            return deal in self.unsettled
        return self.cx.execute(IS_UNSETTLED, self._bounds() | {"deal": deal}).fetchone() is not None

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
        seen: set[int] = set()
        while deal not in seen:
            seen.add(deal)
            if self.is_unsettled(deal):
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

    def begun(self, deal: int) -> DealRecord | None:
        """A deal with those merged into it; None where it was not begun, or was merged away."""
        state = self.state(deal)
        if state is None or state.into is not None:
            return None
        return joined(state, [m for d in self._merged_into(deal) if (m := self._with_merged(d)) is not None]).begun

    def _with_merged(self, deal: int) -> DealRecordState | None:
        state = self.state(deal)
        if state is None:
            return None
        return joined(state, [m for d in self._merged_into(deal) if (m := self._with_merged(d)) is not None])

    def _merged_into(self, deal: int) -> list[int]:
        """The deals that were merged into one, at first hand."""
        now = {d for (d,) in self.cx.execute(MERGED_DEALS, (deal,))}
        found = sorted(now | self.late.merged.get(deal, set()))
        return [d for d in found if (state := self.state(d)) is not None and state.into == deal]

    # --- lines

    def line(self, deal: int) -> tuple[DealRecord, DealHistory] | None:
        """A deal and its line; None where it had none. A merged deal's line is the other's."""
        if not self.is_unsettled(deal):
            stored = stored_line(self.cx, deal)
            begun = self.begun(deal)
            return (begun, stored) if stored is not None and begun is not None else None
        if deal not in self._lines:
            begun = self.begun(deal)
            found = self.points(deal) if begun is not None else []
            from nippo_cli.line.history import build_history

            self._lines[deal] = (
                (begun, build_history(begun, found, self.agreement)) if begun is not None and found else None
            )
        return self._lines[deal]

    def folded(self) -> Iterator[DealHistory]:
        """The lines of all deals that are folded again."""
        self.fold_again()
        for deal in sorted(self.unsettled):
            found = self.line(deal)
            if found is not None:
                yield found[1]

    def fold_again(self) -> None:
        """Fold all deals that are to be folded again, the plain ones among them in one go."""
        if not self._all_folded:
            self._all_folded = True
            self.fold_some(self.unsettled)

    def fold_some(self, deals: Collection[int]) -> None:
        """Fold some of the deals that are to be folded again, the plain ones among them in one go."""
        if not deals or self.replays:
            return

        plain = set(deals) - not_plain(self, deals) - self._lines.keys()
        self._lines.update(dict.fromkeys(plain))
        self._lines.update((begun.id, (begun, line)) for begun, line in fold_plain(self, plain))

    def head(self, deal: int) -> DealSummary | None:
        """A deal's head; None where it had no line."""
        if self.is_unsettled(deal):
            found = self.line(deal)
            return found[1].head if found else None
        row = self.cx.execute(HEADS + " where id = ?", (deal,)).fetchone()
        return head_from_row(row) if row else None

    def ref(self, deal: int) -> DealRef | None:
        """A deal's name tag, through merges; by its name alone where it has no line."""
        root = self.root(deal)
        if root is None:
            return None
        head = self.head(root)
        if head is not None:
            return ref(head)
        begun = self.begun(root)
        return DealRef(root, begun.name, "", "") if begun else None

    def points(self, deal: int) -> list[DealEvent]:
        """The points of a deal that is folded again, dated up to the day."""
        placed = [p for p in self.placed(deal) if p.row[1] <= self.day]
        return points_of((p.row for p in placed), self.earlier)

    def earlier(self, entry: int) -> Earlier:
        """What an entry promised before corrections made on later days, as known."""
        return replaced(self.versions(entry), self.lens)

    def placed(self, deal: int) -> list[Placed]:
        """The entries known of a deal that is folded again, in the order of its line, whenever they are dated."""
        family = self._family(deal)
        found: list[Placed] = []
        corrected: set[int] = {e for d in family for e in self.late.by_deal.get(d, ())}
        plain = family == [deal] and not self.late.merged
        for where in {sql_root(self.cx, d) for d in family}:
            for *row, recorded_at, known_on, own in self.cx.execute(POINTS_OF, (where,)):
                if self.moved_later(row[0]):
                    corrected.add(row[0])
                elif known_on <= self.known and (plain or self.root(own) == deal):
                    found.append(Placed(tuple(row), recorded_at))
        found += self._corrected(corrected, deal)
        return sorted(found, key=lambda p: p.place)

    def _corrected(self, entries: Iterable[int], deal: int) -> Iterator[Placed]:
        for entry in entries:
            versions = self.versions(entry)
            state = versions[-1] if versions else None
            if state is not None and state.deal is not None and self.root(state.deal) == deal:
                yield Placed(_point_row(state, self.lens), state.recorded_at)

    def _family(self, deal: int) -> list[int]:
        """A deal and all that were merged into it, at any hand."""
        found = [deal]
        for one in found:
            found += [d for d in self._merged_into(one) if d not in found]
        return found


def view_of(cx: sqlite3.Connection, as_of: AsOf) -> AsOfView:
    """The journal on a day. Nothing is read until it is asked for."""
    return AsOfView(cx, as_of)


def sql_root(cx: sqlite3.Connection, deal: int) -> int:
    """The deal that a deal's rows are under today."""
    from nippo_cli.journal.log import root

    return root(cx, deal)


def _point_row(state: EntryState, lens: SchemaMigrator) -> tuple[Any, ...]:
    """A version as a row of `POINT_COLUMNS`."""
    row: Sequence[Any] = entry_row(state, lens.columns(state.schema, state.values), state.deal)
    return (row[0], row[3], *row[6:17], row[1], row[17], *row[20:23])


def not_plain(there: "AsOfView", deals: Collection[int]) -> set[int]:
    """Those of the deals that must be looked up one by one: told of apart from their entries (renamed, held, handed over,
    merged, taken back), merged into, corrected since, or without a line today."""
    late = there.late
    found = {deal for deal in deals if deal in late.deals or deal in late.by_deal or deal in late.merged}
    found.update(deal for (deal,) in there.cx.execute(TOLD_OF, (json.dumps(sorted(deals)),)))
    return found


def fold_plain(there: "AsOfView", deals: Collection[int]) -> Iterator[tuple[DealRecord, DealHistory]]:
    """The lines of plain deals on the day; a deal that had none is left out."""
    agreement = there.agreement
    bound = {"deals": json.dumps(sorted(deals)), "on": there.day, "known": there.known}
    for deal, rows in groupby(there.cx.execute(PLAIN_POINTS, bound), key=itemgetter(-1)):
        own = list(rows)
        told_on, name, parent = own[0][-4:-1]
        begun = DealRecord(deal, name, parent=parent, told_on=date.fromisoformat(told_on))
        yield begun, build_history(begun, points_of(own, there.earlier), agreement)
