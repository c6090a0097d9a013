"""`python -m mutants`, where `tools` is on the path: put faults in, run the tests, say which fault nothing noticed."""

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from mutants.covering import DRAWN, FOLDER, Covering, drawn
from mutants.listed import line_of, listed
from mutants.sites import ROOMS, ROOT, SAMPLE, Mutant, sample
from mutants.trials import QUIET, Loop, Outcome

# What runs nippo in pytest's own process; the rest runs it as a program.
TESTS: Final = tuple(
    f"tests/{room}" for room in (
        "base", "schema", "line", "gaps", "lessons", "journal", "property", "exchange", "services", "render", "cli", "faults",
    )
)  # fmt: skip


class Tried(NamedTuple):
    """A mutant and what the tests said."""

    mutant: Mutant
    outcome: Outcome
    seconds: float


def main() -> int:
    """1 where a mutant survives that is not listed."""
    asked = _asked()
    seed = random.randrange(10**6) if asked.seed is None else asked.seed
    mutants = sample(asked.sample, seed, rooms=asked.rooms.split(","))
    print(f"{len(mutants)} mutants" + (f", drawn by --seed {seed}" if asked.sample < SAMPLE else ""), flush=True)
    with tempfile.TemporaryDirectory(prefix="nippo-mutants-") as folder:
        covering = asked.covering or _recorded(
            Path(folder) / "covering", asked.jobs, drawn(asked.sample, seed, asked.rooms.split(","))
        )
        tried = []
        for one in _trials(mutants, covering, asked.jobs, asked.seconds):
            tried.append(one)
            if one.outcome not in ("killed", "slow") or asked.verbose:
                print(f"{one.outcome} {one.seconds:.1f} s {one.mutant}", flush=True)
    return _told(tried)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=SAMPLE, help=f"how many mutants ({SAMPLE})")
    parser.add_argument("--rooms", default=",".join(ROOMS), help=f"of which rooms ({','.join(ROOMS)})")
    parser.add_argument("--seed", type=int, help="which, where fewer are asked for (any)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (one a core)")
    parser.add_argument("--seconds", type=float, default=40.0, help="of tests a mutant at most (40)")
    parser.add_argument("--covering", type=Path, help="a folder of what `mutants.covering` wrote; else it is made")
    parser.add_argument("--verbose", action="store_true", help="say what became of each")
    return parser.parse_args()


def _recorded(folder: Path, jobs: int, mutants: str) -> Path:
    """Run the tests once, to know which of them run the mutants' lines."""
    began = time.monotonic()
    run = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "mutants.covering",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    many = ["-n", str(jobs)] if jobs > 1 else []
    subprocess.run(
        [*run, *many, *TESTS],
        cwd=ROOT,
        check=True,
        env={**os.environ, FOLDER: str(folder), DRAWN: mutants},
        stdout=subprocess.DEVNULL,
    )
    print(f"which test runs which line: {time.monotonic() - began:.0f} s", flush=True)
    return folder


def _trials(mutants: Sequence[Mutant], covering: Path, jobs: int, seconds: float) -> Iterator[Tried]:
    """Each mutant tried, in so many processes side by side."""
    told: multiprocessing.Queue[Tried | None] = multiprocessing.Queue()
    workers = [
        multiprocessing.Process(target=_work, args=(mutants[n::jobs], covering, seconds, told)) for n in range(jobs)
    ]
    for worker in workers:
        worker.start()
    at_work = len(workers)
    while at_work:
        one = told.get()
        if one is None:
            at_work -= 1
        else:
            yield one
    for worker in workers:
        worker.join()


def _work(
    mutants: Sequence[Mutant], covering: Path, seconds: float, told: "multiprocessing.Queue[Tried | None]"
) -> None:
    """One process: the tests are loaded, then the mutants are tried."""
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = os.devnull
    os.chdir(ROOT)
    known = Covering(covering)
    loop = Loop(mutants, known, seconds, lambda mutant, outcome, took: told.put(Tried(mutant, outcome, took)))
    files = sorted({test.split("::")[0] for test in known.seconds})
    try:
        pytest.main([*QUIET, "-s", f"--rootdir={ROOT}", *files], plugins=[loop])
    finally:
        told.put(None)


def _told(tried: Sequence[Tried]) -> int:
    """Say what became of the mutants; 1 where one survives for no known reason."""
    known = listed()
    alive = [one.mutant for one in tried if one.outcome in ("survived", "uncovered")]
    kinds = Counter(known[one.key].kind if one.key in known else "unlisted" for one in alive)
    rest = len(tried) - kinds["equivalent"]
    died = len(tried) - len(alive)
    print(f"{died} of {rest} died ({died / max(1, rest):.1%}); alive: {dict(kinds)}")
    unlisted = [one for one in alive if one.key not in known]
    for one in sorted(unlisted):
        print(f"{one.file}:{one.line}\n{line_of(one)}")
    return 1 if unlisted else 0


if __name__ == "__main__":
    sys.exit(main())
