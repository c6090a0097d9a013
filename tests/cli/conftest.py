"""What tests of the command line share."""

import io
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from shell import FIRST, Shell, settle

from nippo_cli.cli.frame.main import main

DEALS = ("案件", "切断", "検査", "塗装", "溶接")


@pytest.fixture
def nippo(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Nippo on a journal that is not there yet."""
    settle(monkeypatch, tmp_path)
    return Shell(capsys, tmp_path / "journal")


@pytest.fixture(scope="session")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Shell, Callable[[Shell], object]], None]:
    """Folders by who writes them."""
    folders = dict[Callable[[Shell], object], Path]()

    def fill(nippo: Shell, write: Callable[[Shell], object]) -> None:
        folder = nippo.journal.parent
        if write not in folders:
            write(nippo)
            folders[write] = tmp_path_factory.mktemp("written") / "all"
            # What nippo knows of a journal at this place it does not know of its copies.
            shutil.copytree(folder, folders[write], ignore=shutil.ignore_patterns("state"))
        else:
            shutil.copytree(folders[write], folder, dirs_exist_ok=True)

    return fill


@pytest.fixture
def once(nippo: Shell, _written: Callable[[Shell, Callable[[Shell], object]], None]) -> Callable[..., Shell]:
    """`once(write)`: nippo on what `write` wrote with it the first time that a test asked; for others it is copied."""

    def written(write: Callable[[Shell], object]) -> Shell:
        _written(nippo, write)
        return nippo

    return written


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two journals made once: `one` with a deal, `five` with five."""
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        settle(monkeypatch, folder)
        for name in DEALS:
            assert main(["--journal", "five", "add", name, *FIRST, "-m", "話を聞いた"]) == 0
            if name == DEALS[0]:
                shutil.copytree("five", "one")
    return folder


@pytest.fixture
def kept(nippo: Shell, begun: Path) -> Shell:
    """Nippo on a journal with one deal, 案件: its id is 2, its one entry's 3."""
    shutil.copytree(begun / "one", nippo.journal)
    return nippo


@pytest.fixture
def five(nippo: Shell, begun: Path) -> Shell:
    """Nippo on a journal with five deals."""
    shutil.copytree(begun / "five", nippo.journal)
    return nippo
