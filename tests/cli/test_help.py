"""Help pages: every command's, in both languages, within the columns that there are."""

import re
import subprocess
import sys

import pytest
from shell import Shell

from nippo_cli import __version__
from nippo_cli.base.text import width
from nippo_cli.cli.frame.grammar import MODULES, names_in

GROUPS = [name for name in names_in("") if name not in MODULES]
COMMANDS = [(), *((group,) for group in GROUPS), *(tuple(path.split()) for path in MODULES)]
# What Typer and Click say of themselves.
_ENGLISH = re.compile(r"Usage:|Options:|Show this message|\[required\]|\[default|Arguments:")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_both_languages(kept: Shell, monkeypatch, command):
    """Exit 0, nothing on stderr, no key that lacks its words, no line wider than 80 columns."""
    pages = []
    for language in ("ja", "en"):
        monkeypatch.setenv("NIPPO_LANG", language)
        answer = kept.done(*command, "--help")
        assert answer.err == ""
        assert not re.search(r"\b(cli|show|desk|word)\.[a-z_]+", answer.out.replace("schema.yaml", ""))
        assert max(width(line) for line in answer.out.splitlines()) <= 80
        pages.append(answer.out)
    assert not _ENGLISH.search(pages[0])
    assert pages[0] != pages[1]


@pytest.mark.parametrize("command", [(), *((group,) for group in GROUPS)], ids=" ".join)
def test_the_help_of_a_group_lists_its_commands(kept: Shell, command):
    """All of them, though none of them is loaded for it."""
    page = kept.done(*command, "--help").out
    for name in names_in(" ".join(command)):
        assert re.search(rf"^  {name}\b", page, re.MULTILINE), name


def test_the_version_is_told_beside_other_options(nippo: Shell):
    """Alone it is told before anything is loaded; else all the same."""
    for argv in (("--version",), ("-V",), ("--lang", "en", "--version")):
        answer = nippo.bare(*argv)
        assert (answer.code, answer.out) == (0, f"nippo {__version__}\n")


def test_nippo_is_a_module_too():
    """`python -m nippo_cli` is nippo, where its script is not on the path."""
    command = [sys.executable, "-m", "nippo_cli", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"nippo {__version__}\n", "")
