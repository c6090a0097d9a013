"""What tests of faults share."""

from pathlib import Path

import pytest
from diary import Diary
from house import House
from shell import NOW, Shell


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """An empty journal with an agreement."""
    return Diary(tmp_path / "journal")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> House:
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
