"""`schema.yaml` → Agreement, or every problem at once, each with file, line, what was found and what is allowed."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from nippo_cli.base.errors import (
    ExitCode,
    Message,
    NippoError,
    NotFound,
    Place,
    Problem,
    UsageError,
    msg,
    refusal,
)
from nippo_cli.base.files import TooLarge, read_whole
from nippo_cli.base.text import whole_number
from nippo_cli.schema.schema import FORMAT, LARGEST_MIB, Schema
from nippo_cli.schema.yaml_text import Parsed, Refusal, parse

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from nippo_cli.schema.document import Document


class SchemaRefused(NippoError):
    """A schema that can't be used; its problems say every reason."""

    exit_code = ExitCode.USAGE


def load_schema(text: str, file: str) -> Schema:
    """The agreement that a text states. `file` names it in problems.

    Raises:
        SchemaRefused: it has problems.
    """
    agreement, problems = check_text(text, file)
    if agreement is None:
        raise refused(problems, file)
    return agreement


def check_text(text: str, file: str) -> tuple[Schema | None, list[Problem]]:
    """The agreement, None if there is any problem, and all problems by line.

    Rule: docs/schema.md
    """
    try:
        parsed = parse(text, file)
    except Refusal as refusal:
        return None, [refusal.problem]
    newer = _newer(parsed)
    if newer is not None:
        return None, [newer]
    document, shaky = _document(parsed)
    agreement: Schema | None = None
    if document is not None:
        from nippo_cli.schema.build import build
        from nippo_cli.schema.rules import judge

        judge(document, parsed, shaky)
        if not parsed.problems:
            agreement = build(document)
            _check_defaults(agreement, parsed)
    problems = sorted(parsed.problems, key=lambda p: p.where.line or 0)
    return (None if problems else agreement), problems


def check_file(path: Path) -> list[Problem]:
    """Every problem of a file.

    Raises:
        NotFound: there is no such file. UsageError: it can't be read.
    """
    try:
        text = read_text(path)
    except SchemaRefused as error:
        return list(error.problems)
    return check_text(text, str(path))[1]


def read_text(path: Path) -> str:
    """The text of a schema file, without a byte order mark.

    Raises:
        NotFound: there is no such file. UsageError: it can't be read, or is no file.
        SchemaRefused: it is not UTF-8, or is larger than a mebibyte.
    """
    try:
        content = read_whole(path, LARGEST_MIB)
    except TooLarge:
        raise refused([Problem(Place(file=str(path), line=1), "", msg("schema.too_large"))], str(path)) from None
    except FileNotFoundError:
        raise NotFound(msg("schema.no_file", path=str(path)), hint=msg("schema.no_file.hint")) from None
    except OSError as error:
        unreadable = msg("schema.unreadable", path=str(path), reason=error.strerror or str(error))
        raise UsageError(unreadable, hint=refusal(error).hint) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(Place(file=str(path), line=line), "", _encoding(content))
        raise refused([problem], str(path)) from None


def refused(problems: Iterable[Problem], file: str) -> SchemaRefused:
    """The exception that carries the problems."""
    found = list(problems)
    return SchemaRefused(
        msg("schema.refused", n=len(found), file=file), hint=msg("schema.refused.hint", file=file), problems=found
    )


def _encoding(content: bytes) -> Message:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return msg("schema.encoding", found="UTF-16")
    try:
        content.decode("cp932")
    except UnicodeDecodeError:
        return msg("schema.encoding.unknown")
    return msg("schema.encoding", found="Shift_JIS")


def _newer(parsed: Parsed) -> Problem | None:
    """What a later nippo wrote can't be judged by this one."""
    said = parsed.content.get("nippo") if isinstance(parsed.content, dict) else None
    if isinstance(said, str) and (whole_number(said) or 0) > FORMAT:
        place = Place(field="nippo", file=parsed.file, line=parsed.line(("nippo",)))
        return Problem(place, said, msg("schema.newer", format=FORMAT))
    return None


def _document(parsed: Parsed) -> tuple["Document | None", set[str]]:
    """The document as far as its shape is right, and the top-level parts from which something was left out."""
    from pydantic import ValidationError

    from nippo_cli.schema.document import Document

    if not isinstance(parsed.content, dict):
        parsed.found((), _shown(parsed.content), msg("schema.needs.mapping"))
        return None, set()
    content = _copy(parsed.content)
    shaky: set[str] = set()
    told = False
    # Each round leaves out what is wrong, so that the rest can be judged by the rules; a part that lacks something
    # without which it is nothing goes in the next round.
    for _ in range(4):
        try:
            return Document.model_validate(content), shaky
        except ValidationError as error:
            if not told:
                _tell(error, parsed)
                told = True
            for detail in error.errors(include_url=False):
                if _shakes(detail):
                    shaky.add(str(detail["loc"][0]))
                _leave_out(content, detail)
            content = _compacted(content)
    return None, shaky


def _shakes(detail: "ErrorDetails") -> bool:
    """Whether leaving it out may leave a hole: any value does; a key does if it is a known one misspelt."""
    return detail["type"] != "extra_forbidden" or _unknown_key(detail["loc"]).key.endswith(".near")


_GONE = object()
# Without these the rest can still be judged.
_STAND_IN: Mapping[str, str] = {"nippo": str(FORMAT), "name": "-"}


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return [_copy(v) for v in value] if isinstance(value, list) else value


def _leave_out(content: Any, detail: "ErrorDetails") -> None:
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
        if content is _GONE:
            return
    if loc[0] in _STAND_IN:
        content.update({loc[0]: _STAND_IN[loc[0]]})
    elif isinstance(content, dict | list):
        try:
            content[loc[-1]] = _GONE
        except (LookupError, TypeError):
            return


def _compacted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _compacted(v) for k, v in value.items() if v is not _GONE}
    return [_compacted(v) for v in value if v is not _GONE] if isinstance(value, list) else value


def _tell(error: "ValidationError", parsed: Parsed) -> None:
    """Pydantic's findings as problems."""
    for detail in error.errors(include_url=False):
        path = tuple(step for step in detail["loc"] if step != "[key]")
        said = "" if detail["type"] == "missing" else _shown(detail["input"])
        parsed.found(path, *_needs(detail, path, said))


def _needs(detail: "ErrorDetails", path: tuple[Any, ...], said: str) -> tuple[str, Message]:
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
    return said, msg(_PLAIN.get(kind, "schema.needs.other"))


_PLAIN: Mapping[str, str] = {
    "whole_number": "schema.needs.whole_number",
    "chance": "schema.needs.chance",
    "truth": "schema.needs.truth",
    "string_type": "schema.needs.text",
    "string_too_short": "schema.needs.some_text",
    "too_short": "schema.needs.some",
    "list_type": "schema.needs.list",
    "dict_type": "schema.needs.mapping",
    "model_type": "schema.needs.mapping",
    "model_attributes_type": "schema.needs.mapping",
}


def _unknown_key(path: tuple[Any, ...]) -> Message:
    from nippo_cli.base.text import nearest

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
            found = next(_models(model.model_fields[step].annotation, DocumentPart), None)
            model = found or model
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


def _check_defaults(agreement: Schema, parsed: Parsed) -> None:
    """A default must be a value that its field takes; which day it is read on makes no difference."""
    from datetime import date

    from nippo_cli.schema.types import Reading, ValueRefused, reader_for

    reading = Reading(date(2000, 1, 1), agreement)
    for place, field in enumerate(agreement.fields):
        if field.default is not None:
            try:
                reader_for(field, reading).read(field.default)
            except ValueRefused as error:
                parsed.found(("fields", place, "default"), field.default, error.needs)


def _shown(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    import json

    return json.dumps(value, ensure_ascii=False)
