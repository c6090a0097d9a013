"""JSON: an array of objects, one object a row."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from nippo_cli.exchange.encoding import Scanned, scan
from nippo_cli.exchange.objects import cells_of, columns_of, decoder
from nippo_cli.exchange.source import Batch, Options, SourceRefused, SourceRow, batched, refused

_BLANK = " \t\r\n"


class JsonFile:
    """A JSON file that has been read whole."""

    delimiter = ""

    def __init__(self, scanned: Scanned, rows: list[tuple[int, Mapping[str, object]]]) -> None:
        self._rows = rows
        self.columns = columns_of(found for _, found in rows)
        self.encoding = scanned.encoding
        self.sha256 = scanned.sha256

    def batches(self) -> Iterator[Batch]:
        """The rows, some at a time."""
        return batched(SourceRow(line, cells_of(found, self.columns)) for line, found in self._rows)


def open_file(path: Path, options: Options) -> JsonFile:
    """Read a JSON file.

    Raises:
        SourceRefused: it is not JSON, or not an array of objects; the line is named.
    """
    scanned = scan(path, options.encoding)
    with path.open(encoding=scanned.encoding, newline="") as stream:
        text = stream.read()
    rows = list(_objects(path, text))
    if not rows:
        raise refused("exchange.empty", path)
    return JsonFile(scanned, rows)


def _objects(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    read, at, line, counted = decoder(), _past_blank(text, 0), 1, 0
    if text[at : at + 1] != "[":
        raise _not_objects(path, 1 + text.count("\n", 0, at))
    at = _past_blank(text, at + 1)
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            found, at = read.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise _broken(path, line, error) from error
        if not isinstance(found, dict):
            raise _not_objects(path, line)
        yield line, found
        at = _past_blank(text, at)
        if text[at : at + 1] == ",":
            at = _past_blank(text, at + 1)
        elif text[at : at + 1] != "]":
            raise _broken(path, 1 + text.count("\n", 0, at), ValueError(text[at : at + 20]))
    if _past_blank(text, at + 1) != len(text):
        raise _not_objects(path, 1 + text.count("\n", 0, at + 1))


def _past_blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _broken(path: Path, line: int, error: Exception) -> SourceRefused:
    if isinstance(error, json.JSONDecodeError):
        line = error.lineno
    return refused("exchange.broken_json", path, line=line)


def _not_objects(path: Path, line: int) -> SourceRefused:
    return refused("exchange.not_objects", path, line=line)
