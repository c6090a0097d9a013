"""What tests of a team share."""

import sqlite3
import threading
from contextlib import closing
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import Shell, settle

from nippo_cli.carriers.folder import FolderCarrier
from nippo_cli.carriers.postgres import PostgresCarrier

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
def asked_apart(monkeypatch, tmp_path) -> list[str]:
    """No journal is open, not even to be read, while a folder or a server is asked, however long that takes: whoever writes could not end
    it meanwhile. What was asked."""
    asked: list[str] = []

    def watch(carrier: type, name: str) -> None:
        usual = getattr(carrier, name)

        def ask(self, *args, **options):
            # What is made ready beside a portion that is on its way is a look of a moment.
            if threading.current_thread() is threading.main_thread():
                asked.append(name)
                # By the `glob` module: what a sync asks of a folder through Path is counted elsewhere.
                for journal in glob(f"{tmp_path}/*/journal.db"):  # noqa: PTH207
                    if not Path(f"{journal}-journal").exists():
                        with closing(sqlite3.connect(journal, timeout=0, isolation_level=None)) as cx:
                            cx.execute("begin exclusive")
            return usual(self, *args, **options)

        monkeypatch.setattr(carrier, name, ask)

    for name in ("heads", "fetch", "_read", "append", "erase", "damaged", "put_back", "withdraw"):
        watch(FolderCarrier, name)
    watch(PostgresCarrier, "_in_touch")
    return asked


@pytest.fixture
def one(capsys, monkeypatch, tmp_path, share, asked_apart) -> Shell:
    """The founder: a diary with a deal, which is the team's."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "one")
    shell.deal("ポンプ", facts="見積の話")
    shell.done("team", "begin", f"folder:{share}", "--yes")
    return shell


@pytest.fixture
def lead(capsys, monkeypatch, tmp_path, server: "Server", asked_apart) -> Shell:
    """The founder of a team on a server: a diary with a deal, which is the team's."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "lead")
    shell.deal("ポンプ", facts="見積の話")
    shell.done("team", "begin", server.found(), "--yes")
    return shell
