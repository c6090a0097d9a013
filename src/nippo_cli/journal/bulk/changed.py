"""In what a row of an import differs from the entry that its key stands for."""

import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.log import Batches, EntryState, Rec, SchemaMigrator, entry_versions, retracted, root, tree

if TYPE_CHECKING:
    from nippo_cli.journal.bulk.rows import KeyedEntry

# Whether a deal answers to a name, or to how a source knows it; None is no deal and no name.
Answers = Callable[[int | None, str | None, str | None], bool]


class ValueChange(NamedTuple):
    """What a row says otherwise: of a field by its key, or of `on`, `author`, `deal`, `incomplete` or `snapshot`. `before` is what stands
    in the journal, of a deal its id; None is nothing."""

    what: str
    before: Any
    after: Any
    of_field: bool


class ChangedEntry(NamedTuple):
    """A row whose key stands for an entry that says something else; `taken_back`: a person took that one back."""

    entry: int
    changes: tuple[ValueChange, ...]
    taken_back: bool


class _ComparedEntry(NamedTuple):
    """What an entry says, or a row, in the words of the schema in force."""

    on: str
    author: str
    incomplete: bool
    snapshot: bool
    values: Mapping[str, Any]


class Comparison:
    """Holds rows against entries.

    Args:
        answers: whether a deal answers to a name.
        defaults: what fills a field that an entry leaves out, and its deal too.
        dated_by_file: the parts of rows whose day is the file's: another day alone is no change.
    """

    def __init__(
        self,
        cx: sqlite3.Connection,
        batches: Batches,
        migrator: SchemaMigrator,
        answers: Answers,
        *,
        defaults: Mapping[str, Any],
        dated_by_file: frozenset[str] = frozenset(),
    ) -> None:
        self._cx = cx
        self._batches = batches
        self._migrator = migrator
        self._answers = answers
        self._defaults = defaults
        # A row's key ends with the part.
        self._dated_by_file = tuple(f"/{part}" for part in dated_by_file)

    def of(self, row: "KeyedEntry", entries: Sequence[int], keyed: Collection[int] | None) -> ChangedEntry | None:
        """What a row says otherwise than the last of some entries; None where it says what one of them says, or what its source
        last said of one.

        Args:
            keyed: the records that have the row's key; None for an entry of the journal's own export, of which every version
                is known.
        """
        changed: ChangedEntry | None = None
        for entry in entries:
            changed = self._of_one(row, tree(self._cx, entry), keyed)
            if changed is None:
                return None
        return changed

    def became(self, row: "KeyedEntry", entry: int) -> Literal["", "corrected", "taken_back"]:
        """What became of an entry whose source still says what it said: it was taken back, or says something else by now; "" where it
        stands as the row says it."""
        records = tree(self._cx, entry)
        if records[0].id in retracted(records):
            return "taken_back"
        versions = entry_versions(records, self._migrator, self._batches)
        if not versions or versions[-1].erased:
            return ""
        return "corrected" if self._changes(row, versions[-1], versions[-1]) else ""

    def _of_one(self, row: "KeyedEntry", records: Sequence[Rec], keyed: Collection[int] | None) -> ChangedEntry | None:
        """What a row changes of the entry that has its key; None where that is erased, or a version of it says the
        same."""
        taken_back = records[0].id in retracted(records)
        if taken_back:
            # What it said is still what a row is held against.
            records = [rec for rec in records if rec.kind != "retract" or rec.target != records[0].id]
        versions = entry_versions(records, self._migrator, self._batches)
        if not versions or versions[-1].erased:
            return None
        if keyed is None:
            known, before = versions, versions[-1]
        else:
            of_source = [rec for rec in records if rec.kind != "amend" or rec.id in keyed]
            before = entry_versions(of_source, self._migrator, self._batches)[-1]
            known = [before, versions[-1]]
        if any(not self._changes(row, state, state) for state in known):
            return None
        changes = self._changes(row, before, versions[-1])
        return ChangedEntry(records[0].id, tuple(changes), taken_back) if changes else None

    def _changes(self, row: "KeyedEntry", before: EntryState, now: EntryState) -> list[ValueChange]:
        """What a row says otherwise than its source said before, and than the journal says now."""
        said, was, stands = self._row(row, before.author), self._state(before), self._state(now)
        changes = [
            ValueChange(what, getattr(stands, what), after, of_field=False)
            for what in ("on", "author", "incomplete", "snapshot")
            if (after := getattr(said, what)) not in (getattr(was, what), getattr(stands, what))
        ]
        if not any(self._answers(deal, row.deal_name, row.deal_key) for deal in (before.deal, now.deal)):
            home = root(self._cx, now.deal) if now.deal is not None else None
            changes.append(ValueChange("deal", home, row.deal_name, of_field=False))
        for key in self._migrator.schema.by_key:
            after = said.values.get(key)
            if after != was.values.get(key) and after != stands.values.get(key):
                changes.append(ValueChange(key, stands.values.get(key), after, of_field=True))
        by_file = row.source_key.endswith(self._dated_by_file)
        return [] if by_file and [one.what for one in changes] == ["on"] else changes

    def _row(self, row: "KeyedEntry", author: str) -> _ComparedEntry:
        """A row that names no author is the same whoever imports it."""
        values = json.loads(row.values)
        return _ComparedEntry(
            row.on_date, row.author or author, row.incomplete, row.snapshot, {**self._defaults, **values}
        )

    def _state(self, state: EntryState) -> _ComparedEntry:
        """A state as it would stand today: whether it needed a default hangs on what the deal had then."""
        values = self._migrator.carry(state.values, state.schema, self._migrator.under)
        return _ComparedEntry(state.on, state.author, state.incomplete, state.snapshot, {**self._defaults, **values})
