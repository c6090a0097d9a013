"""The person's own editor: on a whole report, or on one field."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nippo_cli.base.errors import NippoError, UsageError, msg, system_reason
from nippo_cli.base.files import make_folder
from nippo_cli.base.text import cut

_KNOWN = ("editor", "nano", "vim", "vi", "notepad")
_SHOWN = 60


class EditorFailed(NippoError):
    """The editor could not be run, or ended with a failure; what it saved before is there. Of a single field it is
    `saved`, None where it saved nothing."""

    saved: str | None = None


def has_editor() -> bool:
    """Whether the environment names an editor."""
    return any(os.environ.get(name, "").strip() for name in ("VISUAL", "EDITOR"))


def edit_file(path: Path) -> None:
    """Open a file in the editor, and wait until it is closed. Ctrl-C meanwhile is the editor's.

    Raises:
        EditorFailed: it could not be run, or ended with a failure. UsageError: there is none, or what is said of it can't
            be read.
    """
    command = _command()
    name = cut(command[0], _SHOWN)
    try:
        with _deaf_to_interrupts():
            done = subprocess.run([*command, str(path)], check=False, stdout=_stdout())  # noqa: S603  the person's own
    except OSError as error:
        raise EditorFailed(
            msg("flow.editor.missing", name=name, reason=system_reason(error)), hint=msg("flow.editor.hint")
        ) from None
    if done.returncode:
        raise EditorFailed(msg("flow.editor.failed", name=name, code=done.returncode))


def edit_text(text: str, folder: Path, keep: Callable[[str], None]) -> str:
    """The text as the editor saved it, without the line end that editors put behind the last line.

    Args:
        keep: told what the editor saved, if whatever ends this process comes first.

    Raises: as `edit_file`; and EditorFailed, where what it saved is no text: then the file stays. OSError: there is no
        room for the file.
    """
    make_folder(folder)
    path = folder / f".field-{os.urandom(6).hex()}.txt"
    mine = True
    # From before it is made, as `growing`.
    try:
        try:
            file = open(path, "x", encoding="utf-8", newline="\n", opener=_for_its_owner)  # noqa: SIM115  Path.open takes no opener
        except FileExistsError:
            mine = False
            raise
        with file:
            file.write(text)
        edit_file(path)
        return _field(path)
    except EditorFailed as error:
        error.saved = saved_text(path).rstrip("\n") or None
        raise
    except (KeyboardInterrupt, SystemExit):
        keep(saved_text(path).rstrip("\n") or text)
        raise
    finally:
        if mine and not _is_broken(path):
            path.unlink(missing_ok=True)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def saved_text(path: Path) -> str:
    """What an editor saved, in whatever encoding it writes; empty where the file is gone. Bytes that are no text at all
    stay what they are, as lone surrogates."""
    from nippo_cli.exchange.encoding import scan
    from nippo_cli.exchange.source import SourceRefused

    if not path.is_file():
        return ""
    try:
        encoding = scan(path).encoding
    except SourceRefused:
        encoding = "utf-8-sig"
    return path.read_text(encoding=encoding, errors="surrogateescape")


def _field(path: Path) -> str:
    if _is_broken(path):
        raise EditorFailed(msg("flow.editor.no_text", path=str(path)))
    return saved_text(path).rstrip("\n")


def _is_broken(path: Path) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in saved_text(path))


def _command() -> list[str]:
    """The editor as a command's words: what the environment names, else the first known one that is installed.

    Raises:
        UsageError: there is none, or what is said of it can't be read.
    """
    said = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    if said:
        # A path with blanks and backslashes is one word on Windows, unless it is quoted.
        if os.name == "nt" and shutil.which(said):
            return [said]
        try:
            parts = shlex.split(said, posix=os.name != "nt")
        except ValueError:
            parts = []
        if parts and parts[0]:
            return parts
        raise UsageError(msg("flow.editor.unreadable", said=cut(said, _SHOWN)), hint=msg("flow.editor.hint"))
    installed = next((name for name in _KNOWN if shutil.which(name)), None)
    if installed is None:
        raise UsageError(msg("flow.editor.none"), hint=msg("flow.editor.hint"))
    return [installed]


def _stdout() -> int | None:
    """Where the editor draws: the terminal, though stdout itself be piped."""
    return sys.stderr.fileno() if not sys.stdout.isatty() and sys.stderr.isatty() else None


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Who presses Ctrl-C in an editor means the editor, and it decides what becomes of it. (What is ignored here would be
    ignored there, too: so it is heard, and nothing done.)"""
    try:
        before = signal.signal(signal.SIGINT, lambda *_: None)
    except ValueError:
        # Signals are the main thread's.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)
