"""Commands in processes of their own that begin at once: each is forked from one that has all of nippo loaded, waits until
it is traced, and ends as `nippo` of the shell does.

This file is the waiting process, too: `python ready.py` takes a line of JSON for each request on stdin and answers with one.
"""

import ctypes
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_MAY_BE_TRACED_BY_ANY = (0x59616D61, -1)  # prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY), where Yama asks for it


class Ready:
    """The process that waits, and its children."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )  # fmt: skip

    def fork(
        self, argv: "tuple[str, ...] | str", folder: Path, env: Mapping[str, str], *, before: str = "", times: int = 1
    ) -> int:
        """A process that is to run one command of nippo, or of Python; it waits for `go`.

        Args:
            folder: its current folder, where `out` and `err` are written.
            before: what it does first, in Python.
            times: how often the command is run; `{n}` in an argument is which time it is.
        """
        return int(self._ask("fork", argv=argv, folder=str(folder), env=dict(env), before=before, times=times))

    def go(self, process: int) -> None:
        """Let it begin."""
        self._ask("go", process=process)

    def wait(self, process: int) -> int:
        """Its exit code; of one that was killed, less than zero."""
        return int(self._ask("wait", process=process))

    def close(self) -> None:
        """End the process that waits."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def _ask(self, what: str, **said: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, said]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def ready() -> Iterator[Ready]:
    """The process that waits, ended in any case."""
    made = Ready()
    try:
        yield made
    finally:
        made.close()


def _load_all() -> None:
    import nippo_cli

    for module in pkgutil.walk_packages(nippo_cli.__path__, "nippo_cli."):
        importlib.import_module(module.name)
    importlib.import_module("sqlite_utils.migrations")
    importlib.import_module("typer.completion")


def _serve() -> None:
    gates: dict[int, int] = {}
    for line in sys.stdin:
        what, said = json.loads(line)
        answer: object = None
        if what == "fork":
            reading, writing = os.pipe()
            seen, shown = os.pipe()
            if not (answer := os.fork()):
                # Another child's gate would stay open with this one.
                for gate in (seen, writing, *gates.values()):
                    os.close(gate)
                _run(reading, shown, **said)
            for gate in (reading, shown):
                os.close(gate)
            # Whoever counts its calls counts none from before the gate; of a child that ended nothing comes.
            os.read(seen, 1)
            os.close(seen)
            gates[answer] = writing
        elif what == "go":
            os.write(gates[said["process"]], b"\n")
            os.close(gates.pop(said["process"]))
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(said["process"], 0)[1])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _run(
    gate: int, shown: int, argv: "list[str] | str", folder: str, env: dict[str, str], before: str, times: int
) -> None:
    code = 70
    try:
        libc = ctypes.CDLL(None)
        if hasattr(libc, "prctl"):
            libc.prctl(*_MAY_BE_TRACED_BY_ANY)
        os.environ.update(env)
        os.chdir(folder)
        for number, name in enumerate(("/dev/null", "out", "err")):
            handle = os.open(name, os.O_RDWR | os.O_CREAT | (os.O_TRUNC if number else 0), 0o600)
            os.dup2(handle, number)
            os.close(handle)
        exec(before, {})
        os.write(shown, b"\n")
        os.close(shown)
        os.read(gate, 1)
        os.close(gate)
        if isinstance(argv, str):
            exec(argv, {})
            code = 0
        else:
            from nippo_cli.cli.frame.main import main

            for n in range(times):
                code = main([arg.replace("{n}", str(n)) for arg in argv])
                if times > 1:
                    sys.stdout.write(f"{n} {code}\n")
                    sys.stdout.flush()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _load_all()
    _serve()
    # To take all of nippo apart again would be for nothing.
    os._exit(0)
