"""A power cut right after nippo answered, or while it works: what was acknowledged is there, and the journal is sound."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from power_cut import Disk, cuts, traced, why_not
from shell import FIRST, NOW, Shell

from nippo_cli.journal import doctor

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")

MAIN = "import sys; from nippo_cli.cli.main import main; sys.exit(main(sys.argv[1:]))"
NEXT = ("add", "次の案件", *FIRST, "-m", "停電のあと")
RESUME = "[main([*here, 'draft', 'resume', number, '--activity', '電話']) for number in '12']"


class House:
    """A folder with a journal's folder, a state folder, and what a power cut does to both."""

    def __init__(self, root: Path, nippo: Shell) -> None:
        self.root, self.nippo = root, nippo

    def cut(self, *argv: str, main: str = MAIN, code: int = 0, before: int = 8, after: int = 6) -> Iterator[bool]:
        """Run a command and cut it, here and there and once it has ended; for each state that this leaves, whether it had
        ended."""
        disk = Disk(self.root)
        ran = traced(
            [sys.executable, "-c", main, "--journal", str(self.nippo.journal), *argv],
            self.root.parent / "trace", {"NIPPO_NOW": NOW},
        )  # fmt: skip
        assert ran.code == code, ran.err
        yield from cuts(disk, ran.calls, seed=1, before=before, after=after)

    def facts(self) -> list[str]:
        """What every entry says, once one more was written, which is left out; the journal is sound then."""
        self.nippo.done(*NEXT)
        assert [(check.name, check.found) for check in doctor.examine(self.nippo.db).checks if check.found] == []
        entries = self.nippo.done("log", "--json").json["entries"]
        return sorted(one["values"]["facts"] for one in entries if one["values"]["facts"] != NEXT[-1])

    def drafts(self) -> list[str]:
        """What every draft says."""
        return [draft["facts"] for draft in self.nippo.done("draft", "list", "--json").json["drafts"]]


@pytest.fixture
def house(tmp_path: Path, monkeypatch, capsys) -> House:
    """Nothing is in it yet."""
    root = tmp_path / "house"
    root.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(root / "state"))
    monkeypatch.setenv("NIPPO_NOW", NOW)
    return House(root, Shell(capsys, root / "books" / "journal"))


@pytest.fixture
def lived_in(house: House) -> House:
    """One deal with one entry."""
    house.nippo.deal("案件", facts="昔の話")
    return house


def test_the_first_entry_and_its_folders(house: House):
    """The journal, its folder and the folder above are new, and all three names have to be on the disk."""
    for ended in house.cut("add", "案件", *FIRST, "-m", "初めて"):
        assert house.facts() in ([["初めて"]] if ended else [["初めて"], []])


def test_an_entry(lived_in: House):
    """And what was there before it."""
    for ended in lived_in.cut("add", "案件", "--activity", "電話", "-m", "二度目"):
        facts = lived_in.facts()
        assert facts == ["二度目", "昔の話"] or (not ended and facts == ["昔の話"])


@pytest.mark.parametrize(("level", "lost"), [("extra", False), ("full", True)])
def test_an_entry_for_whoever_else_opens_the_file(lived_in: House, tmp_path: Path, level, lost):
    """SQLite itself, and any nippo. Were the folder not synced once the rollback journal is gone, that would come back and
    take the entry away: the trial finds it."""
    main = f"from nippo_cli.journal import store; store.EXTRA = 'pragma synchronous = {level}'; {MAIN}"
    found = set()
    for _ in lived_in.cut("add", "案件", "--activity", "電話", "-m", "二度目", main=main, before=0):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(lived_in.nippo.journal, copy)
        with closing(sqlite3.connect(copy / "journal.db")) as cx:
            found |= set(cx.execute("select count(*) from entry"))
    assert found == ({(1,), (2,)} if lost else {(2,)})


def test_a_correction(lived_in: House):
    """Never half of it."""
    (entry,) = lived_in.nippo.done("log", "--json").json["entries"]
    for ended in lived_in.cut("edit", entry["id"], "-m", "本当の話", "--why", "誤記"):
        assert lived_in.facts() in ([["本当の話"]] if ended else [["本当の話"], ["昔の話"]])


def test_an_undo(lived_in: House):
    """What was taken back stays so."""
    lived_in.nippo.done("add", "案件", "--activity", "電話", "-m", "誤り")
    for ended in lived_in.cut("undo"):
        assert lived_in.facts() in ([["昔の話"]] if ended else [["昔の話"], ["昔の話", "誤り"]])


def test_a_draft_that_is_kept(lived_in: House):
    """The entry was refused, and nippo said that what was typed is kept; the state folder is new."""
    for ended in lived_in.cut("add", "案件", "-m", "下書き", code=3):
        assert lived_in.drafts() in ([["下書き"]] if ended else [["下書き"], []])


def test_a_draft_that_is_recorded_is_recorded_once(lived_in: House):
    """Its file comes back where the disk had not heard that it was removed; the journal knows it. So it does once the
    next draft was recorded, too."""
    for facts in ("先の下書き", "後の下書き"):
        assert lived_in.nippo("add", "案件", "-m", facts).code == 3
    both = f"from nippo_cli.cli.main import main; import sys; here = sys.argv[1:3]; {RESUME}"
    for ended in lived_in.cut(main=both, before=20):
        kept, left = lived_in.facts(), lived_in.drafts()
        assert sorted(left + kept) == ["先の下書き", "後の下書き", "昔の話"]
        assert not ended or left == []


def test_a_copy(lived_in: House):
    """It has its name once it is whole, and stays."""
    for ended in lived_in.cut("backup"):
        copies = list(lived_in.nippo.journal.glob("backups/*.db"))
        assert len(copies) == 1 or not ended
        assert all(doctor.examine(copy).sound for copy in copies)
