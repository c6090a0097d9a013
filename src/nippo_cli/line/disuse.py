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
# So often a field is filled in before it is said that a choice of it is never taken.
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
    can't do without; a stage is a step of the sale, chosen or not.
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
    used = {key for stage in schema.stages for key in stage.evidence}
    fields = [
        FieldUse(field.key, filled[field.key], n, field.role is None and field.key not in used)
        for field in schema.fields
        if filled[field.key] * RARE < n and not _is_asked(field)
    ]
    choices = [
        ChoiceUse(field.key, choice.key, filled[field.key])
        for field in schema.fields
        if field.role != "stage" and filled[field.key] >= LEAST_CHOSEN
        for choice in schema.choices(field)
        if not any(taken[field.key, name] for name in (choice.key, *choice.was))
    ]
    return Disuse(fields, choices)


def _is_asked(field: Field) -> bool:
    """Whether nippo, or the agreement, asks for it where it is due."""
    return field.required or bool(field.required_when) or field.role in ("deal", "customer", "stage", "deadline")
