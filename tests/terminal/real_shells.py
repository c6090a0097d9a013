"""Real shells on a pseudo-terminal, with nippo's own completion: what TAB and Enter make of a line."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")

SHELLS = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}
_BEGUN = {"bash": "", "zsh": "autoload -Uz compinit; compinit -D -u", "fish": ""}
# By its prompt each says that it waits for a command, or that a quote is open still; fish says nothing of quotes.
_PROMPTS = {
    "bash": "PS1=wai''ts:; PS2=mo''re:",
    "zsh": "PS1=wai''ts:; PS2=mo''re:",
    "fish": "function fish_prompt; echo wai''ts:; end",
}
# Answers TAB as nippo does; a command that is run is only written down, each word ended by NUL, the line by RS.
_STAND_IN = """#!/bin/sh
if [ -n "$_NIPPO_COMPLETE" ]; then exec '{python}' -c 'from nippo_cli.cli.frame.main import run; run()'; fi
{{ printf '%s\\0' "$@"; printf '\\036'; }} >>'{log}'
"""
_PATIENCE_S = 10


def program(shell: str) -> str:
    """The shell's program; the test is skipped where there is none."""
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not here")
    return found


class Desk:
    """A folder with a `nippo` that writes down what it is run with, a folder to work in, and a script for each shell."""

    def __init__(self, folder: Path, journal: Path) -> None:
        self._folder = folder
        self._log = folder / "run.log"
        self.work = folder / "work"
        self.env = os.environ | {
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "NIPPO_JOURNAL": str(journal),
            "HOME": str(folder), "NIPPO_LANG": "ja", "LC_ALL": "C.UTF-8", "TERM": "xterm", "NO_COLOR": "1",
            "XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        }  # fmt: skip
        for made in (folder / "bin", self.work):
            made.mkdir(parents=True)
        nippo = folder / "bin" / "nippo"
        nippo.write_text(_STAND_IN.format(python=sys.executable, log=self._log), encoding="utf-8")
        nippo.chmod(0o755)

    def script(self, shell: str) -> Path:
        """The script that `--show-completion` gives the shell."""
        path = self._folder / f"nippo.{shell}"
        if not path.exists():
            shown = subprocess.run(
                [sys.executable, "-c", "from nippo_cli.cli.frame.main import run; run()", "--show-completion", shell],
                env=self.env | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}, check=True, capture_output=True,
            )  # fmt: skip
            path.write_bytes(shown.stdout)
        return path

    def runs(self) -> list[list[str]]:
        """The words of each command that was run, the first one first."""
        said = self._log.read_text(encoding="utf-8", errors="surrogateescape") if self._log.exists() else ""
        return [line.split("\0")[:-1] for line in said.split("\x1e")[:-1]]


class Session:
    """One shell, kept open for many lines."""

    def __init__(self, workspace: Desk, shell: str, *settings: str) -> None:
        self._workspace = workspace
        self._child: Any = pexpect.spawn(
            program(shell), SHELLS[shell], env=workspace.env, encoding="utf-8", codec_errors="replace", timeout=_PATIENCE_S,
            dimensions=(40, 200), cwd=str(workspace.work),
        )  # fmt: skip
        self._child.delaybeforesend = None
        for line in (_BEGUN[shell], f"source {workspace.script(shell)}", *settings, _PROMPTS[shell]):
            self._child.send(f"{line}\r")
        self._child.expect("waits:")

    def enter(self, keys: str) -> list[str] | None:
        """The words that nippo is run with when these keys are typed, and Enter; None where a quote is open still, or
        the shell would not have the line."""
        before = len(self._workspace.runs())
        self._child.send(f"{keys}\r")
        until = time.monotonic() + _PATIENCE_S
        shown = ""
        while not any(end in shown for end in ("more:", "unmatched", "parse error")):
            assert time.monotonic() < until, f"nothing came of {keys!r}: {shown}"
            if len(runs := self._workspace.runs()) > before:
                return runs[before]
            try:
                shown += self._child.read_nonblocking(65536, timeout=0.01)
            except pexpect.TIMEOUT:
                continue
        self._interrupt()
        return None

    def lists(self, keys: str, text: str) -> bool:
        """Whether a text is shown after these keys are typed; then the line is left."""
        self._child.send(keys)
        shown = self._child.expect_exact([text, pexpect.TIMEOUT], timeout=_PATIENCE_S) == 0
        self._interrupt()
        return shown

    def close(self) -> None:
        """Leave, whatever stands on the line."""
        self._child.close(force=True)

    def _interrupt(self) -> None:
        """Ctrl-C until the prompt is there: one that comes while the shell draws is lost, as is what is typed too soon."""
        for _ in range(_PATIENCE_S):
            time.sleep(0.05)
            self._child.send("\x03")
            if self._child.expect(["waits:", pexpect.TIMEOUT], timeout=0.5) == 0:
                time.sleep(0.05)
                return
        raise AssertionError("the shell does not come back")
