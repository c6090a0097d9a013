"""JSON and JSON lines: UTF-8 as it is, fixed keys, no locale. Two spaces deep, on a terminal and in a pipe alike."""

import json
import re
from collections.abc import Iterable

# JSON escapes C0 itself; C1, DEL, bidi controls and lone surrogates would reach a terminal raw.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def write(answer: object) -> str:
    """One JSON value, one newline at its end."""
    return _escaped(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def write_lines(rows: Iterable[object]) -> str:
    """One JSON value a line."""
    return "".join(_escaped(json.dumps(row, ensure_ascii=False, allow_nan=False)) + "\n" for row in rows)


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
