"""Journals for tests on a terminal: made once, copied for each."""

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from nippo_cli.cli.frame.main import main

_NOW = "2026-11-20T18:00:00+09:00"
_JA = ("add", "検査装置の更新", "--new-deal", "--customer", "青葉製作所", "--activity", "電話", "--stage", "ヒアリング",
       "--next-step", "見積の提出", "--next-on", "2026-11-23", "-m", "田中課長「装置が古い」")  # fmt: skip
_OTHER = ("add", "搬送ロボット", "--new-deal", "--customer", "山吹化成", "--activity", "電話", "--stage", "ヒアリング",
          "--next-step", "訪問", "--next-on", "2026-12-10", "-m", "話を聞いた")  # fmt: skip


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a journal in Japanese, `ja`, and one of the English template, `en`: two deals each, one due."""
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for name, value in {"NIPPO_NOW": _NOW, "NIPPO_AUTHOR": "佐藤", "NIPPO_LANG": "ja", "TZ": "Asia/Tokyo"}.items():
            patch.setenv(name, value)
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.chdir(folder)
        for words in (_JA, _OTHER):
            assert main(["--journal", "ja", *words]) == 0
        assert main(["--journal", "en", "init", "--template", "english"]) == 0
    return folder


@pytest.fixture
def journal(begun: Path, tmp_path: Path) -> Path:
    """A journal with two deals; 検査装置の更新 has a step due today."""
    shutil.copytree(begun / "ja", tmp_path / "journal")
    return tmp_path / "journal"
