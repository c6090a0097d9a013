"""One key from the person at the terminal, without Enter."""

import os
import sys
from importlib import import_module
from unicodedata import normalize

_ESCAPE = b"\x1b"
_END = "\x04"


def one_key() -> str:
    """The key that is pressed, small and half-width: `ｇ` and `G` are `g`. Arrows and the like are an empty text.

    Raises:
        KeyboardInterrupt: the person stopped. EOFError: there is no more.
    """
    try:
        # By their names: Windows has neither.
        termios, tty = import_module("termios"), import_module("tty")
    except ImportError:
        return _plain(_of_windows())
    # A standard input that is closed has no number.
    file = sys.stdin.fileno()
    before = termios.tcgetattr(file)
    try:
        tty.setcbreak(file)
        pressed = _read(file)
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)
    return _plain(pressed)


def _read(file: int) -> str:
    """One character, as many bytes as UTF-8 takes for it; of an escape sequence all that there is of it."""
    first = os.read(file, 1)
    if first == _ESCAPE:
        import select

        while select.select([file], [], [], 0)[0]:
            os.read(file, 1)
        return ""
    more = 0 if not first or first[0] < 0xC0 else 1 if first[0] < 0xE0 else 2 if first[0] < 0xF0 else 3
    return (first + (os.read(file, more) if more else b"")).decode("utf-8", errors="replace") or _END


def _of_windows() -> str:
    pressed = str(import_module("msvcrt").getwch())
    if pressed == "\x03":
        raise KeyboardInterrupt
    return "" if pressed in ("\x00", "\xe0") else pressed


def _plain(pressed: str) -> str:
    if pressed == _END:
        raise EOFError
    return normalize("NFKC", pressed).lower().strip()
