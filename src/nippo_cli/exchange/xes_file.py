"""XES, the standard of event logs (IEEE 1849): one event a row, what its trace says in columns that begin with `case:`."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any, Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from nippo_cli.exchange.source import Batch, HeaderPlace, Options, SheetPlace, SourceRow, batched, refused

_GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 16
_MOST_AT_ONCE: Final = 16 << 20
_LARGEST_MIB: Final = 4096
# From this size on a log may not be two hundred times what it is packed.
_UNUSUAL_MIB: Final = 64
_MOST_PACKED: Final = 200
_LARGEST_TEXT_MIB: Final = 48
_OF_CASE: Final = "case:"
_TYPES: Final = frozenset(("string", "date", "int", "float", "boolean", "id"))


class XesFile:
    """An event log whose attributes have been gathered in a first pass."""

    delimiter = ""
    odd = False
    encoding = ""
    heading = HeaderPlace()
    sheet = SheetPlace()

    def __init__(self, path: Path) -> None:
        self._path = path
        columns: dict[str, None] = {}
        for _, event in _events(path):
            columns.update(dict.fromkeys(event))
        self.columns = tuple(columns)
        with path.open("rb") as stream:
            self.sha256 = file_digest(stream, "sha256").hexdigest()

    def batches(self) -> Iterator[Batch]:
        """The events, some at a time; an event's line is its number, from 1."""
        rows = (
            SourceRow(number, [event.get(name, "") for name in self.columns]) for number, event in _events(self._path)
        )
        return batched(rows)


def open_file(path: Path, options: Options) -> XesFile:
    """Open an event log, packed by gzip or not.

    Raises:
        SourceRefused: it is no XES, declares entities, or unpacks to more than 4 GiB.
    """
    del options
    opened = XesFile(path)
    if not opened.columns:
        raise refused("exchange.no_xes", path)
    return opened


def _events(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each event with what its trace says of all of them."""
    number, case, depth = 0, dict[str, str](), list[str]()
    for kind, element in _elements(path):
        name = element.tag.rpartition("}")[2]
        if kind == "start":
            depth.append(name)
            case = {} if name == "trace" else case
            continue
        depth.pop()
        if name in _TYPES and depth[-1:] == ["trace"]:
            case[f"{_OF_CASE}{element.get('key')}"] = element.get("value") or ""
        elif name == "event":
            number += 1
            yield number, case | {str(part.get("key")): part.get("value") or "" for part in element}
            element.clear()
        elif name == "trace":
            element.clear()


def _elements(path: Path) -> Iterator[tuple[str, Element]]:
    """A log's elements as they begin and end; a document type, or a file that unpacks to far too much, is refused."""
    # Entities would have to be declared in a document type, which no log has.
    parser: Any = XMLPullParser(("start", "end"))
    try:
        with _opened(path) as stream:
            packed_size = path.stat().st_size
            size, root, before, at_once = 0, None, b"", _CHUNK  # type: int, Element | None, bytes, int
            ended_at = 0
            while chunk := stream.read(at_once):
                if root is None and b"<!DOCTYPE" in before + chunk:
                    raise refused("exchange.no_xes", path)
                before = chunk[-len(b"<!DOCTYPE") :]
                size += len(chunk)
                if size > _LARGEST_MIB << 20:
                    raise refused("exchange.packed_too_much", path, most=_LARGEST_MIB)
                if size > max(_UNUSUAL_MIB << 20, packed_size * _MOST_PACKED):
                    raise refused("exchange.packed_too_well", path, times=f"{size // max(packed_size, 1):,}")
                # All of a text is held until it ends.
                if size - ended_at > _LARGEST_TEXT_MIB << 20:
                    raise refused("exchange.no_xes", path)
                parser.feed(chunk)
                # What has no end yet is read again with each piece more: of a text of megabytes there are few.
                at_once = min(at_once * 2, _MOST_AT_ONCE)
                for kind, element in parser.read_events():
                    at_once, ended_at = _CHUNK, size
                    root = element if root is None else root
                    if root.tag.rpartition("}")[2] != "log":
                        raise refused("exchange.no_xes", path)
                    yield kind, element
                if root is not None:
                    # Traces that are read are held by the log itself.
                    _forget_read(root)
            parser.close()
    except (ParseError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise refused("exchange.broken_xes", path, reason=str(error)) from error


def _forget_read(root: Any) -> None:
    while len(root) > 1:
        del root[0]


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as stream:
        packed = stream.read(2) == _GZIP
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]
