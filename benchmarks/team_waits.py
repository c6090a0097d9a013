"""What a team costs who writes: `add` beside `add` in a diary of one's own, the longest wait while 20,000 records come in, a sync with
nothing new.

    .venv/bin/python benchmarks/team_waits.py                              # 100,000 entries held, two minutes
    .venv/bin/python benchmarks/team_waits.py --held 1000000 --data DIR    # kept in DIR, and used again the next time

The aims: `add` in a team within 1.1 times `add` alone, until the command returns (the sync that it starts goes on by itself, and is
waited for between two runs); no `add` half a second longer than usual while a sync takes 20,000 records in; a sync with nothing new
within 0.3 s, over a folder of 6,000 segments each call to which takes 30 ms.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from generate import ROOT, generate

from nippo_cli.services.team.turns import is_asked, turn

# Servers as tests have them.
sys.path.insert(0, str(ROOT / "tests" / "carriers"))

RESULTS = ROOT / "benchmarks" / "results"
SCRIPTS = Path(sys.executable).parent
NIPPO = SCRIPTS / ("nippo.exe" if os.name == "nt" else "nippo")
RECORDS, SEGMENTS = 20_000, 6_000
DEAL = "計測の案件"
ADD = ("add", DEAL, "--activity", "電話", "-m", "計測のため", "--next-step", "再訪問", "--next-on", "2026-08-20")
# A share behind which each call takes 30 ms, put in front of nippo.
DELAYED = """
import sys, time
from pathlib import Path
share = Path(sys.argv.pop(1))
for name in ("iterdir", "read_bytes", "open", "stat", "exists", "replace", "unlink"):
    def slow(self, *args, _usual=getattr(Path, name), **options):
        if share in (self, self.parent):
            time.sleep(0.03)
        return _usual(self, *args, **options)
    setattr(Path, name, slow)
sys.argv[0] = "nippo"
from nippo_cli.cli.frame.main import run
run()
"""


class Ran(NamedTuple):
    """A process that ended: its seconds, its processor time without that of what it left behind, what it said."""

    seconds: float
    cpu: float
    out: str


class Member:
    """Somebody with a diary, and a state folder of their own.

    Args:
        place: where both lie.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self.journal = place / "journal"
        env = {name: value for name, value in os.environ.items() if not name.startswith("NIPPO_")}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        self._env = env | {
            "XDG_STATE_HOME": str(place / "state"), "NIPPO_LANG": "ja", "NIPPO_AUTHOR": place.name,
            "NIPPO_NOW": "2026-07-06T20:00:00+09:00",
        }  # fmt: skip

    def start(
        self, *argv: str | Path, program: Sequence[str | Path] = (NIPPO,), sync: str = "off"
    ) -> "subprocess.Popen[str]":
        """A command that is not waited for."""
        return subprocess.Popen(
            [*program, "--journal", self.journal, *argv], env=self._env | {"NIPPO_SYNC": sync}, cwd=self._place,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def run(self, *argv: str | Path, program: Sequence[str | Path] = (NIPPO,), sync: str = "off") -> Ran:
        """A command, until it returns."""
        before, began = os.times(), time.perf_counter()
        running = self.start(*argv, program=program, sync=sync)
        out, said = running.communicate()
        took, after = time.perf_counter() - began, os.times()
        assert running.returncode == 0, said
        return Ran(took, sum(after[2:4]) - sum(before[2:4]), out)

    def add(self) -> Ran:
        """A call written down as it is every day; the sync that it starts is over when this returns."""
        ran = self.run(*ADD, sync="on")
        self.await_sync()
        return ran

    def await_sync(self) -> None:
        """Wait until no sync is at it, nor asked for."""
        state = Path(json.loads(self.run("path", "--json").out)["state"])
        while is_asked(state):
            time.sleep(0.02)
        with turn(state, 60.0) as alone:
            assert alone

    def begin(self, address: str) -> None:
        """Make the diary a team's."""
        self.run("team", "begin", address, "--yes")

    def invite(self, place: Path) -> "Member":
        """A colleague, with an empty diary."""
        code = json.loads(self.run("team", "invite", place.name, "--json").out)["code"]
        place.mkdir()
        colleague = Member(place)
        colleague.run("team", "join", code, "--empty", "--yes")
        return colleague


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="of each command")
    parser.add_argument("--held", type=int, default=100_000, help="entries of the diary whose sync has nothing new")
    parser.add_argument(
        "--data", type=Path, default=RESULTS / "data", help="where files are made, and the large diary is kept"
    )
    asked = parser.parse_args()
    from servers import running_server

    rows = _file(RECORDS, asked.data)
    print("| what | measured | aim |")
    print("|---|--:|--:|")
    with running_server() as server, _scratch(asked.data) as folder:
        members = _three(folder, server.found())
        _say_adds({who: member.add for who, member in members.items()}, asked.runs)
        for who in ("folder", "server"):
            _say_longest(who, members[who], folder, rows)
    _say_nothing_new(_holding(asked.held, asked.data), asked.held, asked.runs)


def _three(folder: Path, address: str) -> dict[str, Member]:
    """One diary three times: alone, a folder's team's, a server's team's."""
    members = {who: Member(folder / who) for who in ("alone", "folder", "server")}
    for member in members.values():
        member.journal.mkdir(parents=True)
        shutil.copy(ROOT / "schema.yaml", member.journal)
        member.run("add", DEAL, "--new-deal", "--customer", "計測機器", *ADD[2:])
    (folder / "share").mkdir()
    members["folder"].begin(f"folder:{folder / 'share'}")
    members["server"].begin(address)
    return members


def _say_adds(commands: Mapping[str, Callable[[], Ran]], runs: int) -> None:
    """`add` by turns: seconds, and processor time, as multiples of those alone."""
    ran: dict[str, list[Ran]] = {who: [] for who in commands}
    for n in range(runs + 1):
        for who, run in commands.items():
            one = run()
            if n:
                ran[who].append(one)
    alone, alone_cpu = _medians(ran["alone"])
    print(f"| `add` alone | {alone * 1000:.0f} ms ({alone_cpu * 1000:.0f} of processor time) | |")
    for who in ("folder", "server"):
        seconds, cpu = _medians(ran[who])
        print(
            f"| `add`, a {who}'s team | {seconds / alone:.2f} × ({cpu / alone_cpu:.2f} × the processor time) | <= 1.1 × |"
        )


def _medians(ran: Sequence[Ran]) -> tuple[float, float]:
    return statistics.median(one.seconds for one in ran), statistics.median(one.cpu for one in ran)


def _say_longest(who: str, writer: Member, folder: Path, rows: Path) -> None:
    """The longest `add` while a sync takes in what a colleague imported."""
    colleague = writer.invite(folder / f"colleague of {who}")
    shutil.copy(rows.parent / "schema.yaml", colleague.journal / "schema.yaml")
    colleague.run("import", rows, "--map", rows.parent / "import.yaml", "--yes")
    colleague.run("sync")
    usual = statistics.median(writer.run(*ADD).seconds for _ in range(5))
    began = time.perf_counter()
    syncing = writer.start("sync", "--json")
    waits: list[float] = []
    while syncing.poll() is None:
        waits.append(writer.run(*ADD).seconds)
    taken = sum(one["n"] for one in json.loads(syncing.communicate()[0])["taken"])
    took = time.perf_counter() - began
    assert taken >= RECORDS
    print(
        f"| longest of {len(waits)} `add` while {taken:,} records come in over a {who} ({took:.1f} s) | "
        f"{max(waits):.2f} s: {max(waits) - usual:+.2f} s | < +0.5 s |"
    )


def _say_nothing_new(member: Member, held: int, runs: int) -> None:
    """A sync with nothing new over a slow share, whose folder has thousands of segments besides."""
    share = member.journal.parent / "share"
    slow = (sys.executable, "-c", DELAYED, share)
    member.run("sync")
    ran = [member.run("sync", program=slow) for _ in range(max(5, runs // 2))]
    bare = statistics.median(member.run(program=(sys.executable, "-c", "pass")).cpu for _ in range(9))
    seconds, cpu = _medians(ran)
    print(
        f"| sync with nothing new, {held:,} entries held, {SEGMENTS:,} segments at 30 ms a call | "
        f"{seconds:.2f} s ({cpu:.2f} of processor time: {cpu / bare:.1f} × python) | < 0.3 s |"
    )


def _holding(entries: int, data: Path) -> Member:
    """The diary of a folder's team that holds so much; made if it is not there."""
    member = Member(data / f"team-{entries}")
    share = member.journal.parent / "share"
    if share.exists() and len([*share.iterdir()]) > SEGMENTS:
        return member
    shutil.rmtree(share.parent, ignore_errors=True)
    rows = _file(entries, data)
    member.journal.mkdir(parents=True)
    shutil.copy(data / "schema.yaml", member.journal)
    member.run("import", rows, "--map", data / "import.yaml", "--yes")
    share.mkdir()
    member.begin(f"folder:{share}")
    # Small ones that others put together by now, and a service still shows.
    name, id8 = next(share.glob("*.seg")).name.split("-")[:2]
    for n in range(SEGMENTS):
        (share / f"{name}-{id8}-1-1-{n:08x}-0.seg").touch()
    return member


def _file(entries: int, data: Path) -> Path:
    """The file of so many entries; made if it is not there."""
    rows = data / f"entries-{entries}.csv"
    if not rows.exists():
        generate(entries, data)
    return rows


@contextmanager
def _scratch(data: Path) -> Iterator[Path]:
    """A folder on the same disk, gone at the end."""
    folder = data / f"waits-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
