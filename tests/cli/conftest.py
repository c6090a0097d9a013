"""What tests of the command line share."""

from pathlib import Path

import pytest
from shell import NOW, Shell


@pytest.fixture
def nippo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Nippo on a journal that is not there yet, in Japanese, on Monday 2026-11-23 at 18:00 in Japan."""
    monkeypatch.setenv("NIPPO_NOW", NOW)
    monkeypatch.setenv("NIPPO_LANG", "ja")
    monkeypatch.setenv("NIPPO_AUTHOR", "佐藤")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return Shell(capsys, tmp_path / "journal")
