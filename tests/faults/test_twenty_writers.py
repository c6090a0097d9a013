"""Twenty people write while others read, back up and restore: nothing that was acknowledged is lost, and nobody is refused but
by a documented exit code."""

import os
import re
from pathlib import Path

import pytest
from acts import lived_in
from house import House, log_of
from ready import Ready
from shell import NOW

from nippo_cli.journal.check import doctor
from nippo_cli.journal.read.reader import reading

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

EACH = 60 if os.environ.get("NIPPO_FAULTS") == "all" else 2
WRITERS = 20
DONE, BUSY = 0, 5


def test_twenty_write_while_others_read_back_up_and_restore(ready_house: House, ready: Ready, tmp_path: Path):
    """What each was told is recorded is once in the journal or in what a restore set aside, and each of these files is
    sound."""
    lived_in(ready_house)
    ready_house.nippo.done("backup")
    (backup,) = ready_house.nippo.journal.glob("backups/*.db")
    others = {
        "reads": ("log", "--json"),
        "asks": ("gap", "--json"),
        "searches": ("search", "担当", "--json"),
        "backs up": ("backup",),
        "restores": ("restore", str(backup)),
    }
    writers = {
        f"担当{n}": ("add", "--activity", "社内", "--by", f"担当{n}", "-m", f"担当{n}の{{n}}") for n in range(WRITERS)
    }
    said = at_once(ready, ready_house, tmp_path, {**writers, **others})
    acknowledged = {f"{name}の{n}" for name in writers for n, code in enumerate(said[name]) if code == DONE}
    assert all(code in (DONE, BUSY) for name in writers for code in said[name]), said
    assert all(code in (DONE, BUSY) for name in others for code in said[name]), said
    assert len(acknowledged) >= WRITERS // 2, said
    assert all(DONE in said[name] for name in others), said
    set_aside = sorted(ready_house.nippo.journal.glob("journal.2*.db"))
    assert len(set_aside) == said["restores"].count(DONE)
    there = list[str]()
    for path in (ready_house.nippo.db, *set_aside):
        assert [check.problems for check in doctor.examine(path).checks if check.problems] == [], path
        there += facts_in(path)
    assert sorted(there) == sorted(acknowledged)
    assert ready_house.strangers() == []


def at_once(ready: Ready, house: House, folder: Path, commands: dict[str, tuple[str, ...]]) -> dict[str, list[int]]:
    """Run every command again and again, all at the same time: the exit codes of each."""
    processes = {}
    for number, (name, argv) in enumerate(commands.items()):
        (own := folder / str(number)).mkdir()
        env = {"NIPPO_NOW": NOW, "NIPPO_LANG": "ja", "XDG_STATE_HOME": str(house.root / "state")}
        process = ready.fork(("--journal", str(house.nippo.journal), *argv), own, env, times=EACH)
        processes[name] = process, own
    for process, _ in processes.values():
        ready.go(process)
    codes = {}
    for name, (process, own) in processes.items():
        ready.wait(process)
        out = (own / "out").read_text(encoding="utf-8")
        codes[name] = [int(code) for code in re.findall(r"^\d+ (\d+)$", out, re.MULTILINE)]
        assert len(codes[name]) == EACH, (own / "err").read_text(encoding="utf-8")
        assert "Traceback" not in (own / "err").read_text(encoding="utf-8")
    return codes


def facts_in(path: Path) -> list[str]:
    """What the entries say that the writers wrote."""
    assert log_of(path)
    with reading(path) as reader:
        rows = reader.cx.execute("select body from record where kind = 'entry'").fetchall()
    return [word for (body,) in rows for word in re.findall(r"担当\d+の\d+", body)]
