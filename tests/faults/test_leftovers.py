"""What a killed nippo leaves half written is gone with the next write: nobody's diary lies about in pieces."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from house import NEXT, House
from power_cut import kills, why_not
from shell import FIRST

traceable = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")

by_process = pytest.mark.skipif(os.name == "nt", reason="Windows clears by age alone")

# All that a journal's folder and its state folder may hold.
MAY_BE = re.compile(
    r"books/journal/(journal\.db|schema\.yaml|backups/journal-\d{8}-\d{6}(-\d+)?(\.unchecked)?\.(db|db\.sha256|schema\.yaml)|journal\.before-m\d{3}_\w+\.db)"
    r"|state/nippo/journals/\w+/(drafts\.lock|drafts/\d+\.json)"
)


def strangers(house: House) -> list[str]:
    """The files that should not be there."""
    return [name for name in house.files() if not MAY_BE.fullmatch(name.replace(os.sep, "/"))]


@traceable
@pytest.mark.parametrize("command", [("add", "案件", *FIRST, "-m", "初めて"), ("init",)], ids=["add", "init"])
def test_a_first_write_that_is_killed(house: House, command):
    """Wherever it was: the next one begins anew or goes on."""
    for _ in kills(*house.traced(*command), seed=3, most=25):
        assert house.facts() in (["初めて"], [])
        assert strangers(house) == []


@traceable
@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("add", "案件", "--activity", "電話", "-m", "二度目"), 0),
        (("add", "案件", "-m", "下書き"), 3),
        (("backup",), 0),
        (("doctor", "--rebuild"), 0),
    ],
    ids=["add", "draft", "backup", "rebuild"],
)
def test_a_command_that_is_killed(lived_in: House, command, code):
    """Wherever it was, the next entry and the next draft clear away what it left."""
    for _ in kills(*lived_in.traced(*command, code=code), seed=3, most=15):
        assert lived_in.facts() in (["昔の話"], ["二度目", "昔の話"])
        assert lived_in.nippo("add", "案件", "-m", "次の下書き").code == 3
        assert "次の下書き" in lived_in.drafts()
        assert strangers(lived_in) == []


@traceable
def test_a_look_that_is_killed(lived_in: House):
    """What is tried on a copy is tried on a file without a name; of one that it had for a moment nothing is left in it."""
    for _ in kills(*lived_in.traced("doctor"), seed=3, most=25):
        assert all(path.stat().st_size == 0 for path in (lived_in.root / "tmp").rglob("*") if path.is_file())


@traceable
def test_an_upgrade_that_is_killed(lived_in: House):
    """The journal is in the old format or in the new one, and each copy that was made of it is there once."""
    with closing(sqlite3.connect(lived_in.nippo.db, isolation_level=None)) as cx:
        cx.execute("delete from _sqlite_migrations where name in ('m006_reviews', 'm007_visited')")
        cx.execute("pragma user_version = 5")
    for _ in kills(*lived_in.traced("add", "案件", "--activity", "電話", "-m", "二度目"), seed=3, most=25):
        assert lived_in.facts() in (["昔の話"], ["二度目", "昔の話"])
        assert strangers(lived_in) == []


@by_process
@pytest.mark.parametrize("at", ["nippo_cli.base.files.sync_file", "os.link", "nippo_cli.base.files.sync_folder"])
def test_a_first_writer_that_dies_at_once(house: House, at):
    """Nothing that Python would do at the end is done."""
    died = killed_at(at, house, "add", "案件", *FIRST, "-m", "初めて")
    assert died == 9
    assert house.facts() in (["初めて"], [])
    assert strangers(house) == []


@by_process
@pytest.mark.parametrize("at", ["nippo_cli.base.files.sync_file", "nippo_cli.journal.care.backup.examine_copy"])
def test_a_backup_that_dies_at_once(lived_in: House, at):
    """The next entry clears its folder, too."""
    assert killed_at(at, lived_in, "backup") == 9
    assert strangers(lived_in)
    lived_in.nippo.done(*NEXT)
    assert strangers(lived_in) == []


def killed_at(place: str, house: House, *argv: str) -> int:
    """Run a command that dies where it would call a function; its exit code."""
    module, _, name = place.rpartition(".")
    code = f"""
import importlib, os, sys
import nippo_cli.base.files, nippo_cli.journal.care.backup
setattr(importlib.import_module({module!r}), {name!r}, lambda *_: os._exit(9))
from nippo_cli.cli.frame.main import main
sys.exit(main(sys.argv[1:]))
"""
    return subprocess.run(
        [sys.executable, "-c", code, "--journal", str(house.nippo.journal), *argv], check=False, capture_output=True
    ).returncode


@pytest.mark.skipif(os.name == "nt", reason="Windows tells nobody of hard links")
@pytest.mark.parametrize("name", [".journal.db.0123ab-1-0123456789ab.part", "journal.db.new-4711"])
def test_a_second_name_of_the_journal_is_never_written_to(house: House, name):
    """A first writer, of this version or an older one, was killed once the journal had its name, and before its own was
    gone: that one goes, and the diary stays."""
    house.nippo.done("add", "案件", *FIRST, "-m", "初めて")
    os.link(house.nippo.db, house.nippo.journal / name)
    assert house.facts() == ["初めて"]
    assert strangers(house) == []
    assert house.nippo.db.stat().st_nlink == 1
