"""JSON: an array of objects, one object a row."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from nippo_cli.base.errors import msg
from nippo_cli.exchange.encoding import Scanned, scan
from nippo_cli.exchange.objects import UnreadableObject, begins_at, cells_of, columns_of, values
from nippo_cli.exchange.source import Batch, HeaderPlace, Options, SheetPlace, SourceRow, batched, refused

_DEEPEST = 6


class JsonFile:
    """A JSON file that has been read whole."""

    delimiter = ""
    odd = False
    heading = HeaderPlace()
    sheet = SheetPlace()

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
        SourceRefused: it is not JSON, or not an array of objects; the line is named, or the way to one.
    """
    scanned = scan(path, options.encoding)
    with path.open(encoding=scanned.encoding, newline="") as stream:
        text = stream.read().rstrip("\x1a\r\n")
    rows = list(_objects(path, text, options.path))
    if not rows:
        raise refused("exchange.empty", path)
    return JsonFile(scanned, rows)


def _objects(path: Path, text: str, keys: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The objects of the array that the keys lead to, each with its line."""
    try:
        begins = len(text) - len(text.lstrip())
        if keys or text[begins : begins + 1] == "{":
            begins = _list_begins(path, text, keys)
        if text[begins : begins + 1] not in ("[", ""):
            raise refused("exchange.not_objects", path, line=1 + text.count("\n", 0, begins))
        for line, value in values(text, begins, alone=not keys):
            if not isinstance(value, dict):
                raise refused("exchange.not_objects", path, line=line)
            yield line, value
    except UnreadableObject as broken:
        raise refused("exchange.broken_json", path, line=broken.line) from broken


def _list_begins(path: Path, text: str, keys: tuple[str, ...]) -> int:
    """Where the list begins that the keys lead to.

    Raises:
        SourceRefused: they lead to none; the ways to those that there are, are named. UnreadableObject: it is no JSON.
    """
    (_, whole), *more = [*values(text)] or [(1, None)]
    begins = begins_at(text, keys) if keys and not more else None
    if begins is None or text[begins : begins + 1] != "[":
        lists = tuple(_lists(whole)) if not more else ()
        key = "exchange.no_list_there" if keys else "exchange.list_within"
        if not lists:
            raise refused("exchange.not_objects", path, line=1 + text.count("\n", 0, len(text) - len(text.lstrip())))
        raise refused(key, path, said=".".join(keys), lists=lists, hint=msg("exchange.list_hint", path=lists[0]))
    return begins


def _lists(value: object, way: tuple[str, ...] = ()) -> Iterator[str]:
    """The ways to lists of objects inside of an object, `data.items`."""
    if isinstance(value, list) and way and value and all(isinstance(one, dict) for one in value):
        yield ".".join(way)
    elif isinstance(value, dict) and len(way) < _DEEPEST:
        for key, part in value.items():
            yield from _lists(part, (*way, key))
