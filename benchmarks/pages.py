"""What the pages cost over a whole diary: whole processes against the bare interpreter, on the journals that `run.py` made.

    .venv/bin/python benchmarks/pages.py                       # 10k and 1M entries
    .venv/bin/python benchmarks/pages.py --sizes 10000 --runs 3

Output piped, medians of interleaved runs, wall time; with `--processor` processor time, for a machine that others use. Peak
memory is the most of all runs. Some commands by themselves: `--only steps,lessons`. Not on Windows, which tells neither.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from run import BARE, LONG, NIPPO, RESULTS, Journal

# × the bare interpreter at the largest size; None where another page or the smallest journal is the measure.
AIMS: Mapping[str, float | None] = {
    "nippo": 16,
    "deal list": 15,
    "deal list --limit 20": None,
    "steps": 40,
    "lessons": 60,
    "gap": None,
    "gap, a week ago": None,
    "gap, a year ago": None,
    "landing": 30,
    "log --limit 0 -o FILE.jsonl": None,
    "deal list --all --limit 0 --json": None,
    "search 見積 --json": None,
    "lessons contrast": None,
    "customer": None,
    "prep CUSTOMER": None,
    "deal story": None,
    "export -o FILE.csv": None,
}
# The whole gap page of a past day against today's; the most memory that a reading command may hold, in MB.
WEEK_AGO, YEAR_AGO, PEAK_MB = 1.4, 5.0, 150


class Cost(NamedTuple):
    """What a command took: its time in seconds, and the most memory that it held, in MB."""

    seconds: float
    peak_mb: float


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", default="10000,1000000", help="which of the journals of run.py")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--only", default="", help="commands, separated by commas")
    parser.add_argument("--processor", action="store_true", help="processor time in place of wall time")
    parser.add_argument("--data", type=Path, default=RESULTS / "data")
    asked = parser.parse_args()
    journals = [_journal(int(size), asked.data) for size in asked.sizes.split(",")]
    only = [name.strip() for name in asked.only.split(",") if name.strip()] or list(AIMS)
    times: dict[tuple[str, int], list[Cost]] = {}
    for nth in range(asked.runs + 1):
        sys.stderr.write(f"run {nth} of {asked.runs}\n")
        for key, argv, now in _round(journals, only, asked.data):
            cost = _cost(argv, now, processor=asked.processor)
            # The first round only warms the file cache.
            if nth:
                times.setdefault(key, []).append(cost)
    sys.stdout.write("\n".join(_report(times, only, [journal.entries for journal in journals])) + "\n")


def _journal(size: int, data: Path) -> Journal:
    until = json.loads((data / f"entries-{size}.json").read_text(encoding="utf-8"))["until"]
    return Journal(size, data / f"journal-{size}", f"{until}T18:00:00+09:00")


def _round(
    journals: Sequence[Journal], only: Sequence[str], data: Path
) -> list[tuple[tuple[str, int], list[str | Path], str]]:
    made: list[tuple[tuple[str, int], list[str | Path], str]] = [((BARE, 0), [sys.executable, "-c", "pass"], "")]
    for journal in journals:
        commands = _commands(date.fromisoformat(journal.now[:10]), data)
        for name in only:
            argv = [NIPPO, "--journal", journal.folder, "--no-input", *commands[name]]
            made.append(((name, journal.entries), argv, journal.now))
    return made


def _commands(until: date, data: Path) -> Mapping[str, Sequence[str]]:
    week, year = ((until - timedelta(days=days)).isoformat() for days in (7, 365))
    whole = ("gap", "--limit", "10")
    return {
        "nippo": (),
        "deal list": ("deal", "list"),
        "deal list --limit 20": ("deal", "list", "--limit", "20"),
        "steps": ("steps",),
        "lessons": ("lessons",),
        "gap": whole,
        "gap, a week ago": (*whole, "--as-of", week),
        "gap, a year ago": (*whole, "--as-of", year),
        "landing": ("landing",),
        "log --limit 0 -o FILE.jsonl": ("log", "--limit", "0", "-o", str(data / "log.jsonl"), "--force"),
        "deal list --all --limit 0 --json": ("deal", "list", "--all", "--limit", "0", "--json"),
        "search 見積 --json": ("search", "見積", "--limit", "0", "--json"),
        "lessons contrast": ("lessons", "contrast"),
        "customer": ("customer",),
        "prep CUSTOMER": ("prep", "株式会社水沢歯車1"),
        "deal story": ("deal", "story", LONG),
        "export -o FILE.csv": ("export", "-o", str(data / "export.csv"), "--force"),
    }


def _cost(argv: Sequence[str | Path], now: str, *, processor: bool) -> Cost:
    """Run a process to its end, its output piped away.

    Raises:
        SystemExit: it failed.
    """
    env = {**os.environ, "NIPPO_LANG": "ja", "PYTHONUTF8": "1", **({"NIPPO_NOW": now} if now else {})}
    # People's Pythons keep what they compiled.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert process.stdout is not None
    while process.stdout.read(1 << 20):
        pass
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise SystemExit(f"exit {process.returncode}: {' '.join(map(str, argv))}")
    return Cost(used.ru_utime + used.ru_stime if processor else seconds, _megabytes(used))


def _megabytes(used: resource.struct_rusage) -> float:
    """Linux tells kilobytes, macOS bytes."""
    return used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _report(times: Mapping[tuple[str, int], Sequence[Cost]], only: Sequence[str], sizes: Sequence[int]) -> list[str]:
    medians = {key: statistics.median(cost.seconds for cost in costs) for key, costs in times.items()}
    peaks = {key: max(cost.peak_mb for cost in costs) for key, costs in times.items()}
    bare = medians[BARE, 0]
    rows = [
        f"`{BARE}` takes {bare * 1000:.1f} ms.",
        "",
        f"| page | entries | ms | × bare | aim | × {min(sizes):,} | × today's | aim | peak MB | aim |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name in only:
        for size in sizes:
            seconds = medians[name, size]
            aim = f"≤ {AIMS[name]:g}" if AIMS[name] and size == max(sizes) else ""
            growth = f"{seconds / medians[name, min(sizes)]:.2f}" if size != min(sizes) else ""
            past = {"gap, a week ago": WEEK_AGO, "gap, a year ago": YEAR_AGO}.get(name)
            today = f"{seconds / medians['gap', size]:.2f}" if past and "gap" in only else ""
            rows.append(
                f"| {name} | {size:,} | {seconds * 1000:.0f} | {seconds / bare:.1f} | {aim} | {growth} | {today} "
                f"| {f'≤ {past:g}' if today else ''} | {peaks[name, size]:.0f} | < {PEAK_MB} |"
            )
    return rows


if __name__ == "__main__":
    main()
