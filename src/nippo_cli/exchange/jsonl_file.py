"""JSONL: one object a line. A line that is none is a rejected row, not the end of the file."""

from collections.abc import Iterator
from pathlib import Path

from nippo_cli.base.errors import Place, Problem, msg
from nippo_cli.base.text import cut
from nippo_cli.exchange.encoding import Scanned, scan
from nippo_cli.exchange.objects import cells_of, columns_of, decoder
from nippo_cli.exchange.source import Batch, HeaderPlace, Options, SheetPlace, SourceRow, batched, refused

_SHOWN = 60


class JsonlFile:
    """A JSONL file whose keys have been gathered in a first pass."""

    delimiter = ""
    odd = False
    heading = HeaderPlace()
    sheet = SheetPlace()

    def __init__(self, path: Path, scanned: Scanned) -> None:
        self._path = path
        self.encoding = scanned.encoding
        self.sha256 = scanned.sha256
        self.columns = columns_of(one for _, _, one in self._lines() if one is not None)

    def batches(self) -> Iterator[Batch]:
        """The rows, some at a time."""
        return batched(self._rows())

    def _rows(self) -> Iterator[SourceRow]:
        for line, text, one in self._lines():
            if one is not None:
                yield SourceRow(line, cells_of(one, self.columns))
            else:
                place = Place(file=self._path.name, line=line)
                yield SourceRow(line, (text,), Problem(place, cut(text, _SHOWN), msg("exchange.broken_line")))

    def _lines(self) -> Iterator[tuple[int, str, dict[str, object] | None]]:
        """Each line that is not blank: its number, its text, and its object, None where it holds none."""
        read = decoder()
        # Only a newline ends a line: a text may hold U+2028.
        with self._path.open(encoding=self.encoding, newline="\n") as stream:
            for line, raw in enumerate(stream, start=1):
                text = raw.rstrip("\x1a\r\n").strip()
                if not text:
                    continue
                try:
                    value = read.decode(text)
                except (ValueError, RecursionError):
                    value = None
                yield line, text, value if isinstance(value, dict) else None


def open_file(path: Path, options: Options) -> JsonlFile:
    """Read the keys of a JSONL file.

    Raises:
        SourceRefused: no line holds an object.
    """
    opened = JsonlFile(path, scan(path, options.encoding))
    if not opened.columns:
        raise refused("exchange.not_objects", path, line=1)
    return opened
