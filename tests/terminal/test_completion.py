"""TAB in real shells, each with the script that nippo itself gives it."""

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from diary import Diary
from real_shells import SHELLS, Desk, Session, program

NAME = "砥川 部品洗浄機"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with one deal, a `nippo` that runs the source under test, and the script of each shell."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "bin").mkdir()
    nippo = folder / "bin" / "nippo"
    nippo.write_text(f"#!{sys.executable}\nfrom nippo_cli.cli.frame.main import run\nrun()\n", encoding="utf-8")
    nippo.chmod(0o755)
    add = ("add", NAME, "--new-deal", "--customer", "砥川金型", "--activity", "社内", "-m", "x", "--later")
    subprocess.run([str(nippo), *add], env=env_of(folder), check=True, capture_output=True)
    for shell in SHELLS:
        script = subprocess.run(
            [str(nippo), "--show-completion", shell], check=True, capture_output=True,
            env=env_of(folder) | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        )  # fmt: skip
        (folder / f"nippo.{shell}").write_bytes(script.stdout)
    return folder


def env_of(folder: Path) -> dict[str, str]:
    """What the shells and nippo run in."""
    return os.environ | {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "NIPPO_JOURNAL": str(folder / "journal"), "HOME": str(folder),
        "NIPPO_LANG": "ja", "LC_ALL": "C.UTF-8", "TERM": "xterm", "XDG_STATE_HOME": str(folder / "state"), "PS1": "$ ",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "NO_COLOR": "1",
    }  # fmt: skip


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_one_that_the_shell_takes(folder, shell):
    """Read without being run."""
    subprocess.run([program(shell), "-n", str(folder / f"nippo.{shell}")], check=True, env=env_of(folder))


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_the_name_of_a_deal(folder, shell):
    """From its first character, whole and as one word: the command that is then run finds the deal."""
    child = pexpect.spawn(
        program(shell), SHELLS[shell], env=env_of(folder), encoding="utf-8", timeout=30, dimensions=(40, 100)
    )
    ready = {"bash": "", "zsh": "autoload -Uz compinit; compinit -D; ", "fish": ""}[shell]
    child.sendline(f"{ready}source {folder / f'nippo.{shell}'}; echo rea''dy")
    child.expect("ready\r\n")
    child.send("nippo deal show 砥\t")
    child.expect("部品洗浄機")
    child.send("\r")
    child.expect("砥川金型")
    child.sendline("exit")
    child.close()


def test_bash_runs_nothing_that_is_stored(folder):
    """A deal whose name is a command is only a name."""
    name = f"$(touch {folder}/gone)"
    add = ("add", name, "--new-deal", "--customer", "x", "--activity", "社内", "-m", "x", "--later")
    subprocess.run([str(folder / "bin" / "nippo"), *add], env=env_of(folder), check=True, capture_output=True)
    child = pexpect.spawn(
        program("bash"), SHELLS["bash"], env=env_of(folder), encoding="utf-8", timeout=30, dimensions=(40, 100)
    )
    child.sendline(f"source {folder / 'nippo.bash'}; echo rea''dy")
    child.expect("ready\r\n")
    child.send("nippo deal show \\$\t")
    child.expect("touch")
    child.send("\r")
    child.expect("進行中")
    child.sendline("exit")
    child.close()
    assert not (folder / "gone").exists()


@pytest.fixture
def workspace(tmp_path: Path) -> Desk:
    """Deals that share what they begin with, or end in."""
    diary = Diary(tmp_path / "journal")
    for name in ("単価 a", "単価(b)", "単価$c", "ロボット増設", "ロケット増設"):
        diary.deal(name)
    return Desk(tmp_path / "desk", tmp_path / "journal")


@pytest.mark.parametrize("shell", SHELLS)
def test_what_several_names_share_is_typed_and_nothing_is_lost(workspace, shell):
    """No half of an escape, which would take its meaning from the next key; and what was typed stays."""
    session = Session(workspace, shell)
    assert session.enter("nippo deal show 単\t。") == ["deal", "show", "単価。" if shell != "bash" else "単。"]
    assert session.enter("nippo deal show 増設\t。") == ["deal", "show", "増設。"]
    assert session.enter("nippo deal show '増設\t。'") == ["deal", "show", "増設。"]
    assert session.enter("nippo deal show 'ロ\t。'") == ["deal", "show", "ロ。"]
    session.close()


@pytest.mark.parametrize("settings", ["", "bind 'set show-all-if-ambiguous on'"])
def test_bash_lists_finished_deals_with_their_mark_and_types_none(tmp_path, settings):
    """At the second TAB, or the first where it is set so; the line goes on with the names alone."""
    diary = Diary(tmp_path / "journal")
    diary.deal("単価A")
    ended, _ = diary.deal("単価B")
    diary.add(ended, stage="lost")
    session = Session(Desk(tmp_path / "desk", tmp_path / "journal"), "bash", *filter(None, [settings]))
    keys = "nippo deal show 単価" + ("\t" if settings else "\t\t")
    assert session.lists(keys, "単価B 〔終了〕")
    assert session.enter(f"{keys}B") == ["deal", "show", "単価B"]
    session.close()


def test_zsh_answers_at_the_first_tab(workspace, tmp_path):
    """The script is read at that TAB where it was installed."""
    installed = tmp_path / "functions" / "_nippo"
    installed.parent.mkdir()
    installed.write_bytes(workspace.script("zsh").read_bytes())
    workspace.script("zsh").write_bytes(b"")
    session = Session(workspace, "zsh", f"fpath+={installed.parent}; compinit -D -u")
    assert session.enter("nippo deal show 単価\\$\t") == ["deal", "show", "単価$c"]
    session.close()


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_behind_a_blank_answers_for_the_next_word(tmp_path, shell):
    """Of which nothing was typed yet, in a quote or not."""
    Diary(tmp_path / "journal").deal("ロボット増設")
    session = Session(Desk(tmp_path / "desk", tmp_path / "journal"), shell)
    assert session.enter("nippo deal show \t") == ["deal", "show", "ロボット増設"]
    assert session.enter("nippo deal show '\t") == ["deal", "show", "ロボット増設"]
    session.close()
