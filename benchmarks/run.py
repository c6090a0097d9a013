"""What nippo costs: whole processes against the bare interpreter of the same venv, on journals of growing size.

    .venv/bin/python benchmarks/run.py                         # 0, 10k, 100k and 1M entries
    .venv/bin/python benchmarks/run.py --sizes 0,10000 --runs 5

Prints a Markdown table and keeps it in `benchmarks/results/`. What is measured, and the aims: benchmarks/README.md
"""

import argparse
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from generate import ROOT, generate

RESULTS = ROOT / "benchmarks" / "results"
# The venv's own binaries: a shim in front of them costs more than what is measured.
SCRIPTS = Path(sys.executable).parent
NIPPO = SCRIPTS / ("nippo.exe" if os.name == "nt" else "nippo")
PROBE, LONG = "計測 搬送ロボット", "計測 パレタイザ"
BARE = "python -c pass"
# Words that three entries in ten hold, that customers' names hold, that nobody wrote; nearly every entry's character; both
# of two, one and not the other; phrases that many hold, and nobody.
SEARCHES = {
    f"search {' '.join(words)}": words
    for words in (
        ("見積",),
        ("製作所",),
        ("未踏峰",),
        ("は",),
        ("製作所", "見積"),
        ("見積", "-失注"),
        ("見積", "-製作所"),
        ('"稟議は部長印まで"',),
        ('"稟議は部長印まで。来週また伺う"',),
    )
}
RANKED = {f"{name} --sort relevance": (*SEARCHES[name], "--sort", "relevance") for name in ("search 見積", "search は")}
AT_MOST = (
    {"--version": 2.0, "add": 8.5, "log -n 10": 8.5, "deal show": 8.5, "gap stalled": 25.0}
    | dict.fromkeys(SEARCHES, 12.0)
    | dict.fromkeys(RANKED, 25.0)
)
# The aim for an import holds the index of the search, which it fills.
GROWTH, IMPORT_TIMES, IMPORT_MB = 1.2, 10.5, 400
# What reads the more, the more there is.
GROWING = ("--version", "gap stalled", *SEARCHES, *RANKED)
# A smaller file's import is mostly its start.
IMPORT_ROWS = 100_000


class Journal(NamedTuple):
    """A journal to measure on. `now` is the evening of its last day, so that its live deals are as old as made."""

    entries: int
    folder: Path
    now: str


class Imported(NamedTuple):
    """An import: rows, its seconds, those of `sqlite3 .import` (None without its CLI), the most memory in MB."""

    rows: int
    seconds: float
    bare_seconds: float | None
    peak_mb: float | None


class Ran(NamedTuple):
    """A process that ended: its seconds, and the most memory that it and its own processes held, where that is told."""

    seconds: float
    peak_mb: float | None


def main() -> None:
    """Measure and report."""
    asked = _arguments()
    sizes = [int(size) for size in asked.sizes.split(",")]
    data = asked.data
    imports: list[Imported] = []
    journals = [_journal(size, data, imports, fresh=not asked.keep) for size in sizes]
    times = _measure(journals, asked.runs)
    report = "\n".join(_report(journals, times, imports, asked.runs))
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "latest.md").write_text(report + "\n", encoding="utf-8")
    sys.stdout.write(report + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", default="0,10000,100000,1000000", help="entries, separated by commas")
    parser.add_argument("--runs", type=int, default=15, help="of each command on each journal")
    parser.add_argument("--keep", action="store_true", help="use the journals of the last run, so measure no import")
    parser.add_argument("--data", type=Path, default=RESULTS / "data", help="where the files are made")
    return parser.parse_args()


def _journal(size: int, data: Path, imports: list[Imported], *, fresh: bool) -> Journal:
    """The journal of a size, imported if it is not there, with two deals of our own in it."""
    facts = data / f"entries-{size}.json"
    if not facts.exists():
        _say(f"generating {size:,} rows")
        generate(size, data)
    until = json.loads(facts.read_text(encoding="utf-8"))["until"] or date(2026, 6, 30).isoformat()
    journal = Journal(size, data / f"journal-{size}", f"{until}T18:00:00+09:00")
    if journal.folder.exists() and not fresh:
        return journal
    shutil.rmtree(journal.folder, ignore_errors=True)
    journal.folder.mkdir(parents=True)
    shutil.copy(data / "schema.yaml", journal.folder)
    if size:
        imports.append(_import(journal, data))
    _begin_deals(journal)
    return journal


def _import(journal: Journal, data: Path) -> Imported:
    source = data / f"entries-{journal.entries}.csv"
    _say(f"importing {journal.entries:,} rows")
    # Made first: what it takes to make a journal is no part of an import.
    _nippo(journal, "init")
    ours = _run(
        [NIPPO, "--journal", journal.folder, "import", source, "--map", data / "import.yaml"], journal.now, watch=True
    )
    return Imported(journal.entries, ours.seconds, _bare_import(source, data), ours.peak_mb)


def _bare_import(source: Path, data: Path) -> float | None:
    """Seconds that `sqlite3 .import` takes for the same file; None where its command line is not installed."""
    program = shutil.which("sqlite3")
    if program is None:
        return None
    target = data / "bare.db"
    target.unlink(missing_ok=True)
    ran = _run([program, target, ".mode csv", f'.import "{source.as_posix()}" rows'], "")
    target.unlink()
    return ran.seconds


def _begin_deals(journal: Journal) -> None:
    """A deal that `add` writes to, and one of ten entries that `deal show` shows: the same in every journal."""
    for deal in (PROBE, LONG):
        begin = ["--new-deal", "--customer", "株式会社計測", "--kind", "new", "--source", "web", "--activity", "call"]
        _nippo(journal, "add", deal, *begin, "-m", "問い合わせの電話。現場の人手が足りないとのこと。")
    for nth in range(9):
        _nippo(journal, "add", LONG, "--activity", "call", "-m", f"{nth + 2}回目の電話。予算と時期を伺う。")


def _commands() -> Mapping[str, Sequence[str]]:
    """What is measured on each journal."""
    return {
        "add": (
            "add",
            PROBE,
            "--activity",
            "call",
            "-m",
            "電話で状況を伺う。稟議は部長印まで。",
            "--next-step",
            "再訪問",
        ),
        "log -n 10": ("log", "-n", "10"),
        "deal show": ("deal", "show", LONG),
        "gap stalled": ("gap", "stalled"),
        **{name: ("search", *words, "--limit", "20") for name, words in (SEARCHES | RANKED).items()},
    }


def _measure(journals: Sequence[Journal], runs: int) -> dict[tuple[str, int], list[float]]:
    """Seconds by command and size. The runs of all are interleaved, so that a busy minute falls on all alike."""
    times: dict[tuple[str, int], list[float]] = {}
    for nth in range(runs + 1):
        _say(f"run {nth} of {runs}")
        for key, seconds in _round(journals):
            # The first round only warms the file cache.
            if nth:
                times.setdefault(key, []).append(seconds)
    return times


def _round(journals: Sequence[Journal]) -> Iterator[tuple[tuple[str, int], float]]:
    yield (BARE, 0), _run([sys.executable, "-c", "pass"], "").seconds
    yield ("--version", 0), _run([NIPPO, "--version"], "").seconds
    for journal in journals:
        for name, words in _commands().items():
            yield (name, journal.entries), _nippo(journal, *words).seconds


def _nippo(journal: Journal, *words: str) -> Ran:
    return _run([NIPPO, "--journal", journal.folder, "--no-input", *words], journal.now)


def _run(command: Sequence[str | Path], now: str, *, watch: bool = False) -> Ran:
    """Run a process to its end, its output piped away; to `watch` one, its output must be short.

    Raises:
        SystemExit: it failed; what it said is shown.
    """
    env = {**os.environ, "NIPPO_LANG": "ja", "PYTHONUTF8": "1", **({"NIPPO_NOW": now} if now else {})}
    # People's Pythons keep what they compiled.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said)
        peak_mb = _watched(process) if watch else None
        if process.stdout is not None:
            process.stdout.read()
        code = process.wait()
        seconds = time.perf_counter() - began
        if code:
            said.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))}\n{said.read().decode('utf-8', 'replace')}")
    return Ran(seconds, peak_mb)


def _watched(process: subprocess.Popen[bytes]) -> float | None:
    """The most that a process and those that it began held together until it ended, in MB, as Linux tells it."""
    if not Path("/proc/self/task").exists():
        return None
    peak_kb = 0
    while process.poll() is None:
        peak_kb = max(peak_kb, sum(map(_resident_kb, _family(process.pid))))
        time.sleep(0.1)
    return peak_kb / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _resident_kb(pid: int) -> int:
    """What a process holds, pages that it shares with others included; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)


def _report(
    journals: Sequence[Journal], times: Mapping[tuple[str, int], list[float]], imports: Sequence[Imported], runs: int
) -> Iterator[str]:
    medians = {key: statistics.median(each) for key, each in times.items()}
    bare = medians[BARE, 0]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    yield f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {machine}."
    yield f"Medians of {runs} interleaved runs, output piped; `{BARE}` takes {bare * 1000:.1f} ms."
    yield ""
    yield "| command | entries | ms | × bare | aim | × smallest journal | aim |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    smallest = min(journal.entries for journal in journals)
    rows = sorted((list(AT_MOST).index(name), entries, name) for name, entries in medians if name != BARE)
    for _, entries, name in rows:
        median = medians[name, entries]
        growth = "" if name in GROWING else f"{median / medians[name, smallest]:.2f}"
        yield (
            f"| {name} | {entries:,} | {median * 1000:.1f} | {median / bare:.1f} | ≤ {AT_MOST[name]:g} "
            f"| {growth} | {f'≤ {GROWTH}' if growth else ''} |"
        )
    if imports:
        yield ""
        yield "| import, rows | seconds | rows/s | `sqlite3 .import` | × | aim | peak MB | aim |"
        yield "|--:|--:|--:|--:|--:|--:|--:|--:|"
    for each in imports:
        bare_import = f"{each.bare_seconds:.2f}" if each.bare_seconds else "not installed"
        times_bare = f"{each.seconds / each.bare_seconds:.1f}" if each.bare_seconds else ""
        peak = f"{each.peak_mb:.0f}" if each.peak_mb else "unknown"
        yield (
            f"| {each.rows:,} | {each.seconds:.2f} | {each.rows / each.seconds:,.0f} | {bare_import} | {times_bare} "
            f"| {f'≤ {IMPORT_TIMES:g}' if each.rows >= IMPORT_ROWS else ''} | {peak} | < {IMPORT_MB} |"
        )


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    main()
