"""A terminal for tests: a pseudo-terminal, and on it what a person would see (pyte draws it and answers its queries)."""

import codecs
import os
import sys
from pathlib import Path
from typing import Any

import forked
import pexpect
import pyte

_PROGRAM = "from nippo_cli.cli.frame.main import run; run()"
NOW = "2026-11-23T18:00:00+09:00"
ENTER, CTRL_C, CTRL_D, CTRL_J, CTRL_O, CTRL_T = "\r", "\x03", "\x04", "\n", "\x0f", "\x14"
DOWN, ALT_ENTER = "\x1b[B", "\x1b\r"
_PATIENCE_S = 20


class Terminal:
    """`nippo ARGV` on a terminal of so many rows and columns."""

    def __init__(
        self,
        journal: Path,
        *argv: str,
        size: tuple[int, int] = (24, 80),
        lang: str = "ja",
        encoding: str = "utf-8",
        env: dict[str, str] | None = None,
        program: str = _PROGRAM,
    ) -> None:
        rows, columns = size
        self._encoding = encoding
        # What is read may end in the middle of a character.
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self.raw = ""
        settings = {
            "NIPPO_JOURNAL": str(journal), "NIPPO_NOW": NOW, "NIPPO_LANG": lang, "NIPPO_AUTHOR": "佐藤", "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8", "XDG_STATE_HOME": str(journal.parent / "state"),
        }  # fmt: skip
        if encoding != "utf-8":
            settings |= {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
        # What Python makes of another encoding it makes at its beginning.
        anew = encoding != "utf-8" or any(name.startswith(("LC_", "PYTHON")) for name in env or ())
        begin = pexpect.spawn if anew else forked.spawn
        self.child: Any = begin(
            sys.executable, ["-c", program, *argv], env={**os.environ, **settings, **(env or {})}, dimensions=size,
            timeout=_PATIENCE_S,
        )  # fmt: skip
        self.child.delaybeforesend = None
        # What a terminal answers when it is asked where its cursor is.
        self._screen.write_process_input = lambda said: self.child.send(said.encode())

    # --- what a person does

    def type(self, *parts: str) -> "Terminal":
        """Keys, one after another."""
        for part in parts:
            self.child.send(part.encode(self._encoding, "replace"))
        return self

    def paste(self, text: str) -> "Terminal":
        """A paste, as terminals announce it."""
        return self.type(f"\x1b[200~{text}\x1b[201~")

    def resize(self, rows: int, columns: int) -> "Terminal":
        """The window is drawn larger or smaller."""
        self._screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)
        return self

    # --- what a person sees

    def see(self, *texts: str) -> "Terminal":
        """Wait until all of these stand on the screen."""
        while not all(text in self.shown for text in texts):
            if not self._read():
                raise AssertionError(f"{texts} never came:\n{self.shown}")
        return self

    def gone(self, text: str) -> "Terminal":
        """Wait until this stands there no more."""
        while text in self.shown:
            if not self._read():
                raise AssertionError(f"{text} stayed:\n{self.shown}")
        return self

    def see_whole(self, *texts: str) -> str:
        """As `see`, and the quiet line at the foot, which is drawn last: the screen."""
        self.see(*texts)
        # It is dim from its first column on; where the screen is full, the question stands there before it.
        while (cell := self._screen.buffer[self._screen.lines - 1][0]).bold or cell.fg == "default":
            if not self._read():
                raise AssertionError(f"no foot:\n{self.shown}")
        return self.shown

    @property
    def shown(self) -> str:
        """The screen, its rows without the blanks behind them and those below."""
        return "\n".join(row.rstrip() for row in self._screen.display).rstrip()

    def ended(self) -> int:
        """Wait for the end: the exit code, 128 and the signal's number where one ended it."""
        while self._read():
            pass
        self.child.wait()
        status: int | None = self.child.exitstatus
        return status if status is not None else 128 + int(self.child.signalstatus or 0)

    def _read(self) -> bool:
        try:
            said = self.child.read_nonblocking(65536, timeout=_PATIENCE_S)
        except (pexpect.EOF, OSError):
            return False
        except pexpect.TIMEOUT:
            raise AssertionError(f"nothing more comes:\n{self.shown}") from None
        text = self._decoder.decode(said)
        self.raw += text
        self._stream.feed(text)
        return True
