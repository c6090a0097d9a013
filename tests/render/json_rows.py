"""JSON as rows that can be read and compared: each part that fits into a row is one, under its path."""

import json
from collections.abc import Iterator
from typing import Any

WIDTH = 120


def json_rows(text: str) -> str:
    """`{"a": {"b": 1, "c": [1, 2]}}`, were it long, is `a.b 1` and `a.c [1,2]`; an element is `months[0]`.

    What the rows leave out, how the text is laid out, is checked here: two blanks a level, and characters as they are.
    """
    found = json.loads(text)
    assert text == json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    return "\n".join(_rows(found, ""))


def _rows(value: Any, path: str) -> Iterator[str]:
    row = f"{path} {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}".lstrip()
    if len(row) <= WIDTH or not isinstance(value, (dict, list)):
        yield row
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _rows(one, f"{path}.{key}".lstrip("."))
    else:
        for place, one in enumerate(value):
            yield from _rows(one, f"{path}[{place}]")
