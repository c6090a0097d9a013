"""What an editor checks `schema.yaml` with."""

import re
from typing import Any

import pytest
import yaml
from schema_texts import SOUND

from nippo_cli.schema.document import json_schema
from nippo_cli.schema.templates import names, text_of

SCHEMA = json_schema(lambda key: key)
TYPES = {
    "string": str,
    "integer": int,
    "number": int | float,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}

KNOWN = {
    "type", "anyOf", "$ref", "properties", "additionalProperties", "required", "enum", "items", "pattern", "minLength",
    "minimum", "maximum", "minItems", "minProperties", "default", "description", "title", "$defs", "$schema",
}  # fmt: skip


def fits(value: Any, rule: dict[str, Any]) -> bool:
    """Whether a value obeys a JSON schema, as far as this one's vocabulary goes."""
    assert set(rule) <= KNOWN, set(rule) - KNOWN
    named = SCHEMA["$defs"][rule["$ref"].removeprefix("#/$defs/")] if "$ref" in rule else {}
    return (
        (not named or fits(value, named))
        and ("anyOf" not in rule or any(fits(value, one) for one in rule["anyOf"]))
        and ("type" not in rule or is_of(value, rule["type"]))
        and ("enum" not in rule or value in rule["enum"])
        and (not isinstance(value, str) or (len(value) >= rule.get("minLength", 0) and bool(matches(value, rule))))
        and (not is_of(value, "number") or rule.get("minimum", value) <= value <= rule.get("maximum", value))
        and (not isinstance(value, list) or fits_list(value, rule))
        and (not isinstance(value, dict) or fits_mapping(value, rule))
    )


def is_of(value: Any, name: str) -> bool:
    """Whether a value is of a JSON type; a truth is no number."""
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def matches(value: str, rule: dict[str, Any]) -> bool:
    """Whether a text has the pattern."""
    return re.search(rule.get("pattern", ""), value) is not None


def fits_list(value: list[Any], rule: dict[str, Any]) -> bool:
    """A list and its items."""
    return len(value) >= rule.get("minItems", 0) and all(fits(item, rule.get("items", {})) for item in value)


def fits_mapping(value: dict[str, Any], rule: dict[str, Any]) -> bool:
    """A mapping, its keys and its values."""
    known, more = rule.get("properties", {}), rule.get("additionalProperties", {})
    return (
        set(rule.get("required", ())) <= set(value)
        and len(value) >= rule.get("minProperties", 0)
        and all(fits(v, known[k]) if k in known else more is not False and fits(v, more) for k, v in value.items())
    )


@pytest.mark.parametrize("name", names())
def test_every_template_passes_in_an_editor(name: str):
    """An editor reads YAML's own numbers and truths, and must not complain where nippo does not."""
    assert fits(yaml.safe_load(text_of(name)), SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: 試し", "nmae: 試し"),
        ("name: 試し", "name: 試し\nmore: 1"),
        ("ends: won", "ends: win"),
        ("norm: 30", "norm: soon"),
        ("norm: 30", "norm: 0"),
        ("type: text", "type: txt"),
        ("key: facts", "key: 事実"),
        ("required: true", "requierd: true"),
    ],
)
def test_an_editor_rejects_what_nippo_rejects(old: str, new: str):
    """Unknown keys, words that are none of the allowed, values of another type."""
    assert fits(yaml.safe_load(SOUND), SCHEMA)
    assert not fits(yaml.safe_load(SOUND.replace(old, new)), SCHEMA)


def test_every_key_is_described():
    """By a catalogue key of its own, so that the editor's pop-up speaks the user's language."""
    for name, part in {"Document": SCHEMA, **SCHEMA["$defs"]}.items():
        assert part["description"] == f"schema.doc.{name}"
        for key, value in part["properties"].items():
            assert value["description"] == f"schema.doc.{name}.{key}"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_descriptions_are_in_both_catalogues(language: str):
    """A key that stands for itself is one that the catalogue lacks."""
    from nippo_cli.base.language import bind, t

    bind(language)

    def told(part: dict[str, Any]) -> list[str]:
        return [part["description"], *(value["description"] for value in part["properties"].values())]

    spoken = json_schema(t)
    assert not [
        text for part in (spoken, *spoken["$defs"].values()) for text in told(part) if text.startswith("schema.doc")
    ]
