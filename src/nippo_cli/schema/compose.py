"""A team's answers → its own `schema.yaml`: that of its trade, changed where the team said otherwise and nowhere else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from yaml.nodes import MappingNode

from nippo_cli.base.text import normal_form
from nippo_cli.schema.schema import Field, Schema
from nippo_cli.schema.stage_names import key_by_name, rewrite_stage_lists
from nippo_cli.schema.yaml_edit import YamlEdit, items_of, key_of, scalar, text_of, value_of

if TYPE_CHECKING:
    from nippo_cli.schema.parts import Stage

# Where a field is asked for once none of the steps that asked for it are left: in the first, in all, in the last third.
_FIRST, _ALL, _LATE = ("kind", "source"), ("next_step", "next_on"), ("amount", "closes", "confidence")


CALLED = ("deal", "customer", "won", "lost")


@dataclass(frozen=True, slots=True)
class SchemaAnswers:
    """What the team said: the template of its trade, its steps with what the order is called among them, the month in which
    its year begins (1–12), and what it calls what is in `CALLED`."""

    trade: str
    sells: str
    steps: tuple[str, ...]
    called: Mapping[str, str]
    fiscal_year_start: int


def compose(template: str, answers: SchemaAnswers, sells_note: str) -> str:
    """The text of a `schema.yaml`: `template`, with what the team answered otherwise. Without such an answer it is the
    template's text, letter for letter. `sells_note` is the comment above what the team sells.

    Raises:
        SchemaRefused: the answers contradict themselves, such as two ends of one name.
    """
    from nippo_cli.schema.load import load_schema

    schema = load_schema(template, "schema.yaml")
    text = _with_year(template, schema, answers.fiscal_year_start)
    # The list of steps was answered before anything was called otherwise: it may name the ends either way.
    text = _with_steps(text, schema, answers.steps, answers.called)
    if any(label != label_of(schema, word) for word, label in answers.called.items()):
        text = _with_called(text, load_schema(text, "schema.yaml"), answers.called)
    if answers.sells:
        plain = "".join(char if char.isprintable() else " " for char in answers.sells)
        head, _, rest = text.partition("\n")
        text = f"{head}\n#\n# {sells_note} {' '.join(plain.split())}\n{rest}"
    if text != template:
        load_schema(text, "schema.yaml")
    return text


def _with_year(text: str, schema: Schema, start: int) -> str:
    if schema.fiscal_year_start == start:
        return text
    edit = YamlEdit(text)
    if value_of(edit.root, "fiscal_year_start") is None and (language := value_of(edit.root, "language")) is not None:
        edit.add_behind(language, f"fiscal_year_start: {start}")
    else:
        edit.set(edit.root, "fiscal_year_start", str(start))
    return edit.text


def _with_called(text: str, schema: Schema, called: Mapping[str, str]) -> str:
    """What the team calls a deal, a customer, winning and losing: in `words:` and in the label."""
    changed = {word: label for word, label in called.items() if label != label_of(schema, word)}
    edit = YamlEdit(text)
    words = value_of(edit.root, "words")
    if not isinstance(words, MappingNode):
        before = [pair for pair in edit.root.value if pair[0].value != "stages"]
        place = [pair[0].value for pair in edit.root.value].index("stages")
        lines = "".join(f"\n  {word}: {scalar(label)}" for word, label in changed.items())
        edit.add_behind(before[place - 1][1], f"\nwords:{lines}")
    for word, label in changed.items():
        if isinstance(words, MappingNode):
            edit.set(words, word, scalar(label))
        if word in ("deal", "customer"):
            _relabel_field(edit, schema, word, label)
    keys = {stage.key: called[stage.ends] for stage in schema.stages if stage.ends and stage.ends in changed}
    if keys:
        by_name = key_by_name(schema)
        for node in items_of(value_of(edit.root, "stages")):
            key = by_name.get(normal_form(key_of(node)), "")
            if key in keys and isinstance(node, MappingNode):
                edit.set(node, "label", scalar(keys[key]))
    return edit.text


def label_of(schema: Schema, word: str) -> str:
    """What a schema calls a deal, a customer, winning (`won`) or losing (`lost`)."""
    if word in ("deal", "customer"):
        return schema.by_role[word].label
    return next(stage.label for stage in schema.stages if stage.ends == word)


def _relabel_field(edit: YamlEdit, schema: Schema, role: str, label: str) -> None:
    """A field's label. Where another field is called that, the screen alone says the team's word, by `words:`."""
    others = {normal_form(name) for field in schema.fields if field.role != role for name in (field.key, field.label)}
    if normal_form(label) in others:
        return
    for node in items_of(value_of(edit.root, "fields")):
        stated, own = value_of(node, "role"), value_of(node, "label")
        if stated is not None and text_of(stated) == role and own is not None:
            edit.replace(own, scalar(label))


def _with_steps(text: str, schema: Schema, said: Sequence[str], called: Mapping[str, str]) -> str:
    """The steps in the team's order. What is named as winning parts those before the order from those after it; a step that
    the template knows keeps all that it says of it, and a new one is asked what its neighbours are asked."""
    by_name = key_by_name(schema)
    once = {by_name.get(normal_form(label), normal_form(label)): label for label in reversed(said)}
    before, after = _split_steps(schema, list(once.values())[::-1], called)
    stays = {key for label in before if (key := _own_key(schema, by_name, label, after=False))}
    stays |= {key for label in after if (key := _own_key(schema, by_name, label, after=True))}
    order = [_own_key(schema, by_name, label, after=False) or label for label in before]
    after_order = [_own_key(schema, by_name, label, after=True) or label for label in after]
    if order == [s.key for s in schema.stages if not s.ends and not s.after] and after_order == [
        s.key for s in schema.stages if s.after
    ]:
        return text
    ends = [stage.key for stage in schema.stages if stage.ends]
    whole = [*order, *ends, *after_order]
    edit = YamlEdit(text)
    rewrite_stage_lists(edit, schema, lambda field, named: _asked_in(field, named, order, whole, schema), whole)
    edit = YamlEdit(edit.text)
    nodes = items_of(value_of(edit.root, "stages"))
    by_key = {by_name[normal_form(key_of(node))]: node for node in nodes}
    lines = [by_key[key] if key in stays or key in ends else f"  - {_new_stage(key, after=False)}" for key in order]
    lines += [by_key[key] for key in ends]
    lines += [by_key[key] if key in stays else f"  - {_new_stage(key, after=True)}" for key in after_order]
    edit.reorder(nodes, lines)
    return edit.text


def _split_steps(schema: Schema, said: Sequence[str], called: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The steps before the order and those after it, the ends themselves left out. Where none is named as the order, those
    that the template has behind it are behind it here too."""
    won, lost = (set(map(normal_form, (end, label_of(schema, end), called[end]))) for end in ("won", "lost"))
    labels = [label for label in said if normal_form(label) not in lost]
    parted = next((place for place, label in enumerate(labels) if normal_form(label) in won), None)
    if parted is None:
        behind = {normal_form(name) for s in schema.stages if s.after for name in (s.key, s.label)}
        return (
            [label for label in labels if normal_form(label) not in behind],
            [label for label in labels if normal_form(label) in behind],
        )
    return labels[:parted], [label for label in labels[parted + 1 :] if normal_form(label) not in won]


def _own_key(schema: Schema, by_name: Mapping[str, str], label: str, *, after: bool) -> str:
    """The key of the template's own step of a name, on this side of the order; empty where it has none."""
    stage: Stage | None = schema.stage_by_key.get(by_name.get(normal_form(label), ""))
    return stage.key if stage is not None and not stage.ends and stage.after == after else ""


def _asked_in(
    field: Field | None, named: Sequence[str], order: Sequence[str], whole: Sequence[str], schema: Schema
) -> list[str]:
    """Where something is asked for among the team's steps that the template asks for in `named`. Without a field, the
    steps of which something is said: those that are left."""
    left = {key for key in named if key in whole}
    if field is None:
        return [key for key in named if key in left]
    old = {stage.key for stage in schema.stages}
    for place, key in enumerate(order):
        if key not in old:
            beside = [near for near in (_nearest(order[:place][::-1], old), _nearest(order[place + 1 :], old)) if near]
            if beside and all(near in named for near in beside):
                left.add(key)
    if not left & set(order) and set(named) - set(whole):
        late = order[-ceil(len(order) / 3) :]
        role = field.role or ""
        left |= set(order[:1] if role in _FIRST else order if role in _ALL else late if role in _LATE else ())
    return [key for key in whole if key in left]


def _nearest(steps: Sequence[str], old: set[str]) -> str:
    return next((key for key in steps if key in old), "")


def _new_stage(label: str, *, after: bool) -> str:
    """A step that the template does not know: what the team calls it is its key, and a label that may change."""
    return f"{{key: {scalar(label)}, label: {scalar(label)}{', after: true' if after else ''}}}"


def steps_of(schema: Schema) -> Iterator[str]:
    """The steps as one list: those before the order, what the order is called, those after it."""
    yield from (stage.label for stage in schema.stages if not stage.ends and not stage.after)
    yield label_of(schema, "won")
    yield from (stage.label for stage in schema.stages if stage.after)
