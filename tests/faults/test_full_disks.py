"""Every writing command on a disk that is full at one page or another: nothing acknowledged is lost, and the message says so."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from acts import with_rows
from house import House
from shell import Shell
from test_every_call import ALL, SAMPLE, Trial, every_act, unclear

from nippo_cli.base.language import t
from nippo_cli.services.imports import in_place

PAGE = 4096
DISK_MIB = 16
# Enough for any of the commands.
MOST_PAGES = 2048
_TRIALS = int(os.environ.get("NIPPO_N", "1"))


@pytest.fixture
def small_disk(ready_house: House) -> Iterator[House]:
    """The house on a disk of its own."""
    with mounted(ready_house.root, f"{DISK_MIB}m"):
        yield ready_house


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """A disk of a size in a folder's place."""
    if not hasattr(os, "geteuid") or os.geteuid():
        pytest.skip(
            "only root may mount a small disk; a file that may not grow stands for one in test_killed_writers.py"
        )
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@every_act
def test_a_command_on_a_full_disk(small_disk: House, name):
    """With no page left, with as many as it needs, and some numbers between."""
    trial = Trial(small_disk, name)
    needed = next(pages for pages in doubling() if trial.run(room=pages * PAGE).code == trial.act.code)
    chance = random.Random(f"{SAMPLE} {name}")
    between = range(needed)
    wrong = []
    for pages in between if ALL else sorted({0, *chance.sample(between, min(_TRIALS, needed))}):
        ran = trial.run(room=pages * PAGE)
        what = unclear(ran, trial.act) + trial.faults(ended=ran.code == trial.act.code, ran=ran)
        wrong += [f"{pages} pages of {needed}, exit {ran.code}: {one}\n{ran.err}" for one in what]
    if wrong:
        pytest.fail("\n".join((f"{len(wrong)} faults", *wrong)), pytrace=False)


@pytest.mark.parametrize("argv", [
    ("log", "--limit", "0", "-o", "{root}/log.xlsx"), ("log", "--limit", "0", "--eml", "-o", "{root}/log.eml"),
    ("restore", "{backup}", "--dry-run"),
    ("--journal", "{root}/none", "add", "新規", "--new-deal", "-m", "x", "--dry-run"),
], ids=lambda argv: argv[0])  # fmt: skip
def test_what_is_full_is_named(ready_house: House, argv):
    """Also where it is the system's place for temporary files: neither the output nor the journal is said to be."""
    with_rows(ready_house)
    nippo = ready_house.nippo
    nippo.done("import", str(ready_house.root / "rows.csv"), "--map", str(ready_house.root / "map.yaml"))
    backup = nippo.done("backup", "--json").json["path"]
    temporary = ready_house.root / "tmp"
    with mounted(temporary, "16k"):
        ran = ready_house.run(tuple(arg.format(root=ready_house.root, backup=backup) for arg in argv))
        assert list(temporary.iterdir()) == []
    assert ran.code in (1, 5), ran
    assert f"{temporary}" in ran.err.splitlines()[0], ran.err
    assert t("system.why_full") in ran.err or t("journal.full").partition("{")[0] in ran.err
    assert not (ready_house.root / "log.xlsx").exists()


def test_a_schema_is_put_back_on_a_full_disk(tmp_path: Path):
    """An import under a schema of its own fails for want of room: what somebody wrote is there again, and nothing beside it."""
    with mounted(tmp_path, "256k"):
        schema = tmp_path / "schema.yaml"
        schema.write_text("# ours\n" * 2_000, encoding="utf-8")
        before = schema.read_bytes()
        workspace: Any = SimpleNamespace(places=SimpleNamespace(schema=schema))
        plan: Any = SimpleNamespace(schema_text="# of the file\n" * 2_000)
        with pytest.raises(OSError, match="No space"), in_place(workspace, plan):
            (tmp_path / f"filler of {len(schema.read_text())}").write_bytes(bytes(1 << 20))
        assert (schema.read_bytes(), {path.name for path in tmp_path.iterdir()}) == (
            before, {"schema.yaml", f"filler of {len(plan.schema_text)}"},
        )  # fmt: skip


def test_a_rebuild_that_a_full_disk_ended_writes_nothing_more(kept: Shell, monkeypatch: pytest.MonkeyPatch):
    """SQLite may end the transaction by itself then, and whatever came behind would be on disk at once: as of an emptied index."""
    before = kept.db.read_bytes()

    def full(cx: sqlite3.Connection) -> None:
        cx.execute("rollback")
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr("nippo_cli.journal.search.IndexAnew", full)
    refused = kept("doctor", "--rebuild")
    assert (refused.code, t("journal.full").partition("{")[0] in refused.err) == (5, True), refused
    assert kept.db.read_bytes() == before


SORTING = """
import sys
from pathlib import Path
from nippo_cli.base.errors import JournalError
from nippo_cli.journal.log import connect_ro, usable
ask = "with recursive n (i) as (select 1 union all select i + 1 from n limit 100000) select i from n order by randomblob(200)"
try:
    with usable(Path(sys.argv[1])):
        connect_ro(Path(sys.argv[1])).execute(ask).fetchone()
except JournalError as error:
    print(error.message.key, error.message.params["path"])
"""


def test_what_sqlite_sorts_in_is_named(ready_house: House):
    """A question that is too much for the memory, and no room where it is sorted: the journal's own disk has some."""
    with_rows(ready_house)
    temporary = ready_house.root / "tmp"
    # SQLite asks for the place once a process.
    argv, env = [sys.executable, "-c", SORTING, ready_house.nippo.db], {**os.environ, "TMPDIR": str(temporary)}
    with mounted(temporary, "16k"):
        done = subprocess.run(argv, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["journal.full", str(temporary)]


def doubling() -> Iterator[int]:
    """0, 1, 2, 4 … pages."""
    yield 0
    pages = 1
    while pages <= MOST_PAGES:
        yield pages
        pages *= 2
