"""`schema.yaml` → Schema, or every problem at once, each with file, line, what was found and what is allowed."""

from collections.abc import Iterable
from pathlib import Path

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
    system_reason,
)
from nippo_cli.base.files import TooLarge, read_whole
from nippo_cli.base.text import whole_number
from nippo_cli.schema.document_problems import document_of
from nippo_cli.schema.schema import FORMAT, LARGEST_MIB, Schema
from nippo_cli.schema.yaml_text import Parsed, Path as PartPath, Refusal, parse


class SchemaRefused(NippoError):
    """A schema that can't be used; its problems say every reason."""

    exit_code = ExitCode.USAGE


def load_schema(text: str, file: str, before: Schema | None = None) -> Schema:
    """The schema that a text states.

    Args:
        file: what it is called in problems.
        before: the agreement in force, where there is one: a rule may name what that, or one before it, called otherwise.

    Raises:
        SchemaRefused: it has problems.
    """
    if before is None and text in _sound:
        return _sound[text]
    schema, problems = check_text(text, file, before)
    if schema is None:
        raise refused(problems, file)
    if before is None:
        if len(_sound) >= _MOST_SOUND:
            _sound.clear()
        _sound[text] = schema
    return schema


# Texts that were sound: the first entry of a journal reads its schema three times, of which each takes as long as the rest of
# the command.
_sound: dict[str, Schema] = {}
_MOST_SOUND = 4


def check_text(text: str, file: str, before: Schema | None = None) -> tuple[Schema | None, list[Problem]]:
    """The schema, None if there is any problem, and all problems by line. `before` as in `load_schema`.

    Rule: docs/schema.md
    """
    try:
        parsed = parse(text, file)
    except Refusal as refusal:
        return None, [refusal.problem]
    newer = _newer(parsed)
    if newer is not None:
        return None, [newer]
    crowded = _crowded(parsed, parsed.content, ())
    if crowded is not None:
        return None, [crowded]
    document, shaky = document_of(parsed)
    schema: Schema | None = None
    if document is not None:
        from nippo_cli.schema.build import build
        from nippo_cli.schema.former import with_past
        from nippo_cli.schema.relabelled import with_keys
        from nippo_cli.schema.rules import judge

        document = with_keys(document, before) if before is not None else document
        judge(document, parsed, shaky)
        if not parsed.problems:
            schema = build(document) if before is None else with_past(before, build(document))
            _check_defaults(schema, parsed)
    problems = sorted(parsed.problems, key=lambda p: p.where.line or 0)
    return (None if problems else schema), problems


def check_file(path: Path, before: Schema | None = None) -> list[Problem]:
    """Every problem of a file. `before` as in `load_schema`.

    Raises:
        NotFound: there is no such file. UsageError: it can't be read.
    """
    try:
        text = read_text(path)
    except SchemaRefused as error:
        return list(error.problems)
    return check_text(text, str(path), before)[1]


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
        unreadable = msg("schema.unreadable", path=str(path), reason=system_reason(error))
        raise UsageError(unreadable, hint=refusal(error).hint) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(Place(file=str(path), line=line), "", _encoding(content))
        raise refused([problem], str(path)) from None


def refused(problems: Iterable[Problem], file: str) -> SchemaRefused:
    """The exception that carries the problems."""
    every = list(problems)
    return SchemaRefused(
        msg("schema.refused", n=len(every), file=file), hint=msg("schema.refused.hint", file=file), problems=every
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


def _crowded(parsed: Parsed, content: object, path: PartPath) -> Problem | None:
    """The first part that has more in it than anybody agrees on: judging it would take minutes."""
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    if isinstance(content, dict | list) and len(content) > _MOST_PARTS:
        place = Place(field=str(path[0]) if path else "", file=parsed.file, line=parsed.line(path))
        return Problem(place, "", msg("schema.too_many", n=len(content), most=_MOST_PARTS))
    return next((deeper for key, part in parts if (deeper := _crowded(parsed, part, (*path, key))) is not None), None)


_MOST_PARTS = 1000


def _check_defaults(schema: Schema, parsed: Parsed) -> None:
    """A default must be a value that its field takes; which day it is read on makes no difference."""
    from datetime import date

    from nippo_cli.schema.types import Reading, ValueRefused, reader_for

    reading = Reading(date(2000, 1, 1), schema)
    for place, field in enumerate(schema.fields):
        if field.default is not None:
            try:
                reader_for(field, reading).read(field.default)
            except ValueRefused as error:
                parsed.add_problem(("fields", place, "default"), field.default, error.needs)
