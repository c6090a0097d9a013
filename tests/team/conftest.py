"""What tests of a team share."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import Shell, settle

if TYPE_CHECKING:
    from servers import Server


@pytest.fixture
def nippo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Nippo on a journal that is not there yet."""
    settle(monkeypatch, tmp_path)
    return Shell(capsys, tmp_path / "journal")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A folder that all of them reach."""
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def one(capsys, monkeypatch, tmp_path, share) -> Shell:
    """The founder: a diary with a deal, which is the team's."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "one")
    shell.deal("ポンプ", facts="見積の話")
    shell.done("team", "begin", f"folder:{share}", "--yes")
    return shell


@pytest.fixture
def lead(capsys, monkeypatch, tmp_path, server: "Server") -> Shell:
    """The founder of a team on a server: a diary with a deal, which is the team's."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "lead")
    shell.deal("ポンプ", facts="見積の話")
    shell.done("team", "begin", server.found(), "--yes")
    return shell
