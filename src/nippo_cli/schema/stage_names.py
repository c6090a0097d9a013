"""Where a schema's text names its stages: what a field asks for in which, a kind's norms, where a deal may return to."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from yaml.nodes import MappingNode, Node

from nippo_cli.base.text import normal_form
from nippo_cli.schema.schema import Field, Schema
from nippo_cli.schema.yaml_edit import YamlEdit, items_of, key_of, names, scalar, text_of, value_of

# The stages, by key, that are to be named where these are now. The field is None where no field is asked for.
Moved: TypeAlias = Callable[[Field | None, Sequence[str]], Sequence[str]]


def key_by_name(schema: Schema) -> dict[str, str]:
    """Each stage's key, by every name that a text may call it."""
    now = {normal_form(name): s.key for s in schema.stages for name in (s.label, s.key, *s.was)}
    return schema.earlier_labels(schema.by_role["stage"]) | now


def stages_in(node: Node | None, by_name: Mapping[str, str]) -> list[str]:
    """The keys of the stages that a list names; a name that is none stands for itself."""
    return [by_name.get(normal_form(name), name) for name in map(text_of, items_of(node))]


def rewrite_stage_lists(edit: YamlEdit, schema: Schema, moved: Moved, order: Sequence[str]) -> None:
    """Name other stages where a text names some, by their keys; where none are left, what was said of them goes.

    Args:
        order: the keys of all stages that there are to be; none is returned to from one before it.
    """
    by_name = key_by_name(schema)
    for node in items_of(value_of(edit.root, "fields")):
        field = schema.by_key.get(key_of(node))
        if isinstance(node, MappingNode) and field is not None:
            rewrite_conditions(edit, node, field, moved, by_name)
    for node in items_of(value_of(edit.root, "kinds")):
        norms = value_of(node, "norms")
        if isinstance(node, MappingNode) and isinstance(norms, MappingNode):
            days = {stages_in(name, by_name)[0]: text_of(value) for name, value in norms.value}
            written = [f"{scalar(key)}: {days[key]}" for key in moved(None, list(days))]
            if written != [f"{edit.of_node(name)}: {text_of(value)}" for name, value in norms.value]:
                _put(edit, node, "norms", written, "{}")
    stages = items_of(value_of(edit.root, "stages"))
    for node in stages:
        back = value_of(node, "may_return_to")
        own = by_name.get(normal_form(key_of(node)), "")
        if not isinstance(node, MappingNode) or back is None or own not in order:
            continue
        left = [key for key in moved(None, stages_in(back, by_name)) if order.index(key) < order.index(own)]
        written = [scalar(key) for key in left]
        if written != [edit.of_node(item) for item in items_of(back)]:
            _put(edit, node, "may_return_to", written, "[]")


def rewrite_conditions(
    edit: YamlEdit,
    node: MappingNode,
    field: Field,
    moved: Moved,
    by_name: Mapping[str, str],
    *,
    alone: bool = False,
) -> None:
    """The stages in a field's `required_when`. A condition that is left without a stage goes, with the key once none is left.

    Args:
        alone: only in conditions that name nothing but stages.
    """
    said = value_of(node, "required_when")
    if said is None:
        return
    conditions = items_of(said)
    lists = {id(c): None if alone and len(c.value) > 1 else value_of(c, "stage") for c in conditions}
    new = {
        id(c): list(moved(field, stages_in(stages, by_name)))
        for c in conditions
        if (stages := lists[id(c)]) is not None
    }
    left = [condition for condition in conditions if lists[id(condition)] is None or new[id(condition)]]
    if not left:
        edit.remove(node, "required_when")
        return
    if len(left) < len(conditions):
        parts = [flow_condition(condition, new.get(id(condition))) for condition in left]
        edit.replace(said, parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]")
        return
    for condition in left:
        stages = lists[id(condition)]
        if stages is not None:
            written = [scalar(key) for key in new[id(condition)]]
            if written != [edit.of_node(item) for item in items_of(stages)]:
                edit.replace(stages, names(new[id(condition)]))


def flow_condition(node: Node, stages: Sequence[str] | None = None) -> str:
    """A condition on one line; `stages`, by key, in place of those that it names."""
    pairs = [
        f"{key}: {names(stages if stages and key == 'stage' else map(text_of, items_of(value_of(node, key))))}"
        for key in (text_of(pair[0]) for pair in node.value)
    ]
    return f"{{{', '.join(pairs)}}}"


def _put(edit: YamlEdit, mapping: MappingNode, key: str, parts: Sequence[str], marks: str) -> None:
    """A flow list or mapping under a key; the pair goes where nothing is in it."""
    if parts:
        edit.set(mapping, key, f"{marks[0]}{', '.join(parts)}{marks[1]}")
    else:
        edit.remove(mapping, key)
