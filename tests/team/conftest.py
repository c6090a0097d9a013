"""What tests of a team share."""

from pathlib import Path

import pytest
from shell import Shell, settle


@pytest.fixture
def nippo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Nippo on a journal that is not there yet."""
    settle(monkeypatch, tmp_path)
    return Shell(capsys, tmp_path / "journal")
