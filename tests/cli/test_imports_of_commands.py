"""Which modules a command loads: a diary that is written every evening has to answer at once."""

import os
import subprocess
import sys

import pytest
from shell import FIRST, NOW, Shell

from nippo_cli.gaps import KINDS
from nippo_cli.lessons import KINDS as LESSONS

# Runs one command and then tells, on stderr, every module that is loaded.
PROGRAM = """
import sys
from nippo_cli.cli.frame.main import main
code = main(sys.argv[1:])
sys.stderr.write("\\nMODULES " + " ".join(sorted({name.partition(".")[0] for name in sys.modules})))
sys.exit(code)
"""
SLOW = {"pydantic", "yaml", "rich", "sqlite_utils", "prompt_toolkit", "platformdirs"}
# What is for rarer work.
RARE = {"tempfile", "email", "zoneinfo", "csv", "tzlocal"}


def loaded(*argv: str) -> set[str]:
    """The top modules that a run of the command holds when it ends; its output is piped."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv],
        capture_output=True, text=True, encoding="utf-8", check=False, env=os.environ | {"NIPPO_NOW": NOW},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("MODULES ")[2].split())


def test_the_version_needs_next_to_nothing():
    """Neither Typer nor SQLite, nor anything that a reader of one line can do without."""
    assert loaded("--version") & {"typer", "sqlite3", "click", "json", "re", "pathlib", *SLOW} <= set(bare())


def bare() -> set[str]:
    """What the interpreter of this environment loads on its own."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize("command", [
    ("log", "-n", "10"), ("deal", "show", "案件"), ("deal", "list"), ("gap",), ("search", "話"), (),
    *(("gap", kind) for kind in KINDS), ("steps",), ("steps", "--by", "month"),
    ("sales", "list"), ("sales", "match"), ("target", "list"), ("lessons",),
    *(("lessons", kind) for kind in LESSONS), ("deal", "precedents", "案件"),
], ids=" ".join)  # fmt: skip
def test_a_read_loads_nothing_slow(kept: Shell, command):
    """With the journal given and the output piped: no schema reader, no Rich, no set-up tools."""
    found = loaded("--journal", str(kept.journal), *command)
    assert found & SLOW == set()
    assert found & RARE - bare() == set()


@pytest.mark.parametrize("command", [
    ("add", "案件", "--activity", "電話", "-m", "話した"), ("add", "新案件", *FIRST, "-m", "話した"),
], ids=["to a deal", "of a new deal"])  # fmt: skip
def test_an_entry_by_flags_loads_nothing_slow(kept: Shell, command):
    """What is written every evening is as quick as what is read."""
    found = loaded("--journal", str(kept.journal), *command)
    assert found & (SLOW - {"platformdirs"}) == set()


def test_tables_on_a_terminal_are_what_rich_is_for(kept: Shell):
    """Asked for colour, a page loads it; the schema reader still stays away."""
    found = loaded("--journal", str(kept.journal), "log", "--color", "always")
    assert "rich" in found
    assert found & {"pydantic", "yaml", "sqlite_utils"} == set()


def test_completion_loads_next_to_nothing(kept: Shell):
    """Neither Typer nor what a page is drawn with: at TAB a person waits for every millisecond."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, encoding="utf-8", check=True,
        env=os.environ | {"NIPPO_JOURNAL": str(kept.journal), "_NIPPO_COMPLETE": "complete_fish", "_NIPPO_WORDS": "nippo\ndeal\nshow\n"},
    )  # fmt: skip
    found = set(done.stderr.rpartition("MODULES ")[2].split())
    assert "案件\t青葉製作所" in done.stdout
    assert found & {"typer", "pathlib", "urllib", "asyncio", *SLOW, *RARE} - bare() == set()


def test_the_holidays_are_asked_for_last(kept: Shell):
    """A morning page on which nothing is missing loads no calendar."""
    found = loaded("--journal", str(kept.journal))
    assert "jpholiday" not in found
