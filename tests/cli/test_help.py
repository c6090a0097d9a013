"""Help pages: every command's, in both languages, within the columns that there are."""

import re
import subprocess
import sys

import pytest
from shell import Shell

from nippo_cli import __version__
from nippo_cli.base.language import t
from nippo_cli.base.text import width
from nippo_cli.cli.frame.grammar import HOME, MODULES, names_in

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
    page = kept.done(*(("help", "all") if command == () else (*command, "--help"))).out
    for name in names_in(" ".join(command)):
        assert re.search(rf"^  {name}\b", page, re.MULTILINE), name


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_daily_commands_stand_on_one_screen(nippo: Shell, monkeypatch, language: str):
    """24 rows of 80 columns with the prompt below: four groups, one row a command, and where the rest is."""
    monkeypatch.setenv("NIPPO_LANG", language)
    monkeypatch.setenv("COLUMNS", "80")
    page = nippo.bare("--help").out
    rows = page.splitlines()
    assert len(rows) <= 23
    assert max(map(width, rows)) < 80
    assert [row.split()[0] for row in rows if not row.startswith(" ")][1:-1] == [
        t(f"cli.home.group.{group}").split()[0] for group in HOME
    ]
    named = [re.split(r" {2,}", row)[1] for row in rows[1:-1]]
    assert named == [name for names in HOME.values() for name in names]
    assert "nippo help all" in rows[-1]
    assert nippo.bare("help").out == page


def test_help_explains_the_command_that_is_named(kept: Shell):
    """As its own `--help` does; a name that is none is refused."""
    assert kept.done("help", "gap").out == kept.done("gap", "--help").out
    assert kept.done("help", "deal", "show").out == kept.done("deal", "show", "--help").out
    answer = kept("help", "nix")
    assert (answer.code, answer.out) == (4, "")
    assert "nix" in answer.err


def test_a_number_behind_log_is_that_entry(kept: Shell):
    """As `show` has it, its history too; what chooses among several is refused beside it."""
    assert kept.done("log", "3").out == kept.done("show", "3").out
    assert kept.done("log", "3", "--history", "--json").json == kept.done("show", "3", "--history", "--json").json
    for beside in (("--week",), ("--on", "今日"), ("-n", "5")):
        assert kept("log", "3", *beside).code == 2
    assert kept("log", "--history").code == 2
    assert kept("log", "999").code == 4


def test_add_resumes_the_draft_saved_last(kept: Shell):
    """As `draft resume` does, with the options that it takes."""
    assert kept("add", "案件", "--activity", "電話").code == 3
    assert [d["number"] for d in kept.done("draft", "list", "--json").json["drafts"]] == [1]
    assert kept("add", "--resume", "--on", "昨日").code == 2
    kept.done("add", "--resume", "-m", "続きを話した")
    assert kept.done("draft", "list", "--json").json["drafts"] == []
    assert "続きを話した" in kept.done("log").out
    assert kept("add", "--resume").code == 4


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
