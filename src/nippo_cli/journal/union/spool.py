"""Records that came, held in memory as long as they are few, and else in a file that has no name."""

import marshal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO, Final, overload
from weakref import finalize

from nippo_cli.base.errors import FULL, JournalError, msg
from nippo_cli.base.frozen import maker
from nippo_cli.journal.log import SealedRecord

# So many of a device are held in memory: some megabytes.
IN_MEMORY: Final = 2_000
# So many are written and read at once.
_A_CHUNK: Final = 500

_record = maker(SealedRecord)


class SpoolFile:
    """A file without a name, made when something is put into it, and gone with this object.

    Args:
        folder: where it lies; the system's own place for such files where that can't be written to.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None

    def put(self, records: Sequence[SealedRecord]) -> tuple[int, int]:
        """Keep records; where, and in how many bytes.

        Raises:
            JournalError: the disk is full.
        """
        try:
            return self._put(records)
        except OSError as error:
            if error.errno not in FULL:
                raise
            path = str(self._folder or gettempdir())
            raise JournalError(msg("journal.full", path=path), hint=msg("journal.full.hint", path=path)) from error

    def _put(self, records: Sequence[SealedRecord]) -> tuple[int, int]:
        if self._file is None:
            self._file = self._opened()
            finalize(self, _close, self._file)
        at = self._file.seek(0, 2)
        size = self._file.write(marshal.dumps([tuple(record) for record in records]))
        # What the disk has no room for is told here, and not once the file is read.
        self._file.flush()
        return at, size

    def get(self, at: int, size: int) -> list[SealedRecord]:
        """What was put there."""
        assert self._file is not None  # noqa: S101  something was put into it
        self._file.seek(at)
        # Written by this process, a moment ago.
        return [*map(_record, marshal.loads(self._file.read(size)))]  # noqa: S302

    def _opened(self) -> IO[bytes]:
        with suppress(OSError):
            return TemporaryFile(dir=self._folder)
        return TemporaryFile()


def _close(file: IO[bytes]) -> None:
    """Let the file go; what a full disk has no room for is told already."""
    with suppress(OSError):
        file.close()


class Spool(Sequence[SealedRecord]):
    """Records in their order, however many: at most `IN_MEMORY` of them in memory.

    Args:
        file: where those lie that are more.
    """

    def __init__(self, file: SpoolFile) -> None:
        self._file = file
        self._last: list[SealedRecord] = []
        self._places: list[tuple[int, int]] = []
        self._read: tuple[int, list[SealedRecord]] = (-1, [])

    def extend(self, records: Sequence[SealedRecord]) -> None:
        """Put records behind the others."""
        self._last += records
        if self._places or len(self._last) > IN_MEMORY:
            end = len(self._last) - len(self._last) % _A_CHUNK
            for at in range(0, end, _A_CHUNK):
                self._places.append(self._file.put(self._last[at : at + _A_CHUNK]))
            del self._last[:end]

    def __len__(self) -> int:
        return len(self._places) * _A_CHUNK + len(self._last)

    @overload
    def __getitem__(self, at: int) -> SealedRecord: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[SealedRecord]: ...
    def __getitem__(self, at: int | slice) -> SealedRecord | Sequence[SealedRecord]:
        """One of them, or a part that is read when it is gone through."""
        if isinstance(at, slice):
            return SpooledPart(self, *at.indices(len(self))[:2])
        at = range(len(self))[at]
        return self._chunk(at // _A_CHUNK)[at % _A_CHUNK if self._places else at]

    def __iter__(self) -> Iterator[SealedRecord]:
        return self.between(0, len(self))

    def between(self, first: int, end: int) -> Iterator[SealedRecord]:
        """The records from one place up to another, a chunk looked up at a time."""
        while first < end:
            nth, at = divmod(first, _A_CHUNK) if self._places else (0, first)
            part = self._chunk(nth)[at : at + end - first]
            yield from part
            first += len(part)

    def _chunk(self, nth: int) -> list[SealedRecord]:
        if nth >= len(self._places):
            return self._last
        if self._read[0] != nth:
            self._read = nth, self._file.get(*self._places[nth])
        return self._read[1]


class SpooledPart(Sequence[SealedRecord]):
    """Some of a spool's records, one behind the other."""

    def __init__(self, spool: Spool, first: int, end: int) -> None:
        self._spool = spool
        self._range = range(first, max(first, end))

    def __len__(self) -> int:
        return len(self._range)

    @overload
    def __getitem__(self, at: int) -> SealedRecord: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[SealedRecord]: ...
    def __getitem__(self, at: int | slice) -> SealedRecord | Sequence[SealedRecord]:
        """One of them, or a part of this one."""
        if isinstance(at, slice):
            part = self._range[at]
            return SpooledPart(self._spool, part.start, part.stop)
        return self._spool[self._range[at]]

    def __iter__(self) -> Iterator[SealedRecord]:
        return self._spool.between(self._range.start, self._range.stop)
