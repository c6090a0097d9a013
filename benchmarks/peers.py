"""nippo beside other command-line diaries, to-do lists and ledgers: add one, list ten, report, among 10,000 entries.

    .venv/bin/python benchmarks/peers.py
    .venv/bin/python benchmarks/peers.py --entries 1000 --runs 3

Whole processes against the bare interpreter, all interleaved. What is not installed is said to be so. Which programs, and
how each comes by its entries: benchmarks/README.md#peers
"""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from generate import generate

SCRIPTS = Path(sys.executable).parent
DONE = ("add one", "list ten", "report")
SAID = "電話で状況を伺う。稟議は部長印まで。"


class Row(NamedTuple):
    """An entry: its day, the deal that it is of, what was written."""

    on: str
    deal: str
    text: str


class Peer(NamedTuple):
    """A program with its entries: what it is told, by what it does, in which environment, and what it reads from stdin."""

    commands: Mapping[str, Sequence[str]]
    env: Mapping[str, str]
    typed: str = ""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=9, help="of each command")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        generate(asked.entries, home)
        rows = list(_rows(home / f"entries-{asked.entries}.csv"))
        peers = {name: made for name, make in PEERS.items() if (made := _made(name, make, home, rows))}
        sys.stdout.write("\n".join(_table(peers, _measure(peers, asked.runs), asked)) + "\n")


def _rows(source: Path) -> Iterator[Row]:
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Row(row["日付"], row["案件"] or "社内", row["事実"])


def _made(
    name: str, make: "Callable[[str, Path, Sequence[Row]], Peer]", home: Path, rows: Sequence[Row]
) -> Peer | None:
    """A program with all entries in a folder of its own; None where it is not installed."""
    program = shutil.which(COMMANDS[name], path=os.pathsep.join((str(SCRIPTS), os.environ.get("PATH", ""))))
    if program is None:
        return None
    sys.stderr.write(f"{name}: {len(rows):,} entries\n")
    folder = home / name
    folder.mkdir()
    return make(program, folder, rows)


def _nippo(program: str, folder: Path, rows: Sequence[Row]) -> Peer:
    """Its own import of the generated file."""
    shutil.copy(folder.parent / "schema.yaml", folder)
    env = {"NIPPO_LANG": "ja", "NIPPO_NOW": f"{rows[-1].on}T18:00:00+09:00"}
    front = [program, "--journal", str(folder), "--no-input"]
    source = folder.parent / f"entries-{len(rows)}.csv"
    _run([*front, "import", str(source), "--map", str(folder.parent / "import.yaml")], env)
    deal = next(row.deal for row in reversed(rows) if row.deal != "社内")
    add = [*front, "add", deal, "--activity", "call", "-m", SAID, "--next-step", "再訪問"]
    return Peer({"add one": add, "list ten": [*front, "log", "-n", "10"], "report": [*front, "gap"]}, env)


def _jrnl(program: str, folder: Path, rows: Sequence[Row]) -> Peer:
    """Its journal is a text file."""
    journal, settings = folder / "journal.txt", folder / "jrnl.yaml"
    text = "\n\n".join(f"[{row.on} 09:00] {row.deal} @sales\n{row.text}" for row in rows)
    journal.write_text(text + "\n", encoding="utf-8")
    settings.write_text(
        f"version: v4.0\njournals:\n  default:\n    journal: {journal.as_posix()}\neditor: ''\nencrypt: false\n"
        "template: false\ndefault_hour: 9\ndefault_minute: 0\ntimeformat: '%F %R'\ntagsymbols: '@'\nhighlight: true\n"
        "linewrap: 79\nindent_character: '|'\ncolors:\n  body: none\n  date: none\n  tags: none\n  title: none\n",
        encoding="utf-8",
    )
    front = [program, "--config-file", str(settings)]
    return Peer(
        {"add one": [*front, SAID], "list ten": [*front, "-n", "10", "--short"], "report": [*front, "--tags"]},
        {"XDG_CONFIG_HOME": str(folder)},
    )


def _watson(program: str, folder: Path, rows: Sequence[Row]) -> Peer:
    """Its frames are a JSON file: a quarter of an hour for each entry, one a day."""
    day = 86_400
    frames = [
        [n * day, n * day + 900, row.deal, uuid.UUID(int=n).hex, ["sales"], n * day] for n, row in enumerate(rows)
    ]
    (folder / "frames").write_text(json.dumps(frames), encoding="utf-8")
    first, last = (date(1970, 1, 1) + timedelta(days=len(rows) - ago) for ago in (10, 1))
    span = ["-f", f"{first}", "-t", f"{last}"]
    commands = {
        "add one": [program, "add", "-f", f"{last} 23:00", "-t", f"{last} 23:10", rows[-1].deal, "+sales"],
        "list ten": [program, "log", "-G", *span],
        "report": [program, "report", "-G", "--all"],
    }
    return Peer(commands, {"WATSON_DIR": str(folder)})


def _todoman(program: str, folder: Path, rows: Sequence[Row]) -> Peer:
    """A file for each to-do, all done but ten."""
    todos, settings = folder / "lists" / "sales", folder / "config.py"
    todos.mkdir(parents=True)
    for n, row in enumerate(rows):
        status = "NEEDS-ACTION" if n >= len(rows) - 10 else "COMPLETED"
        lines = (
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//nippo//peers//", "BEGIN:VTODO", f"UID:{n}",
            f"DTSTAMP:{row.on.replace('-', '')}T000000Z", f"SUMMARY:{row.deal} {row.text[:20]}", f"STATUS:{status}",
            "END:VTODO", "END:VCALENDAR", "",
        )  # fmt: skip
        (todos / f"{n}.ics").write_bytes("\r\n".join(lines).encode())
    settings.write_text(
        f"path = {str(folder / 'lists' / '*')!r}\ncache_path = {str(folder / 'cache.sqlite3')!r}\n"
        "default_list = 'sales'\ndate_format = '%Y-%m-%d'\ntime_format = '%H:%M'\n",
        encoding="utf-8",
    )
    front = [program, "--config", str(settings), "--color", "never"]
    return Peer(
        {"add one": [*front, "new", "-l", "sales", SAID], "list ten": [*front, "list"],
         "report": [*front, "list", "--status", "ANY"]},
        {},
    )  # fmt: skip


def _taskwarrior(program: str, folder: Path, rows: Sequence[Row]) -> Peer:
    """Its own import of JSON."""
    settings, source = folder / "taskrc", folder / "tasks.json"
    settings.write_text(f"data.location={folder.as_posix()}\nconfirmation=off\nverbose=nothing\n", encoding="utf-8")
    tasks = [
        {"uuid": str(uuid.UUID(int=n + 1)), "description": f"{row.deal} {row.text}", "status": "pending",
         "entry": f"{row.on.replace('-', '')}T000000Z", "project": row.deal.split()[0]}
        for n, row in enumerate(rows)
    ]  # fmt: skip
    source.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    env = {"TASKRC": str(settings), "TASKDATA": str(folder)}
    _run([program, "import", str(source)], env)
    return Peer(
        {"add one": [program, "add", SAID], "list ten": [program, "limit:10", "list"], "report": [program, "summary"]},
        env,
    )


def _hledger(program: str, folder: Path, rows: Sequence[Row]) -> Peer:
    """Its ledger is a text file: an hour booked for each entry."""
    ledger = folder / "work.journal"
    booked = "\n\n".join(f"{row.on} {row.deal}\n    work:sales  1\n    time" for row in rows)
    ledger.write_text(booked + "\n", encoding="utf-8")
    front, since = [program, "-f", str(ledger)], ["-b", rows[-10].on]
    commands = {
        "add one": [*front, "add"],
        "list ten": [*front, "register", *since, "work"],
        "report": [*front, "balance"],
    }
    return Peer(commands, {"LC_ALL": "C.UTF-8"}, typed=f"{rows[-1].on}\ncall\nwork:sales\n1\ntime\n\n.\ny\n.\n")


PEERS: Mapping[str, Callable[[str, Path, Sequence[Row]], Peer]] = {
    "nippo": _nippo, "jrnl": _jrnl, "Watson": _watson, "todoman": _todoman, "taskwarrior": _taskwarrior,
    "hledger": _hledger,
}  # fmt: skip
COMMANDS = {
    "nippo": "nippo", "jrnl": "jrnl", "Watson": "watson", "todoman": "todo", "taskwarrior": "task", "hledger": "hledger",
}  # fmt: skip


def _measure(peers: Mapping[str, Peer], runs: int) -> dict[tuple[str, str], list[float]]:
    """Seconds by program and what it does; the first round, in which caches are filled, is not counted."""
    times: dict[tuple[str, str], list[float]] = {}
    for nth in range(runs + 1):
        sys.stderr.write(f"run {nth} of {runs}\n")
        taken = {("", ""): _run([sys.executable, "-c", "pass"], {})}
        for name, peer in peers.items():
            taken |= {(name, what): _run(words, peer.env, peer.typed) for what, words in peer.commands.items()}
        for key, seconds in taken.items() if nth else ():
            times.setdefault(key, []).append(seconds)
    return times


def _run(command: Sequence[str], env: Mapping[str, str], typed: str = "") -> float:
    """The seconds of a process, from start to end, its output piped.

    Raises:
        SystemExit: it failed; what it said is shown.
    """
    around = {**os.environ, "PYTHONUTF8": "1", **env}
    # People's Pythons keep what they compiled.
    around.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    ran = subprocess.run(command, env=around, input=typed.encode(), capture_output=True, check=False)
    seconds = time.perf_counter() - began
    if ran.returncode:
        raise SystemExit(f"{' '.join(command)}\n{ran.stderr.decode('utf-8', 'replace')[-800:]}")
    return seconds


def _table(
    peers: Mapping[str, Peer], times: Mapping[tuple[str, str], Sequence[float]], asked: argparse.Namespace
) -> Iterator[str]:
    bare = statistics.median(times["", ""])
    yield f"{asked.entries:,} entries, medians of {asked.runs} runs; `python -c pass` takes {bare * 1000:.1f} ms."
    yield ""
    yield f"| × bare | {' | '.join(DONE)} |"
    yield "|---|--:|--:|--:|"
    for name in PEERS:
        if name in peers:
            cells = [f"{statistics.median(times[name, what]) / bare:.1f}" for what in DONE]
            yield f"| {name} | {' | '.join(cells)} |"
        else:
            yield f"| {name} | not installed | | |"


if __name__ == "__main__":
    main()
