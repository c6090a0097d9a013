"""What the gap pages cost against DuckDB's answer to one of their questions, on the journals that `run.py` made.

    .venv/bin/pip install duckdb
    .venv/bin/python benchmarks/gaps.py                        # the journal of a million entries
    .venv/bin/python benchmarks/gaps.py --size 10000 --runs 3

Whole processes on both sides, nippo's drawn as a terminal shows them (20 rows a kind, 10 a section), medians of interleaved
runs. DuckDB's question alone, in its open file, is told besides.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from peer import make
from run import RESULTS, Journal, _nippo

from nippo_cli.gaps import KINDS

PROCESS, QUESTION = "DuckDB, stalled alone", "its question in an open file"
PEER = Path(__file__).with_name("peer.py")
# The whole page against the one question, a kind against the whole page's bound.
WHOLE, KIND = 1.8, 0.75
# How many days ago the page is asked for, and what it may take of today's.
AGO = {"gap, a week ago": (7, 1.4), "gap, a year ago": (365, 5.0)}


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=1_000_000, help="which of the journals of run.py")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--data", type=Path, default=RESULTS / "data")
    asked = parser.parse_args()
    until = json.loads((asked.data / f"entries-{asked.size}.json").read_text(encoding="utf-8"))["until"]
    journal = Journal(asked.size, asked.data / f"journal-{asked.size}", f"{until}T18:00:00+09:00")
    peer = asked.data / f"peer-{asked.size}.duckdb"
    if not peer.exists():
        make(asked.data / f"entries-{asked.size}.csv", peer)
    times: dict[str, list[float]] = {}
    for nth in range(asked.runs + 1):
        sys.stderr.write(f"run {nth} of {asked.runs}\n")
        seconds, question = _peer(peer, until)
        each = {PROCESS: seconds, QUESTION: question}
        each |= {name: _nippo(journal, *words).seconds for name, words in _commands(date.fromisoformat(until)).items()}
        # The first round only warms the file cache.
        for name, seconds in each.items() if nth else ():
            times.setdefault(name, []).append(seconds)
    sys.stdout.write("\n".join(_report({name: statistics.median(taken) for name, taken in times.items()})) + "\n")


def _commands(until: date) -> Mapping[str, Sequence[str]]:
    return {
        "gap": ("gap", "--limit", "10"),
        **{
            name: ("gap", "--limit", "10", "--as-of", (until - timedelta(days=days)).isoformat())
            for name, (days, _) in AGO.items()
        },
        **{f"gap {kind}": ("gap", kind, "--limit", "20") for kind in KINDS},
    }


def _peer(file: Path, day: str) -> tuple[float, float]:
    """The seconds of DuckDB's whole process, and those of its question in it."""
    began = time.perf_counter()
    ran = subprocess.run([sys.executable, str(PEER), "ask", str(file), day], capture_output=True, check=True)
    return time.perf_counter() - began, float(json.loads(ran.stdout)["seconds"])


def _report(medians: Mapping[str, float]) -> list[str]:
    peer, question, whole = medians[PROCESS], medians[QUESTION], medians["gap"]
    rows = [f"| page | ms | × {PROCESS} | aim | × {QUESTION} |", "|---|--:|--:|--:|--:|"]
    for name, seconds in medians.items():
        ms = round(seconds * 1000)
        if name in AGO:
            rows.append(f"| {name} | {ms} | {seconds / whole:.2f} × today's | ≤ {AGO[name][1]:g} | |")
            continue
        aim = f"≤ {WHOLE:g}" if name == "gap" else f"≤ {KIND:g}" if name.startswith("gap ") else ""
        rows.append(f"| {name} | {ms} | {seconds / peer:.2f} | {aim} | {seconds / question:.2f} |")
    return rows


if __name__ == "__main__":
    main()
