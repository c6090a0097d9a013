"""Writers that are killed, that write at once, or that run out of disk: what was acknowledged is there."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from acts import lived_in
from derived import kept, rebuilt, rows
from diary import Diary
from house import House
from one_entry import EntryDraft
from ready import Ready
from system_calls import Point, answering, why_not

from nippo_cli.base.language import t
from nippo_cli.journal.write.opening import connect_rw

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
# Adds entries to a new deal until it is stopped; says each id once it is on disk.
WRITER = """
from datetime import UTC, date, datetime
from pathlib import Path
from nippo_cli.journal.write.writer import writing

path, name, most = Path({path!r}), {name!r}, {most}
deal = None
for n in range(most):
    with writing(path, author=name, now=datetime.now(UTC), today=date(2026, 2, 1)) as writer:
        deal = deal or writer.begin_deal(name)
        entry = writer.add_entry(date(2026, 2, 1), dict(facts=name + " " + str(n)), deal=deal)
    print(entry, flush=True)
"""


def start(ready: Ready, path: Path, name: str, most: int) -> tuple[int, Path]:
    """A process that writes, and where it says what."""
    (own := path.parent.parent / name).mkdir()
    process = ready.fork(WRITER.format(path=str(path), name=name, most=most), own, {})
    ready.go(process)
    return process, own / "out"


def told(out: Path) -> list[int]:
    """The ids that were said; a last line that was cut off was not."""
    lines = out.read_text(encoding="utf-8").splitlines(keepends=True) if out.exists() else []
    return [int(line) for line in lines if line.endswith("\n")]


def sound(path: Path) -> None:
    """The file is whole, its numbers gapless, and what is derived is what the log says."""
    connect_rw(path).close()
    with closing(connect_rw(path)) as cx:
        assert cx.execute("pragma integrity_check").fetchone() == ("ok",)
        numbers = [row[0] for row in cx.execute("select id from record order by id")]
        assert numbers == list(range(1, len(numbers) + 1))
        assert cx.execute("select last_number from device").fetchone() == (len(numbers),)
    assert kept(path) == rebuilt(path)


@forks
def test_every_entry_that_was_acknowledged_survives_a_kill(diary: Diary, ready: Ready):
    """Twenty kills, each at some moment between or inside writes; the next writer goes on at once."""
    chance = random.Random(2)
    said: list[int] = []
    for n in range(20):
        process, out = start(ready, diary.path, f"担当{n}", 10_000)
        while not told(out):
            time.sleep(0.002)
        time.sleep(chance.random() * 0.03)
        os.kill(process, signal.SIGKILL)
        assert ready.wait(process) == -signal.SIGKILL
        said += told(out)
    with closing(connect_rw(diary.path)) as cx:
        there = {row[0] for row in cx.execute("select id from record where kind = 'entry'")}
    assert set(said) <= there
    assert len(said) > 20
    sound(diary.path)


@forks
def test_two_processes_write_at_once(diary: Diary, ready: Ready):
    """Nothing is lost, nothing fails, and the numbers have no gap."""
    processes = [start(ready, diary.path, name, 40) for name in ("佐藤", "鈴木")]
    said = []
    for process, out in processes:
        assert ready.wait(process) == 0, out.with_name("err").read_text(encoding="utf-8")
        said += told(out)
    assert len(set(said)) == 80
    assert rows(diary.path, "select count(*) from entry") == [(80,)]
    sound(diary.path)


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
@pytest.mark.parametrize("onwards", [False, True], ids=["once", "from then on"])
def test_what_the_disk_would_not_end_is_told_as_it_stands(ready_house: House, onwards):
    """A commit whose last step fails, the rollback journal's removal, may be done all the same: an entry that is there is
    recorded; where the disk does not even tell that, the message says so."""
    lived_in(ready_house)
    failing = answering(Point("unlink", 1, ""), "EIO", onwards=onwards)
    ran = ready_house.run(("add", "案件", "--activity", "電話", "-m", "二度目"), *failing)
    said = t("journal.doubtful" if onwards else "journal.stands").partition("{")[0]
    assert (ran.code, said in ran.err) == (5 if onwards else 0, True), ran.err
    assert ready_house.facts().count("二度目") == 1
    assert onwards or ready_house.drafts() == []


# Writes under a limit on the size of any file, as a full disk would set it.
CRAMPED = """
import resource, sys
from datetime import UTC, date, datetime
from pathlib import Path
from nippo_cli.base.errors import JournalError
from nippo_cli.journal.write.writer import writing

path, room = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
try:
    for n in range(500):
        with writing(path, author="佐藤", now=datetime.now(UTC), today=date(2026, 2, 1)) as writer:
            entry = writer.add_entry(date(2026, 2, 1), {"facts": "長い記録" * 400}, deal=writer.begin_deal(f"案件{n}"))
        print(entry, flush=True)
except JournalError as error:
    print(error.message.key, error.hint.key, int(error.exit_code), file=sys.stderr)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no RLIMIT_FSIZE")
@pytest.mark.parametrize("spare", [0, 1000, 100_000])
def test_a_full_disk_is_said_and_loses_nothing(diary: Diary, spare):
    """Every entry that was acknowledged is there; the journal goes on once there is room."""
    room = diary.path.stat().st_size + spare
    done = subprocess.run(
        [sys.executable, "-c", CRAMPED, str(diary.path), str(room)],
        capture_output=True, text=True, encoding="utf-8", check=True, timeout=120,
    )  # fmt: skip
    key, hint, code = done.stderr.split()
    assert key in ("journal.full", "journal.io")
    assert (hint, code) == (f"{key}.hint", "5")
    said = {int(line) for line in done.stdout.split()}
    sound(diary.path)
    assert said == {row[0] for row in rows(diary.path, "select id from entry")}
    diary.add(facts="また書ける")
    sound(diary.path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_an_import_that_is_killed_leaves_nothing(diary: Diary):
    """Killed with half of its rows on disk, in a transaction that never ended."""
    before = kept(diary.path)
    code = f"""
import os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
sys.path[:0] = {[str(Path(sys.modules[kind.__module__].__file__).parent) for kind in (Diary, EntryDraft)]!r}
from diary import bulk
from nippo_cli.journal.bulk import bulk_import
from nippo_cli.journal.write.writer import writing
from one_entry import EntryDraft
bulk_import._CACHE_KIB = 64
bulk_import._ROWS_A_CHUNK = 50
day = date(2026, 2, 1)
def source():
    for n in range(2000):
        yield EntryDraft(day, day, "佐藤", f"案件{{n}}", {{"facts": "記録" * 50}}, f"crm:{{n}}")
    os.kill(os.getpid(), signal.SIGKILL)
with writing(Path({str(diary.path)!r}), author="佐藤", now=datetime.now(UTC), today=day) as writer:
    bulk(writer, source(), batch=writer.begin_batch())
"""
    size = diary.path.stat().st_size
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert diary.path.stat().st_size > size, "the half import had reached the disk"
    sound(diary.path)
    assert kept(diary.path) == before


@forks
def test_a_writer_met_by_a_reader_is_waited_for(diary: Diary, ready: Ready):
    """A reader that holds the file for a moment makes the commit wait, not fail."""
    reader = sqlite3.connect(diary.path, isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from record").fetchone()
    process, out = start(ready, diary.path, "佐藤", 1)
    time.sleep(0.3)
    reader.execute("rollback")
    reader.close()
    assert (ready.wait(process), len(told(out))) == (0, 1)
