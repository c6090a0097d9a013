"""What TAB costs: whole processes that answer a shell, against `--version` and the bare interpreter.

    .venv/bin/python benchmarks/completion.py                         # the demo's journal, 15 rounds
    .venv/bin/python benchmarks/completion.py --journal DIR --runs 30

The aim: no more than two bare interpreters above `--version`. Runs are interleaved, and a first round only warms the file
cache. As a shell asks it, in bash's form; another's differs in how the words are quoted.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nippo_cli.services.care.demo import write_demo_journal

AT_MOST_ABOVE = 2.0
_RUN = "from nippo_cli.cli.frame.main import run; run()"
_TYPED = {
    "a command": "nippo ",
    "an option of add": "nippo add --",
    "a deal, nothing typed": "nippo deal show ",
    "a deal, two characters": "nippo deal show 搬送",
    "a customer": "nippo customer 株式",
    "a choice": "nippo add --stage ",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--journal", type=Path, help="a folder with a journal; the demo's without it")
    parser.add_argument("--runs", type=int, default=15, help="of each")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        journal = asked.journal or _demo(Path(folder))
        medians = _measure(journal, asked.runs)
    bare, version = medians.pop("bare"), medians.pop("--version")
    print("| completed | × bare | bares above `--version` | aim |")
    print("|---|--:|--:|--:|")
    print(f"| (`--version`) | {version / bare:.2f} | | |")
    for what, seconds in medians.items():
        print(f"| {what} | {seconds / bare:.2f} | {(seconds - version) / bare:.2f} | <= {AT_MOST_ABOVE:g} |")


def _demo(folder: Path) -> Path:
    from datetime import UTC, datetime

    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    write_demo_journal(folder / "journal.db", now.date(), now)
    return folder


def _measure(journal: Path, runs: int) -> dict[str, float]:
    """Median seconds of each, by what it is."""
    commands = {"bare": (["-c", "pass"], ""), "--version": (["-c", _RUN, "--version"], "")}
    commands |= {what: (["-c", _RUN], line) for what, line in _TYPED.items()}
    took: dict[str, list[float]] = {what: [] for what in commands}
    for turn in range(runs + 1):
        for what, (argv, line) in commands.items():
            seconds = _once(argv, line, journal)
            if turn:
                took[what].append(seconds)
    return {what: statistics.median(seconds) for what, seconds in took.items()}


def _once(argv: list[str], line: str, journal: Path) -> float:
    env = {**os.environ, "NIPPO_JOURNAL": str(journal)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if line:
        env |= {"_NIPPO_COMPLETE": "complete_bash", "COMP_LINE": line, "_NIPPO_TEXT": line.rpartition(" ")[2]}
    began = time.perf_counter()
    answer = subprocess.run([sys.executable, *argv], env=env, capture_output=True, check=True)
    took = time.perf_counter() - began
    if line and not answer.stdout:
        raise SystemExit(f"nothing offered for: {line}")
    return took


if __name__ == "__main__":
    main()
