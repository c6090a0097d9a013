"""What a power cut leaves to others than nippo, and to two drafts at once; all else that is cut off is in test_every_call.py."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from acts import lived_in
from disk import states
from house import House
from system_calls import why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")

RESUME = "from nippo_cli.cli.frame.main import main; [main([*here, 'draft', 'resume', n, '--activity', '電話']) for n in '12']"


@pytest.mark.parametrize(("level", "lost"), [("extra", False), ("full", True)])
def test_an_entry_for_whoever_else_opens_the_file(ready_house: House, tmp_path: Path, level, lost):
    """SQLite itself, and any nippo. Were the folder not synced once the rollback journal is gone, that would come back and
    take the entry away: the trial finds it."""
    lived_in(ready_house)
    before = f"from nippo_cli.journal.log import store; store.EXTRA = 'pragma synchronous = {level}'"
    disk, calls = ready_house.traced(("add", "案件", "--activity", "電話", "-m", "二度目"), before=before)
    counts = set()
    for _ in states(disk, calls, "1", 0, cut=True):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(ready_house.nippo.journal, copy)
        with closing(sqlite3.connect(copy / "journal.db")) as cx:
            counts |= set(cx.execute("select count(*) from entry"))
    assert counts == ({(2,), (3,)} if lost else {(3,)})


def test_a_draft_that_is_recorded_is_recorded_once(ready_house: House):
    """Its file comes back where the disk had not heard that it was removed; the journal knows it. So it does once the
    next draft was recorded, too."""
    lived_in(ready_house)
    for facts in ("先の下書き", "後の下書き"):
        assert ready_house.nippo("add", "案件", "-m", facts).code == 3
    disk, calls = ready_house.traced(RESUME)
    for said, ended in states(disk, calls, "1", 4, cut=True):
        entries, left = ready_house.facts(), ready_house.drafts()
        assert sorted(left + entries) == ["先の下書き", "別の話", "後の下書き", "昔の話"], said
        assert not ended or left == []
