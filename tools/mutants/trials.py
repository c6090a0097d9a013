"""Mutants tried one after the other, by a plugin of pytest in the place of its loop.

The tests are collected once. Each mutant gets a forked process, in which the functions that differ get the mutant's code and
the tests that run its line are run until one fails. Where what is loaded can't be changed, and to make sure of a survivor
that changes more than functions, pytest is run on a copy of the tree.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal

import pytest

from mutants.covering import Covering
from mutants.patching import patch
from mutants.sites import ROOT, Mutant

Outcome = Literal["killed", "slow", "survived", "uncovered"]

_COPIED: Final = (
    "src",
    "tests",
    "docs",
    "examples",
    "pyproject.toml",
    "schema.yaml",
    "hatch_build.py",
    "README.md",
    "README.ja.md",
)
QUIET: Final = (
    "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "--hypothesis-seed=1", "--tb=line",
    "-o", "tmp_path_retention_policy=none",
)  # fmt: skip
# A mutant that takes its tests so much longer hangs: seconds of the processor, so that a busy machine hangs nobody; and so
# long it may wait for nothing.
_PATIENCE, _LEAST_SECONDS, _MOST_SECONDS, _LONGEST_WAIT = 2, 10, 30, 40
_SURVIVED, _KILLED, _UNPATCHED, _UNSURE = 0, 1, 90, 91


class Loop:
    """What pytest runs in the place of its tests."""

    def __init__(
        self,
        mutants: Iterable[Mutant],
        covering: Covering,
        seconds: float,
        tell: Callable[[Mutant, Outcome, float], None],
    ) -> None:
        self._mutants = mutants
        self._covering = covering
        self._seconds = seconds
        self._tell = tell
        self._failed = False
        self._copy: Path | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="nippo-trials-"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """A failure is enough: the smallest one is nobody's business here, and nothing is remembered."""
        from hypothesis import settings
        from hypothesis.internal.conjecture import engine

        settings.register_profile("mutants", settings.get_profile("nippo"), database=None)
        settings.load_profile("mutants")
        vars(engine)["MAX_SHRINKING_SECONDS"] = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant."""
        items = {item.nodeid: item for item in session.items}
        try:
            for mutant in self._mutants:
                began = time.monotonic()
                outcome = self._outcome(mutant, items)
                self._tell(mutant, outcome, time.monotonic() - began)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """In a forked process: whether a test failed."""
        self._failed = self._failed or report.failed

    def _outcome(self, mutant: Mutant, items: dict[str, pytest.Item]) -> Outcome:
        tests = [test for test in self._tests(mutant) if test in items]
        if not tests:
            return "uncovered"
        usual = sum(self._covering.seconds[test] for test in tests)
        limit = int(min(max(_LEAST_SECONDS, usual * _PATIENCE), max(_MOST_SECONDS, usual)))
        code = self._forked(mutant, [items[test] for test in tests], limit)
        if code in (_UNPATCHED, _UNSURE):
            code = self._anew(mutant, tests, limit)
        if code < 0:
            return "slow"
        return "survived" if code == _SURVIVED else "killed"

    def _tests(self, mutant: Mutant) -> list[str]:
        """Those that run the line first, then those that run its file; near ones and quick ones first, as far as time
        allows."""
        run = self._covering.of_lines(mutant.file, range(mutant.line, mutant.line + 1))
        rest = self._covering.of_file(mutant.file) - run
        room = mutant.file.removeprefix("src/nippo_cli/").split("/")[0]
        seconds = self._covering.seconds
        if not run:
            # What a module says once, when it is loaded, is run by no test and may be read by any.
            rest |= {test for test in seconds if test.startswith(f"tests/{room}/")}

        def near(test: str) -> tuple[bool, float]:
            return not test.startswith(f"tests/{room}/"), seconds[test]

        left = self._seconds
        chosen: list[str] = []
        for test in (*sorted(run, key=near), *sorted(rest, key=near)):
            if seconds[test] <= left:
                left -= seconds[test]
                chosen.append(test)
        return chosen

    def _forked(self, mutant: Mutant, items: Sequence[pytest.Item], limit: int) -> int:
        """The tests in a process that begins with everything loaded."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        child = os.fork()
        if child == 0:
            code = _KILLED
            try:
                os.setsid()
                _limited(limit)
                _silent()
                how = patch(mutant)
                if how == "not":
                    code = _UNPATCHED
                else:
                    failed = self._fails(items, folder)
                    code = _KILLED if failed else _SURVIVED if how == "functions" else _UNSURE
            finally:
                os._exit(code)
        # One that waits for what never comes uses no processor.
        until = time.monotonic() + limit + _LONGEST_WAIT
        done, status = os.waitpid(child, os.WNOHANG)
        while not done and time.monotonic() < until:
            time.sleep(0.01)
            done, status = os.waitpid(child, os.WNOHANG)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        if not done:
            status = os.waitpid(child, 0)[1]
        shutil.rmtree(folder, ignore_errors=True)
        return os.waitstatus_to_exitcode(status)

    def _fails(self, items: Sequence[pytest.Item], folder: Path) -> bool:
        factory: Any = items[0].config
        factory._tmp_path_factory._basetemp = folder  # noqa: SLF001  each child its own
        for item, after in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self._failed:
                return True
        return False

    def _anew(self, mutant: Mutant, tests: Sequence[str], limit: int) -> int:
        """The tests in a new process, on a copy of the tree."""
        if self._copy is None:
            self._copy = copy_tree(self._folder / "tree")
        with _written(self._copy / mutant.file, mutant.source):
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *QUIET, f"--rootdir={self._copy}", *tests],
                cwd=self._copy, check=False, capture_output=True, preexec_fn=lambda: _limited(limit + 20),
                env={**os.environ, "PYTHONPATH": str(self._copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
            )  # fmt: skip
        if done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED:
            raise RuntimeError((done.stdout + done.stderr).decode())
        return done.returncode


def copy_tree(to: Path) -> Path:
    """The tree as it is, compiled."""
    to.mkdir(parents=True)
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, to / name)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(to / "src")], check=True)
    return to


@contextmanager
def _written(path: Path, source: str) -> Iterator[None]:
    """A file with another text for a while."""
    whole, stat = path.read_bytes(), path.stat()
    try:
        path.write_text(source, encoding="utf-8")
        # What is compiled is known by its source's time and size, and both may be as they were.
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 7919 * 10**9))
        yield
    finally:
        path.write_bytes(whole)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _limited(seconds: int) -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
