"""A real terminal: what Rich would take for markup is text, and nothing that was stored moves the cursor."""

import os
import re
import sys
from pathlib import Path

import pytest

from nippo_cli.base.text import width

pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")

NIPPO = str(Path(sys.executable).parent / "nippo")
FACTS = "[bold]太字[/bold] 値引[/]交渉 :smile: [red]x"
HOSTILE = "前\x1b[2J\x1b]0;題\x07後 \u202egnp.exe"
# Colours and styles are nippo's own; anything else that a terminal obeys is not.
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal whose one entry and deal hold markup and controls."""
    journal = tmp_path_factory.mktemp("terminal") / "journal"
    code, _ = on_a_terminal(
        journal, "add", "案件[red]", "--new-deal", "--customer", "青葉[/]", "--activity", "社内", "-m", FACTS,
        "--impression", HOSTILE,
    )  # fmt: skip
    assert code == 0
    return journal


def on_a_terminal(journal: Path, *argv: str, columns: int = 100) -> tuple[int, str]:
    """Run a command on a pseudo-terminal: its exit code and all that it put on the screen."""
    env = os.environ | {
        "NIPPO_NOW": "2026-11-23T18:00:00+09:00", "NIPPO_LANG": "ja", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    child = pexpect.spawn(
        NIPPO, ["--journal", str(journal), *argv], env=env, encoding="utf-8", timeout=30, dimensions=(50, columns)
    )
    said = child.read()
    return child.wait(), said


@pytest.mark.parametrize("page", [("log",), ("show", "3"), ("deal", "show", "2"), ("search", "値引"), ("customer", "青葉"),
                                  ("deal", "timeline", "2"), ("deal", "list"), ()], ids=" ".join)  # fmt: skip
def test_a_page_shows_what_was_typed_and_obeys_none_of_it(journal: Path, page):
    """Coloured, within the columns that there are; markup and emoji names are untouched; but for colours no control
    gets out: no cleared screen, no title, no reversed text."""
    code, said = on_a_terminal(journal, *page, columns=72)
    assert code == 0
    assert "\x1b[" in said, "a terminal gets colours"
    shown = _STYLE.sub("", said)
    assert max(width(line) for line in shown.split("\r\n")) <= 72
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", shown.replace("\r\n", "")), repr(shown)
    if page:
        assert "案件[red]" in shown
    if page and page[0] in ("log", "show", "search"):
        for part in ("[bold]太字[/bold]", "値引[/]交渉", ":smile:", "[red]x"):
            assert part in shown


def test_an_unknown_deal_is_asked_about(journal: Path):
    """Where a person sits, a new name is not refused at once: nippo asks, and a yes begins the deal."""
    env = os.environ | {
        "NIPPO_NOW": "2026-11-23T18:00:00+09:00",
        "NIPPO_LANG": "ja",
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
    }
    child = pexpect.spawn(
        NIPPO, ["--journal", str(journal), "add", "新しい話", "--activity", "社内", "-m", "x"],
        env=env, encoding="utf-8", timeout=30, dimensions=(50, 100),
    )  # fmt: skip
    child.expect(r"\[y/N\]")
    child.sendline("y")
    child.expect(pexpect.EOF)
    assert child.wait() == 0
    assert "新しい話" in _STYLE.sub("", on_a_terminal(journal, "deal", "list")[1])
