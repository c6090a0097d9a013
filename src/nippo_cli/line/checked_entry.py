"""An entry before it is written: what was typed, read field by field and held against the schema."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from nippo_cli.base.errors import Message, Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import nearest, normal_form
from nippo_cli.schema.schema import Condition, Field, Schema
from nippo_cli.schema.types import FieldType, Reading, ValueRefused, empty, reader_for

_MOST_REMEMBERED = 1 << 16


class Remembered(dict[str, Any]):
    """What a reader made of each text, found by subscription. What is found must not be changed.

    Raises:
        ValueRefused: by subscription, as the reader does.
    """

    def __init__(self, reader: FieldType) -> None:
        super().__init__()
        self._reader = reader
        self._refused: dict[str, Message] = {}

    def __missing__(self, text: str) -> Any:
        # A column that was mapped wrong refuses the same texts a million times.
        if text in self._refused:
            raise ValueRefused(text, self._refused[text])
        if len(self) + len(self._refused) >= _MOST_REMEMBERED:
            self.clear()
            self._refused.clear()
        try:
            value = self[text] = self._reader.read(text)
        except ValueRefused as error:
            if error.said == text:
                self._refused[text] = error.needs
            raise
        return value


class _Plan(NamedTuple):
    """How a name that was typed is read: into which field, by which reader, from which memory."""

    key: str
    reader: FieldType
    known: Remembered | None


class Checker:
    """Judges entries by one schema, as of one day. Made once, it judges a row in a few microseconds."""

    def __init__(self, schema: Schema, today: date) -> None:
        self.schema = schema
        self.today = today
        reading = Reading(today, schema)
        self._fields = schema.by_key
        self._plans: dict[str, _Plan] = {}
        for field in schema.fields:
            reader = reader_for(field, reading)
            self._plans[field.key] = _Plan(field.key, reader, Remembered(reader) if reader.recurs else None)
        self._names = {normal_form(name): f.key for f in schema.fields for name in f.was}
        self._names.update((normal_form(f.label), f.key) for f in schema.fields)
        self._names.update((normal_form(f.key), f.key) for f in schema.fields)
        self._defaults = [(f.key, f.default) for f in schema.fields if f.default is not None]
        self._deal = schema.key("deal")
        self._stage, self._activity, self._kind = (schema.key(r) for r in ("stage", "activity", "kind"))
        self._asked: dict[tuple[Any, Any, Any], tuple[frozenset[str], tuple[Field, ...]]] = {}

    def defaults(self) -> dict[str, Any]:
        """The canonical value of each field that has a default."""
        return {key: self._plans[key].reader.read(text) for key, text in self._defaults}

    def check(
        self, raw: Mapping[str, object], current: Mapping[str, object], *, defaults: bool = True
    ) -> tuple[dict[str, Any], list[Problem]]:
        """The canonical values and every problem, those of a value first, then what is missing.

        `raw` is by field key, label or former key; what is empty there is as good as absent. The deal's name is
        read and judged but is no value: it belongs to the entry itself.
        """
        values, problems = self._read(raw)
        wrong = {problem.where.field for problem in problems} if problems else set()
        if defaults:
            for key, text in self._defaults:
                if key not in values and key not in wrong and not current.get(key):
                    values[key] = self._plans[key].reader.read(text)
        asked, fields = self._asked_of(values, current)
        if not asked.issubset(values):
            problems += [
                Problem(Place(field=field.key, label=field.label), "", self._missing(field, values, current))
                for field in fields
                if field.key not in values and field.key not in wrong and not current.get(field.key)
            ]
        if self._deal is not None:
            values.pop(self._deal, None)
        return values, problems

    def _read(self, raw: Mapping[str, object]) -> tuple[dict[str, Any], list[Problem]]:
        """Typed values by field key, each read by its field's type; and the problems of those that could not be read."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        plans = self._plans
        for name, said in raw.items():
            plan = plans.get(name) or self._plan(name)
            if plan is None:
                problems.append(self._unknown(name))
                continue
            key, reader, known = plan
            try:
                # Blanks are told apart where they are refused: most values are none, and are known already.
                if known is not None and type(said) is str:
                    value = known[said]
                elif empty(said):
                    continue
                else:
                    value = reader.read(said)
            except ValueRefused as error:
                if not empty(said):
                    problems.append(Problem(self._place(key), error.said, error.needs))
                continue
            if key in values:
                problems.append(Problem(self._place(key), name, msg("entry.twice", field=self._fields[key].label)))
            values[key] = value
        return values, problems

    def _place(self, key: str) -> Place:
        return Place(field=key, label=self._fields[key].label)

    def _plan(self, name: str) -> _Plan | None:
        key = self._names.get(normal_form(name))
        # Remembered by the name as it was typed, so that an import folds each column's name once.
        return self._plans.setdefault(name, self._plans[key]) if key is not None else None

    def required(self, values: Mapping[str, Any], current: Mapping[str, object]) -> Sequence[Field]:
        """The fields that an entry must have, there or not, in the schema's order."""
        return self._asked_of(values, current)[1]

    def _asked_of(
        self, values: Mapping[str, Any], current: Mapping[str, object]
    ) -> tuple[frozenset[str], tuple[Field, ...]]:
        """The keys of the fields that an entry must have, and the fields."""
        situation = self._situation(values, current)
        asked = self._asked.get(situation)
        if asked is None:
            fields = tuple(
                f
                for f in self.schema.fields
                if f.required or any(_holds(condition, *situation) for condition in f.required_when)
            )
            asked = self._asked[situation] = frozenset(f.key for f in fields), fields
        return asked

    def _situation(self, values: Mapping[str, Any], current: Mapping[str, object]) -> tuple[Any, Any, Any]:
        """The stage and activity that the entry names, and its deal kind: its own, else the deal's."""
        kind = self._kind
        return (
            values.get(self._stage) if self._stage else None,
            values.get(self._activity) if self._activity else None,
            (values.get(kind) or current.get(kind)) if kind else None,
        )

    def _missing(self, field: Field, values: Mapping[str, Any], current: Mapping[str, object]) -> Message:
        """What is missing and, where only this step asks for it, why."""
        why: Message | str = ""
        if not field.required:
            situation = self._situation(values, current)
            condition = next(c for c in field.required_when if _holds(c, *situation))
            schema = self.schema
            named = (
                (condition.stage, schema.by_role.get("stage"), situation[0]),
                (condition.activity, schema.by_role.get("activity"), situation[1]),
                (condition.kind, schema.by_role.get("kind"), situation[2]),
            )
            because = tuple(schema.label(of, str(key)) for listed, of, key in named if listed and of)
            why = msg("entry.required.why", because=because)
        return msg("entry.required", field=field.label, why=why)

    def _unknown(self, name: str) -> Problem:
        labels = tuple(f.label for f in self.schema.fields)
        near = nearest(name, [n for f in self.schema.fields for n in (f.key, f.label)], 1)
        if near:
            return Problem(Place(field=name), name, msg("entry.unknown_field.near", near=near[0]))
        return Problem(Place(field=name), name, msg("entry.unknown_field", allowed=labels))


def checker(schema: Schema, today: date) -> Checker:
    """The `Checker` of a schema and a day; the last one made is kept."""
    global _last  # noqa: PLW0603  one schema judges nearly every entry of a run
    if _last is None or _last.schema is not schema or _last.today != today:
        _last = Checker(schema, today)
    return _last


def check(
    raw: Mapping[str, object],
    schema: Schema,
    *,
    today: date,
    current: Mapping[str, object] | None = None,
    defaults: bool = True,
) -> tuple[dict[str, Any], list[Problem]]:
    """One entry, read and judged: its canonical values by field key, and every problem at once.

    `current` is what its deal already has (customer, kind, amount…), which need not be said again. A field's default
    fills what neither says; without `defaults`, as for a correction, nothing is filled in.

    Rule: docs/schema.md#required
    """
    return checker(schema, today).check(raw, current or {}, defaults=defaults)


def missing(values: Mapping[str, Any], schema: Schema, current: Mapping[str, object] | None = None) -> list[Field]:
    """The required fields that neither the canonical values nor the deal has, in the schema's order."""
    stands = current or {}
    # What is required does not hang on the day.
    judge = _last if _last is not None and _last.schema is schema else checker(schema, _ANY_DAY)
    return [f for f in judge.required(values, stands) if empty(values.get(f.key)) and not stands.get(f.key)]


_last: Checker | None = None
_ANY_DAY = date(2000, 1, 1)


def _holds(condition: Condition, stage: str | None, activity: str | None, kind: str | None) -> bool:
    return (
        (not condition.stage or stage in condition.stage)
        and (not condition.activity or activity in condition.activity)
        and (not condition.kind or kind in condition.kind)
    )
