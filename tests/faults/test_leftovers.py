"""What a killed nippo leaves half written is gone with the next write: nobody's diary lies about in pieces. Here where no
strace is needed to kill it; at every call, in test_every_call.py."""

import os

import pytest
from acts import lived_in
from house import NEXT, House
from shell import FIRST

by_process = pytest.mark.skipif(os.name == "nt", reason="Windows has no fork, and clears by age alone")
DIES = """
import importlib, os, nippo_cli.base.files, nippo_cli.journal.care.backup
setattr(importlib.import_module({module!r}), {name!r}, lambda *_: os._exit(9))
"""


@by_process
@pytest.mark.parametrize("at", ["nippo_cli.base.files.sync_file", "os.link", "nippo_cli.base.files.sync_folder"])
def test_a_first_writer_that_dies_at_once(ready_house: House, at):
    """Nothing that Python would do at the end is done."""
    assert killed_at(at, ready_house, "add", "案件", *FIRST, "-m", "初めて") == 9
    assert ready_house.facts() in (["初めて"], [])
    assert ready_house.strangers() == []


@by_process
@pytest.mark.parametrize("at", ["nippo_cli.base.files.sync_file", "nippo_cli.journal.care.backup.examine_copy"])
def test_a_backup_that_dies_at_once(ready_house: House, at):
    """The next entry clears its folder, too."""
    lived_in(ready_house)
    assert killed_at(at, ready_house, "backup") == 9
    assert ready_house.strangers()
    ready_house.nippo.done(*NEXT)
    assert ready_house.strangers() == []


def killed_at(place: str, house: House, *argv: str) -> int:
    """Run a command that dies where it would call a function; its exit code."""
    module, _, name = place.rpartition(".")
    return house.run(argv, before=DIES.format(module=module, name=name)).code


@pytest.mark.skipif(os.name == "nt", reason="Windows tells nobody of hard links")
@pytest.mark.parametrize("name", [".journal.db.0123ab-1-0123456789ab.part", "journal.db.new-4711"])
def test_a_second_name_of_the_journal_is_never_written_to(house: House, name):
    """A first writer, of this version or an older one, was killed once the journal had its name, and before its own was
    gone: that one goes, and the diary stays."""
    house.nippo.done("add", "案件", *FIRST, "-m", "初めて")
    os.link(house.nippo.db, house.nippo.journal / name)
    assert house.facts() == ["初めて"]
    assert house.strangers() == []
    assert house.nippo.db.stat().st_nlink == 1
