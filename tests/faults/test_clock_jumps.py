"""A clock that jumps a year, either way, between one command and the next: the log goes on in the order in which it was written,
a record is known on the day that the clock said, a correction stands, and no page says a time that can't be."""

import json
import os
import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from shell import FIRST, Shell

from nippo_cli.journal.check import doctor

SEEDS = range(25) if os.environ.get("NIPPO_FAULTS") == "all" else range(2)
JUMPS = (
    timedelta(-366),
    timedelta(-365),
    timedelta(365),
    timedelta(366),
    timedelta(0),
    timedelta(1),
    timedelta(hours=1),
)
PAGES = (
    (), ("log",), ("deal", "list"), ("deal", "show", "案件"), ("deal", "timeline", "案件"), ("gap",), ("gap", "stalled"),
    ("gap", "mirage"), ("gap", "fizzled"), ("gap", "broken"), ("gap", "next"), ("gap", "promises"), ("gap", "activity"),
    ("steps",), ("lessons",), ("search", "話"), ("customer", "青葉製作所"), ("sweep", "--list"), ("day",),
)  # fmt: skip
RECORDS = "select id, kind, recorded_at, known_on, target from record order by id"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clock_that_jumps_by_a_year(nippo: Shell, monkeypatch: pytest.MonkeyPatch, seed: int):
    """Fourteen commands, the clock anywhere within some years before each of them; then every page on four days."""
    chance = random.Random(seed)
    now = datetime.fromisoformat("2026-11-23T18:00:00+09:00")
    days = {}
    texts: dict[str, str] = {}
    for n in range(14):
        monkeypatch.setenv("NIPPO_NOW", now.isoformat())
        before = {row[0] for row in records(nippo)} if n else set()
        entry = command(nippo, chance, n, texts)
        texts |= {entry: f"{n}番目の話"} if entry else {}
        days |= {row[0]: now.date().isoformat() for row in records(nippo) if row[0] not in before}
        now += chance.choice(JUMPS)
    rows = records(nippo)
    instants = list(dict.fromkeys(recorded_at for _, _, recorded_at, _, _ in rows))
    assert instants == sorted(instants)
    assert {record: known_on for record, _, _, known_on, _ in rows} == days
    at = {record: recorded_at for record, _, recorded_at, _, _ in rows}
    assert all(at[target] < recorded_at for _, _, recorded_at, _, target in rows if target)
    assert doctor.examine(nippo.db).sound
    values = {
        str(one["id"]): one["values"]["facts"] for one in nippo.done("log", "--json", "--limit", "0").json["entries"]
    }
    assert {entry: values.get(entry) for entry in texts} == texts
    for day in (*chance.sample(sorted(set(days.values())), 2), "2025-01-01", "2031-01-01"):
        monkeypatch.setenv("NIPPO_NOW", f"{day}T18:00:00+09:00")
        for page in PAGES:
            for argv in (page, (*page, "--json"), (*page, "--as-of", day)):
                answer = nippo(*argv)
                # A deal that has not begun by then.
                assert answer.code == 0 or (answer.code == 4 and day < "2026-11-23"), (argv, answer.err)
                assert not re.search(r"[-−▲]\d+ ?(日|か月|年)", answer.out), (argv, answer.out)
                if "--json" in argv and answer.code == 0:
                    assert [
                        text
                        for text in negative(json.loads(answer.out))
                        if "days" in text and not text.startswith(".due.days")
                    ] == [], argv


def command(nippo: Shell, chance: random.Random, n: int, texts: dict[str, str]) -> str:
    """Write an entry, or correct one: its id; or comment on one, or put the deal on hold, or take the last back: nothing."""
    if n == 0:
        return nippo.deal("案件", facts="0番目の話")
    match chance.randrange(6):
        case 0 | 1:
            done = nippo.done(
                "add",
                "案件",
                "--activity",
                "電話",
                "-m",
                f"{n}番目の話",
                "--next-step",
                "訪問",
                "--next-on",
                "+7d",
                "--json",
            )
            return str(done.json["entry"]["id"])
        case 2:
            done = nippo.done("add", f"案件{n}", *FIRST, "-m", f"{n}番目の話", "--closes", "+3m", "--json")
            return str(done.json["entry"]["id"])
        case 3:
            entry = chance.choice(list(texts))
            nippo.done("edit", entry, "-m", f"{n}番目の話", "--why", "確認した")
            return entry
        case 4:
            nippo.done("comment", chance.choice(list(texts)), "-m", "見た")
        case _:
            nippo.done("deal", "hold", "案件", "--until", "+7d", "--why", "予算待ち")
    return ""


def records(nippo: Shell) -> list[tuple[Any, ...]]:
    """The log, in its order."""
    with closing(sqlite3.connect(nippo.db)) as cx:
        return cx.execute(RECORDS).fetchall()


def negative(data: object, at: str = "") -> Iterator[str]:
    """Where a number below zero is."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from negative(value, f"{at}.{key}")
    elif isinstance(data, list):
        for value in data:
            yield from negative(value, at)
    elif isinstance(data, int | float) and data < 0:
        yield f"{at}={data}"
