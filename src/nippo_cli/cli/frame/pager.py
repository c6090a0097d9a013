"""A long answer on a terminal goes through the person's pager."""

import os
import sys
from collections.abc import Mapping
from shutil import get_terminal_size

_PLAIN = ("", "cat")


def paged(text: str, env: Mapping[str, str]) -> bool:
    """Show a text through a pager if it is longer than the screen; whether that was done.

    The pager is `NIPPO_PAGER`, else `PAGER`, else `less`. None is started where `NO_PAGER` is set, on a dumb terminal,
    or where the pager is `cat`, empty, or not there.
    """
    if env.get("NO_PAGER") or env.get("TERM") == "dumb" or text.count("\n") < _rows():
        return False
    said = env.get("NIPPO_PAGER", env.get("PAGER", "less")).strip()
    return said not in _PLAIN and _run(said, text, env)


def _rows() -> int:
    """The rows of the screen, one kept for the next prompt."""
    return max(2, get_terminal_size(fallback=(80, sys.maxsize)).lines - 1)


def _run(said: str, text: str, env: Mapping[str, str]) -> bool:
    import shlex
    import shutil
    import subprocess
    from contextlib import suppress

    try:
        command = shlex.split(said, posix=os.name != "nt")
    except ValueError:
        return False
    program = shutil.which(command[0]) if command else None
    if program is None:
        return False
    # Colours as colours, Japanese as Japanese, and the screen left as it is when the pager ends.
    own = {"LESS": "-FRX", "LESSCHARSET": "utf-8", **env}
    sys.stdout.flush()
    try:
        pager = subprocess.Popen([program, *command[1:]], stdin=subprocess.PIPE, env=own)  # noqa: S603  the person's own
    except OSError:
        return False
    # Who has read enough closes it; that is no error.
    with suppress(BrokenPipeError):
        try:
            pager.communicate(text.encode("utf-8", errors="replace"))
        except KeyboardInterrupt:
            # It is the pager's own key, to stop a search.
            pager.wait()
    return True
