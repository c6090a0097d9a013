"""What was written under one schema, read under a later one.

An entry's values mean what the schema it was written under says; `was:` carries renamed stages, kinds,
activities, ranks, fields and choices on from version to version.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias, cast

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.log.records import BODY, KIND, is_sound, record_of, rows
from nippo_cli.journal.log.statements import AGREEMENTS, ONE_RECORD
from nippo_cli.schema.schema import (
    Activity,
    Choice,
    Field,
    Kind,
    Rank,
    Role,
    Schema,
    Stage,
)

Renames: TypeAlias = Mapping[Any, Any]


class Columns(NamedTuple):
    """An entry's values by role, as its row holds them; `None` where it says nothing."""

    stage: str | None
    contact: int
    activity: str | None
    customer: str | None
    kind: str | None
    amount: int | None
    closes: str | None
    confidence: str | None
    next_step: str | None
    next_on: str | None
    accepts: str | None
    source: str | None
    billed_to: str | None
    site: str | None
    ball: str | None
    evidence: int
    deadlines: str | None
    why_lost: str | None


ColumnRow: TypeAlias = tuple[
    str | None, int, str | None, str | None, str | None, int | None, str | None, str | None, str | None, str | None,
    str | None, str | None, str | None, str | None, str | None, int, str | None, str | None,
]  # fmt: skip
ReadDeadlines: TypeAlias = Callable[[Mapping[str, Any]], str | None]
ReadWhyLost: TypeAlias = Callable[[Mapping[str, Any]], str | None]
ReadColumns: TypeAlias = Callable[[Mapping[str, Any]], ColumnRow]


def history_shape(schema: Schema) -> str:
    """As much of a schema as an entry's row and a deal's line depend on, as text to compare.

    Stages with their order, what they end and what they were; kinds, activities and ranks; the roles of fields, and what
    the choices of some were; the fields that are evidence. Where two schemas have the same shape, every line is the same under both.
    """
    return json.dumps(
        [
            [[s.key, s.ends, s.after, s.was] for s in schema.stages],
            [[k.key, k.was] for k in schema.kinds],
            [[a.key, a.contact, a.was, a.ball] if a.ball else [a.key, a.contact, a.was] for a in schema.activities],
            [[r.key, r.was] for r in schema.ranks],
            [_field_shape(f) for f in schema.fields if f.role or f.key in schema.evidence_bits],
            list(schema.evidence_bits),
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _field_shape(field: Field) -> Sequence[object]:
    """A field; with what its choices were called before, where an entry's row holds them as they are called today."""
    renamed = [[c.key, c.was] for c in field.choices if c.was] if field.role in _CHOSEN else []
    return [field.key, field.role, field.was, renamed] if renamed else [field.key, field.role, field.was]


# One command opens its journal more than once, each time to the same: its schema is long, and read once.
_is_sound = lru_cache(maxsize=16)(is_sound)


@lru_cache(maxsize=16)
def _read(body: str) -> Schema:
    """The schema of a schema record's body."""
    return Schema.from_json(json.loads(body)["agreement"])


class SchemaMigrator:
    """The schemas that a journal has adopted, oldest first, and the one that all is read under: the last, or
    `under`. Each is parsed when first needed."""

    def __init__(self, cx: sqlite3.Connection, under: int | None = None) -> None:
        self._cx = cx
        placed = cx.execute(AGREEMENTS).fetchall()
        self.ids: list[int] = [schema for schema, _ in placed]
        # Those that were in force one after another: all of them, unless a team wrote some beside each other.
        self.line: list[int] = [schema for _, schema in sorted((place, s) for s, place in placed if place is not None)]
        self.under = under if under is not None else (self.line[-1] if self.line else 0)
        self._parsed: dict[int, Schema] = {}
        self._readers: dict[int, ReadColumns] = {}
        self._ways: dict[tuple[int, int], list[Schema]] = {}

    @property
    def schema(self) -> Schema:
        """The schema that all is read under."""
        return self.of(self.under)

    def of(self, schema: int) -> Schema:
        """The schema of a schema record."""
        if schema not in self._parsed:
            self._parsed[schema] = self._schema(schema)
        return self._parsed[schema]

    def _schema(self, schema: int) -> Schema:
        row = next(rows(self._cx, ONE_RECORD, (schema,)), None)
        sound = row is not None and _is_sound(row)
        if row is not None and sound and row[KIND] == "schema":
            return _read(row[BODY])
        from nippo_cli.journal.log.damaged_schema import recovered

        # A sound record of another kind is what a damaged one points at.
        return recovered(self._cx, schema, record_of(row) if row is not None and not sound else None, self.ids)

    def columns(self, schema: int, values: Mapping[str, Any]) -> Columns:
        """The row of values written under one schema, in the words of the one that all is read under."""
        return Columns(*self.reader(schema)(values))

    def reader(self, schema: int) -> ReadColumns:
        """`columns` for many values written under one schema, as plain tuples."""
        reader = self._readers.get(schema)
        if reader is None:
            reader = self._readers[schema] = self._reader(schema)
        return reader

    def carry(self, values: Mapping[str, Any], written: int, later: int) -> Mapping[str, Any]:
        """Values written under one schema in the words of a later one: renamed keys and choices. A key that the
        later one no longer has stays as it was."""
        if written == later or not values:
            return values
        carried: Mapping[str, Any] = values
        for schema in self._after(written, later):
            carried = _carry(carried, schema)
        return carried

    def _after(self, written: int, upto: int) -> Sequence[Schema]:
        """The schemas adopted after one, up to another, as each follows on the one before; nothing where that came first."""
        if len(self.line) != len(self.ids):
            return self._around(written, upto)
        # One that is lost was adopted before those with a higher id.
        low = self.ids.index(written) + 1 if written in self.ids else sum(one < written for one in self.ids)
        high = self.ids.index(upto) + 1 if upto in self.ids else len(self.ids)
        return [self.of(schema) for schema in self.ids[low:high]]

    def _around(self, written: int, upto: int) -> Sequence[Schema]:
        """The same where some stand beside the line: back to where they left it first."""
        from nippo_cli.journal.log.schema_line import adopted, undone, way_between

        if (written, upto) not in self._ways:
            way = way_between(adopted(self._cx), self.line, written, upto)
            back = [undone(self.of(one), self.of(before)) for one, before in way.back]
            self._ways[written, upto] = [*back, *map(self.of, way.on)]
        return self._ways[written, upto]

    def _reader(self, schema: int) -> ReadColumns:
        return column_reader(*self.way_from(schema))

    def way_from(self, schema: int) -> tuple[Schema, Sequence[Schema], Schema]:
        """What `column_reader` takes: a schema, those adopted since, and the one that all is read under."""
        return self.of(schema), self._after(schema, self.under), self.schema


def column_reader(written: Schema, later: Sequence[Schema] = (), today: Schema | None = None) -> ReadColumns:
    """What reads the columns of values written under one schema.

    Args:
        written: that schema.
        later: those adopted since, oldest first, as far as the one that all is read under.
        today: the one that all is read under, if it is not `written`.
    """
    today = today or written
    stages = _renames((s.key for s in written.stages), [a.stages for a in later])
    kinds = _renames((k.key for k in written.kinds), [a.kinds for a in later])
    activities = _renames((a.key for a in written.activities), [a.activities for a in later])
    ranks = _renames((r.key for r in written.ranks), [a.ranks for a in later])
    # Today's word on what is a contact goes before that of the day.
    silent = {a.key for a in written.activities if not a.contact} - {a.key for a in today.activities}
    silent |= {a.key for a in today.activities if not a.contact}
    # Any, for a role that no field has is looked up too, and found to say nothing.
    keys: list[Any] = [written.key(role) for role in ROLES]
    sources, holders = (_renamed_choices(written, today, role) for role in _CHOSEN)
    evidence, deadlines = _Evidence(written, later, today), deadline_reader(written, later, today)
    last = (evidence, deadlines, why_lost_reader(written))
    if not (stages or kinds or activities or ranks or sources or holders):
        # Nearly always so, and twice as fast.
        return _as_written(keys, silent, *last)
    return _renaming(keys, silent, *last, _Renamed(stages, kinds, activities, ranks, sources, holders))


class _Renamed(NamedTuple):
    """Today's keys of what was renamed."""

    stages: Renames
    kinds: Renames
    activities: Renames
    ranks: Renames
    sources: Renames
    holders: Renames


def why_lost_reader(written: Schema) -> ReadWhyLost:
    """What reads the reason of a loss and the competitor out of values of a schema, as they were written: `["price","他社"]`."""
    reason, competitor = written.key("lost_reason") or "", written.key("competitor") or ""

    def read(values: Mapping[str, Any]) -> str | None:
        return why_lost_of(values.get(reason), values.get(competitor))

    return read


def why_lost_of(reason: object, competitor: object) -> str | None:
    """Both as JSON; None where neither says anything."""
    if not reason and not competitor:
        return None
    return json.dumps([reason, competitor], ensure_ascii=False, separators=(",", ":"))


def _as_written(
    keys: Sequence[Any],
    silent: Collection[str],
    evidence: "_Evidence",
    deadlines: "ReadDeadlines",
    why_lost: ReadWhyLost,
) -> ReadColumns:
    """What reads values of which nothing was renamed since."""

    def read(values: Mapping[str, Any]) -> ColumnRow:
        stage, activity, *rest = map(values.get, keys)
        bits, dated, lost = evidence[tuple(values)], deadlines(values), why_lost(values)
        return cast("ColumnRow", (stage, 0 if activity in silent else 1, activity, *rest, bits, dated, lost))

    return read


def _renaming(
    keys: Sequence[Any],
    silent: Collection[str],
    evidence: "_Evidence",
    deadlines: "ReadDeadlines",
    why_lost: ReadWhyLost,
    renamed: _Renamed,
) -> ReadColumns:
    """What reads values in today's words."""
    stages, kinds, activities, ranks, sources, holders = renamed

    def read(values: Mapping[str, Any]) -> ColumnRow:
        (
            stage, activity, customer, kind, amount, closes, confidence, next_step, next_on, accepts, source, *places, ball,
        ) = map(values.get, keys)  # fmt: skip
        activity = activities.get(activity, activity)
        return (
            stages.get(stage, stage),
            0 if activity in silent else 1,
            activity,
            customer,
            kinds.get(kind, kind),
            amount,
            closes,
            ranks.get(confidence, confidence),
            next_step,
            next_on,
            accepts,
            sources.get(source, source),
            *places,
            holders.get(ball, ball),
            evidence[tuple(values)],
            deadlines(values),
            why_lost(values),
        )

    return read


ROLES: Sequence[Role] = (
    "stage", "activity", "customer", "kind", "amount", "closes", "confidence", "next_step", "next_on", "accepts",
    "source", "billed_to", "site", "ball",
)  # fmt: skip
# Of these a field has choices of its own.
_CHOSEN: Sequence[Role] = ("source", "ball")


def deadline_reader(written: Schema, later: Sequence[Schema] = (), today: Schema | None = None) -> ReadDeadlines:
    """What reads the deadlines of values written under one schema: `{"KEY":"2026-12-31"}` by today's keys, None where there
    are none.

    Args:
        written, later, today: as of `column_reader`.
    """
    asked = {f.key for f in (today or written).deadlines}
    if not asked:
        return _no_deadline
    # Most agreements have none, and load no type for it.
    from nippo_cli.schema.types import type_of

    renamed = _renames((f.key for f in written.fields), [a.fields for a in later])
    named = [(f, renamed.get(f.key, f.key)) for f in written.fields]
    # It may have been a text before it was a date.
    keys = [(f.key, now) for f, now in named if now in asked and type_of(f).dated]

    def read(values: Mapping[str, Any]) -> str | None:
        said = {now: values[key] for key, now in keys if values.get(key)}
        return json.dumps(said, separators=(",", ":")) if said else None

    return read


def _no_deadline(_values: Mapping[str, Any]) -> None:
    return None


class _Evidence(dict[tuple[str, ...], int]):
    """The evidence bits of the fields that an entry fills in, worked out once for each set of them."""

    def __init__(self, written: Schema, later: Sequence[Schema], under: Schema) -> None:
        super().__init__()
        renamed = _renames((f.key for f in written.fields), [a.fields for a in later])
        self._bits = {f.key: bit for f in written.fields if (bit := under.evidence_bits.get(renamed.get(f.key, f.key)))}

    def __missing__(self, keys: tuple[str, ...]) -> int:
        bits = 0
        for key in keys:
            bits |= self._bits.get(key, 0)
        self[keys] = bits
        return bits


def _renamed_choices(written: Schema, today: Schema, role: Role) -> Renames:
    """Today's choice of each choice that the field of a role once had."""
    field = today.by_role.get(role)
    if written.key(role) is None or field is None or not field.choices:
        return {}
    return _step(field.choices)


def _renames(
    keys: Iterable[str],
    later: Sequence[Sequence[Stage | Kind | Activity | Rank | Choice | Field]],
) -> Renames:
    """Today's key of each key, through every later version in turn; those that kept theirs are left out."""
    steps = [_step(version) for version in later]
    renames = {}
    for key in keys:
        now = key
        for step in steps:
            now = step.get(now, now)
        if now != key:
            renames[key] = now
    return renames


def _step(
    version: Sequence[Stage | Kind | Activity | Rank | Choice | Field],
) -> Renames:
    # A key that is in use today is itself, even if something else once bore it.
    today = {item.key for item in version}
    return {old: item.key for item in version for old in item.was if old not in today}


def _carry(values: Mapping[str, Any], schema: Schema) -> Mapping[str, Any]:
    """Values of the version before, in a schema's words."""
    # Most journals have one schema, and load no type for it.
    from nippo_cli.schema.types import type_of

    renamed = _step(schema.fields)
    carried = {renamed.get(key, key): value for key, value in values.items()}
    for key, value in carried.items():
        field = schema.by_key.get(key)
        if field is not None and type_of(field).takes_choices:
            step = _step(schema.choices(field))
            if isinstance(value, str):
                carried[key] = step.get(value, value)
            elif isinstance(value, list):
                carried[key] = [step.get(v, v) if isinstance(v, str) else v for v in value]
    return carried
