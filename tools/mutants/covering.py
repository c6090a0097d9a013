"""A plugin of pytest that writes down which tests run which lines that mutants are of.

    NIPPO_COVERING=FOLDER NIPPO_MUTANTS="24 11" python -m pytest -p mutants.covering …

`NIPPO_MUTANTS` says which mutants: how many, the seed that they are drawn by and of which rooms, as `sample` takes them. What
a fixture of a whole module runs counts for every test that uses it. Only what runs in pytest's own process is known.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from mutants.probes import Probe, Probes
from mutants.sites import ROOMS, SAMPLE, sample

FOLDER: Final = "NIPPO_COVERING"
DRAWN: Final = "NIPPO_MUTANTS"
# Of a line: the tests that run it, as numbers into `tests`.
Lines = dict[str, dict[int, list[int]]]


class Recorder:
    """What runs, test by test."""

    def __init__(self, folder: Path, probes: Probes) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = defaultdict(float)
        self.uses: dict[str, list[str]] = {}
        self.probes = probes
        self.ran: dict[str, set[int]] = defaultdict(set)
        self.context = "begin"

    def switch(self, context: str) -> None:
        """What runs from now on runs for another."""
        self.ran[self.context] |= self.probes.run
        self.probes.run.clear()
        self.context = context

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """One test, from its fixtures to their end."""
        self.uses[item.nodeid] = []
        self.switch(item.nodeid)
        result = yield
        self.switch("between")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """What is made for several tests is made in the name of all of them."""
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
        if fixturedef.scope == "function" or test not in self.uses:
            return (yield)
        self.switch(_shared(fixturedef))
        result = yield
        self.switch(test)
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
        self.switch("end")
        number = {test: n for n, test in enumerate(self.uses)}
        tests: dict[Probe, set[int]] = defaultdict(set)
        for test, shared in self.uses.items():
            for probe in {probe for context in (test, *shared) for probe in self.ran.get(context, ())}:
                tests[self.probes.places[probe]].add(number[test])
        lines: Lines = defaultdict(dict)
        for (file, line), some in tests.items():
            lines[file][line] = sorted(some)
        seconds = [self.seconds.get(test, 0.0) for test in self.uses]
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        whole = {"tests": list(self.uses), "seconds": seconds, "lines": lines}
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{worker}.json").write_text(json.dumps(whole), encoding="utf-8")


def _shared(fixture: Any) -> str:
    return f"shared {fixture.baseid} {fixture.argname}"


def drawn(size: int, seed: int, rooms: Sequence[str] = ROOMS) -> str:
    """What `DRAWN` is to say of a sample."""
    return f"{size} {seed} {','.join(rooms)}"


def _places(folder: Path) -> list[Probe]:
    """Where the mutants are that the environment names. To draw them takes seconds: whoever did so first has left them in the folder for
    the others."""
    given = os.environ.get(DRAWN, "")
    left = folder / "places"
    if left.exists():
        of, places = json.loads(left.read_text(encoding="utf-8"))
        if of == given:
            return [Probe(*place) for place in places]
    size, seed, rooms = (*given.split(), *drawn(SAMPLE, 0).split()[len(given.split()) :])
    places = [Probe(one.file, one.line) for one in sample(int(size), int(seed), rooms=rooms.split(","))]
    folder.mkdir(parents=True, exist_ok=True)
    own = left.with_name(f"{left.name} {os.getpid()}")
    own.write_text(json.dumps([given, places]), encoding="utf-8")
    own.replace(left)
    return places


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin where a folder is named, before any test loads nippo; but not in the process that only hands out tests to others."""
    folder = os.environ.get(FOLDER)
    hands_out = getattr(early_config.known_args_namespace, "numprocesses", None)
    if folder and not (hands_out and "PYTEST_XDIST_WORKER" not in os.environ):
        probes = Probes(set(_places(Path(folder))))
        probes.install()
        early_config.pluginmanager.register(Recorder(Path(folder), probes), "nippo-covering")


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
