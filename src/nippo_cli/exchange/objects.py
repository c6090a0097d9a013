"""What JSON and JSONL share: objects as rows of cells."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nippo_cli.exchange.source import LINE_COLUMN, REASON_COLUMN
from nippo_cli.exchange.spreadsheet import column_name

_BLANK = " \t\r\n"


class Structured(str):
    """The JSON text of a list or an object in a cell, for the field types that read more than text. No plain text equals
    it: what a cell reads as is remembered by the cell."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Structured) and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class _NotOne(ValueError):
    """A key that stands twice in an object; JSON leaves open which counts."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    one = {key if key.isascii() else column_name(key): value for key, value in pairs}
    if len(one) != len(pairs):
        raise _NotOne
    return one


def _no_constant(said: str) -> object:
    raise ValueError(said)


def decoder() -> json.JSONDecoder:
    """Numbers stay as they are written, so that no amount is rounded; NaN and a key given twice are refused."""
    return json.JSONDecoder(object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=_no_constant)


class UnreadableObject(ValueError):
    """Text that is no JSON from a line on."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def values(text: str, begins: int = 0, *, alone: bool = True) -> Iterator[tuple[int, object]]:
    """The items of a JSON array, or JSON values one after another, each with the line that it begins on (from 1).

    Args:
        begins: where in the text.
        alone: nothing may follow the array.

    Raises:
        UnreadableObject: it is not JSON, or something follows the array.
    """
    read, at, line, counted = decoder(), _past_blank(text, begins), 1, 0
    listed = text[at : at + 1] == "["
    at = _past_blank(text, at + 1) if listed else at
    while text[at : at + 1] != ("]" if listed else ""):
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, at = read.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise UnreadableObject(error.lineno if isinstance(error, json.JSONDecodeError) else line) from error
        yield line, value
        at = _past_blank(text, at)
        if listed and text[at : at + 1] == ",":
            at = _past_blank(text, at + 1)
        elif listed and text[at : at + 1] != "]":
            raise UnreadableObject(1 + text.count("\n", 0, at))
    if listed and alone and _past_blank(text, at + 1) != len(text):
        raise UnreadableObject(1 + text.count("\n", 0, _past_blank(text, at + 1)))


def begins_at(text: str, keys: Sequence[str]) -> int | None:
    """Where in a JSON text that can be read the value begins that the keys lead to, object by object; None for nowhere."""
    read, at = decoder(), _past_blank(text, 0)
    for wanted in keys:
        if text[at : at + 1] != "{":
            return None
        at = _past_blank(text, at + 1)
        while text[at : at + 1] == '"':
            key, at = read.raw_decode(text, at)
            at = _past_blank(text, _past_blank(text, at) + 1)
            if column_name(key) == wanted:
                break
            _, at = read.raw_decode(text, at)
            at = _past_blank(text, _past_blank(text, at) + 1)
        else:
            return None
    return at


def _past_blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def columns_of(objects: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """Every key of the objects, in order of appearance."""
    columns: dict[str, None] = {}
    for one in objects:
        columns.update(dict.fromkeys(one))
    return tuple(name for name in columns if name not in (LINE_COLUMN, REASON_COLUMN))


def cells_of(one: Mapping[str, object], columns: Sequence[str]) -> list[str]:
    """An object's values in the columns' order; a key that it lacks is an empty cell."""
    return [_cell(one.get(name)) for name in columns]


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return Structured(json.dumps(value, ensure_ascii=False))
