"""What tests of faults share."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from diary import Diary
from flips import lived
from house import House
from ready import Ready, ready as begin_ready
from shell import NOW, Shell, settle


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """An empty journal with an agreement."""
    return Diary(tmp_path / "journal")


@pytest.fixture(scope="session")
def ready() -> Iterator[Ready]:
    """The process that others are forked from."""
    with begin_ready() as made:
        yield made


@pytest.fixture
def ready_house(house: House, ready: Ready) -> House:
    """Nothing is in it yet; commands can be run in processes of their own."""
    return House(house.root, house.nippo, ready)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> House:
    """Nothing is in it yet."""
    root = tmp_path / "house"
    root.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(root / "state"))
    monkeypatch.setenv("NIPPO_NOW", NOW)
    return House(root, Shell(capsys, root / "books" / "journal"))


@pytest.fixture
def nippo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Nippo on a journal that is not there yet."""
    settle(monkeypatch, tmp_path)
    return Shell(capsys, tmp_path / "journal")


@pytest.fixture
def kept(nippo: Shell) -> Shell:
    """Nippo on a journal with one deal, 案件: its id is 2, its one entry's 3."""
    nippo.deal("案件")
    return nippo


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound journal: 52 records of every kind, its tables behind each other in the file. Never written to."""
    journal = lived(tmp_path_factory.mktemp("lived"))
    with closing(sqlite3.connect(journal / "journal.db", isolation_level=None)) as cx:
        cx.execute("vacuum")
    return journal


@pytest.fixture
def journal(whole: Path, tmp_path: Path) -> Path:
    """Its copy, to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "journal"))
