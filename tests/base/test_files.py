"""Files that are there whole or not at all."""

import errno
import os
import re
import subprocess
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nippo_cli.base.files import clear_leftovers, growing, part_beside, publish, replace_file, sync_folder


def test_what_fails_half_way_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path):
    """A rename that the system refuses: a folder has that name."""
    final = tmp_path / "週報.csv"
    (final / "old").mkdir(parents=True)
    with pytest.raises(OSError, match=r"."):
        replace_file(final, b"new")
    assert list(tmp_path.iterdir()) == [final]
    assert (final / "old").is_dir()


def test_what_is_published_is_there_whole_and_for_its_owner_alone(tmp_path: Path):
    """Over a file that was open to all."""
    final = tmp_path / "週報.csv"
    final.write_bytes(b"old")
    with growing(final) as part:
        part.write_bytes(b"new")
        publish(part, final)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"週報.csv": b"new"}
    if os.name != "nt":
        assert final.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows clears by age alone")
def test_what_a_killed_process_left_is_cleared_and_what_a_living_one_writes_stays(tmp_path: Path):
    """Told apart by the number of the process."""
    left = "import os, sys; from pathlib import Path; from nippo_cli.base.files import growing\n"
    left += "with growing(Path(sys.argv[1])): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", left, str(tmp_path / "a.db")], check=False).returncode == 9
    with growing(tmp_path / "b.db") as mine:
        assert len(list(tmp_path.iterdir())) == 2
        clear_leftovers(tmp_path, datetime.now(UTC))
        assert list(tmp_path.iterdir()) == [mine]


@pytest.mark.parametrize(
    "name",
    [
        ".a.db.0123ab-1-0123456789ab.part",
        "journal.db.new-4711",
        ".j-20260101-000000.db.4711.part",
        "j.before-m7.db.new",
    ],
)
def test_what_another_machine_or_an_older_version_left_is_cleared_after_a_day(tmp_path: Path, name):
    """Nobody here can know whether another machine still writes."""
    file = tmp_path / name
    file.write_bytes(b"half")
    clear_leftovers(tmp_path, datetime.now(UTC))
    assert file.exists()
    a_while_ago = time.time() - 90_000
    os.utime(file, (a_while_ago, a_while_ago))
    clear_leftovers(tmp_path, datetime.now(UTC))
    assert not file.exists()


@pytest.mark.parametrize(
    "name", ["journal.db", "journal.before-m7.db", "journal-20260101-000000.db", ".part", "x.part"]
)
def test_what_was_not_being_written_is_never_cleared(tmp_path: Path, name):
    """However old it is."""
    file = tmp_path / name
    file.write_bytes(b"whole")
    os.utime(file, (0, 0))
    clear_leftovers(tmp_path, datetime.now(UTC))
    assert file.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows syncs no folder")
@pytest.mark.parametrize(("number", "fails"), [(errno.EIO, True), (errno.ENOSPC, True), (errno.EINVAL, False)])
def test_a_folder_that_a_broken_disk_would_not_sync_is_no_success(tmp_path: Path, monkeypatch, number, fails):
    """That a share can't sync one is no fault."""

    def refused(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(OSError, match=re.escape(str(tmp_path))) if fails else nullcontext():
        sync_folder(tmp_path)


def test_ctrl_c_right_after_a_file_was_made_leaves_nothing(tmp_path: Path, monkeypatch):
    """Before whoever made it has its handle."""
    opened = os.open

    def stopped(path: Path, flags: int, mode: int) -> int:
        os.close(opened(path, flags, mode))
        assert len([*tmp_path.iterdir()]) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", stopped)
    with pytest.raises(KeyboardInterrupt):
        replace_file(tmp_path / "map.yaml", b"new")
    assert [*tmp_path.iterdir()] == []


def test_a_file_of_another_by_the_same_name_stays(tmp_path: Path, monkeypatch):
    """As unlikely as it is."""
    monkeypatch.setattr(os, "urandom", bytes)
    others = part_beside(tmp_path / "map.yaml")
    others.write_bytes(b"another's")
    with pytest.raises(FileExistsError):
        replace_file(tmp_path / "map.yaml", b"new")
    assert [(path, path.read_bytes()) for path in tmp_path.iterdir()] == [(others, b"another's")]
