"""Choices and fields taken out of a schema's own text, all else in it as it stands."""

from collections.abc import Collection
from typing import Final

from yaml.nodes import Node, SequenceNode

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.text import normal_form
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import Field, Schema
from nippo_cli.schema.yaml_edit import YamlEdit, items_of, key_of, value_of

# Where the choices of a role stand; those of every other field are its own.
_PARTS: Final = {"stage": "stages", "kind": "kinds", "activity": "activities", "confidence": "confidence"}


def without_choices(text: str, schema: Schema, field: Field, dropped: Collection[str]) -> str:
    """The text of a schema with choices, by key, taken out of a field's. `schema` is what `text` says.

    Raises:
        SchemaRefused: the rest speaks of them. UsageError: none would be left, or the text is written in a way that can't be
            changed in place.
    """
    wanted = [choice for choice in schema.choices(field) if choice.key not in dropped]
    if not wanted:
        raise UsageError(msg("schema.drops_all", field=field.label))
    edit = YamlEdit(text)
    part = _PARTS.get(field.role or "")
    holder: Node = edit.root
    if part is None:
        holder = next(node for node in items_of(value_of(edit.root, "fields")) if key_of(node) == field.key)
    names = {normal_form(name) for c in schema.choices(field) if c.key in dropped for name in (c.key, c.label)}
    _take_out(edit, value_of(holder, part or "choices"), names)
    after = load_schema(edit.text, "schema.yaml", schema)
    if list(after.choices(after.by_key[field.key])) != wanted:
        raise UsageError(msg("schema.field_by_hand", field=field.label))
    return edit.text


def without_field(text: str, schema: Schema, field: Field) -> str:
    """The text of a schema with a field taken out. `schema` is what `text` says.

    Raises: as `without_choices`.
    """
    edit = YamlEdit(text)
    _take_out(edit, value_of(edit.root, "fields"), {normal_form(field.key)})
    if list(load_schema(edit.text, "schema.yaml", schema).fields) != [
        one for one in schema.fields if one.key != field.key
    ]:
        raise UsageError(msg("schema.field_by_hand", field=field.label))
    return edit.text


def _take_out(edit: YamlEdit, listed: Node | None, names: Collection[str]) -> None:
    """The items of a list that go by one of the names, with what was written beside and below them."""
    items = items_of(listed)
    left = [node for node in items if normal_form(key_of(node)) not in names]
    if not isinstance(listed, SequenceNode):
        return
    if listed.flow_style:
        edit.replace(listed, f"[{', '.join(map(edit.of_node, left))}]")
    elif left:
        edit.reorder(items, left)
