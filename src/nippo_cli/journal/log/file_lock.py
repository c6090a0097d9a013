"""The lock that SQLite takes on a file that it writes to, for what nippo does to the file itself."""

from typing import BinaryIO, Final

from nippo_cli.base.locks import lock, unlock

# The bytes that SQLite locks: https://www.sqlite.org/lockingv3.html. Who has all of them has the file alone, and is not
# taken for a writer that has not changed it yet: the first keeps readers out before the last says that somebody writes.
_LOCKED_BYTES: Final = ((0x40000000, 1), (0x40000002, 510), (0x40000001, 1))


def lock_alone(file: BinaryIO) -> bool:
    """Lock a journal's file, open for writing and without a buffer, against all others as SQLite would, or not at all; whether
    it is."""
    got: list[tuple[int, int]] = []
    for at, length in _LOCKED_BYTES:
        if not lock(file.fileno(), at, length):
            for mine in got:
                unlock(file.fileno(), *mine)
            return False
        got.append((at, length))
    return True
