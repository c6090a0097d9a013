"""A whole report as one commented YAML document: for an editor, and back.

The keys are the schema's labels; what a field is for stands over it. Problems come back as comments that begin with
`#!`, over the lines that they are about.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from json import dumps

from nippo_cli.base.errors import NippoError
from nippo_cli.base.language import say, spoken, t
from nippo_cli.base.text import normal_form
from nippo_cli.exchange.report_yaml import OWN_KEYS, read_reports
from nippo_cli.schema.schema import Field, Schema
from nippo_cli.schema.types import empty, type_of
from nippo_cli.services.context import Report

PROBLEM = "#!"
_INDENT = "  "
_PLAIN_KEY = re.compile(r"[^\W\d_][\w（）・ー]*")
# What YAML would read as something else at the start of a text, or inside it.
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`~=<][^\n]*")
_KEY_LINE = re.compile(r"([^\s#:][^:]*):(?:\s|$)")


def form_of(schema: Schema, report: Report, on: date, *, deal_name: str = "") -> str:
    """A report as a form: what it says stands in it, what may be said has its line. `deal_name` is that of a deal that
    the report names by its id."""
    return "".join(f"{line}\n" for line in _lines(schema, report, on, deal_name))


def _lines(schema: Schema, report: Report, on: date, deal_name: str) -> Iterator[str]:
    """The form line by line: the day, each field with its comments, and the switches that may be set."""
    from nippo_cli.render.parts import day_name

    keys = _keys(schema)
    yield from (f"# {line}" for line in t("form.head").split("\n"))
    yield ""
    yield f"on: {on.isoformat()}{_INDENT}# {t('flow.day')} {day_name(on)}"
    beside = {"by": report.by, "parent": report.parent, "meeting": report.meeting}
    yield from (f"{name}: {_scalar(said)}" for name, said in beside.items() if said)
    yield from (f"{name}: yes" for name in ("later", "change_customer") if getattr(report, name))
    for field in schema.fields:
        yield ""
        yield from _comments(field, schema)
        if field.role == "deal":
            said = report.deal or ""
            note = f"{_INDENT}# {deal_name}" if deal_name and deal_name != said else ""
            yield f"{keys[field.key]}:{_value(said)}{note}"
            yield "new_deal: yes" if report.new_deal else f"# new_deal: yes{_INDENT}# {t('form.new_deal')}"
        else:
            yield from _field(field, keys[field.key], _shown(field, report.raw.get(field.key), schema))
    if not report.later:
        yield ""
        yield f"# later: yes{_INDENT}# {t('form.later')}"


def _comments(field: Field, schema: Schema) -> Iterator[str]:
    need = t("form.required") if field.required else t("form.required_when") if field.required_when else ""
    yield f"# {field.label}{_INDENT}{need}".rstrip()
    yield from (f"#   {line}" for line in field.help.splitlines())
    if key := type_of(field).form_key:
        yield f"#   {t(key, labels=' / '.join(c.label for c in schema.choices(field)))}"


def _field(field: Field, key: str, said: str) -> Iterator[str]:
    if type_of(field).spans_lines(field) and _fits_block(said):
        yield f"{key}: |"
        yield from ((_INDENT + line if line else "") for line in said.split("\n"))
        if not said:
            yield ""
    else:
        yield f"{key}:{_value(said)}"


def _value(said: str) -> str:
    return f" {_scalar(said)}" if said else ""


def _shown(field: Field, value: object, schema: Schema) -> str:
    """A value as it is typed, choices by their labels."""
    return "" if empty(value) else spoken(type_of(field).written(value, field, schema))


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and not _odd(text) and ": " not in text and " #" not in text and text[-1] not in " :":
        return text
    quoted = dumps(text, ensure_ascii=False)
    return "".join(_escaped(c) if _odd(c) and c != "\n" else c for c in quoted)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _odd(text: str) -> bool:
    """Whether a text holds what YAML does not take as it is, or what an editor would not keep."""
    return any(c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029\ufeff" or "\ud800" <= c <= "\udfff" for c in text)


def _fits_block(text: str) -> bool:
    lines = text.split("\n")
    return (
        not _odd(text.replace("\n", ""))
        and not text.startswith((" ", "\n"))
        and not text.endswith("\n")
        and all(line.strip(" ") or not line for line in lines)
    )


def _keys(schema: Schema) -> dict[str, str]:
    """What each field is called in the form: its label where that is one plain word and nobody else's."""
    labels = [normal_form(f.label) for f in schema.fields]
    taken = {*OWN_KEYS, *(f.key for f in schema.fields)}

    def named(field: Field) -> str:
        label = field.label
        own = labels.count(normal_form(label)) == 1 and (normal_form(label) not in taken or label == field.key)
        return label if own and _PLAIN_KEY.fullmatch(label) and "_" not in label else field.key

    return {field.key: named(field) for field in schema.fields}


def reports_of(text: str, schema: Schema, file: str) -> list[Report]:
    """The reports of a form as it was saved. Lines of a text that were not set in are taken as its own.

    Raises:
        EntryRefused: it is no report; with the line of each problem.
    """
    keys = {normal_form(name): f.key for f in schema.fields for name in (*f.was, f.label, f.key)}
    deal = schema.by_role.get("deal")
    documents = read_reports(_set_in(text, schema), file, deal_names=(deal.label, deal.key) if deal else ())
    reports = []
    for one in documents:
        raw = {keys.get(normal_form(name), name): _trimmed(value) for name, value in one.raw.items()}
        lines = {keys.get(normal_form(name), name): line for name, line in one.lines.items()}
        reports.append(
            Report(
                raw, one.deal, one.on, one.by, one.new_deal, one.parent, one.meeting, one.later, one.change_customer,
                one.where, lines,
            )
        )  # fmt: skip
    return reports


def says_nothing(text: str) -> bool:
    """Whether nothing but comments is left of a form, or what a crash leaves of a file: zeros."""
    lines = (line.strip(" \t\0\ufeff") for line in text.splitlines())
    return all(not line or line.startswith("#") for line in lines)


def with_problems(text: str, error: NippoError, schema: Schema) -> str:
    """The form with what is wrong as comments over the lines that it is about; earlier ones are taken out."""
    lines = without_problems(text).split("\n")
    above: dict[int, list[str]] = {}
    # Lines were counted with the comments of the time before.
    moved = _moved(text)
    problems = error.problems or ()
    for problem in problems:
        line = moved.get(problem.where.line or 0)
        field = problem.where.field
        at = _line_of(lines, field, schema) if field else None
        place = at if at is not None else (line - 1 if line else 0)
        said = t("show.problem.said", said=_flat(problem.said)) + " " if problem.said else ""
        above.setdefault(place, []).append(f"{PROBLEM} {said}{_flat(say(problem.needs))}")
    if not problems or error.message.key not in ("desk.refused", "exchange.report.refused"):
        deal = _line_of(lines, schema.key("deal") or "deal", schema)
        hint = f" {_flat(say(error.hint))}" if error.hint is not None else ""
        above.setdefault(deal or 0, []).insert(0, f"{PROBLEM} {_flat(say(error.message))}{hint}")
    return "\n".join(part for at, line in enumerate(lines) for part in (*above.get(at, ()), line))


def without_problems(text: str) -> str:
    """The form without comments on what was wrong."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(PROBLEM))


def _moved(text: str) -> dict[int, int]:
    """Where each line stands (from 1) once the comments on problems are gone."""
    numbers, at = {}, 0
    for number, line in enumerate(text.split("\n"), 1):
        at += not line.startswith(PROBLEM)
        numbers[number] = max(at, 1)
    return numbers


def _line_of(lines: Sequence[str], key: str, schema: Schema) -> int | None:
    field = schema.by_key.get(key)
    names = {normal_form(key), *((normal_form(field.label),) if field else ())}
    for at, line in enumerate(lines):
        key_line = _KEY_LINE.match(line)
        if key_line and normal_form(key_line[1]) in names:
            return at
    return None


def _flat(text: str) -> str:
    return " ".join(text.split())


def _trimmed(value: object) -> object:
    return value.rstrip("\n") if isinstance(value, str) else value


def _set_in(text: str, schema: Schema) -> str:
    """The form with every line of a text set in under its key, as YAML wants it."""
    names = {normal_form(name) for f in schema.fields for name in (f.label, f.key)} | set(OWN_KEYS)
    set_in, inside = [], False
    for line in text.replace("\r\n", "\n").split("\n"):
        key = _KEY_LINE.match(line)
        if key and normal_form(key[1]) in names:
            inside = line.rstrip().endswith(("|", "|-"))
        elif inside and line.strip() and not line.startswith((" ", "#", "---", "...")):
            line = _INDENT + line  # noqa: PLW2901  a line that was not set in
        set_in.append(line)
    return "\n".join(set_in)
