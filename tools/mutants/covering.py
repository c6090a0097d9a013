"""A plugin of pytest that writes down which tests run which lines of the rooms that are mutated.

    NIPPO_COVERING=FOLDER python -m pytest -p mutants.covering …

What a fixture of a whole module runs counts for every test that uses it. Only what runs in pytest's own process is seen.
"""

import importlib.util
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import coverage
import pytest

from mutants.sites import PACKAGE, files

FOLDER: Final = "NIPPO_COVERING"
# Of a line: the tests that run it, as numbers into `tests`.
Lines = dict[str, dict[int, list[int]]]


class Recorder:
    """What is covered, test by test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = defaultdict(float)
        self.uses: dict[str, list[str]] = {}
        # The package that is tested may be an installed one; its files are known by where they are in the tree.
        spec = importlib.util.find_spec("nippo_cli")
        self.package = Path((spec.origin if spec else None) or PACKAGE / "__init__.py").resolve().parent
        include = [str(self.package / Path(file).relative_to(PACKAGE)) for file in files()]
        self.cover = coverage.Coverage(data_file=None, include=include, config_file=False, branch=False)
        self.cover.start()
        self.cover.switch_context("begin")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """One test, from its fixtures to their end."""
        self.uses[item.nodeid] = []
        self.cover.switch_context(item.nodeid)
        result = yield
        self.cover.switch_context("between")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """What is made for several tests is made in the name of all of them."""
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
        if fixturedef.scope == "function" or test not in self.uses:
            return (yield)
        self.cover.switch_context(_shared(fixturedef))
        result = yield
        self.cover.switch_context(test)
        return result

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Before the test itself: which shared fixtures it stands on."""
        info = getattr(item, "_fixtureinfo", None)
        for fixtures in info.name2fixturedefs.values() if info else ():
            self.uses[item.nodeid] += [_shared(one) for one in fixtures if one.scope != "function"]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """How long a test took in all."""
        self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Write it all down."""
        self.cover.stop()
        data = self.cover.get_data()
        users: dict[str, list[str]] = defaultdict(list)
        for test, shared in self.uses.items():
            for one in {test, *shared}:
                users[one].append(test)
        number = {test: n for n, test in enumerate(self.uses)}
        lines: Lines = {}
        for path in data.measured_files():
            by_line = {
                line: sorted({number[test] for context in contexts for test in users.get(context, ())})
                for line, contexts in data.contexts_by_lineno(path).items()
            }
            file = (PACKAGE / Path(path).resolve().relative_to(self.package)).as_posix()
            lines[file] = {line: tests for line, tests in by_line.items() if tests}
        seconds = [self.seconds.get(test, 0.0) for test in self.uses]
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        whole = {"tests": list(self.uses), "seconds": seconds, "lines": lines}
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{worker}.json").write_text(json.dumps(whole), encoding="utf-8")


def _shared(fixture: Any) -> str:
    return f"shared {fixture.baseid} {fixture.argname}"


def pytest_configure(config: pytest.Config) -> None:
    """Begin where a folder is named; but not in the process that only hands out tests to others."""
    folder = os.environ.get(FOLDER)
    hands_out = getattr(config.option, "numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ
    if folder and not hands_out:
        config.pluginmanager.register(Recorder(Path(folder)), "nippo-covering")


class Covering:
    """Which tests run a line, as the recorders wrote it."""

    def __init__(self, folder: Path) -> None:
        self.seconds: dict[str, float] = {}
        self._lines: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for file in sorted(folder.glob("*.json")):
            whole = json.loads(file.read_text(encoding="utf-8"))
            tests: Sequence[str] = whole["tests"]
            self.seconds |= dict(zip(tests, whole["seconds"], strict=True))
            lines: Mapping[str, Mapping[str, Sequence[int]]] = whole["lines"]
            for path, by_line in lines.items():
                for line, numbers in by_line.items():
                    self._lines[path][int(line)] += [tests[n] for n in numbers]

    def of_lines(self, file: str, lines: range) -> set[str]:
        """The tests that run any of some lines."""
        known = self._lines.get(file, {})
        return {test for line in lines for test in known.get(line, ())}

    def of_file(self, file: str) -> set[str]:
        """The tests that run anything of a file."""
        return {test for tests in self._lines.get(file, {}).values() for test in tests}
