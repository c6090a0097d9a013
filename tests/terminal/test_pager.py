"""Long answers go through the person's pager, on a terminal alone; and boxes can be drawn in ASCII."""

import os
import shutil
import sys
from pathlib import Path

import forked
import pytest

pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")

NIPPO = [sys.executable, "-c", "from nippo_cli.cli.frame.main import run; run()"]
# A pager that says so before what it is given.
PAGER = f"{sys.executable} -c \"import sys; print('PAGED'); sys.stdout.write(sys.stdin.read())\""


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dozen entries."""
    journal = tmp_path_factory.mktemp("pager") / "journal"
    text = "\n".join(f"- {{activity: 社内, facts: 打合せ{n}}}" for n in range(12))
    file = journal.parent / "reports.yaml"
    file.write_text(text + "\n", encoding="utf-8")
    forked.run([*NIPPO, "add", "--from-file", str(file)], env=env_of(journal), check=True, capture_output=True)
    return journal


def env_of(journal: Path, **more: str) -> dict[str, str]:
    """What nippo runs in; no pager is set."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PAGER", "NO_PAGER", "NIPPO_PAGER", "LESS", "NIPPO_BOX")}
    return kept | {
        "NIPPO_JOURNAL": str(journal), "NIPPO_LANG": "ja", "TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
        "XDG_STATE_HOME": str(journal.parent / "state"), **more,
    }  # fmt: skip


def on_a_terminal(journal: Path, *argv: str, rows: int = 12, **more: str) -> str:
    """All that a command puts on a screen of so many rows."""
    child = forked.spawn(
        NIPPO[0], [*NIPPO[1:], *argv], env=env_of(journal, **more), encoding="utf-8", timeout=30, dimensions=(rows, 80)
    )
    said = child.read()
    child.close()
    assert child.exitstatus == 0, said
    return said


def test_what_is_longer_than_the_screen_goes_through_the_pager(journal):
    """Whole, and only then."""
    long = on_a_terminal(journal, "log", PAGER=PAGER)
    assert "PAGED" in long
    assert "打合せ0" in long
    assert "PAGED" not in on_a_terminal(journal, "log", rows=60, PAGER=PAGER)


@pytest.mark.parametrize("more", [{"NO_PAGER": "1"}, {"PAGER": ""}, {"PAGER": "cat"}, {"NIPPO_PAGER": "cat"},
                                  {"PAGER": "no-such-pager"}, {"PAGER": "'"}, {"TERM": "dumb"}], ids=str)  # fmt: skip
def test_nobody_gets_a_pager_that_they_do_not_want(journal, more):
    """Nor one that is not there; the answer is printed all the same."""
    said = on_a_terminal(journal, "log", **{"PAGER": PAGER, **more})
    assert "PAGED" not in said
    assert "打合せ0" in said


@pytest.mark.parametrize("option", ["--no-pager", "--no-input"])
def test_an_option_does_without(journal, option):
    """`--no-pager`, and where nobody is there to turn pages."""
    assert "PAGED" not in on_a_terminal(journal, "log", option, PAGER=PAGER)


def test_a_pager_that_is_left_early_is_no_error(journal):
    """Who has read enough."""
    assert "done" in on_a_terminal(journal, "log", "--limit", "0", PAGER=f"{sys.executable} -c \"print('done')\"")


def test_less_shows_japanese(journal):
    """With its own environment as it is by default: characters, not bytes."""
    child = pexpect.spawn(
        NIPPO[0], [*NIPPO[1:], "log"], env=env_of(journal, PAGER="less") | {"LC_ALL": "C"}, encoding="utf-8", timeout=30,
        dimensions=(12, 80),
    )  # fmt: skip
    if child.expect_exact(["打合せ", "not found"]) == 0:
        child.send("q")
        child.expect(pexpect.EOF)


def test_less_says_how_to_leave_it(journal):
    """In the user's language, in its prompt: an older less, too, which spells out what is no ASCII of a prompt, and after a page
    was turned. Behind the end Enter leaves it."""
    if not shutil.which("less"):
        pytest.skip("less is not installed")
    child = forked.spawn(
        NIPPO[0],
        [*NIPPO[1:], "log"],
        env=env_of(journal, PAGER="less"),
        encoding="utf-8",
        timeout=30,
        dimensions=(12, 80),
    )
    child.expect_exact("Space 次へ   b 前へ   /語 検索   q 終わる")
    child.send(" ")
    child.expect_exact("打合せ")
    child.expect_exact("q 終わる")
    child.send("G\n\n")
    child.expect(pexpect.EOF)


def test_the_settings_of_less_are_the_persons_own(journal):
    """Who has set LESS has another prompt."""
    if not shutil.which("less"):
        pytest.skip("less is not installed")
    child = forked.spawn(
        NIPPO[0],
        [*NIPPO[1:], "log"],
        env=env_of(journal, PAGER="less", LESS="-RX -PsOWN$"),
        encoding="utf-8",
        timeout=30,
        dimensions=(12, 80),
    )
    child.expect_exact("OWN")
    assert "終わる" not in child.before
    child.send("q")
    child.expect(pexpect.EOF)


@pytest.mark.parametrize("how", [{"argv": ("--box", "ascii")}, {"NIPPO_BOX": "ascii"}], ids=str)
def test_boxes_in_ascii_where_ambiguous_characters_are_wide(journal, how):
    """The rule under a table's heads is hyphens, and what Unicode calls ambiguous counts two columns."""
    how = dict(how)
    argv = how.pop("argv", ())
    name = f"①②③案件{'一' if argv else '二'}…"
    forked.run(
        [*NIPPO, "add", name, "--new-deal", "--later", "--activity", "社内", "-m", "x"], env=env_of(journal), check=True,
        capture_output=True,
    )  # fmt: skip
    said = on_a_terminal(journal, "deal", "list", *argv, rows=60, **how)
    assert "──" not in said
    rows = [row.rstrip() for row in said.replace("\r", "").split("\n")]
    row = next(row for row in rows if "①" in row)
    rule = next(row for row in rows if row.startswith("---"))
    wide = sum(2 if ord(char) > 0x7F else 1 for char in row)
    assert wide <= len(rule) <= 80


def test_a_box_that_is_none_is_refused(journal):
    """With those that there are."""
    done = forked.run([*NIPPO, "log", "--box", "round"], env=env_of(journal), check=False, capture_output=True)
    assert done.returncode == 2
    assert "drawn, ascii" in done.stderr.decode()
