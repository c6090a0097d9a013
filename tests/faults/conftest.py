"""What tests of faults share."""

from pathlib import Path

import pytest
from diary import Diary
from shell import Shell, settle


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """An empty journal with an agreement."""
    return Diary(tmp_path / "journal")


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
