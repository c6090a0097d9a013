"""A power cut right after nippo answered, or while it works: what was acknowledged is there, and the journal is sound."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from house import MAIN, House
from power_cut import cuts, why_not
from shell import FIRST

from nippo_cli.journal.check import doctor

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")

RESUME = "[main([*here, 'draft', 'resume', number, '--activity', '電話']) for number in '12']"


def cut(house: House, *argv: str, main: str = MAIN, code: int = 0, before: int = 6, after: int = 5) -> Iterator[bool]:
    """Run a command and cut it, here and there and once it has ended: for each state that this leaves, whether it had."""
    disk, calls = house.traced(*argv, main=main, code=code)
    yield from cuts(disk, calls, seed=1, before=before, after=after)


def test_the_first_entry_and_its_folders(house: House):
    """The journal, its folder and the folder above are new, and all three names have to be on the disk."""
    for ended in cut(house, "add", "案件", *FIRST, "-m", "初めて"):
        assert house.facts() in ([["初めて"]] if ended else [["初めて"], []])


def test_an_entry(lived_in: House):
    """And what was there before it."""
    for ended in cut(lived_in, "add", "案件", "--activity", "電話", "-m", "二度目"):
        facts = lived_in.facts()
        assert facts == ["二度目", "昔の話"] or (not ended and facts == ["昔の話"])


@pytest.mark.parametrize(("level", "lost"), [("extra", False), ("full", True)])
def test_an_entry_for_whoever_else_opens_the_file(lived_in: House, tmp_path: Path, level, lost):
    """SQLite itself, and any nippo. Were the folder not synced once the rollback journal is gone, that would come back and
    take the entry away: the trial finds it."""
    main = f"from nippo_cli.journal.log import store; store.EXTRA = 'pragma synchronous = {level}'; {MAIN}"
    found = set()
    for _ in cut(lived_in, "add", "案件", "--activity", "電話", "-m", "二度目", main=main, before=0):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(lived_in.nippo.journal, copy)
        with closing(sqlite3.connect(copy / "journal.db")) as cx:
            found |= set(cx.execute("select count(*) from entry"))
    assert found == ({(1,), (2,)} if lost else {(2,)})


def test_a_correction(lived_in: House):
    """Never half of it."""
    (entry,) = lived_in.nippo.done("log", "--json").json["entries"]
    for ended in cut(lived_in, "edit", entry["id"], "-m", "本当の話", "--why", "誤記"):
        assert lived_in.facts() in ([["本当の話"]] if ended else [["本当の話"], ["昔の話"]])


def test_an_undo(lived_in: House):
    """What was taken back stays so."""
    lived_in.nippo.done("add", "案件", "--activity", "電話", "-m", "誤り")
    for ended in cut(lived_in, "undo"):
        assert lived_in.facts() in ([["昔の話"]] if ended else [["昔の話"], ["昔の話", "誤り"]])


def test_a_draft_that_is_kept(lived_in: House):
    """The entry was refused, and nippo said that what was typed is kept; the state folder is new."""
    for ended in cut(lived_in, "add", "案件", "-m", "下書き", code=3):
        assert lived_in.drafts() in ([["下書き"]] if ended else [["下書き"], []])


def test_a_draft_that_is_recorded_is_recorded_once(lived_in: House):
    """Its file comes back where the disk had not heard that it was removed; the journal knows it. So it does once the
    next draft was recorded, too."""
    for facts in ("先の下書き", "後の下書き"):
        assert lived_in.nippo("add", "案件", "-m", facts).code == 3
    both = f"from nippo_cli.cli.frame.main import main; import sys; here = sys.argv[1:3]; {RESUME}"
    for ended in cut(lived_in, main=both, before=12):
        kept, left = lived_in.facts(), lived_in.drafts()
        assert sorted(left + kept) == ["先の下書き", "後の下書き", "昔の話"]
        assert not ended or left == []


def test_a_copy(lived_in: House):
    """It has its name once it is whole, and stays."""
    for ended in cut(lived_in, "backup"):
        copies = list(lived_in.nippo.journal.glob("backups/*.db"))
        assert len(copies) == 1 or not ended
        assert all(doctor.examine(copy).sound for copy in copies)
