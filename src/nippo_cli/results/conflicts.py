"""What members of a team wrote without knowing of each other, for somebody to settle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.line.facts import DealSummary
    from nippo_cli.results.entries import EntryView
    from nippo_cli.schema.schema import Schema

ConflictKind: TypeAlias = Literal["field", "deal", "deal_field"]


# What of a deal two may have said: the keys of the words for it.
LABELS = {"name": "column.name", "owner": "show.head.owner"}


class Stance(NamedTuple):
    """What one member says: the value of a field, as of their correction, the record of it; or the deal that they began."""

    by: str
    mine: bool
    on: date
    record: int
    value: Any = None
    deal: DealSummary | None = None


class Conflict(NamedTuple):
    """Two sides or more. Of a `field` (its key, `on` or `deal`) of an entry the last side is in force; `both` is what it would say of all
    of them, None where it can hold one alone. Of deals begun twice both can always stay. A `deal_field` is the `name` or the `owner` of
    `head`."""

    kind: ConflictKind
    sides: Sequence[Stance]
    entry: EntryView | None = None
    field: str = ""
    both: Any = None
    head: DealSummary | None = None

    @property
    def id(self) -> int:
        """The entry's, or the first deal's."""
        about = self.entry or self.head
        return about.id if about is not None else self.sides[0].record

    @property
    def takes_both(self) -> bool:
        """Whether both can stay."""
        return self.kind == "deal" or self.both is not None


class ConflictPage(NamedTuple):
    """`nippo team settle`: those that concern who looks; a lead sees all."""

    as_of: date
    schema: Schema
    conflicts: Sequence[Conflict]


class Settled(NamedTuple):
    """How one was settled: whose side was kept (empty: both), the value that the field has now, or the deal that all are now
    (None: none)."""

    conflict: Conflict
    by: str
    value: Any
    into: int | None
    records: Sequence[int]


class SettledPage(NamedTuple):
    """What was settled by one command."""

    schema: Schema
    settled: Sequence[Settled]
    dry_run: bool
