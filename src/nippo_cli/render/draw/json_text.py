"""JSON and JSON lines: UTF-8 as it is, fixed keys, no locale. Two spaces deep, on a terminal and in a pipe alike."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from nippo_cli.render.draw.rows import LazyRows

_INDENT = "  "
# JSON escapes C0 itself; C1, DEL, bidi controls and lone surrogates would reach a terminal raw.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def write(answer: object) -> Iterator[str]:
    """One JSON value in pieces, one newline at its end: an object's own lists row by row."""
    if not isinstance(answer, Mapping) or not answer:
        yield _indented(answer, 0) + "\n"
        return
    before = "{\n"
    for key, value in answer.items():
        yield f"{before}{_INDENT}{_indented(key, 0)}: "
        if isinstance(value, LazyRows | list):
            yield from _listed(value)
        else:
            yield _indented(value, 1)
        before = ",\n"
    yield "\n}\n"


def write_lines(rows: Iterable[object]) -> Iterator[str]:
    """One JSON value a line."""
    for row in rows:
        yield _escaped(json.dumps(row, ensure_ascii=False, allow_nan=False)) + "\n"


def _listed(rows: Iterable[object]) -> Iterator[str]:
    """A list one level deep, as `json` lays it out."""
    before = "["
    for row in rows:
        yield f"{before}\n{_INDENT * 2}{_indented(row, 2)}"
        before = ","
    yield "[]" if before == "[" else f"\n{_INDENT}]"


def _indented(value: object, depth: int) -> str:
    """A value as it stands so many levels deep; a line end within a text is never one in JSON."""
    text = _escaped(json.dumps(value, ensure_ascii=False, indent=len(_INDENT), allow_nan=False))
    return text.replace("\n", "\n" + _INDENT * depth) if depth else text


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
