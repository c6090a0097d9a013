"""A log's file read back, every line held against its hash: all of it is what was written, or nothing of it is taken."""

import json
import marshal
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from nippo_cli.base.dates import is_zone
from nippo_cli.base.errors import ExitCode, Message, NippoError, Place, Problem, msg
from nippo_cli.base.ids import SLOTS, show_id, slot_of
from nippo_cli.base.progress import Progress
from nippo_cli.base.worker import Parent, Worker
from nippo_cli.journal.care.log_file import SETTINGS, VERSION, LogDevice, LogHeader, last_line
from nippo_cli.journal.log import NoRecord, SealedRecord, hash_faster, read_line

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

_BEGINS: Final = b'{"nippo":"journal",'
_NAMED: Final = 20
# So many bytes are read at once, and so many such pieces are on their way to the second process and back.
_AT_ONCE: Final = 512 << 10
_AHEAD: Final = 8
# A line that is longer holds no record of nippo's.
_LONGEST: Final = 256 << 20
_MOST: Final = 1 << 40


class LogFileRefused(NippoError):
    """A file of a log that can't be taken: it is not what was written, or not all of it."""

    exit_code = ExitCode.USAGE


def is_log_file(path: Path) -> bool:
    """Whether a file begins as a log's does; False of what is no file, or can't be read."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(_BEGINS)) == _BEGINS
    except OSError:
        return False


class LogFile:
    """A log's file that is read once, from its first line to its last, every line held against its hash.

    Args:
        path: the file; `is_log_file` has looked at it.

    Raises:
        LogFileRefused: its header is none.
    """

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        hash_faster()
        self.path = path
        self._progress = progress
        self._whole = sha256()
        self._problems: list[Problem] = []
        # Slots of which a record was as its device wrote it, and of which one was not.
        self._sound: set[int] = set()
        self._unsound: set[int] = set()
        with path.open("rb") as file:
            self.header = self._read_header(file.readline(_LONGEST))
        self.device_ids = {one.slot: one.id for one in self.header.devices}

    def records(self, second: Worker | None = None) -> Iterator[SealedRecord]:
        """The records, by id. The first that is wrong ends them; the rest is read on for what else is wrong.

        Args:
            second: a process that does `read_in_worker`, if there is one.

        Raises:
            LogFileRefused: something is wrong, or the file ends before its end.
        """
        expected, number = _Expected(self.header), 1
        with self.path.open("rb") as file:
            lines = _LogLines(file, self._whole)
            for some, known in self._read(lines, second):
                for line, record in zip(some, known, strict=True):
                    number += 1
                    yield from self._expected(number, record or self._record(number, line), expected)
                    if len(self._problems) >= _NAMED:
                        break
                if len(self._problems) >= _NAMED:
                    break
                if self._progress:
                    self._progress("log_file.reading", number - 1, self.header.records)
        if len(self._problems) < _NAMED:
            self._check_end(number + bool(lines.end), lines.end, expected, number - 1, follows=lines.follows)
        if self._unsound - self._sound:
            # If all that a device wrote is another's, it is the device's id in the first line that was changed.
            self._problems.insert(0, Problem(Place(file=str(self.path), line=1), "", msg("log_file.header_differs")))
        if self._problems:
            raise self._refused("log_file.damaged", n=len(self._problems))

    def _expected(self, number: int, record: SealedRecord | None, expected: "_Expected") -> Iterator[SealedRecord]:
        """The record of a line, if it is the one that was to come and nothing is wrong so far."""
        if record is None:
            expected.pass_one()
            return
        self._note(number, expected.problem(record.id))
        if not self._problems:
            yield record

    def _read(
        self, lines: "_LogLines", second: Worker | None
    ) -> Iterator[tuple[list[bytes], Sequence[SealedRecord | None]]]:
        """Lines, some at a time, with their records as a second process read them; None for what is to be read here."""
        if second is None or not second.started():
            yield from ((some, [None] * len(some)) for some in lines)
            return
        for some, answer in second.answers(((b"".join(some), some) for some in lines), _AHEAD):
            rows = marshal.loads(answer)  # noqa: S302  from the process that this one began
            records = [None] * len(some) if rows is None else list(map(SealedRecord._make, rows))
            self._sound.update({record.slot for record in records if record is not None})
            yield some, records

    def _record(self, number: int, line: bytes) -> SealedRecord | None:
        """A line's record; None where it is not what was written, which is noted."""
        try:
            if line[-1:] != b"\n":
                raise NoRecord(line)
            record = read_line(line[:-1])
        except ValueError:
            # The last line of a file that was cut off is told as that.
            if line[-1:] == b"\n":
                self._note(number, msg("log_file.unreadable"))
            return None
        slot = record.slot
        if slot not in self.device_ids or not record.is_authentic(self.device_ids[slot]):
            self._unsound.add(slot)
            self._note(number, msg("log_file.another", id=show_id(record.id)))
            return None
        self._sound.add(slot)
        return record

    def _check_end(self, number: int, end: bytes, expected: "_Expected", done: int, *, follows: bool) -> None:
        """Note what is wrong with a file's last line: cut off, fewer records than it said, another digest."""
        if end[-1:] != b"\n":
            self._note(number, msg("log_file.cut_off", n=done, of=self.header.records))
            return
        if not self._problems:
            self._note(number, expected.missing_at_end())
        if not self._problems and done != self.header.records:
            self._note(number, msg("log_file.header_differs"))
        if not self._problems and end != (last_line(done, self._whole.hexdigest()) + "\n").encode():
            for line in (1, number):
                self._note(line, msg("log_file.header_differs"))
        if follows:
            self._note(number + 1, msg("log_file.follows"))

    def _read_header(self, line: bytes) -> LogHeader:
        """A file's first line, read; one of a later nippo, or none at all, is refused."""
        with suppress(ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            said = json.loads(line)
            if type(said["version"]) is int and said["version"] > VERSION:
                raise self._refused("log_file.newer", version=said["version"])
            header = LogHeader(
                said["records"],
                {key: said[key] for key in SETTINGS if key in said},
                tuple(LogDevice(*(one[key] for key in LogDevice._fields)) for one in said["devices"]),
                tuple((first, last) for first, last in said["lost"]),
                tuple((one["slot"], one["number"], one["head"]) for one in said["heads"]),
            )
            if _is_possible(header) and header.line() + "\n" == line.decode():
                return header
        self._note(1, msg("log_file.unreadable"))
        raise self._refused("log_file.damaged", n=1)

    def _note(self, number: int, needs: Message | None) -> None:
        if needs is not None and len(self._problems) < _NAMED:
            self._problems.append(Problem(Place(file=str(self.path), line=number), "", needs))

    def _refused(self, key: str, **params: object) -> LogFileRefused:
        return LogFileRefused(msg(key, path=str(self.path), **params), hint=msg(f"{key}.hint"), problems=self._problems)


def read_in_worker(first: Parent, device_ids: Mapping[int, str]) -> None:
    """What a second process does: it is told some lines and says the rows of their records; None where one is not what was written."""
    hash_faster()
    while True:
        *lines, rest = first.receive().split(b"\n")
        first.send(marshal.dumps(None if rest else _rows_of(lines, device_ids)))


def _rows_of(lines: Sequence[bytes], device_ids: Mapping[int, str]) -> list[tuple[object, ...]] | None:
    rows = list[tuple[object, ...]]()
    for line in lines:
        try:
            record = read_line(line)
        except ValueError:
            return None
        if record.slot not in device_ids or not record.is_authentic(device_ids[record.slot]):
            return None
        rows.append(tuple(record))
    return rows


class _LogLines:
    """The lines of a log's records, some at a time. Once they are through, `end` is its last line, and `follows` whether there is more
    behind that."""

    def __init__(self, file: BinaryIO, whole: "Hash") -> None:
        self._file = file
        self._whole = whole
        self.end = b""
        self.follows = False

    def __iter__(self) -> Iterator[list[bytes]]:
        self._whole.update(self._file.readline(_LONGEST))
        some, size = list[bytes](), 0
        for line in iter(lambda: self._file.readline(_LONGEST), b""):
            if line.startswith(b'{"end":'):
                self.end, self.follows = line, bool(self._file.read(1))
                break
            self._whole.update(line)
            some.append(line)
            size += len(line)
            if size >= _AT_ONCE:
                yield some
                some, size = [], 0
        yield some


class _Expected:
    """Which ids a file must have, one after the other."""

    def __init__(self, header: LogHeader) -> None:
        self._runs = list(header.runs())
        self._next = self._runs[0][0] if self._runs else None
        self._at = 0

    def problem(self, record: int) -> Message | None:
        """What is wrong with the id of the next record, if anything."""
        expected = self._next
        if record == expected:
            self._go_behind(record)
            return None
        at = next((n for n in range(self._at, len(self._runs)) if self._runs[n][0] <= record <= self._runs[n][1]), None)
        if expected is None or record < expected or at is None:
            return msg("log_file.not_here", id=show_id(record))
        self._at = at
        self._go_behind(record)
        return msg("log_file.missing", id=show_id(expected), next=show_id(record))

    def pass_one(self) -> None:
        """A line stands there that can't be read: the next one's record is the one after it."""
        if self._next is not None:
            self._go_behind(self._next)

    def missing_at_end(self) -> Message | None:
        """What is missing where the records end, if anything."""
        return None if self._next is None else msg("log_file.missing_at_end", id=show_id(self._next))

    def _go_behind(self, record: int) -> None:
        if record < self._runs[self._at][1]:
            self._next = record + 1
            return
        self._at += 1
        self._next = self._runs[self._at][0] if self._at < len(self._runs) else None


def _is_possible(header: LogHeader) -> bool:
    """Whether a header says what a journal can be: SQLite takes no other numbers, and no days can be counted without a zone."""
    numbers = [
        header.records,
        *(n for one in header.devices for n in (one.last_number, one.ordinal)),
        *(number for _, number, _ in header.heads),
    ]
    texts = [*header.settings.values(), *(t for one in header.devices for t in (one.id, one.began_at))]
    ids = [one for run in header.lost for one in run]
    slots = [*(one.slot for one in header.devices), *(slot for slot, _, _ in header.heads), *map(slot_of, ids)]
    return (
        all(isinstance(text, str) for text in texts)
        and all(re.fullmatch("[0-9a-f]{64}", head) for _, _, head in header.heads)
        and is_zone(header.settings.get("time_zone", ""))
        and all(type(n) is int and 0 <= n < _MOST for n in numbers)
        and all(type(slot) is int and 0 <= slot < SLOTS for slot in slots)
        and [one.slot for one in header.devices] == sorted({one.slot for one in header.devices})
        and len({one.id for one in header.devices}) == len(header.devices)
        and ids == sorted(ids)
    )
