"""A folder for what is thrown away: gone afterwards, and what killed processes left of theirs goes with the next."""

import errno
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from nippo_cli.base.files import machine_mark
from nippo_cli.base.scratch import scratch_folder

A_DAY = 86_400
posix = pytest.mark.skipif(
    os.name == "nt", reason="Windows tells of no process by its number, nor of who owns a folder"
)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for temporary files, of this test alone."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def dead() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def left(place: Path, *, process: int, machine: str = "", days: float = 0) -> Path:
    """What a process left, so many days ago."""
    folder = place / f"nippo-{machine or machine_mark()}-{process}-a1b2c3d4"
    (folder / "sheets").mkdir(parents=True)
    (folder / "sheets" / "1.xml").write_text("髙橋", encoding="utf-8")
    long_ago = time.time() - days * A_DAY
    os.utime(folder, (long_ago, long_ago))
    return folder


def use() -> None:
    """Need such a folder."""
    with scratch_folder():
        pass


def test_it_is_its_owners_alone_and_gone_afterwards(temporary):
    """With all that is in it, also where the block fails."""
    with pytest.raises(ValueError, match="in the middle"), scratch_folder() as folder:  # noqa: PT012  where it fails
        assert folder.parent == temporary
        assert os.name == "nt" or folder.stat().st_mode & 0o777 == 0o700
        (folder / "book.xlsx").write_bytes(b"half")
        raise ValueError("in the middle")
    assert list(temporary.iterdir()) == []


@posix
def test_what_a_killed_process_left_goes_with_the_next(temporary):
    """At once where it was of this machine."""
    mine = left(temporary, process=dead())
    use()
    assert not mine.exists()


@posix
def test_what_a_process_still_writes_stays(temporary):
    """Until it is a day old: no command lasts as long, and its number may be another's by then."""
    fresh = left(temporary, process=os.getppid())
    use()
    assert fresh.exists()
    os.utime(fresh, (time.time() - 2 * A_DAY,) * 2)
    use()
    assert not fresh.exists()


def test_another_machines_goes_by_its_age(temporary):
    """Whether its process runs is not to be known here; on Windows it is so of all."""
    fresh, old = left(temporary, process=1, machine="0123ab"), left(temporary, process=2, machine="0123ab", days=1.1)
    use()
    assert (fresh.exists(), old.exists()) == (True, False)


@posix
def test_no_other_name_no_link_and_no_file_is_touched(temporary, tmp_path):
    """A demo's folder, a link under such a name to one's own home, a file, and what a link within leads to."""
    home = tmp_path / "home"
    (home / "letters").mkdir(parents=True)
    process = dead()
    named = f"nippo-{machine_mark()}-{process}-"
    (temporary / f"{named}link0000").symlink_to(home)
    (temporary / f"{named}file0000").write_text("text")
    for name in ("nippo-demo-a1b2c3d4", f"nippo-{process}-a1b2c3d4", "nippo-zzzzzz-1-a1b2c3d4"):
        (temporary / name).mkdir()
    (left(temporary, process=process) / "within").symlink_to(home)
    use()
    assert sorted(p.name for p in temporary.iterdir()) == sorted((
        f"{named}link0000", f"{named}file0000", "nippo-demo-a1b2c3d4", f"nippo-{process}-a1b2c3d4", "nippo-zzzzzz-1-a1b2c3d4",
    ))  # fmt: skip
    assert (home / "letters").is_dir()


@posix
def test_what_another_person_left_stays(temporary, monkeypatch):
    """In a place that all share; whoever may delete anything, as root, neither."""
    theirs = left(temporary, process=dead(), days=9)
    monkeypatch.setattr("nippo_cli.base.scratch.os.getuid", lambda: os.geteuid() + 1)
    use()
    assert theirs.exists()


def test_a_full_disk_is_told_with_the_folders_name(temporary):
    """What the system says of a write has no name in it; other errors stay as they are."""
    with pytest.raises(OSError, match="nippo-") as raised, scratch_folder():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert str(raised.value.filename).startswith(str(temporary))
    with pytest.raises(OSError, match="bad") as raised, scratch_folder():
        raise OSError(errno.EBADF, "bad")
    assert raised.value.filename is None


def test_ctrl_c_right_after_it_was_made_leaves_nothing(temporary, monkeypatch):
    """Before anybody was told its name."""
    make = os.mkdir

    def stopped(path: str, mode: int) -> None:
        make(path, mode)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "mkdir", stopped)
    with pytest.raises(KeyboardInterrupt):
        use()
    assert [*temporary.iterdir()] == []
