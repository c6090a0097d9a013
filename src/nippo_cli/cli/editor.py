"""The person's own editor: on a whole report, or on one field."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from nippo_cli.errors import NippoError, UsageError, msg

_KNOWN = ("editor", "nano", "vim", "vi", "notepad")


class EditorFailed(NippoError):
    """The editor could not be run, or ended with a failure; what it saved before is there."""


def has_editor() -> bool:
    """Whether the environment names an editor."""
    return any(os.environ.get(name, "").strip() for name in ("VISUAL", "EDITOR"))


def edit_file(path: Path) -> None:
    """Open a file in the editor, and wait until it is closed.

    Raises:
        EditorFailed: it could not be run, or ended with a failure. UsageError: there is none.
    """
    command = _command()
    try:
        done = subprocess.run([*command, str(path)], check=False, stdout=_stdout())  # noqa: S603  the person's own
    except OSError as error:
        raise EditorFailed(msg("flow.editor.missing", name=command[0], reason=error.strerror or str(error))) from None
    if done.returncode:
        raise EditorFailed(msg("flow.editor.failed", name=command[0], code=done.returncode))


def edit_text(text: str, folder: Path) -> str:
    """The text as the editor saved it, without the line end that editors put behind the last line.

    Raises: as `edit_file`.
    """
    from tempfile import mkstemp

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = mkstemp(prefix=".field-", suffix=".txt", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        edit_file(path)
        return path.read_text(encoding="utf-8-sig", errors="replace").rstrip("\n")
    finally:
        path.unlink(missing_ok=True)


def _command() -> list[str]:
    said = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    if said:
        # A path with blanks and backslashes is one word on Windows, unless it is quoted.
        return [said] if os.name == "nt" and shutil.which(said) else shlex.split(said, posix=os.name != "nt")
    found = next((name for name in _KNOWN if shutil.which(name)), None)
    if found is None:
        raise UsageError(msg("flow.editor.none"))
    return [found]


def _stdout() -> int | None:
    """Where the editor draws: the terminal, though stdout itself be piped."""
    return sys.stderr.fileno() if not sys.stdout.isatty() and sys.stderr.isatty() else None
