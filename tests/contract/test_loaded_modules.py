"""What each daily command loads, in a file each: a diary that is written every evening has to answer at once."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from shell import FIRST, NOW

LISTS = Path(__file__).parent / "loaded"

# Runs one command and then says, on stderr, what it loaded.
PROGRAM = """
import sys
before = set(sys.modules)
from nippo_cli.cli.frame.main import main
code = main(sys.argv[1:])
sys.stderr.write("\\nLOADED " + " ".join(sorted(set(sys.modules) - before)))
sys.exit(code)
"""
TAB = {"_NIPPO_COMPLETE": "complete_fish", "_NIPPO_WORDS": "nippo\ndeal\nshow\n"}
COMMANDS = {
    "nippo": ((), {}),
    "nippo add": (("add", "案件", "--activity", "電話", "-m", "話した", "--dry-run"), {}),
    "nippo log": (("log",), {}),
    "nippo deal show": (("deal", "show", "案件"), {}),
    "nippo gap": (("gap",), {}),
    "nippo --version": (("--version",), {}),
    "TAB": ((), TAB),
}


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with one deal."""
    folder = tmp_path_factory.mktemp("loaded") / "journal"
    _run(folder, "add", "案件", *FIRST, "-m", "話を聞いた")
    return folder


def _run(journal: Path, *argv: str, **env: str) -> list[str]:
    """The modules that a command on a journal loaded. Its output is piped."""
    own = {
        "NIPPO_JOURNAL": str(journal),
        "NIPPO_NOW": NOW,
        "NIPPO_LANG": "ja",
        "NIPPO_AUTHOR": "佐藤",
        "TZ": "Asia/Tokyo",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv], capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | own | env,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr.rpartition("LOADED ")[2].split()


def _listed(modules: list[str]) -> str:
    """The list as its file has it: first what is neither nippo's nor Python's, then nippo's own modules."""
    others = {module.partition(".")[0] for module in modules} - {"nippo_cli", *sys.stdlib_module_names}
    own = [module for module in modules if module.partition(".")[0] == "nippo_cli"]
    return "".join(f"{line}\n" for line in [*sorted(others), "", *own])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_daily_command_loads_what_its_list_says(journal: Path, request: pytest.FixtureRequest, command):
    """No module more without somebody's leave, and none less unnoticed."""
    argv, env = COMMANDS[command]
    file = LISTS / f"{command.removeprefix('nippo ').removeprefix('--').replace(' ', '_').lower()}.txt"
    now = _listed(_run(journal, *argv, **env))
    if request.config.getoption("update_snapshots"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8")
    listed = file.read_text(encoding="utf-8") if file.exists() else ""
    more, less = (set(a.split()) - set(b.split()) for a, b in ((now, listed), (listed, now)))
    assert not more | less, f"""{command} loads other modules than tests/contract/loaded/{file.name} says.
  more: {", ".join(sorted(more)) or "none"}
  less: {", ".join(sorted(less)) or "none"}
Every module more is paid for at each start, and a library by as much as all of nippo (docs/decisions/0006-start-up.md). Can it
be imported where it is used, or be left out? If it is wanted, write the list anew: just loaded, which is
    python -m pytest --snapshot-update tests/contract/test_loaded_modules.py"""


def test_a_schema_file_that_was_saved_as_it_was_is_read_once_and_without_openssl(journal: Path, tmp_path: Path):
    """Its time is another and its text is not: the next entry notes the new time, so that no later command reads it."""
    copied = shutil.copytree(journal, tmp_path / "copied")
    os.utime(copied / "schema.yaml", ns=(10**18, 10**18))
    assert "_hashlib" not in _run(copied, "add", "案件", "--activity", "電話", "-m", "話した")
    with closing(sqlite3.connect(copied / "journal.db")) as cx:
        (stamp,) = cx.execute("select value from meta where key = 'schema_seen'").fetchone()
    assert stamp == f"{(copied / 'schema.yaml').stat().st_size}:{10**18}"


def test_a_new_journal_loads_no_library_that_another_would_load_for_it(tmp_path: Path):
    """sqlite-utils takes pandas and numpy along wherever they are installed: 100 MB for types that no journal holds."""
    for name in ("pandas", "numpy"):
        (tmp_path / f"{name}.py").write_text("", encoding="utf-8")
    loaded = _run(tmp_path / "journal", "add", "案件", *FIRST, "-m", "話を聞いた", PYTHONPATH=str(tmp_path))
    assert {"sqlite_utils", "pandas", "numpy"}.intersection(loaded) == {"sqlite_utils"}
