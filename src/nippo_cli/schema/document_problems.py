"""From a parsed file to its document: what pydantic finds wrong, said as problems, and the rest of it all the same."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.text import nearest
from nippo_cli.schema.schema import FORMAT
from nippo_cli.schema.yaml_text import Parsed
from nippo_cli.schema.yaml_wide import typed_wide, wide_key

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from nippo_cli.schema.document import Document


def document_of(parsed: Parsed) -> tuple["Document | None", set[str]]:
    """The document as far as its shape is right, and the top-level parts from which something was left out."""
    from pydantic import ValidationError

    from nippo_cli.schema.document import Document

    if not isinstance(parsed.content, dict):
        said = _shown(parsed.content)
        parsed.add_problem((), said, typed_wide(said) or msg("schema.needs.mapping"))
        return None, set()
    content = _copy(parsed.content)
    shaky: set[str] = set()
    reported = False
    # Each round leaves out what is wrong, so that the rest can be judged by the rules; a part that lacks something
    # without which it is nothing goes in the next round.
    for _ in range(4):
        try:
            return Document.model_validate(content), shaky
        except ValidationError as error:
            if not reported:
                _tell(error, parsed)
                reported = True
            for detail in error.errors(include_url=False):
                if _shakes(detail):
                    shaky.add(str(detail["loc"][0]))
                _leave_out(content, detail)
            content = _compacted(content)
    return None, shaky


def _shakes(detail: "ErrorDetails") -> bool:
    """Whether leaving it out may leave a hole: any value does; a key does if it is a known one misspelt."""
    return detail["type"] != "extra_forbidden" or _unknown_key(detail["loc"]).key != "schema.unknown_key"


_REMOVED = object()
# Without these the rest can still be judged.
_STAND_IN: Mapping[str, str] = {"nippo": str(FORMAT), "name": "-"}


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return [_copy(v) for v in value] if isinstance(value, list) else value


def _leave_out(content: Any, detail: "ErrorDetails") -> None:
    """Mark in the content what one of pydantic's findings is about, so that the rest can be read; a `name` or `nippo` gets a stand-in."""
    loc: list[Any] = [step for step in detail["loc"] if step != "[key]"]
    if detail["type"] == "missing":
        if len(loc) == 1:
            content.update((name, said) for name, said in _STAND_IN.items() if name == loc[0])
            return
        loc = loc[:-1]
    for step in loc[:-1]:
        try:
            content = content[step]
        except (LookupError, TypeError):
            return
        if content is _REMOVED:
            return
    if loc[0] in _STAND_IN:
        content.update({loc[0]: _STAND_IN[loc[0]]})
    elif isinstance(content, dict | list):
        try:
            content[loc[-1]] = _REMOVED
        except (LookupError, TypeError):
            return


def _compacted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _compacted(v) for k, v in value.items() if v is not _REMOVED}
    return [_compacted(v) for v in value if v is not _REMOVED] if isinstance(value, list) else value


def _tell(error: "ValidationError", parsed: Parsed) -> None:
    """Pydantic's findings as problems."""
    for detail in error.errors(include_url=False):
        path = tuple(step for step in detail["loc"] if step != "[key]")
        said = "" if detail["type"] == "missing" else _shown(detail["input"])
        parsed.add_problem(path, *_needs(detail, path, said))


def _needs(detail: "ErrorDetails", path: tuple[Any, ...], said: str) -> tuple[str, Message]:
    """What stands in a problem's place, and the message of what is needed there."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return "", msg("schema.needs.key", name=str(path[-1]))
    if kind == "extra_forbidden":
        return str(path[-1]), _unknown_key(path) if detail["input"] is not None else msg("schema.unknown_key.comma")
    if kind in ("literal_error", "one_of"):
        from nippo_cli.schema.rules import one_of

        return said, one_of(said, context["allowed"] if kind == "one_of" else _allowed(path))
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        return said, msg(f"schema.needs.{kind}", bound=bound)
    if kind == "string_pattern_mismatch":
        return said, msg("schema.needs.pattern" if path[-1] == "key" else "schema.needs.currency")
    wide = typed_wide(said) if _PLAIN.get(kind) in _STRUCTURES and isinstance(detail["input"], str) else None
    return said, wide or msg(_PLAIN.get(kind, "schema.needs.other"))


_PLAIN: Mapping[str, str] = {
    "whole_number": "schema.needs.whole_number",
    "chance": "schema.needs.chance",
    "lifetime": "schema.needs.lifetime",
    "address": "schema.needs.address",
    "subject": "schema.needs.subject",
    "truth": "schema.needs.truth",
    "tax_rate": "tax.needs.rate",
    "string_type": "schema.needs.text",
    "string_too_short": "schema.needs.some_text",
    "too_short": "schema.needs.some",
    "list_type": "schema.needs.list",
    "dict_type": "schema.needs.mapping",
    "model_type": "schema.needs.mapping",
    "model_attributes_type": "schema.needs.mapping",
}

_STRUCTURES = ("schema.needs.mapping", "schema.needs.list")


def _unknown_key(path: tuple[Any, ...]) -> Message:
    wide = wide_key(str(path[-1]))
    if wide is not None:
        return wide.needs
    allowed = tuple(_model_at(path[:-1]).model_fields)
    near = nearest(str(path[-1]), allowed, 1)
    if near:
        return msg("schema.unknown_key.near", near=near[0], allowed=allowed)
    return msg("schema.unknown_key", allowed=allowed)


def _model_at(path: tuple[Any, ...]) -> Any:
    from nippo_cli.schema.document import Document, DocumentPart

    model: Any = Document
    for step in path:
        if isinstance(step, str):
            inner = next(_models(model.model_fields[step].annotation, DocumentPart), None)
            model = inner or model
    return model


def _models(annotation: Any, part: type) -> Iterator[Any]:
    if isinstance(annotation, type) and issubclass(annotation, part) and get_origin(annotation) is None:
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner, part)


def _allowed(path: tuple[Any, ...]) -> tuple[str, ...]:
    """The words that a key of one word out of several takes."""
    annotation = _model_at(path[:-1]).model_fields[path[-1]].annotation
    literals = [a for a in (annotation, *get_args(annotation)) if get_origin(a) is Literal]
    return tuple(str(word) for literal in literals for word in get_args(literal))


def _shown(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
