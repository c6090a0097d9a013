"""JSON: an array of objects, one object a row."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from nippo_cli.exchange.encoding import Scanned, scan
from nippo_cli.exchange.objects import UnreadableObject, cells_of, columns_of, values
from nippo_cli.exchange.source import Batch, Options, SourceRow, batched, refused


class JsonFile:
    """A JSON file that has been read whole."""

    delimiter = ""
    odd = False

    def __init__(self, scanned: Scanned, rows: list[tuple[int, Mapping[str, object]]]) -> None:
        self._rows = rows
        self.columns = columns_of(one for _, one in rows)
        self.encoding = scanned.encoding
        self.sha256 = scanned.sha256

    def batches(self) -> Iterator[Batch]:
        """The rows, some at a time."""
        return batched(SourceRow(line, cells_of(one, self.columns)) for line, one in self._rows)


def open_file(path: Path, options: Options) -> JsonFile:
    """Read a JSON file.

    Raises:
        SourceRefused: it is not JSON, or not an array of objects; the line is named.
    """
    scanned = scan(path, options.encoding)
    with path.open(encoding=scanned.encoding, newline="") as stream:
        text = stream.read().rstrip("\x1a\r\n")
    rows = list(_objects(path, text))
    if not rows:
        raise refused("exchange.empty", path)
    return JsonFile(scanned, rows)


def _objects(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The objects of the array, each with its line."""
    before = text[: len(text) - len(text.lstrip())]
    if text[len(before) : len(before) + 1] not in ("[", ""):
        raise refused("exchange.not_objects", path, line=1 + before.count("\n"))
    try:
        for line, value in values(text):
            if not isinstance(value, dict):
                raise refused("exchange.not_objects", path, line=line)
            yield line, value
    except UnreadableObject as broken:
        raise refused("exchange.broken_json", path, line=broken.line) from broken
