"""What `nippo add` on a terminal costs: how long the first question takes, and how long a key waits for its completions.

    .venv/bin/python benchmarks/flow.py                 # 100,000 deals, 15 first questions
    .venv/bin/python benchmarks/flow.py --deals 10000 --runs 5

The first question is timed on a pseudo-terminal, from the start of the process to the last byte of the question, against
a bare interpreter on one; POSIX only, and pexpect is needed. Completions are timed key by key, deletions included, on
names such as a journal has, with the names read by another thread meanwhile and after.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from nippo_cli.cli.frame.main import main as nippo
from nippo_cli.services.writing.name_index import NameIndex, NameOffer

AT_MOST_BARE, AT_MOST_MS = 20, 50
OFFERED = 30
_PLACES = (
    "青葉",
    "砺山",
    "雲雀",
    "荒砥",
    "樫ノ木",
    "鳴沢",
    "高祖",
    "東根川",
    "稲荷台",
    "汐見",
    "相良川",
    "日高見",
    "朝凪",
    "氷見沢",
)
_SORTS = (
    "製作所",
    "工業",
    "精機",
    "化成",
    "食品",
    "製菓",
    "スプリング",
    "冷熱",
    "金型",
    "水産",
    "アルミ",
    "医科工業",
    "薬品",
)
_ARTICLES = (
    "外観検査装置",
    "協働ロボット",
    "搬送ロボット",
    "パレタイザ",
    "部品洗浄機",
    "ネジ締め装置",
    "制御盤",
    "加工治具",
    "照明",
)
_TYPED = (
    "検査", "けんさ", "ﾛﾎﾞｯﾄ", "青葉製作所", "砺山 搬送", "増設 3号", "ない名前", "スプリング 制御盤", "パレタイザ", "k3-12", "ぱれ",
    "機 式",
)  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=15, help="first questions that are timed")
    asked = parser.parse_args()
    print("| what | median ms | p99 ms | worst ms | aim |")
    print("|---|--:|--:|--:|--:|")
    for what, times in completions(asked.deals):
        print(f"| {what} | {_row(times)} | p99 < {AT_MOST_MS} |")
    if os.name == "posix":
        bare, first = first_question(asked.runs)
        ratio = statistics.median(first) / statistics.median(bare)
        print(f"| bare interpreter on a terminal | {_row(bare)} | |")
        print(f"| first question: {ratio:.1f} x bare | {_row(first)} | <= {AT_MOST_BARE} x |")


def _row(times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return " | ".join(f"{ms:.2f}" for ms in (statistics.median(ordered), p99, ordered[-1]))


def completions(deals: int) -> Iterator[tuple[str, list[float]]]:
    """Milliseconds of each key: on an index that is whole, and while it is being read."""
    offers = list(_offers(deals))
    whole = NameIndex((offer, "") for offer in offers)
    yield f"a key among {deals:,} deals", [ms for _ in range(8) for ms in _keys(whole)]
    filling = NameIndex()
    reader = Thread(target=lambda: [filling.add(offer) for offer in offers])
    reader.start()
    times: list[float] = []
    while reader.is_alive():
        times += _keys(filling)
    yield "the same while they are read", times


def _keys(index: NameIndex) -> list[float]:
    """Each text typed key by key, then deleted key by key."""
    times = []
    for text in _TYPED:
        for stop in (*range(len(text) + 1), *range(len(text) - 1, -1, -1)):
            began = time.perf_counter()
            index.find(text[:stop], OFFERED)
            times.append((time.perf_counter() - began) * 1000)
    return times


def _offers(deals: int) -> Iterator[NameOffer]:
    dice = random.Random(11)
    for number in range(deals):
        place, article = dice.choice(_PLACES), dice.choice(_ARTICLES)
        yield NameOffer(
            f"{place} {article} {dice.randint(1, 99)}号機", f"株式会社{place}{dice.choice(_SORTS)}", number + 1
        )


def first_question(runs: int) -> tuple[list[float], list[float]]:
    """Milliseconds of a bare interpreter, and of the first question in a journal with a deal; interleaved."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal"
        os.environ["XDG_STATE_HOME"] = str(Path(folder) / "state")
        sys.stdout.flush()
        begin = ["add", "検査装置", "--new-deal", "--activity", "社内", "-m", "話した", "-o", os.devnull]
        if nippo(["--journal", str(journal), *begin]):
            raise SystemExit("no journal")
        run = "from nippo_cli.cli.frame.main import run; run()"
        pairs = [
            (_until(["-c", "pass"], None), _until(["-c", run, "--journal", str(journal), "add"], b"Enter = "))
            for _ in range(runs + 1)
        ]
    # The first round only warms the file cache.
    bare, first = zip(*pairs[1:], strict=True)
    return list(bare), list(first)


def _until(argv: list[str], said: bytes | None) -> float:
    import pexpect

    wanted = pexpect.EOF if said is None else said
    env = {**os.environ, "NIPPO_LANG": "ja", "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
    began = time.perf_counter()
    child = pexpect.spawn(sys.executable, argv, env=env, timeout=60, dimensions=(24, 80))
    child.expect(wanted)
    took = (time.perf_counter() - began) * 1000
    child.close(force=True)
    return took


if __name__ == "__main__":
    main()
