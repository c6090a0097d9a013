"""A folder for what is written on the way and thrown away: in the system's place for temporary files, its owner's alone.

Its name tells the machine and the process (`nippo-MACHINE-PROCESS-RANDOM`). One that is killed leaves it behind; the next that
needs such a folder clears it away: only what is this user's own, and never through a link.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

from nippo_cli.base.errors import FULL
from nippo_cli.base.files import is_running, machine_mark

_NAME: Final = re.compile(r"nippo-(?P<machine>[0-9a-f]{6})-(?P<process>\d+)-\w+")
# No command lasts as long; where a name doesn't tell whether its process still runs, its age does.
_SECONDS_LONG: Final = 86_400


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new empty folder, gone afterwards with all that is in it.

    Raises:
        OSError: there is no room for it; one about a full disk in the block names the folder, if it names nothing.
    """
    prefix = f"nippo-{machine_mark()}-{os.getpid()}-{os.urandom(6).hex()}"
    try:
        with TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as made:
            folder = Path(made)
            _clear_others(folder)
            try:
                yield folder
            except OSError as error:
                # What a full disk says has no name in it.
                if error.errno in FULL and error.filename is None:
                    error.filename = made
                raise
    except KeyboardInterrupt:
        # It came when the folder was made, and nobody had been told its name yet.
        with suppress(OSError):
            for left in Path(gettempdir()).glob(f"{prefix}*"):
                left.rmdir()
        raise


def _clear_others(own: Path) -> None:
    """Remove what killed processes of this user left beside a new folder; what a process may still write to stays."""
    # By the clock that dates the others, too.
    now = own.stat().st_mtime
    with suppress(OSError), os.scandir(own.parent) as entries:
        for entry in entries:
            named = _NAME.fullmatch(entry.name)
            if named is None or entry.name == own.name:
                continue
            with suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                if _is_own(status) and _is_left(named["machine"], int(named["process"]), now - status.st_mtime):
                    # It opens each folder by the one above and follows no link.
                    rmtree(entry.path, ignore_errors=True)


def _is_own(status: os.stat_result) -> bool:
    """A folder of this user's; Windows, where each user has a place of their own for such files, tells of no owner."""
    user = getattr(os, "getuid", None)
    return stat.S_ISDIR(status.st_mode) and (user is None or status.st_uid == user())


def _is_left(machine: str, process: int, age: float) -> bool:
    if os.name != "nt" and machine == machine_mark() and not is_running(process):
        return True
    return age > _SECONDS_LONG
