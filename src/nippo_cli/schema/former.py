"""What earlier agreements of a journal called what a schema calls otherwise, or no longer has."""

from collections.abc import Iterator, Mapping, Sequence

from nippo_cli.base.text import normal_form
from nippo_cli.schema.parts import NONE
from nippo_cli.schema.schema import Activity, Choice, Field, Kind, Rank, Schema, Stage, list_of


def with_past(before: Schema, now: Schema) -> Schema:
    """A schema that knows what the one in force before it called what is gone, and what has another label now."""
    return now._replace(former=former_labels(before, now), relabelled=_relabelled(before, now))


def former_labels(before: Schema, now: Schema) -> dict[str, str]:
    """The labels of what one schema had, or knew from those before it, and the next has no more, under no former key either:
    by list and key, as in `Schema.former`."""
    there = {name for name, _, was in _named(now) for name in (name, *was)}
    labels: Mapping[str, str] = {**before.former, **{name: label for name, label, _ in _named(before)}}
    return {name: label for name, label in labels.items() if name not in there}


def dropped(before: Schema, now: Schema) -> tuple[str, ...]:
    """The labels of what one schema had and the next has no more, under no former key either; of a field that is gone without its
    choices."""
    former = former_labels(before._replace(former=NONE), now)
    return tuple(label for name, label in former.items() if f"fields/{name.split('/', 1)[0]}" not in former)


def keys_by_label(schema: Schema) -> dict[str, str]:
    """The key of each label that a schema has or knows from those before it, as in `Schema.relabelled`."""
    return {**schema.relabelled, **{_by_label(name, label): _key(name) for name, label, _ in _named(schema)}}


def _relabelled(before: Schema, now: Schema) -> dict[str, str]:
    """The labels of before that say nothing now, whose keys are still there or have become others."""
    today = {old: name for name, _, was in _named(now) for old in (*was, name)}
    names = {_by_label(name, said) for name, label, was in _named(now) for said in (label, *map(_key, (name, *was)))}
    relabelled = {}
    for label, key in keys_by_label(before).items():
        of = label.split("/", 1)[0]
        name = today.get(f"{of}/{key}")
        if name is not None and label not in names:
            relabelled[_by_label(name, label.split("/", 1)[1])] = _key(name)
    return relabelled


def _by_label(name: str, label: str) -> str:
    return f"{name.split('/', 1)[0]}/{normal_form(label)}"


def _key(name: str) -> str:
    return name.split("/", 1)[1]


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
