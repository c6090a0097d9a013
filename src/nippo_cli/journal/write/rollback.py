"""The rollback journal of a write that was cut off: whether it is this journal's, and needed.

SQLite plays whatever lies under that name into the journal: also one that came with another copy, that a file which was
replaced left behind, or that a power cut brought back after its write was acknowledged. So both files are copied first,
and what would become of the log is looked at in the copy. Meanwhile nobody reads or writes.
"""

import filecmp
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from glob import escape
from pathlib import Path
from time import sleep
from typing import BinaryIO, Final, Literal, TypeAlias

from nippo_cli.base.errors import JournalError, Message, msg, system_reason
from nippo_cli.base.files import growing, publish, sync_folder, unused
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.log import (
    ANY_RECORD,
    DAMAGE,
    DEVICE_IDS,
    EVERY,
    META,
    NUMBERS,
    SEAL,
    blames_disk,
    expect_regular,
    format_of,
    integrity_faults,
    is_sound,
    lenient,
    lock_alone,
    rollback_journal,
    tells_of_content,
    usable,
)

_PAUSE_MS: Final = 10
_MOST_FOUND: Final = 1000

RollbackState: TypeAlias = Literal["needed", "done", "foreign"]


class _Log(NamedTuple):
    """A journal's log as a file has it: whose it is; how often the file was written, as SQLite counts it; what is wrong
    with the file, by SQLite's words, with hashes, by record, and with numbers, by device; and the hash of every record
    that is sound."""

    journal_id: str
    writes: int
    broken: tuple[frozenset[object], frozenset[object], frozenset[object]]
    hashes: Mapping[int, bytes]

    @property
    def sound(self) -> bool:
        return not any(self.broken)


def roll_back(path: Path, wait_ms: int, tell: Callable[[Message], None] | None = None) -> bool:
    """See to a rollback journal before SQLite does. One that is needed to undo a write that was cut off is left to SQLite,
    as is that of a write that is going on. One of a write that lacked nothing else is removed: the write stands. One that
    is not this journal's is set aside under a name that says so.

    Args:
        wait_ms: how long to wait for those who read or write.
        tell: called with what the person should know of it.

    Returns:
        Whether what is derived has to be made anew: the log is whole as it is, and the rest may not be.

    Raises:
        JournalError: the journal can't be locked, copied or used at all; no file is changed.
    """
    hot = rollback_journal(path)
    expect_regular(hot)
    with _alone(path, hot, wait_ms) as file:
        if file is None:
            return False
        with growing(path) as without, growing(path) as played:
            for copy in (without, played):
                _copied(file, copy, path)
            with hot.open("rb") as of_write:
                _copied(of_write, rollback_journal(played), path)
            if _changes_nothing(without, played, path):
                return False
            before, after = _look(without, path), _look(played, path)
            fate = _restore_cut_off(played, hot) or _fate(before, after) or _fate_by_the_derived(without, played)
        verdict = None
        if fate == "foreign":
            verdict = _set_aside(hot, path, before)
        elif fate == "done":
            # What the write had still to do, and what the disk may not have heard of.
            hot.unlink()
            sync_folder(hot.parent)
            verdict = msg("journal.cut_at_end", path=str(path))
        elif isinstance(after, _Log) and not after.sound:
            verdict = _keep_raw(path, file, hot)
    if verdict is not None and tell is not None:
        tell(verdict)
    return fate != "needed" and isinstance(before, _Log) and before.sound


def derive_anew(cx: sqlite3.Connection) -> None:
    """Make every projection and the search index again, by a connection that writes."""
    if not cx.execute(ANY_RECORD).fetchone():
        return
    from nippo_cli.journal.check import make_anew

    cx.execute("begin immediate")
    try:
        make_anew(cx)
        cx.execute("commit")
    except BaseException:
        if cx.in_transaction:
            cx.execute("rollback")
        raise


def _fate(before: _Log | JournalError, after: _Log | JournalError) -> RollbackState | None:
    """What a rollback journal is, told by the log without it and with it played: needed to undo a write that was cut off;
    left by one that had done all else; or not this journal's. None where the log says nothing: it is whole, and the same."""
    if isinstance(after, JournalError):
        return "foreign"
    if isinstance(before, JournalError):
        return "needed"
    others = (
        # A page that is half written may tell nothing.
        before.journal_id not in {"", after.journal_id}
        # It is of the write under way when it was made: that one has counted itself already, or not yet.
        or before.writes - after.writes not in {0, 1}
        or _worse(before, after)
        or any(after.hashes.get(record, was) != was for record, was in before.hashes.items())
    )
    if others:
        return "foreign"
    if not before.sound:
        return "needed"
    if after.hashes == before.hashes:
        return None
    return "done" if after.hashes.keys() < before.hashes.keys() else "foreign"


def _restore_cut_off(played: Path, hot: Path) -> RollbackState | None:
    """Needed where a restore was cut off: played, it gives to the byte what that set aside, of whichever journal the other
    content is."""
    name = hot.name.removesuffix("-journal")
    stem, dot, ending = name.rpartition(".")
    for copy in hot.parent.glob(f"{escape(stem)}.*{escape(dot + ending)}"):
        if copy.stat().st_size == played.stat().st_size and filecmp.cmp(copy, played, shallow=False):
            return "needed"
    return None


def _fate_by_the_derived(without: Path, played: Path) -> RollbackState:
    """The same, told by everything else that a journal holds."""
    from nippo_cli.journal.check import examine, expect_read

    try:
        after = expect_read(examine(played)).sound
        return "needed" if after or not expect_read(examine(without)).sound else "foreign"
    except JournalError as error:
        if not tells_of_content(error):
            raise
        return "needed"  # of an older format, say


def _worse(before: _Log, after: _Log) -> bool:
    """Whether anything is wrong that was not wrong before. A damaged file has to be mended, if not wholly; what could be
    read of it before then says nothing of the rest."""
    if before.broken[0] or after.broken[0]:
        return not after.broken[0] < before.broken[0]
    return not (after.broken[1] <= before.broken[1] and after.broken[2] <= before.broken[2])


@contextmanager
def _alone(path: Path, hot: Path, wait_ms: int) -> Iterator[BinaryIO | None]:
    """The journal's file, locked against all others as SQLite would do it; None where there is nothing to settle."""
    # Without a buffer, which would not see that a lock moves the place on Windows.
    with path.open("rb+", buffering=0) as file:
        waited, locked = 0, False
        while _is_hot(hot) and not (locked := lock_alone(file)):
            if waited >= wait_ms:
                raise JournalError(msg("journal.locked", path=str(path)), hint=msg("journal.locked.hint"))
            sleep(_PAUSE_MS / 1000)
            waited += _PAUSE_MS
        # The writer that was waited for may have ended well; or another file has the name by now. Where nothing was locked, what
        # is hot by now is of a write that began meanwhile.
        mine = os.path.samestat(os.fstat(file.fileno()), path.stat())
        yield file if locked and mine and _is_hot(hot) else None


def _is_hot(hot: Path) -> bool:
    """Whether SQLite would play it: it has a first byte, and that is not zero."""
    with suppress(FileNotFoundError), hot.open("rb") as file:
        return file.read(1) not in (b"", b"\0")
    return False


def _copied(source: BinaryIO, to: Path, path: Path) -> None:
    """Copy an open file byte by byte into a new one that its owner alone may read."""
    # Read by the handle that holds the locks: they would be gone once another one is closed.
    source.seek(0)
    try:
        with os.fdopen(os.open(to, os.O_CREAT | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600), "wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
    except OSError as error:
        raise JournalError(
            msg("journal.no_raw_copy", path=str(path), why=system_reason(error)),
            hint=msg("journal.no_raw_copy.hint"),
        ) from error


def _changes_nothing(without: Path, played: Path, path: Path) -> bool:
    """Have SQLite recover one of two copies as it would the journal; whether they are the same then, as where the write was
    cut off before it changed anything.

    Raises:
        JournalError: they are, and are no journal that this version can use.
    """
    try:
        with closing(sqlite3.connect(played)) as cx, usable(path):
            cx.execute("pragma schema_version").fetchone()
    except JournalError as error:
        if not tells_of_content(error):
            # It says nothing of either file.
            raise
    if not filecmp.cmp(without, played, shallow=False):
        return False
    with closing(sqlite3.connect(without)) as cx, usable(path):
        format_of(cx, path)
    return True


def _look(copy: Path, path: Path) -> _Log | JournalError:
    """The log of a copy, or what is wrong with it that it can't be read at all.

    Raises:
        JournalError: the system did not let it be read, which says nothing of it.
    """
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as cx, usable(path):
            format_of(cx, path)
            return _log(cx)._replace(writes=_writes(copy))
    except JournalError as error:
        if not tells_of_content(error):
            raise
        return error


def _writes(copy: Path) -> int:
    # https://www.sqlite.org/fileformat.html#file_change_counter
    with copy.open("rb") as file:
        return int.from_bytes(file.read(28)[24:], "big")


def _log(cx: sqlite3.Connection) -> _Log:
    """What tells one state of the log from another: its journal's id, its faults, and the hashes of its sound records."""
    hashes: dict[int, bytes] = {}
    journal_id = ""
    in_file, in_hashes, in_numbers = set[object](), set[object](), set[object]()
    # A damaged text is a wrong hash, not the end of the reading.
    cx.text_factory = lenient
    try:
        in_file.update(integrity_faults(cx, _MOST_FOUND))
        # A page of which only some sectors were written may hold the row without its value.
        journal_id = (cx.execute(META, ("journal_id",)).fetchone() or ("",))[0] or ""
        devices = {slot: last for slot, _, last in cx.execute(DEVICE_IDS)}
        for row in cx.execute(EVERY):
            if is_sound(row):
                hashes[row[0]] = row[SEAL]
            else:
                in_hashes.add(row[0])
        numbers_present = {slot: numbers for slot, *numbers in cx.execute(NUMBERS)}
        numbers_noted = {slot: [last, 1, last] for slot, last in devices.items() if last}
        in_numbers = {
            slot
            for slot in numbers_noted.keys() | numbers_present.keys()
            if numbers_noted.get(slot) != numbers_present.get(slot)
        }
    except DAMAGE as error:
        if blames_disk(error):
            raise
        in_file.add(str(error))
    return _Log(journal_id, 0, (frozenset(in_file), frozenset(in_hashes), frozenset(in_numbers)), hashes)


def _set_aside(hot: Path, path: Path, before: _Log | JournalError) -> Message:
    """Take a rollback journal out of SQLite's way.

    Raises:
        JournalError: without it the journal can't be used either; both files stay as they are.
    """
    if isinstance(before, JournalError):
        raise before
    if before.broken[0]:
        raise JournalError(msg("journal.unmended", path=str(path)), hint=msg("journal.unmended.hint"))
    new_name = unused(hot.with_name(hot.name + ".set-aside"))
    hot.rename(new_name)
    sync_folder(hot.parent)
    return msg("journal.set_aside", path=str(new_name))


def _keep_raw(path: Path, file: BinaryIO, hot: Path) -> Message:
    """Both files as they are, under a name of their own, before SQLite changes them."""
    raw = unused(path.with_name(path.name + ".before-rollback"))
    with hot.open("rb") as of_write:
        for source, to in ((file, raw), (of_write, rollback_journal(raw))):
            with growing(to) as part:
                _copied(source, part, path)
                publish(part, to)
    return msg("journal.kept_raw", path=str(raw))
