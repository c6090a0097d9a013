"""What a schema no longer has of an earlier one, and what that called it."""

from collections.abc import Iterator, Mapping, Sequence

from nippo_cli.schema.schema import Activity, Choice, Field, Kind, Rank, Schema, Stage, list_of


def former_labels(before: Schema, now: Schema) -> dict[str, str]:
    """The labels of what one schema had, or knew from those before it, and the next has no more, under no former key either:
    by list and key, as in `Schema.former`."""
    there = {name for name, _, was in _named(now) for name in (name, *was)}
    labels: Mapping[str, str] = {**before.former, **{name: label for name, label, _ in _named(before)}}
    return {name: label for name, label in labels.items() if name not in there}


def _named(schema: Schema) -> Iterator[tuple[str, str, list[str]]]:
    """Everything that has a key: its list and key, its label, and the same for the keys that it had."""
    lists: Mapping[str, Sequence[Stage | Kind | Activity | Rank | Choice | Field]] = {
        "stages": schema.stages, "kinds": schema.kinds, "activities": schema.activities, "ranks": schema.ranks,
        "causes": schema.causes, "fields": schema.fields,
    }  # fmt: skip
    for name, parts in lists.items():
        for part in parts:
            yield f"{name}/{part.key}", part.label, [f"{name}/{old}" for old in part.was]
    for field in schema.fields:
        for choice in field.choices:
            keys = [f"{key}/{old}" for key in (field.key, *field.was) for old in (choice.key, *choice.was)]
            yield f"{list_of(field)}/{choice.key}", choice.label, keys
