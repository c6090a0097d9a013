"""Entries as they are read back, in the version known on the day that is asked about."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import NUMBER_BITS, SLOTS, number_of, slot_of
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import state_of_row
from nippo_cli.journal.log import (
    REC,
    SEALED,
    EntryState,
    Rec,
    damage_in_force,
    entry_versions,
    hash_faster,
    is_day,
    is_sound,
    remains,
    rows,
    tree,
)
from nippo_cli.line.facts import DealRef
from nippo_cli.results.entries import EntryView, Version

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema

# What is told of an entry by its row and its deal's, then its record.
VIEWS: Final = f"""
select e.id, e.version, e.on_date, e.recorded_at, e.known_on, e.author, e.deal, coalesce(e.own_deal, e.deal),
  e.meeting, e.incomplete, e.snapshot, d.name, d.customer, d.owner, {REC}
from json_each(?) j cross join entry e on e.id = j.value join record r on r.id = e.id left join deal d on d.id = e.deal
order by j.key
"""
# No more of it than its day and what it says.
SAID: Final = f"""
select e.id, e.version, e.on_date, e.known_on, {REC}
from json_each(?) j cross join entry e on e.id = j.value join record r on r.id = e.id order by j.key
"""

# What no short name stands for, and no record can be numbered with, is damaged: no id can be made of it.
LAST_RECORDS: Final = f"""
select slot, last_number from device
where slot between 0 and {SLOTS - 1} and last_number between 0 and {(1 << NUMBER_BITS) - 1}
"""

_AT_ONCE = 400


class EntryContent(NamedTuple):
    """What an entry said, and under which schema."""

    id: int
    on: date
    schema: "Schema"
    values: Mapping[str, Any]


class Views:
    """Entries by their ids. Deals are looked up once each."""

    def __init__(self, there: AsOfView) -> None:
        self._there = there
        self._cx = there.cx
        self._refs: dict[int, DealRef | None] = {}
        self._plain_deals: dict[int, bool] = {}
        # Where the journal was written to since a long list was made: each device's last record then.
        self._last: Mapping[int, int] | None = None

    def of(self, entries: Iterable[int]) -> Iterator[EntryView]:
        """The entries of these ids, in this order; those not known, or taken back, are left out."""
        ids = iter(entries)
        while chunk := list(islice(ids, _AT_ONCE)):
            yield from self._some(chunk)

    def of_long_list(self, entries: Iterable[int], last: Mapping[int, int]) -> Iterator[EntryView]:
        """The same, a few read at a time and the journal let go before they are given: who writes does not wait for whoever
        reads them. They are told as they were when the list was made. Why: docs/decisions/0029-long-answers.md

        Args:
            last: the number of each device's last record then, by slot (`last_records`).
        """
        ids = iter(entries)
        self._cx.rollback()
        while chunk := list(islice(ids, _AT_ONCE)):
            self._cx.execute("begin")
            try:
                self._last = None if last_records(self._cx) == last else last
                some = list(self._some(chunk))
            finally:
                self._cx.rollback()
            yield from some

    def _some(self, entries: Sequence[int]) -> Iterator[EntryView]:
        """Entries as views, from stored rows where these hold on the day, else from their records."""
        moved = {e for e in entries if self._there.moved_later(e)}
        if len(entries) == _AT_ONCE:
            hash_faster()
        asked = json.dumps([e for e in entries if e not in moved])
        stored = {row[0]: row for row in rows(self._cx, VIEWS, (asked,))}
        for entry in entries:
            if entry in moved:
                yield from self._then(entry)
            elif entry in stored and stored[entry][4] <= self._there.known:
                row = stored[entry]
                if row[1] == entry and is_sound(row[-SEALED:]):
                    yield self._from_row(row)
                else:
                    yield from self._then(entry)
            elif self._last is not None:
                # It may have been taken back since.
                yield from self._then(entry)

    def contents(
        self, entries: Iterable[int], may_matter: Callable[[str], bool] = lambda _body: True
    ) -> Iterator[EntryContent]:
        """What the entries of these ids said, in this order; their deals are not looked at. Left out as in `of`.

        Args:
            may_matter: whether one with such a body can be of any use: the others need not be told.
        """
        ids = iter(entries)
        while chunk := list(islice(ids, _AT_ONCE)):
            moved = {e for e in chunk if self._there.moved_later(e)}
            if len(chunk) == _AT_ONCE:
                hash_faster()
            stored = {row[0]: row for row in rows(self._cx, SAID, (json.dumps([e for e in chunk if e not in moved]),))}
            for entry in chunk:
                row = stored.get(entry)
                if row is not None and row[1] == entry and row[3] <= self._there.known and is_sound(row[-SEALED:]):
                    on, (*_, schema, _, _, body, _, _, _, _) = row[2], row[-SEALED:]
                    if body is not None and not may_matter(body):
                        continue
                    values = json.loads(body).get("values", {}) if body is not None else {}
                    yield EntryContent(entry, date.fromisoformat(on), self._there.migrator.of(schema), values)
                elif entry in moved or (row is not None and row[3] <= self._there.known):
                    yield from (EntryContent(one.id, one.on, one.schema, one.values) for one in self._then(entry))

    def view(self, state: EntryState, *, corrected: bool, damaged: Sequence[Rec] = ()) -> EntryView:
        """A version of an entry; `damaged` are those of its records that can't be relied on."""
        schema, ref = self._there.migrator.of(state.schema), self._ref(state.deal)
        return EntryView(
            state.id, state.version, date.fromisoformat(state.on), state.recorded_at, date.fromisoformat(state.known_on),
            state.author, ref, state.meeting, state.values, state.incomplete, corrected, state.batch,
            schema, state.erased, remains(damaged), self._customer(schema, state.values, ref), state.snapshot,
        )  # fmt: skip

    def _then(self, entry: int) -> Iterator[EntryView]:
        """An entry as its records tell it; nothing where it was not known, or was taken back."""
        records = [r for r in self._there.records(entry) if self._was_written(r)]
        damaged = damage_in_force(records)
        versions = self._there.versions_of(records, entry)
        if versions:
            yield self.view(versions[-1], corrected=len(versions) > 1, damaged=damaged)
        elif damaged:
            state = state_of_row(self._cx, entry)
            if state is not None and state.known_on <= self._there.known:
                yield self.view(state, corrected=state.version != entry, damaged=damaged)

    def _was_written(self, rec: Rec) -> bool:
        """Whether a record was there when the list was made. An erasure counts at once."""
        return self._last is None or rec.kind == "redact" or number_of(rec.id) <= self._last.get(slot_of(rec.id), 0)

    def _from_row(self, row: Sequence[Any]) -> EntryView:
        """An entry that was never corrected, and whose record is sound."""
        (
            entry, version, on, recorded_at, known_on, author, deal, own, meeting, incomplete, snapshot, name, customer, owner,
            _, _, _, _, _, _, schema, _, batch, body, *_,
        ) = row  # fmt: skip
        ref = None
        if deal is not None:
            # A merge may be settled while the deal merged into is not.
            plain = name is not None and self._is_plain(own) and self._is_plain(deal)
            ref = DealRef(deal, name, customer, owner) if plain else self._ref(own)
        day = date.fromisoformat
        said: dict[str, Any] = json.loads(body) if body is not None else {}
        values, under = said.get("values", {}), self._there.migrator.of(schema)
        return EntryView(
            entry, version, day(on), recorded_at, day(known_on), author, ref, meeting, values,
            bool(incomplete), False, batch, under, body is None, customer=self._customer(under, values, ref), snapshot=bool(snapshot),
        )  # fmt: skip

    def _customer(self, schema: "Schema", values: Mapping[str, Any], deal: DealRef | None) -> str:
        """The customer that an entry names, else its deal's, as it is called."""
        said = values.get(schema.key("customer") or "")
        return self._there.customers.name(said) if said else deal.customer if deal is not None else ""

    def _is_plain(self, deal: int) -> bool:
        if deal not in self._plain_deals:
            self._plain_deals[deal] = not self._there.is_stale(deal)
        return self._plain_deals[deal]

    def _ref(self, deal: int | None) -> DealRef | None:
        if deal is None:
            return None
        if deal not in self._refs:
            self._refs[deal] = self._there.ref(deal)
        return self._refs[deal]


def last_records(cx: sqlite3.Connection) -> dict[int, int]:
    """The number of each device's last record, by slot."""
    return dict(cx.execute(LAST_RECORDS).fetchall())


def place_of(view: EntryView) -> tuple[str, str, int]:
    """Where an entry stands in the log: by its day, then by when it was recorded."""
    return (view.on.isoformat(), view.recorded_at, view.id)


def last_version(cx: sqlite3.Connection, views: Views, there: AsOfView, entry: int) -> EntryView | None:
    """An entry that was taken back, in its last version."""
    records = [r for r in tree(cx, entry) if r.kind != "retract" or r.target != entry]
    if not records or records[0].kind != "entry":
        return None
    versions = entry_versions(records, there.migrator)
    return views.view(versions[-1], corrected=len(versions) > 1, damaged=damage_in_force(records)) if versions else None


def history(there: AsOfView, entry: int) -> list[Version]:
    """Each record of an entry, oldest first, with what it changed. Taking a correction back is a `restore`, as is
    undoing a retraction."""
    records = [r for r in there.records(entry) if r.damaged or r.kind in ("entry", "amend", "retract", "redact")]
    if not records or not (records[0].damaged or records[0].kind == "entry"):
        return []
    versions_told: list[Version] = []
    before: EntryState | None = None
    state = state_of_row(there.cx, entry) if records[0].damaged else None
    known_on = date.fromisoformat(state.known_on) if state is not None else date.min
    for n, rec in enumerate(records, 1):
        versions = entry_versions([r for r in records[:n] if r.kind != "redact"], there.migrator, ())
        after = versions[-1] if versions else None
        changed = _changed(before, after) if rec.kind != "redact" else {}
        known_on = date.fromisoformat(rec.known_on) if is_day(rec.known_on) else known_on
        versions_told.append(
            Version(
                rec.id,
                _what(rec, entry),
                rec.author,
                rec.recorded_at,
                known_on,
                rec.parsed_body.get("why", ""),
                changed,
            )
        )
        before = after if after is not None else before
    return versions_told


def _what(rec: Rec, entry: int) -> Any:
    if rec.damaged:
        return "damaged"
    if rec.kind == "retract":
        return "retract" if rec.target == entry else "restore"
    return rec.kind


def _changed(before: EntryState | None, after: EntryState | None) -> dict[str, tuple[Any, Any]]:
    """What a record changed: field keys, and `on`, `deal`, `author`, `incomplete`, `snapshot`."""
    if before is None or after is None:
        return {}
    changed = {
        key: (before.values.get(key), after.values.get(key))
        for key in dict.fromkeys((*before.values, *after.values))
        if before.values.get(key) != after.values.get(key)
    }
    for name in ("on", "deal", "author", "incomplete", "snapshot"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            changed[name] = (was, now)
    return changed
