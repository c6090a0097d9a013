"""What of an agreement nobody uses: fields that hardly anyone fills in, and choices that nobody chooses. Rule: docs/tidy.md"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema.schema import Field, Schema

# Of fewer entries nothing is said of the agreement.
LEAST_ENTRIES: Final = 50
# A field that is filled in less than once in so many entries hardly anyone fills in.
RARE: Final = 50
# So often for each of its choices a field is filled in before it is said that one is never taken: one that is taken at a sixth of
# an even share would have come up 19 times in 20.
LEAST_CHOSEN: Final = 20


class FieldUse(NamedTuple):
    """How many of the entries looked at fill a field in; `idle`: nothing of nippo's draws on it."""

    key: str
    filled: int
    entries: int
    idle: bool


class ChoiceUse(NamedTuple):
    """A choice that nobody took, of a field that was filled in so often."""

    field: str
    choice: str
    filled: int


class Disuse(NamedTuple):
    """What the entries looked at do not use."""

    fields: Sequence[FieldUse]
    choices: Sequence[ChoiceUse]


def disuse(schema: Schema, entries: Iterable[Mapping[str, Any]]) -> Disuse:
    """What is hardly filled in and never chosen in entries, each its values by field key, old keys and choices too.

    A field that is asked for where it is due (required, always or under a condition) is left out, and so are those that nippo
    can't do without; a stage is a step of the sale, chosen or not. What the rest of the schema speaks of can't be taken out.
    """
    filled: Counter[str] = Counter()
    taken: Counter[tuple[str, str]] = Counter()
    n = 0
    for values in entries:
        n += 1
        for said, value in values.items():
            key = schema.renamed_fields.get(said, said)
            filled[key] += 1
            taken.update((key, str(one)) for one in (value if isinstance(value, list) else [value]))
    if n < LEAST_ENTRIES:
        return Disuse([], [])
    fields = [
        FieldUse(field.key, filled[field.key], n, field.role is None)
        for field in schema.fields
        if filled[field.key] * RARE < n and not _is_asked(field) and not _is_named(field, schema)
    ]
    choices: list[ChoiceUse] = []
    for field in schema.fields:
        named, offered = _named_choices(field, schema), schema.choices(field)
        if field.role == "stage" or filled[field.key] < LEAST_CHOSEN * len(offered):
            continue
        unused = [c.key for c in offered if not any(taken[field.key, name] for name in (c.key, *c.was))]
        # Of a field whose choices are all new, all are unused; some have to be left.
        if len(unused) < len(offered):
            choices += [ChoiceUse(field.key, key, filled[field.key]) for key in unused if key not in named]
    return Disuse(fields, choices)


def _is_asked(field: Field) -> bool:
    """Whether nippo, or the agreement, asks for it where it is due."""
    return field.required or bool(field.required_when) or field.role in ("deal", "customer", "stage", "deadline")


def _is_named(field: Field, schema: Schema) -> bool:
    """Whether the rest of the schema needs it: as a stage's evidence, to choose from a list, to say who moves next."""
    chooses = field.role in ("kind", "activity", "confidence") and bool(schema.choices(field))
    hands_over = field.role == "ball" and any(activity.ball for activity in schema.activities)
    return chooses or hands_over or any(field.key in stage.evidence for stage in schema.stages)


def _named_choices(field: Field, schema: Schema) -> set[str]:
    """The choices that the rest of the schema speaks of: in its conditions, or as whom an activity leaves the next move to."""
    conditions = [condition for other in schema.fields for condition in other.required_when]
    conditions += [stage.must_when for stage in schema.stages if stage.must_when is not None]
    if field.role == "ball":
        return {activity.ball for activity in schema.activities}
    if field.role == "activity":
        return {key for condition in conditions for key in condition.activity}
    if field.role == "kind":
        return {key for condition in conditions for key in condition.kind}
    return set()
