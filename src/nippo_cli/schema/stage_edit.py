"""One step of the sale, changed in a schema's own text: what the customer has done when it is over, its norm, what an entry
in it must say."""

from yaml.nodes import MappingNode, Node

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.schema.schema import Field, Schema
from nippo_cli.schema.stage_names import flow_condition, key_by_name, rewrite_conditions, stages_in
from nippo_cli.schema.yaml_edit import YamlEdit, items_of, key_of, names, scalar, text_of, value_of


class StageTerms(NamedTuple):
    """What a schema says of one stage. `norm` is in days, None where it is learned from won deals; `required` holds the keys
    of the fields that an entry in this stage is asked for."""

    done_when: str
    norm: int | None
    required: frozenset[str]


def terms_of(schema: Schema, key: str) -> StageTerms:
    """What is said of a stage now."""
    stage = schema.stage_by_key[key]
    return StageTerms(stage.done_when, stage.norm, frozenset(f.key for f in askable(schema) if _asks(f, key)))


def askable(schema: Schema) -> list[Field]:
    """The fields that a stage may ask for: those that are not required in every entry, nor say which deal and stage it is."""
    return [f for f in schema.fields if not f.required and f.role not in ("deal", "stage", "activity")]


def with_terms(text: str, schema: Schema, key: str, terms: StageTerms) -> str:
    """The text of a schema with one stage's terms changed; all else as it stands. `schema` is what `text` says.

    Raises:
        SchemaRefused: the terms contradict the rest. UsageError: the text is written in a way that can't be changed in place.
    """
    from nippo_cli.schema.load import load_schema

    before = terms_of(schema, key)
    if terms == before:
        return text
    edit, by_name = YamlEdit(text), key_by_name(schema)
    for node in items_of(value_of(edit.root, "stages")):
        if by_name.get(normal_form(key_of(node))) == key:
            _put_stage(edit, node, terms, before)
    for field in askable(schema):
        if (field.key in terms.required) != (field.key in before.required):
            required = field.key in terms.required
            for node in items_of(value_of(edit.root, "fields")):
                if isinstance(node, MappingNode) and key_of(node) == field.key:
                    _put_required(edit, node, field, schema, key, required=required)
    after = load_schema(edit.text, "schema.yaml", schema)
    if _all_terms(after) != {**_all_terms(schema), key: _trimmed(terms)}:
        raise UsageError(msg("schema.by_hand", step=schema.stage_label(key)))
    return edit.text


def _all_terms(schema: Schema) -> dict[str, StageTerms]:
    return {stage.key: _trimmed(terms_of(schema, stage.key)) for stage in schema.stages}


def _trimmed(terms: StageTerms) -> StageTerms:
    """Without the blank lines behind a text."""
    return terms._replace(done_when=terms.done_when.rstrip())


def _asks(field: Field, stage: str) -> bool:
    """Whether a field is asked for in every entry of a stage; what is asked of one kind or activity alone is no term of it."""
    return any(stage in c.stage and not (c.kind or c.activity) for c in field.required_when)


def _put_stage(edit: YamlEdit, node: Node, terms: StageTerms, before: StageTerms) -> None:
    """Put a stage's changed terms into its place in the text."""
    parts = {"norm": str(terms.norm or ""), "done_when": scalar(terms.done_when) if terms.done_when else ""}
    if not isinstance(node, MappingNode):
        name = scalar(text_of(node))
        said = "".join(f", {part}: {value}" for part, value in parts.items() if value)
        edit.replace(node, f"{{key: {name}, label: {name}{said}}}")
        return
    for name in ("norm", "done_when"):
        if getattr(terms, name) == getattr(before, name):
            continue
        if parts[name]:
            edit.set(node, name, parts[name])
        else:
            edit.remove(node, name)


def _put_required(edit: YamlEdit, node: MappingNode, field: Field, schema: Schema, key: str, *, required: bool) -> None:
    """A field asked for in one stage more, or in one less."""
    by_name, said = key_by_name(schema), value_of(node, "required_when")
    if not required:
        rewrite_conditions(edit, node, field, lambda _, keys: [k for k in keys if k != key], by_name, alone=True)
        return
    if said is None:
        edit.set(node, "required_when", f"{{stage: {scalar(key)}}}")
        return
    for condition in items_of(said):
        stages = value_of(condition, "stage")
        if stages is not None and len(condition.value) == 1:
            named = {*stages_in(stages, by_name), key}
            edit.replace(stages, names(stage.key for stage in schema.stages if stage.key in named))
            return
    conditions = [*map(flow_condition, items_of(said)), f"{{stage: {scalar(key)}}}"]
    edit.replace(said, f"[{', '.join(conditions)}]")
